package x

import (
	"os"
	"syscall"
	"testing"
	"time"
)

func TestQuit(t *testing.T) {
	go func() { select {} }()
	time.Sleep(10 * time.Millisecond)
	syscall.Kill(os.Getpid(), syscall.SIGQUIT)
	time.Sleep(5 * time.Second)
}
