package main

import (
	"io"
	"sync"
)

// Greet composes a line for each name, each in a goroutine of its own, and writes the lines to out.
// When it returns, every line has been written and no goroutine that it started is still running.
// Writes to out never overlap; their order is whatever the scheduler made of it.
func Greet(out io.Writer, names []string, compose func(name string) string) {
	var running sync.WaitGroup
	var writing sync.Mutex
	for _, name := range names {
		running.Go(func() {
			line := compose(name)
			writing.Lock()
			defer writing.Unlock()
			_, _ = io.WriteString(out, line)
		})
	}
	running.Wait()
}
