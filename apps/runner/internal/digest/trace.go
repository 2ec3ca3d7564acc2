package digest

import (
	"errors"
	"io"
	"strings"

	"golang.org/x/exp/trace"

	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
)

const (
	// batchUS is how much of a trace is told at once.
	batchUS = 250_000
	// maxBatch of spans, tiles and marks make a batch of less time.
	maxBatch = 2000
	// maxTraceUS is above the longest run.
	maxTraceUS = 3600 * 1_000_000
	// spansABatch and maxSpans bound single spans: a busy program makes millions a second, which its tiles sum up.
	spansABatch = 1000
	maxSpans    = 20_000
	// maxMarks of the program's own, and maxRanges of the runtime, which collects as often as it likes.
	maxMarks  = 4000
	maxRanges = 8000
	// maxNamed goroutines are named, maxGoroutines are followed at once.
	maxNamed      = 4000
	maxGoroutines = 200_000
	// maxWords of a name or a text of the program's.
	maxWords = 256
)

// errTooMany says that a program had more goroutines than a reader can follow.
var errTooMany = errors.New("digest: too many goroutines")

// goroutine is one that is alive.
type goroutine struct {
	state  pb.TraceState
	since  int64
	proc   int64
	reason string
	at     *pb.Frame
	lane   *pyramid
}

// tracer turns an execution trace into batches of spans and tiles.
type tracer struct {
	tell func(*pb.TraceBatch) error
	tiler
	began      trace.Time
	started    bool
	goroutines map[trace.GoID]*goroutine
	procs      map[int64]*pyramid
	all        pyramid
	// in counts goroutines by state, since the last event.
	in     population
	lastUS int64
	open   map[string]int64
	batch  *pb.TraceBatch
	spans  int
	marks  int
	ranges int
	named  int
	lanes  int
	err    error
}

// readTrace reads until the trace ends or cannot be read any more; what came before is told.
func readTrace(from io.Reader, tell func(*pb.TraceBatch) error) error {
	reader, err := trace.NewReader(from)
	if err != nil {
		return err
	}
	t := &tracer{tell: tell, goroutines: map[trace.GoID]*goroutine{}, procs: map[int64]*pyramid{}, open: map[string]int64{},
		all: pyramid{lane: pb.TraceTile_LANE_ALL}, batch: &pb.TraceBatch{}}
	t.emit = func(tile *pb.TraceTile) { t.batch.Tiles = append(t.batch.Tiles, tile) }
	for t.err == nil {
		event, err := reader.ReadEvent()
		if err != nil {
			if !errors.Is(err, io.EOF) {
				t.err = err
			}
			break
		}
		t.take(event)
	}
	t.finish()
	return t.err
}

func (t *tracer) take(event trace.Event) {
	if event.Kind() == trace.EventSync {
		return
	}
	if !t.started {
		t.started, t.began = true, event.Time()
	}
	// Times of a forged trace may be anything.
	now := min(max(t.lastUS, int64(event.Time()-t.began)/1000), maxTraceUS)
	t.batch.Events++
	t.pass(now)
	switch event.Kind() {
	case trace.EventStateTransition:
		if transition := event.StateTransition(); transition.Resource.Kind == trace.ResourceGoroutine {
			t.change(event, transition, now)
		}
	case trace.EventRangeBegin, trace.EventRangeActive:
		t.begin(event.Range().Name+"\x00"+event.Range().Scope.String(), now)
	case trace.EventRangeEnd:
		t.end(event.Range().Name+"\x00"+event.Range().Scope.String(), pb.TraceMark_KIND_RANGE, event.Range().Name, event, now)
	case trace.EventRegionBegin:
		t.begin(regionKey(event), now)
	case trace.EventRegionEnd:
		t.end(regionKey(event), pb.TraceMark_KIND_REGION, event.Region().Type, event, now)
	case trace.EventTaskBegin:
		t.begin(trace.MakeResourceID(trace.GoID(event.Task().ID)).String()+"task", now)
	case trace.EventTaskEnd:
		t.end(trace.MakeResourceID(trace.GoID(event.Task().ID)).String()+"task", pb.TraceMark_KIND_TASK, event.Task().Type, event, now)
	case trace.EventLog:
		t.mark(&pb.TraceMark{Kind: pb.TraceMark_KIND_LOG, Name: words(event.Log().Category), Text: words(event.Log().Message), FromUs: now, ToUs: now, Goroutine: goroutineOf(event)})
	}
	if t.lastUS-t.batch.FromUs >= batchUS || len(t.batch.Tiles)+len(t.batch.Spans)+len(t.batch.Marks) >= maxBatch {
		t.flush()
	}
}

