package x

import (
	"context"
	"runtime/pprof"
	"testing"
	"time"
)

func TestLabels(t *testing.T) {
	pprof.Do(context.Background(), pprof.Labels("test", t.Name(), "a]b", "x\"y\n\u00e9", "plain", "v"), func(ctx context.Context) {
		go func() { time.Sleep(time.Hour) }()
		time.Sleep(20 * time.Millisecond)
		go func() { panic("boom\nsecond line\n\nfourth") }()
		select {}
	})
}
