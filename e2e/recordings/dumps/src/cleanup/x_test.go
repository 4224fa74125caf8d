package x

import (
	"sync"
	"testing"
)

var mu sync.Mutex

func lock() { mu.Lock() }
func hang() { select {} }
func TestCleanup(t *testing.T) {
	t.Run("sub", func(t *testing.T) { t.Cleanup(func() { mu.Lock(); lock() }) })
}
func TestPar(t *testing.T) { t.Parallel() }
func BenchmarkHang(b *testing.B) {
	b.Run("sub", func(b *testing.B) {
		for b.Loop() {
			select {}
		}
	})
}
func FuzzHang(f *testing.F) { f.Add(1); f.Fuzz(func(t *testing.T, n int) { select {} }) }
func Example_hang() {
	hang()
	// Output: x
}
