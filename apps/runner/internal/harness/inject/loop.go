//go:build lineage_inject

package harness

import (
	"syscall"
	"time"
)

const (
	tick = 50 * time.Millisecond
	// windowTicks is how much of a CPU profile a program that is killed can lose, and how old a live window is.
	windowTicks = 5
	metricTicks = 4
	// idleTicks is a multiple of windowTicks: only while no window is open can it be seen whether there is a timer.
	idleTicks = 5
	// settle is how long what wrote a CPU window takes to end: until then the program does not look idle.
	settle = 2 * time.Millisecond
	// leakTicks: looking for leaks is a garbage collection.
	leakTicks = 40
	// firstSnapshot is doubled from one snapshot to the next until lastSnapshot.
	firstSnapshot = 25 * time.Millisecond
	lastSnapshot  = time.Second
)

// loop is the only goroutine of the harness. While it works it has no timer, so that timers that are there are the program's.
func (c *collector) loop() {
	pause := firstSnapshot
	next := c.began.Add(pause)
	idle := 0
	for n := 1; ; n++ {
		time.Sleep(min(tick, max(time.Millisecond, time.Until(next))))
		c.mu.Lock()
		if c.ended {
			c.mu.Unlock()
			return
		}
		asked := c.asked()
		if asked || n%windowTicks == 0 {
			c.closeWindow()
		}
		if asked || n%metricTicks == 0 {
			c.sample()
		}
		if asked || !time.Now().Before(next) {
			c.snapshot(asked || n%leakTicks == 0)
			pause = min(2*pause, lastSnapshot)
			next = time.Now().Add(pause)
		} else if n%leakTicks == 0 {
			c.snapshot(true)
		}
		if asked {
			c.send('f', nil)
		}
		asleep := false
		if n%idleTicks == 0 {
			if c.wanted["cpu"] {
				time.Sleep(settle)
			}
			if idle++; !looksIdle() {
				idle = 0
			}
			// A program that has just gone to sleep may be between two steps: look twice.
			asleep = idle >= 2 && c.allAsleep(idle)
		}
		if !asleep && (asked || n%windowTicks == 0) {
			c.openWindow()
		}
		c.mu.Unlock()
		if asleep {
			c.endAsleep()
		}
	}
}

// asked says whether the agent wants everything now: it is about to end the program.
func (c *collector) asked() bool {
	if c.orders < 0 {
		return false
	}
	var order [1]byte
	n, err := syscall.Read(c.orders, order[:])
	if n == 0 && err == nil {
		c.orders = -1 // The agent is gone.
	}
	return n == 1
}
