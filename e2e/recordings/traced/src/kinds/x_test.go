// Package kinds has one of each kind of thing that package testing runs.
package kinds

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func work(n int) {
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() { time.Sleep(time.Microsecond) })
	}
	wg.Wait()
}

// Two parents that create their subtests at the same time.
func TestLeft(t *testing.T)  { t.Parallel(); subtests(t) }
func TestRight(t *testing.T) { t.Parallel(); subtests(t) }

func subtests(t *testing.T) {
	for i := range 10 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			if i%2 == 0 {
				t.Parallel()
			}
			work(i)
		})
		time.Sleep(200 * time.Microsecond)
	}
}

// The tRunner inside of the bubble is no test.
func TestBubble(t *testing.T) {
	t.Run("before", func(t *testing.T) { work(1) })
	synctest.Test(t, func(t *testing.T) {
		go time.Sleep(time.Hour)
		time.Sleep(2 * time.Hour)
	})
	t.Run("after", func(t *testing.T) { work(1) })
}

// A benchmark that the stream does not know.
func TestOwnBenchmark(t *testing.T) {
	testing.Benchmark(func(b *testing.B) { work(b.N) })
}

func TestDeadline(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	context.AfterFunc(ctx, func() { time.Sleep(time.Microsecond) })
	<-ctx.Done()
	time.Sleep(time.Millisecond)
}

func TestCleanup(t *testing.T) {
	t.Cleanup(func() { time.Sleep(time.Millisecond) })
}

func FuzzSeed(f *testing.F) {
	f.Add(1)
	f.Add(2)
	f.Fuzz(func(t *testing.T, n int) { work(n) })
}

func Example_one() {
	work(2)
	fmt.Println("one")
	// Output: one
}

func Example_two() {
	work(3)
	fmt.Println("two")
	// Output: two
}

func BenchmarkPlain(b *testing.B) {
	for range b.N {
		work(1)
	}
}

func BenchmarkGroup(b *testing.B) {
	for _, n := range []int{1, 2} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for range b.N {
				work(n)
			}
		})
	}
}
