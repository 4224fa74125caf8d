// Package busy does what profiles show.
package busy

import (
	"crypto/sha256"
	"time"
)

// Spin keeps a processor busy.
func Spin(d time.Duration) (sum [32]byte) {
	for end := time.Now().Add(d); time.Now().Before(end); {
		for i := 0; i < 1000; i++ {
			sum = sha256.Sum256(sum[:])
		}
	}
	return sum
}

// Depth calls itself n times before it spins.
func Depth(n int, d time.Duration) [32]byte {
	if n > 0 {
		return Depth(n-1, d)
	}
	return Spin(d)
}

// Wait blocks until stop is closed.
func Wait(stop <-chan struct{}) { <-stop }
