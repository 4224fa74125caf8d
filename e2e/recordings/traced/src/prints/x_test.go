// Package prints prints from tests that run at the same time; every line names the test that printed it.
package prints

import (
	"fmt"
	"log"
	"sync"
	"testing"
	"time"
)

func printAll(t *testing.T) {
	t.Parallel()
	for i := range 15 {
		fmt.Println(t.Name(), "fmt", i)
		log.Println(t.Name(), "log", i)
		t.Log(t.Name(), "t.Log", i)
		if i%5 == 0 {
			time.Sleep(time.Millisecond)
		}
	}
}

func TestI1(t *testing.T) { printAll(t) }
func TestI2(t *testing.T) { printAll(t) }
func TestI3(t *testing.T) { printAll(t) }
func TestI4(t *testing.T) { printAll(t) }

func TestGroup(t *testing.T) {
	for _, name := range []string{"a", "b"} {
		t.Run(name, printAll)
	}
}

// Its goroutines print, also when it has passed.
func TestLate(t *testing.T) {
	var wg sync.WaitGroup
	for range 2 {
		wg.Add(1)
		go func() {
			for i := range 10 {
				fmt.Println("TestLate late", i)
				time.Sleep(2 * time.Millisecond)
				if i == 4 {
					wg.Done()
				}
			}
		}()
	}
	wg.Wait()
}

func TestSerial(t *testing.T) {
	for i := range 5 {
		fmt.Println("TestSerial fmt", i)
		time.Sleep(3 * time.Millisecond)
	}
}
