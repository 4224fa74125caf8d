// Package lost prints lines without an end: under -v -json, the `=== RUN` lines that follow them are lost.
package lost

import (
	"fmt"
	"testing"
	"time"
)

func TestA(t *testing.T) { time.Sleep(time.Millisecond); fmt.Print("no end of line") }
func TestB(t *testing.T) { time.Sleep(time.Millisecond) }
func TestC(t *testing.T) { time.Sleep(time.Millisecond); fmt.Print("none") }
func TestD(t *testing.T) { time.Sleep(time.Millisecond) }

func TestSub(t *testing.T) {
	for i := range 4 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			time.Sleep(time.Millisecond)
			if i == 1 {
				fmt.Print("none")
			}
		})
	}
}
func TestE(t *testing.T) { time.Sleep(time.Millisecond) }
