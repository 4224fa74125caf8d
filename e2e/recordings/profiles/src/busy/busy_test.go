package busy_test

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"testing"
	"time"

	"example.com/profiles/busy"
)

// TestLabelled spins with a label, and so does its child.
func TestLabelled(t *testing.T) {
	pprof.Do(context.Background(), pprof.Labels("test", t.Name(), "odd key", "x\ny"), func(context.Context) {
		done := make(chan struct{})
		go func() {
			defer close(done)
			busy.Depth(3, 200*time.Millisecond)
		}()
		busy.Spin(200 * time.Millisecond)
		<-done
	})
}

// TestPlain spins without one; its child is a closure.
func TestPlain(t *testing.T) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		busy.Spin(200 * time.Millisecond)
	}()
	busy.Spin(200 * time.Millisecond)
	<-done
}

// TestWrite leaves goroutines that wait, and writes what the runtime knows of itself.
func TestWrite(t *testing.T) {
	stop := make(chan struct{})
	defer close(stop)
	for range 3 {
		go busy.Wait(stop)
	}
	pprof.Do(context.Background(), pprof.Labels("test", t.Name(), "quote", `a"b`), func(context.Context) {
		for range 2 {
			go func() { <-stop }()
		}
	})
	func() {
		leaked := make(chan int)
		go func() { leaked <- 1 }()
	}()
	time.Sleep(50 * time.Millisecond)
	runtime.GC()
	for _, profile := range []struct {
		name, file string
		debug      int
	}{
		{"goroutine", "goroutine.pprof", 0},
		{"goroutine", "goroutine.debug1.txt", 1},
		{"goroutine", "goroutine.debug2.txt", 2},
		{"goroutineleak", "goroutineleak.pprof", 0},
		{"goroutineleak", "goroutineleak.debug1.txt", 1},
		{"goroutineleak", "goroutineleak.debug2.txt", 2},
		{"threadcreate", "threadcreate.pprof", 0},
		{"heap", "heap.pprof", 0},
		{"heap", "heap.debug1.txt", 1},
		{"mutex", "mutex.debug1.txt", 1},
	} {
		p := pprof.Lookup(profile.name)
		if p == nil {
			continue // goroutineleak before 1.27, without its experiment
		}
		f, err := os.Create(filepath.Join(os.Getenv("OUT"), profile.file))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if err := p.WriteTo(f, profile.debug); err != nil {
			t.Fatal(err)
		}
	}
}
