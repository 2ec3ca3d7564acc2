package main

import (
	"sync"
	"sync/atomic"
)

// Process runs work(0) to work(n-1), at most workers of them at the same time, and returns when all are done.
// It creates at most workers goroutines. Whoever is free takes the next job, so a long one holds up nobody else; the
// caller is parked meanwhile.
func Process(n, workers int, work func(job int)) {
	var next atomic.Int64
	var running sync.WaitGroup
	for range min(n, workers) {
		running.Go(func() {
			for {
				job := next.Add(1) - 1
				if job >= int64(n) {
					return
				}
				work(int(job))
			}
		})
	}
	running.Wait()
}