func regionKey(event trace.Event) string {
	return event.Region().Type + "\x00" + trace.MakeResourceID(event.Goroutine()).String() + "region"
}

// pass lets time go on: all goroutines have been in their states since the last event.
func (t *tracer) pass(now int64) {
	if now == t.lastUS {
		return
	}
	t.add(&t.all, t.in, t.lastUS, now, 0)
	t.lastUS = now
}

var states = map[trace.GoState]pb.TraceState{
	trace.GoRunnable: pb.TraceState_TRACE_STATE_RUNNABLE, trace.GoRunning: pb.TraceState_TRACE_STATE_RUNNING,
	trace.GoWaiting: pb.TraceState_TRACE_STATE_WAITING, trace.GoSyscall: pb.TraceState_TRACE_STATE_SYSCALL,
}

func (t *tracer) change(event trace.Event, transition trace.StateTransition, now int64) {
	id := transition.Resource.Goroutine()
	from, to := transition.Goroutine()
	g := t.goroutines[id]
	if g == nil {
		if len(t.goroutines) >= maxGoroutines {
			t.err = errTooMany
			return
		}
		g = &goroutine{state: states[from], since: now, proc: -1}
		t.goroutines[id] = g
		t.in[g.state]++
		t.name(id, event, transition, from)
	}
	t.close(id, g, now)
	t.in[g.state]--
	g.state, g.since, g.proc, g.reason, g.at = states[to], now, -1, transition.Reason, nil
	t.in[g.state]++
	switch g.state {
	case pb.TraceState_TRACE_STATE_RUNNING:
		g.proc = int64(event.Proc())
	case pb.TraceState_TRACE_STATE_WAITING, pb.TraceState_TRACE_STATE_SYSCALL:
		g.at = frameOf(transition.Stack)
	case pb.TraceState_TRACE_STATE_UNSPECIFIED:
		t.in[g.state]--
		if g.lane != nil {
			t.tiler.finish(g.lane)
		}
		delete(t.goroutines, id)
	}
}

// close ends the state in which a goroutine was.
func (t *tracer) close(id trace.GoID, g *goroutine, now int64) {
	if g.state == pb.TraceState_TRACE_STATE_UNSPECIFIED {
		return
	}
	if g.state == pb.TraceState_TRACE_STATE_RUNNING && g.proc >= 0 {
		t.add(t.proc(g.proc), one(g.state), g.since, now, 1)
	}
	// What is missing in the lane of a goroutine is waiting.
	if g.lane != nil && g.state != pb.TraceState_TRACE_STATE_WAITING {
		t.add(g.lane, one(g.state), g.since, now, 1)
	}
	if now == g.since {
		return
	}
	if t.spans >= maxSpans || len(t.batch.Spans) >= spansABatch {
		t.batch.SpansLeftOut++
		return
	}
	t.spans++
	t.batch.Spans = append(t.batch.Spans, &pb.TraceSpan{Goroutine: uint64(id), State: g.state, FromUs: g.since, ToUs: now, Proc: int32(g.proc), Reason: words(g.reason), At: g.at})
}

// maxProcs is what GOMAXPROCS may be at most.
const maxProcs = 1024

