package main

import (
	"bufio"
	"context"
	"os"
	"runtime/trace"
	"sync"
	"sync/atomic"
	"time"
)

// counted tells how much was written.
type counted struct {
	*bufio.Writer
	bytes atomic.Int64
}

func (c *counted) Write(data []byte) (int, error) {
	c.bytes.Add(int64(len(data)))
	return c.Writer.Write(data)
}

// generate does what test suites do, all at once: channels, locks, sleeps, short goroutines, regions, garbage.
func generate(path string, least int64) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	out := &counted{Writer: bufio.NewWriterSize(file, 1<<20)}
	if err := trace.Start(out); err != nil {
		return err
	}
	var isOver atomic.Bool
	var all sync.WaitGroup
	work := func(count int, step func()) {
		for range count {
			all.Add(1)
			go func() {
				defer all.Done()
				for !isOver.Load() {
					step()
				}
			}()
		}
	}

	var lock sync.Mutex
	var shared map[int]int
	work(16, func() {
		lock.Lock()
		shared = map[int]int{len(shared): 1}
		lock.Unlock()
		time.Sleep(time.Microsecond)
	})
	for range 64 {
		question, answer := make(chan int), make(chan int)
		all.Add(1)
		go func() {
			defer all.Done()
			for n := range question {
				answer <- n
			}
		}()
		all.Add(1)
		go func() {
			defer all.Done()
			defer close(question)
			for n := 0; !isOver.Load(); n++ {
				question <- n
				<-answer
			}
		}()
	}
	work(8, func() {
		var few sync.WaitGroup
		for range 16 {
			few.Add(1)
			go func() {
				defer few.Done()
				sink.Store(new([512]byte))
			}()
		}
		few.Wait()
	})
	work(4, func() {
		ctx, task := trace.NewTask(context.Background(), "request")
		trace.WithRegion(ctx, "handle", func() { trace.Log(ctx, "step", "half way") })
		task.End()
		time.Sleep(10 * time.Microsecond)
	})

	for out.bytes.Load() < least {
		time.Sleep(10 * time.Millisecond)
	}
	isOver.Store(true)
	all.Wait()
	trace.Stop()
	if err := out.Flush(); err != nil {
		return err
	}
	return file.Close()
}

var sink atomic.Pointer[[512]byte]
