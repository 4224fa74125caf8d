// Program: the peer of the trace benchmark, and the maker of its input.
//
//	bench read FILE          reads every event with Go's own reader, prints what it took as JSON
//	bench generate FILE MB   writes an execution trace of a busy program, of at least so many megabytes
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/exp/trace"
)

func main() {
	if len(os.Args) == 3 && os.Args[1] == "read" {
		must(read(os.Args[2]))
		return
	}
	if len(os.Args) == 4 && os.Args[1] == "generate" {
		megabytes, err := strconv.Atoi(os.Args[3])
		must(err)
		must(generate(os.Args[2], int64(megabytes)*1_000_000))
		return
	}
	fmt.Fprintln(os.Stderr, "usage: bench read FILE | bench generate FILE MB")
	os.Exit(2)
}

func read(path string) error {
	start := time.Now()
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	reader, err := trace.NewReader(bufio.NewReaderSize(file, 1<<20))
	if err != nil {
		return err
	}
	events := 0
	for {
		_, err := reader.ReadEvent()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		events++
	}
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(map[string]float64{
		"ms":        float64(time.Since(start).Microseconds()) / 1000,
		"cpuMs":     float64(usage.Utime.Nano()+usage.Stime.Nano()) / 1e6,
		"events":    float64(events),
		"peakBytes": float64(usage.Maxrss) * 1024,
	})
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
