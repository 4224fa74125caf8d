import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Why tests with a real Go cannot run here; undefined when they can. */
export function whyNoGo(): string | undefined {
  if (process.platform !== 'linux') return 'needs Linux';
  try {
    const version = execFileSync('go', ['env', 'GOVERSION'], { encoding: 'utf8' });
    return Number(/go1\.(\d+)/.exec(version)?.[1]) >= 22 ? undefined : `needs Go 1.22 or newer, not ${version}`;
  } catch {
    return 'needs go on the PATH';
  }
}

const FILES: Readonly<Record<string, string>> = {
  'go.mod': 'module example.com/caught\n\ngo 1.22\n',
  // Says how it was called, and by whom.
  'args/args_test.go': `package args

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestArgs(t *testing.T) {
	fmt.Printf("pid=%d args=%q GODEBUG=%q observe=%v\\n", os.Getpid(), os.Args[1:], os.Getenv("GODEBUG"), strings.Contains(strings.Join(os.Environ(), "\\n"), "OBSERVE_CAPTURE"))
}

func TestOther(t *testing.T) {}

func FuzzArgs(f *testing.F) {
	f.Add("x")
	f.Fuzz(func(t *testing.T, s string) {})
}

func BenchmarkArgs(b *testing.B) {
	for i := 0; i < b.N; i++ {
	}
}
`,
  // Ends as ENDING says, when its trace has some generations.
  'ends/ends_test.go': `package ends

import (
	"fmt"
	"os"
	"syscall"
	"testing"
	"time"
)

func TestEnds(t *testing.T) {
	fmt.Println("ready")
	time.Sleep(300 * time.Millisecond)
	switch os.Getenv("ENDING") {
	case "panic":
		panic("on purpose")
	case "exit":
		os.Exit(3)
	case "kill":
		syscall.Kill(os.Getpid(), syscall.SIGKILL)
	}
	fmt.Println("hanging")
	select {}
}
`,
  // Traces itself.
  'traces/traces_test.go': `package traces

import (
	"io"
	"runtime/trace"
	"testing"
)

func TestTraces(t *testing.T) {
	if err := trace.Start(io.Discard); err != nil {
		t.Fatal(err)
	}
	trace.Stop()
}
`,
  // Writes a trace of some megabytes.
  'busy/busy_test.go': `package busy

import (
	"testing"
	"time"
)

func TestBusy(t *testing.T) {
	c := make(chan int)
	go func() {
		for range c {
		}
	}()
	for end := time.Now().Add(1500 * time.Millisecond); time.Now().Before(end); {
		c <- 1
	}
}
`,
};

/** A module of tests that end in every way, in a directory with a space in its name. Returns it, and the way to take it away. */
export function writeTestModule(): { readonly dir: string; remove(): void } {
  const root = mkdtempSync(join(tmpdir(), 'observe-module-'));
  const dir = join(root, 'of tests');
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
  return { dir, remove: () => rmSync(root, { recursive: true, force: true }) };
}
