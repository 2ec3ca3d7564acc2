package traceback

import (
	"regexp"
	"strconv"
	"strings"
)

// GC is a line of GODEBUG=gctrace=1 (runtime/extern.go, and printed by runtime/mgc.go). Times are milliseconds.
type GC struct {
	Number     uint64
	AtSeconds  float64
	CPUPercent uint64
	// Clock: the pause before marking, marking, the pause after it.
	Clock [3]float64
	// CPU: the same, marking as assists, workers and idle processors.
	CPU [5]float64
	// HeapMiB at the start, at the end, and what was live.
	HeapMiB                        [3]uint64
	GoalMiB, StacksMiB, GlobalsMiB uint64
	Procs                          uint64
	Forced                         bool
}

// Sched is the first line of GODEBUG=schedtrace (runtime/proc.go, schedtrace).
type Sched struct {
	AtMS                                                                 uint64
	GOMAXPROCS, IdleProcs, Threads, Spinning, IdleThreads, NeedsSpinning uint64
	GlobalQueue                                                          uint64
	LocalQueues                                                          []uint64
	Ticks                                                                []uint64
}

// Init is a line of GODEBUG=inittrace=1 (runtime/proc.go, doInit1). Times are milliseconds.
type Init struct {
	Package       string
	AtMS, ClockMS float64
	Bytes, Allocs uint64
}

var (
	gcLine = regexp.MustCompile(`^gc (\d+) @([\d.]+)s (\d+)%(?: \(checking for goroutine leaks\))?: ([\d.]+)\+([\d.]+)\+([\d.]+) ms clock, ` +
		`([\d.]+)\+([\d.]+)/([\d.]+)/([\d.]+)\+([\d.]+) ms cpu, (\d+)->(\d+)->(\d+) MB, (\d+) MB goal, (\d+) MB stacks, (\d+) ?MB globals, (\d+) P( \(forced\))?$`)
	schedLine = regexp.MustCompile(`^SCHED (\d+)ms: gomaxprocs=(\d+) idleprocs=(\d+) threads=(\d+) spinningthreads=(\d+) ` +
		`(?:needspinning=(\d+) )?idlethreads=(\d+) runqueue=(\d+) \[([\d ]*)\](?: schedticks=\[([\d ]*)\])?`)
	initLine = regexp.MustCompile(`^init (\S+) @([\d.]+) ms, ([\d.]+) ms clock, (\d+) bytes, (\d+) allocs$`)
)

// ParseGC takes one line without its end.
func ParseGC(line string) (gc GC, ok bool) {
	if !strings.HasPrefix(line, "gc ") {
		return gc, false
	}
	m := gcLine.FindStringSubmatch(line)
	if m == nil {
		return gc, false
	}
	var r reader
	gc = GC{Number: r.count(m[1]), AtSeconds: r.number(m[2]), CPUPercent: r.count(m[3]),
		Clock:   [3]float64{r.number(m[4]), r.number(m[5]), r.number(m[6])},
		CPU:     [5]float64{r.number(m[7]), r.number(m[8]), r.number(m[9]), r.number(m[10]), r.number(m[11])},
		HeapMiB: [3]uint64{r.count(m[12]), r.count(m[13]), r.count(m[14])}, GoalMiB: r.count(m[15]), StacksMiB: r.count(m[16]),
		GlobalsMiB: r.count(m[17]), Procs: r.count(m[18]), Forced: m[19] != ""}
	return gc, !r.failed
}

// ParseSched takes one line without its end.
func ParseSched(line string) (s Sched, ok bool) {
	if !strings.HasPrefix(line, "SCHED ") {
		return s, false
	}
	m := schedLine.FindStringSubmatch(line)
	if m == nil {
		return s, false
	}
	var r reader
	s = Sched{AtMS: r.count(m[1]), GOMAXPROCS: r.count(m[2]), IdleProcs: r.count(m[3]), Threads: r.count(m[4]), Spinning: r.count(m[5]),
		IdleThreads: r.count(m[7]), GlobalQueue: r.count(m[8]), LocalQueues: r.counts(m[9]), Ticks: r.counts(m[10])}
	if m[6] != "" {
		s.NeedsSpinning = r.count(m[6])
	}
	return s, !r.failed
}

// ParseInit takes one line without its end.
func ParseInit(line string) (i Init, ok bool) {
	if !strings.HasPrefix(line, "init ") {
		return i, false
	}
	m := initLine.FindStringSubmatch(line)
	if m == nil {
		return i, false
	}
	var r reader
	i = Init{Package: m[1], AtMS: r.number(m[2]), ClockMS: r.number(m[3]), Bytes: r.count(m[4]), Allocs: r.count(m[5])}
	return i, !r.failed
}

// maxProcs bounds how many processors a line may name.
const maxProcs = 1024

// reader reads numbers and remembers whether one was none.
type reader struct{ failed bool }

func (r *reader) count(text string) uint64 {
	n, err := strconv.ParseUint(text, 10, 63)
	r.failed = r.failed || err != nil
	return n
}

func (r *reader) number(text string) float64 {
	n, err := strconv.ParseFloat(text, 64)
	r.failed = r.failed || err != nil || n > 1e12
	return n
}

func (r *reader) counts(text string) (all []uint64) {
	fields := strings.Fields(text)
	r.failed = r.failed || len(fields) > maxProcs
	for _, field := range fields[:min(len(fields), maxProcs)] {
		all = append(all, r.count(field))
	}
	return all
}
