package traceback_test

import (
	"reflect"
	"testing"

	"lineage.dev/runner/internal/traceback"
)

func TestLinesOfTheCollectorAreTakenApart(t *testing.T) {
	want := traceback.GC{Number: 4, AtSeconds: 0.212, CPUPercent: 11, Clock: [3]float64{0.15, 0.93, 0.057}, CPU: [5]float64{0.31, 0.24, 0.41, 0.17, 0.11},
		HeapMiB: [3]uint64{7, 8, 3}, GoalMiB: 9, StacksMiB: 1, GlobalsMiB: 2, Procs: 2}
	const rest = ": 0.15+0.93+0.057 ms clock, 0.31+0.24/0.41/0.17+0.11 ms cpu, 7->8->3 MB, 9 MB goal, 1 MB stacks, 2 MB globals, 2 P"
	for _, line := range []string{"gc 4 @0.212s 11%" + rest, "gc 4 @0.212s 11% (checking for goroutine leaks)" + rest} {
		if got, ok := traceback.ParseGC(line); !ok || got != want {
			t.Errorf("%v %+v", ok, got)
		}
	}
	want.Forced = true
	if got, ok := traceback.ParseGC("gc 4 @0.212s 11%" + rest + " (forced)"); !ok || got != want {
		t.Errorf("%v %+v", ok, got)
	}
	for _, line := range []string{"gc 4 of mine", "gc 99999999999999999999 @0.212s 11%" + rest, "a gc 4 @0.212s 11%" + rest, ""} {
		if got, ok := traceback.ParseGC(line); ok {
			t.Errorf("%q is %+v", line, got)
		}
	}
}

func TestLinesOfTheSchedulerAreTakenApart(t *testing.T) {
	want := traceback.Sched{AtMS: 504, GOMAXPROCS: 2, Threads: 6, Spinning: 1, NeedsSpinning: 1, IdleThreads: 1, GlobalQueue: 3,
		LocalQueues: []uint64{1, 0}, Ticks: []uint64{5597, 4322}}
	if got, ok := traceback.ParseSched("SCHED 504ms: gomaxprocs=2 idleprocs=0 threads=6 spinningthreads=1 needspinning=1 idlethreads=1 runqueue=3 [ 1 0 ] schedticks=[ 5597 4322 ]"); !ok || !reflect.DeepEqual(got, want) {
		t.Errorf("%v %+v", ok, got)
	}
	// As it was before Go 1.24.
	want.NeedsSpinning, want.Ticks = 0, nil
	if got, ok := traceback.ParseSched("SCHED 504ms: gomaxprocs=2 idleprocs=0 threads=6 spinningthreads=1 idlethreads=1 runqueue=3 [1 0]"); !ok || !reflect.DeepEqual(got, want) {
		t.Errorf("%v %+v", ok, got)
	}
	if got, ok := traceback.ParseSched("SCHED soon"); ok {
		t.Errorf("%+v", got)
	}
}

func TestLinesOfInitialisationAreTakenApart(t *testing.T) {
	want := traceback.Init{Package: "net/http", AtMS: 1.5, ClockMS: 0.013, Bytes: 3456, Allocs: 21}
	if got, ok := traceback.ParseInit("init net/http @1.5 ms, 0.013 ms clock, 3456 bytes, 21 allocs"); !ok || got != want {
		t.Errorf("%v %+v", ok, got)
	}
	if got, ok := traceback.ParseInit("init of mine"); ok {
		t.Errorf("%+v", got)
	}
}

func FuzzRecordsAreNumbersOrNothing(f *testing.F) {
	f.Add("gc 4 @0.212s 11%: 0.15+0.93+0.057 ms clock, 0.31+0.24/0.41/0.17+0.11 ms cpu, 7->8->3 MB, 9 MB goal, 1 MB stacks, 2 MB globals, 2 P")
	f.Add("SCHED 504ms: gomaxprocs=2 idleprocs=0 threads=6 spinningthreads=1 needspinning=1 idlethreads=1 runqueue=1 [ 1 0 ] schedticks=[ 5597 4322 ]")
	f.Add("init net/http @1.5 ms, 0.013 ms clock, 3456 bytes, 21 allocs")
	f.Fuzz(func(t *testing.T, line string) {
		if gc, ok := traceback.ParseGC(line); ok && (gc.AtSeconds < 0 || gc.AtSeconds != gc.AtSeconds) {
			t.Fatal(gc)
		}
		if s, ok := traceback.ParseSched(line); ok && len(s.LocalQueues)+len(s.Ticks) > len(line) {
			t.Fatal(s)
		}
		traceback.ParseInit(line)
	})
}
