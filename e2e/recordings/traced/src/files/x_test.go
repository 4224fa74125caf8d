// Package files prints from tests that run at the same time, and writes where no line of the stream comes from; lines come from
// elsewhere, too: from a subprocess, from println, several with one write.
package files

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

func printAll(t *testing.T, other func(i int)) {
	t.Parallel()
	for i := range 20 {
		fmt.Println(t.Name(), "fmt", i)
		if i%10 == 5 {
			other(i)
		}
		time.Sleep(time.Duration(i%4) * 10 * time.Millisecond)
	}
}

func TestFile(t *testing.T) {
	printAll(t, func(i int) {
		os.WriteFile(filepath.Join(t.TempDir(), "x"), []byte("not a line of the output\n"), 0o600)
	})
}

func TestChild(t *testing.T) {
	printAll(t, func(i int) {
		cmd := exec.Command("echo", t.Name(), "child", fmt.Sprint(i))
		cmd.Stdout = os.Stdout
		cmd.Run()
	})
}

func TestBuiltin(t *testing.T) { printAll(t, func(i int) { println(t.Name(), "println", i) }) }

func TestLines(t *testing.T) {
	printAll(t, func(i int) { fmt.Printf("%s one %d\n%s two %d\n", t.Name(), i, t.Name(), i) })
}
