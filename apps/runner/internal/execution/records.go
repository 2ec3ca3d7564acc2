package execution

import (
	"time"

	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
	"lineage.dev/runner/internal/harness"
	"lineage.dev/runner/internal/lines"
	"lineage.dev/runner/internal/traceback"
)

const (
	// maxRecords of one run are told; the rest is counted.
	maxRecords = 4000
	// recordsPause is the least time between two events of records.
	recordsPause = 150 * time.Millisecond
	// maxRecordLine: a line of a scheduler with a thousand processors is some ten kilobytes.
	maxRecordLine = 32 << 10
)

// recordReader finds in standard error the lines which the runtime was asked to print. The program can print the same.
type recordReader struct {
	events  *events
	wanted  map[pb.Signal]bool
	lines   lines.Splitter
	waiting *pb.RuntimeRecords
	last    time.Time
	told    int
	// cycles is the number of the last collection.
	cycles uint64
}

// newRecordReader returns nil when no records were asked for.
func newRecordReader(r *run) *recordReader {
	wanted := map[pb.Signal]bool{}
	for _, signal := range r.start.Signals {
		if debugSettings[signal] != "" {
			wanted[signal] = true
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	return &recordReader{events: r.events, wanted: wanted, waiting: &pb.RuntimeRecords{}}
}

// heard takes what was written to standard error, in order.
func (r *recordReader) heard(data []byte) {
	r.lines.Split(data, maxRecordLine, r.take)
	if time.Since(r.last) >= recordsPause {
		r.flush()
	}
}

func (r *recordReader) take(line string) {
	w := r.waiting
	add := func(keep func()) {
		if r.told >= maxRecords {
			w.LeftOut++
			return
		}
		r.told++
		keep()
	}
	if gc, ok := traceback.ParseGC(line); ok && r.wanted[pb.Signal_SIGNAL_GCTRACE] {
		r.cycles = max(r.cycles, gc.Number)
		add(func() { w.Gc = append(w.Gc, wireGC(gc)) })
	} else if s, ok := traceback.ParseSched(line); ok && r.wanted[pb.Signal_SIGNAL_SCHEDTRACE] {
		add(func() { w.Sched = append(w.Sched, wireSched(s)) })
	} else if i, ok := traceback.ParseInit(line); ok && r.wanted[pb.Signal_SIGNAL_INITTRACE] && i.Package != harness.ImportPath {
		add(func() {
			w.Inits = append(w.Inits, &pb.InitRecord{Package: valid(i.Package), AtMs: i.AtMS, ClockMs: i.ClockMS, Bytes: i.Bytes, Allocs: i.Allocs})
		})
	}
}

// flush tells what waits. Nothing may be heard meanwhile.
func (r *recordReader) flush() {
	w := r.waiting
	if len(w.Gc)+len(w.Sched)+len(w.Inits) == 0 && w.LeftOut == 0 {
		return
	}
	r.waiting, r.last = &pb.RuntimeRecords{}, time.Now()
	r.events.send(&pb.ExecuteResponse{Event: &pb.ExecuteResponse_Records{Records: w}})
}

func wireGC(gc traceback.GC) *pb.GcRecord {
	return &pb.GcRecord{
		Number: uint32(gc.Number), AtS: gc.AtSeconds, CpuPercent: uint32(gc.CPUPercent),
		ClockSweepMs: gc.Clock[0], ClockMarkMs: gc.Clock[1], ClockEndMs: gc.Clock[2],
		CpuSweepMs: gc.CPU[0], CpuAssistMs: gc.CPU[1], CpuBackgroundMs: gc.CPU[2], CpuIdleMs: gc.CPU[3], CpuEndMs: gc.CPU[4],
		HeapStartMib: gc.HeapMiB[0], HeapEndMib: gc.HeapMiB[1], HeapLiveMib: gc.HeapMiB[2], HeapGoalMib: gc.GoalMiB,
		StacksMib: gc.StacksMiB, GlobalsMib: gc.GlobalsMiB, Procs: uint32(gc.Procs), Forced: gc.Forced,
	}
}

func wireSched(s traceback.Sched) *pb.SchedRecord {
	queues := make([]uint32, 0, len(s.LocalQueues))
	for _, queue := range s.LocalQueues {
		queues = append(queues, uint32(queue))
	}
	return &pb.SchedRecord{
		AtMs: s.AtMS, Gomaxprocs: uint32(s.GOMAXPROCS), IdleProcs: uint32(s.IdleProcs), Threads: uint32(s.Threads), SpinningThreads: uint32(s.Spinning),
		IdleThreads: uint32(s.IdleThreads), GlobalQueue: uint32(s.GlobalQueue), LocalQueues: queues, Ticks: s.Ticks, NeedsSpinning: s.NeedsSpinning > 0,
	}
}
