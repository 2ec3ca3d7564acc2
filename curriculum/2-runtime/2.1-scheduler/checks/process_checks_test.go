package main

import (
	"runtime"
	"runtime/metrics"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// patience bounds only how long a failing check waits; a passing one never waits for time.
const patience = 5 * time.Second

// eventually waits for a condition and says whether it came.
func eventually(holds func() bool) bool {
	for began := time.Now(); time.Since(began) < patience; time.Sleep(time.Millisecond) {
		if holds() {
			return true
		}
	}
	return holds()
}

// awake lists the goroutines of this package that run or could run, but for the caller. The world is stopped while the
// stacks are taken: one that spins is caught whichever moment that is, and one that is parked never is.
func awake() []string {
	pc, _, _, _ := runtime.Caller(0)
	ours := strings.TrimSuffix(runtime.FuncForPC(pc).Name(), "awake")
	stacks := make([]byte, 4<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	var found []string
	for i, stack := range strings.Split(string(stacks), "\n\n") {
		head, body, _ := strings.Cut(stack, "\n")
		if i > 0 && (strings.Contains(head, "[runnable") || strings.Contains(head, "[running")) && strings.Contains(body, ours) {
			found = append(found, stack)
		}
	}
	return found
}

// start runs Process on jobs which wait at a gate; the function returned opens it and waits for Process to return.
func start(n, workers int, work func(job int, gate <-chan struct{})) (finish func() bool) {
	gate, returned := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(returned)
		Process(n, workers, func(job int) { work(job, gate) })
	}()
	return func() bool {
		close(gate)
		return eventually(func() bool {
			select {
			case <-returned:
				return true
			default:
				return false
			}
		})
	}
}

func TestEveryJobRunsOnce(t *testing.T) {
	for _, shape := range []struct{ n, workers int }{{0, 4}, {1, 4}, {3, 4}, {1000, 1}, {10_000, 7}} {
		counts := make([]atomic.Int32, shape.n)
		Process(shape.n, shape.workers, func(job int) { counts[job].Add(1) })
		for job := range counts {
			if got := counts[job].Load(); got != 1 {
				t.Fatalf("Process(%d, %d): job %d ran %d times", shape.n, shape.workers, job, got)
			}
		}
	}
}

func TestAtMostWorkersAtOnce(t *testing.T) {
	const workers = 4
	var inside atomic.Int32
	finish := start(500, workers, func(_ int, gate <-chan struct{}) {
		inside.Add(1)
		<-gate
	})
	// Everybody who could start has started when nobody can run any more; too many of them end the wait at once.
	settled := eventually(func() bool {
		n := inside.Load()
		return n > workers || n == workers && len(awake()) == 0
	})
	n := inside.Load()
	finished := finish()
	if n != workers {
		t.Fatalf("%d jobs were under way at the same time, and %d should have been", n, workers)
	}
	if !settled {
		t.Fatal("somebody kept running although every worker was waiting")
	}
	if !finished {
		t.Fatal("Process did not return after its jobs could finish")
	}
}

func TestCreatesOnlyItsWorkers(t *testing.T) {
	const n, workers, others = 100_000, 8, 32
	created := func() uint64 {
		sample := []metrics.Sample{{Name: "/sched/goroutines-created:goroutines"}}
		metrics.Read(sample)
		return sample[0].Value.Uint64()
	}
	before := created()
	Process(n, workers, func(int) {})
	if got := created() - before; got > workers+others {
		t.Fatalf("%d goroutines were created for %d jobs and %d workers", got, n, workers)
	}
}

func TestNoJobWaitsBehindASlowOne(t *testing.T) {
	const n, workers = 400, 4
	var done atomic.Int32
	finish := start(n, workers, func(job int, gate <-chan struct{}) {
		if job == 0 {
			<-gate
		}
		done.Add(1)
	})
	others := eventually(func() bool { return done.Load() == n-1 })
	stuck := n - 1 - done.Load()
	finish()
	if !others {
		t.Fatalf("%d jobs waited behind job 0, although %d workers were free", stuck, workers-1)
	}
}

func TestTheCallerSleepsWhileItWaits(t *testing.T) {
	const workers = 2
	var inside atomic.Int32
	finish := start(workers, workers, func(_ int, gate <-chan struct{}) {
		inside.Add(1)
		<-gate
	})
	if !eventually(func() bool { return inside.Load() == workers }) {
		finish()
		t.Fatal("the workers did not all start")
	}
	asleep := eventually(func() bool { return len(awake()) == 0 })
	var who []string
	if !asleep {
		who = awake()
	}
	finish()
	if !asleep {
		t.Fatalf("every job was waiting, and still somebody ran:\n%s", strings.Join(who, "\n\n"))
	}
}

func TestNothingIsLeftRunning(t *testing.T) {
	before := runtime.NumGoroutine()
	for range 20 {
		Process(50, 5, func(int) {})
	}
	if !eventually(func() bool { return runtime.NumGoroutine() <= before }) {
		t.Fatalf("%d goroutines are still there after Process returned", runtime.NumGoroutine()-before)
	}
}
