package execution

import (
	"strings"
	"sync"
	"time"

	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
)

// events numbers what happens in a run and hands it on, one at a time.
type events struct {
	mu     sync.Mutex
	emit   Emit
	cancel func()
	seq    uint64
	began  time.Time
	// over says that nobody listens any more, or that the end was told.
	over bool
}

func newEvents(emit Emit, cancel func()) *events {
	return &events{emit: emit, cancel: cancel, began: time.Now()}
}

// send blocks while the receiver is slow: that is what slows a flooding program down. After the end nothing is told: a build
// that others wait for goes on when the run that began it is over, and speaks to that.
func (e *events) send(event *pb.ExecuteResponse) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.over {
		return
	}
	e.over = event.GetEnd() != nil
	e.seq++
	event.Seq = e.seq
	event.AtUs = time.Since(e.began).Microseconds()
	if err := e.emit(event); err != nil {
		e.over = true
		e.cancel()
	}
}

// valid makes text of what a program wrote: the contract's strings are Unicode, and nothing else can be sent.
func valid(text string) string { return strings.ToValidUTF8(text, "\uFFFD") }

func (e *events) end(end *pb.End) {
	e.send(&pb.ExecuteResponse{Event: &pb.ExecuteResponse_End{End: end}})
}

func (e *events) stage(name pb.StageName, finished bool, took time.Duration, detail string) {
	stage := &pb.Stage{Name: name, Finished: finished, DurationUs: took.Microseconds(), Detail: detail}
	e.send(&pb.ExecuteResponse{Event: &pb.ExecuteResponse_Stage{Stage: stage}})
}

// built tells that the compilation is over, and what the go command was needed for.
func (e *events) built(took time.Duration, detail, why string) {
	stage := &pb.Stage{Name: pb.StageName_STAGE_NAME_COMPILE, Finished: true, DurationUs: took.Microseconds(), Detail: detail, Why: valid(why)}
	e.send(&pb.ExecuteResponse{Event: &pb.ExecuteResponse_Stage{Stage: stage}})
}

func (e *events) diagnostic(d *pb.Diagnostic) {
	d.Path, d.Message = valid(d.Path), valid(d.Message)
	e.send(&pb.ExecuteResponse{Event: &pb.ExecuteResponse_Diagnostic{Diagnostic: d}})
}

func (e *events) output(stream pb.Stream, data []byte, dropped uint64) {
	output := &pb.Output{Stream: stream, Data: data, DroppedBefore: dropped}
	e.send(&pb.ExecuteResponse{Event: &pb.ExecuteResponse_Output{Output: output}})
}

func (e *events) glimpse(stream pb.Stream, data []byte) {
	glimpse := &pb.Glimpse{Stream: stream, Data: data}
	e.send(&pb.ExecuteResponse{Event: &pb.ExecuteResponse_Glimpse{Glimpse: glimpse}})
}

func (e *events) test(test *pb.TestEvent) {
	test.Name, test.Output = valid(test.Name), valid(test.Output)
	e.send(&pb.ExecuteResponse{Event: &pb.ExecuteResponse_Test{Test: test}})
}
