package x

import (
	"testing"
	"testing/synctest"
)

func TestBubble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { c := make(chan int); go func() { <-c }(); <-c })
}
