package main

import "io"

// Greet composes a line for each name, each in a goroutine of its own, and writes the lines to out.
//
// What it should promise, and does not yet:
//   - when it returns, every line has been written;
//   - out never sees two writes at the same time;
//   - no goroutine that it started is still running.
func Greet(out io.Writer, names []string, compose func(name string) string) {
	for _, name := range names {
		go func() {
			_, _ = io.WriteString(out, compose(name))
		}()
	}
}
