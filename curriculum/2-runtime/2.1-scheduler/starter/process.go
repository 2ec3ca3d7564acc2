package main

import "sync/atomic"

// Process runs work(0) to work(n-1), at most workers of them at the same time, and returns when all are done.
//
// What it should promise, and does not yet:
//   - it creates no more goroutines than workers, however large n is;
//   - a job that takes long holds up no job but itself;
//   - the caller sleeps while it waits, and leaves its P to those who work.
func Process(n, workers int, work func(job int)) {
	var done atomic.Int64
	for job := range n {
		go func() {
			work(job)
			done.Add(1)
		}()
	}
	waitFor(&done, int64(n))
}

// waitFor returns when done has reached n.
func waitFor(done *atomic.Int64, n int64) {
	for done.Load() < n {
	}
}