func (t *tracer) proc(id int64) *pyramid {
	id = min(id, maxProcs)
	if t.procs[id] == nil {
		t.procs[id] = &pyramid{lane: pb.TraceTile_LANE_PROC, id: uint64(id)}
	}
	return t.procs[id]
}

func (t *tracer) name(id trace.GoID, event trace.Event, transition trace.StateTransition, from trace.GoState) {
	if t.lanes < maxLanes {
		t.lanes++
		t.goroutines[id].lane = &pyramid{lane: pb.TraceTile_LANE_GOROUTINE, id: uint64(id), base: goroutineLevel}
	}
	if t.named >= maxNamed {
		return
	}
	t.named++
	named := &pb.TraceGoroutine{Id: uint64(id)}
	for frame := range transition.Stack.Frames() {
		named.Function = words(frame.Func) // The outermost one stays.
	}
	if from == trace.GoNotExist {
		named.CreatedBy, named.CreatedIn = frameOf(event.Stack()), goroutineOf(event)
	}
	t.batch.Goroutines = append(t.batch.Goroutines, named)
}

func goroutineOf(event trace.Event) uint64 {
	if event.Goroutine() == trace.NoGoroutine {
		return 0
	}
	return uint64(event.Goroutine())
}

// ownPackages are those in which a goroutine waits for somebody else's sake: the call above is of interest.
var ownPackages = []string{"runtime.", "sync.", "internal/", "time.", "syscall.", "os."}

// frameOf is the innermost call that is not of the runtime's own.
func frameOf(stack trace.Stack) *pb.Frame {
	var found *pb.Frame
	for frame := range stack.Frames() {
		own := false
		for _, name := range ownPackages {
			own = own || strings.HasPrefix(frame.Func, name)
		}
		if found == nil || !own {
			found = &pb.Frame{Function: words(frame.Func), Path: words(frame.File), Line: uint32(frame.Line)}
		}
		if !own {
			break
		}
	}
	return found
}

// maxOpen bounds regions, tasks and ranges that were begun and not ended.
const maxOpen = 10_000

func (t *tracer) begin(key string, now int64) {
	if _, known := t.open[key]; !known && len(t.open) < maxOpen {
		t.open[key] = now
	}
}

func (t *tracer) end(key string, kind pb.TraceMark_Kind, name string, event trace.Event, now int64) {
	began, known := t.open[key]
	if !known {
		return
	}
	delete(t.open, key)
	t.mark(&pb.TraceMark{Kind: kind, Name: words(name), FromUs: began, ToUs: now, Goroutine: goroutineOf(event)})
}

func (t *tracer) mark(mark *pb.TraceMark) {
	told, most := &t.marks, maxMarks
	if mark.Kind == pb.TraceMark_KIND_RANGE {
		told, most = &t.ranges, maxRanges
	}
	if *told < most {
		*told++
		t.batch.Marks = append(t.batch.Marks, mark)
	}
}

func (t *tracer) flush() {
	batch := t.batch
	batch.ToUs = t.lastUS
	t.batch = &pb.TraceBatch{FromUs: t.lastUS}
	if err := t.tell(batch); err != nil {
		t.err = err
	}
}

// finish closes what is open where the trace ends.
func (t *tracer) finish() {
	if !t.started {
		return
	}
	for id, g := range t.goroutines {
		t.close(id, g, t.lastUS)
		if g.lane != nil {
			t.tiler.finish(g.lane)
		}
		if len(t.batch.Tiles)+len(t.batch.Spans) >= maxBatch {
			t.flush()
		}
	}
	for _, proc := range t.procs {
		t.tiler.finish(proc)
	}
	t.tiler.finish(&t.all)
	t.flush()
}

// words makes text of what the program named, short enough to be shown.
func words(text string) string {
	if len(text) > maxWords {
		text = text[:maxWords]
	}
	return strings.ToValidUTF8(text, "\uFFFD")
}
