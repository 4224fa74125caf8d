package x

import (
	"fmt"
	"log"
	"runtime"
	"runtime/debug"
	"testing"
)

func TestPrinted(t *testing.T) {
	func() {
		defer func() {
			r := recover()
			fmt.Printf("panic: %v\n\n%s", r, debug.Stack())
			log.Printf("panic: %v\n%s", r, debug.Stack())
		}()
		panic("caught")
	}()
	b := make([]byte, 1<<16)
	fmt.Printf("%s\n", b[:runtime.Stack(b, true)])
	fmt.Println("panic: not one")
	fmt.Println("foo(0x1)")
	fmt.Println("goroutine 5 [running]:")
}
func TestNext(t *testing.T) { t.Log("fine") }
