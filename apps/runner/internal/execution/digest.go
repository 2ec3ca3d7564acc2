package execution

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"time"

	"google.golang.org/protobuf/proto"

	"lineage.dev/runner/internal/digest"
	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
	"lineage.dev/runner/internal/harness"
	"lineage.dev/runner/internal/installed"
	"lineage.dev/runner/internal/sandbox"
)

const (
	// digestAfter is how long reading what a program left may take when the program has ended.
	digestAfter = 20 * time.Second
	// digestMemory bounds what reading hostile profiles may take.
	digestMemory = 256 << 20
	digestCPU    = 60 * time.Second
	// tracePiece of a trace is handed on at once.
	tracePiece = 64 << 10
	// maxBatches of a trace are told of one run, each of at most maxBatchBytes.
	maxBatches    = 4000
	maxBatchBytes = 1 << 20
	// maxLiveWindows are told of one run: twice what the reader makes of the longest one.
	maxLiveWindows = 1000
)

// digester reads a program's profiles in a slot beside the program's, since a hostile program wrote them.
type digester struct {
	run    *run
	root   string
	uid    int
	stop   chan struct{}
	cancel context.CancelFunc
	ended  chan struct{}
	// tell is false for a second reading, whose windows were told before.
	tell   bool
	number uint32
	left   uint32
	// batches of the trace that were told.
	batches int
	merged  []byte
	failed  bool
}

// digests says whether signals ask for what has to be read in a slot.
func digests(signals []pb.Signal) bool {
	for _, signal := range signals {
		if signal == pb.Signal_SIGNAL_CPU || signal == pb.Signal_SIGNAL_TRACE {
			return true
		}
	}
	return false
}

// startDigester follows a gathering until it ends. Call finish.
func (r *run) startDigester(gathering *harness.Gathering, root string, tell bool) (*digester, error) {
	self, err := installed.Agent()
	if err != nil {
		return nil, err
	}
	if err := os.Mkdir(root, 0o755); err != nil {
		return nil, err
	}
	limits := limitsOf(r.start.Limits)
	// What was gathered is kept even when the run is cancelled.
	ctx, cancel := context.WithCancel(context.Background())
	d := &digester{run: r, root: root, uid: <-r.engine.uids, stop: make(chan struct{}), cancel: cancel, ended: make(chan struct{}), tell: tell}
	spec := sandbox.Spec{
		Commands:   []sandbox.Command{{Path: self, Args: []string{"digest"}}},
		Env:        []string{"GOMEMLIMIT=200MiB", "GOMAXPROCS=1"},
		ScratchDir: root,
		Mounts:     []sandbox.Mount{{Source: self, Target: self}},
		Limits: sandbox.Limits{Wall: limits.Wall + flushGrace + digestAfter, CPU: digestCPU, Memory: digestMemory, Processes: 64, OpenFiles: 64,
			FileSize: 1 << 20, Disk: 1 << 20},
		Namespaces: r.engine.Probe.Namespaces, UID: d.uid, Groups: r.engine.groups,
	}
	go d.perform(ctx, spec, gathering)
	return d, nil
}

func (d *digester) perform(ctx context.Context, spec sandbox.Spec, gathering *harness.Gathering) {
	defer close(d.ended)
	defer func() { d.run.engine.uids <- d.uid }()
	var p pipes
	defer func() { closeAll(p.ours); closeAll(p.theirs) }()
	to, stdin, err1 := p.make(true)
	from, stdout, err2 := p.make(false)
	if err1 != nil || err2 != nil {
		d.failed = true
		return
	}
	fed := make(chan struct{})
	go func() { defer close(fed); d.feed(gathering, to) }()
	heard := make(chan struct{})
	go func() { defer close(heard); d.hear(from) }()
	outcome, err := sandbox.Run(ctx, spec, sandbox.IO{Stdin: stdin, Stdout: stdout, Stderr: stdout})
	closeAll(p.theirs)
	<-heard
	// Whatever the feeder still waits for, nobody reads it any more.
	close(d.stop)
	_ = to.Close()
	<-fed
	d.failed = err != nil || outcome.Failed() || outcome.Failure != "" || outcome.Limit != "" || outcome.TimedOut || outcome.Cancelled
}

// feed hands on what is gathered, at the reader's speed: the program waits for none of this.
func (d *digester) feed(gathering *harness.Gathering, to *os.File) {
	defer to.Close()
	windows, trace := 0, 0
	for {
		newWindows, newTrace, more := gathering.Follow(windows, trace, d.stop)
		if !more {
			return
		}
		for _, window := range newWindows {
			if _, err := to.Write(harness.Frame('c', window)); err != nil {
				return
			}
			windows++
		}
		for len(newTrace) > 0 {
			piece := newTrace[:min(len(newTrace), tracePiece)]
			if d.tell {
				if _, err := to.Write(harness.Frame('t', piece)); err != nil {
					return
				}
			}
			trace, newTrace = trace+len(piece), newTrace[len(piece):]
		}
	}
}

func (d *digester) hear(from *os.File) {
	for {
		kind, payload, err := digest.ReadFrame(from)
		if err != nil {
			return
		}
		switch kind {
		case digest.KindWindow:
			d.window(payload)
		case digest.KindProfile:
			d.merged = payload
		case digest.KindTrace:
			d.trace(payload)
		}
	}
}

// window tells one. As with the trace, who wrote it may have been taken over by what it read.
func (d *digester) window(payload []byte) {
	if !d.tell || d.number >= maxLiveWindows {
		return
	}
	profile, from, to := harness.SplitWindow(payload)
	if len(profile) == 0 || len(profile) > digest.MaxLive {
		d.left++
		return
	}
	d.number++
	window := &pb.ProfileWindow{Signal: "cpu", Number: d.number, FromUs: from, ToUs: to, Profile: profile, LeftOut: d.left}
	d.left = 0
	d.run.events.send(&pb.ExecuteResponse{Event: &pb.ExecuteResponse_Window{Window: window}})
}

// trace tells a batch. What reads the trace may have been taken over by it, so nothing of it is trusted.
func (d *digester) trace(payload []byte) {
	batch := &pb.TraceBatch{}
	if d.batches++; !d.tell || d.batches > maxBatches || len(payload) > maxBatchBytes || proto.Unmarshal(payload, batch) != nil {
		return
	}
	for _, span := range batch.Spans {
		d.place(span.At)
	}
	for _, goroutine := range batch.Goroutines {
		d.place(goroutine.CreatedBy)
	}
	d.run.events.send(&pb.ExecuteResponse{Event: &pb.ExecuteResponse_Trace{Trace: batch}})
}

// place says whether a call is in a file of the snapshot.
func (d *digester) place(frame *pb.Frame) {
	if frame != nil {
		frame.InWorkspace = slices.ContainsFunc(d.run.start.Files, func(file *pb.SourceFile) bool { return file.Path == frame.Path })
	}
}

// finish waits until all that was gathered is read, and returns the profile of all windows. The gathering has ended.
func (d *digester) finish() []byte {
	late := time.AfterFunc(digestAfter, d.cancel)
	<-d.ended
	late.Stop()
	d.cancel()
	return d.merged
}

// abandon ends a reading of which nothing is wanted.
func (d *digester) abandon() {
	d.cancel()
	<-d.ended
}

func digestRoot(dir, name string) string { return filepath.Join(dir, "digest-"+name) }
