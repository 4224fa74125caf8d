package x

import (
	"sync/atomic"
	"testing"
)

var g int
var h int64

func TestRace(t *testing.T) {
	done := make(chan int)
	go func() { g++; atomic.AddInt64(&h, 1); close(done) }()
	g++
	h++
	<-done
}
func TestMain(m *testing.M) {
	m.Run()
	d := make(chan int)
	x := new(int)
	go func() { *x = 1; close(d) }()
	*x = 2
	<-d
}
