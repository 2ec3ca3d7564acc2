package execution

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
	"time"

	"lineage.dev/runner/internal/build"
	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
	"lineage.dev/runner/internal/sandbox"
)

// sparePause is short because a spare is made in a few milliseconds, and whoever runs again at once should find one.
const sparePause = 20 * time.Millisecond

// spares keeps one slot that was made before there was a run for it: making it takes as long as a small program runs.
// It is for plain runs with the limits that the last one had, and is used once, as every slot.
type spares struct {
	engine *Engine
	mu     sync.Mutex
	ready  *spare
	making bool
	closed bool
	// used is how many runs had one.
	used int
	work sync.WaitGroup
}

// spare is a slot with its pipes that has neither files nor a program.
type spare struct {
	place  build.Place
	limits sandbox.Limits
	slot   *sandbox.Prepared
	pipes  pipes
	bin    string
	streams
}

// plain says whether a spare can be the slot of this run: one without files of its own on the way in and out, and with
// nothing in its environment that others do not have.
func (r *run) plain() bool {
	return r.engine.Probe.Namespaces && r.start.Kind == pb.RunKind_RUN_KIND_RUN && len(r.start.Signals) == 0 && len(r.start.Env) == 0
}

// take returns the spare when it fits, and has the next one made.
func (s *spares) take(limits sandbox.Limits) *spare {
	s.mu.Lock()
	defer s.mu.Unlock()
	taken := s.ready
	if taken != nil {
		s.ready = nil
		if taken.limits != limits || taken.slot.Lost() {
			go taken.end()
			taken = nil
		} else {
			s.used++
		}
	}
	if !s.making && !s.closed {
		s.making = true
		s.work.Go(func() { s.refill(limits) })
	}
	return taken
}

func (s *spares) refill(limits sandbox.Limits) {
	var made *spare
	err := s.engine.awaitIdle(sparePause)
	if err == nil {
		made, err = s.engine.makeSpare(limits)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.making = false
	switch {
	case err != nil: // Runs begin later then, and nothing else.
	case s.closed:
		made.end()
	default:
		s.ready = made
	}
}

// close ends the slot that was not used.
func (s *spares) close() {
	s.mu.Lock()
	s.closed = true
	left := s.ready
	s.ready = nil
	s.mu.Unlock()
	s.work.Wait()
	if left != nil {
		left.end()
	}
}

func (e *Engine) makeSpare(limits sandbox.Limits) (*spare, error) {
	place, err := e.place()
	if err != nil {
		return nil, err
	}
	s := &spare{place: place, limits: limits, bin: filepath.Join(place.Dir, "bin")}
	root := filepath.Join(place.Dir, "root")
	if err := errors.Join(os.Mkdir(root, 0o755), os.Mkdir(s.bin, 0o755)); err != nil {
		place.Release()
		return nil, err
	}
	var theirs sandbox.IO
	if s.streams, theirs, err = s.pipes.standard(); err == nil {
		s.slot, err = sandbox.Prepare(sandbox.Spec{
			Env:        baseEnv("/tmp"),
			ScratchDir: root,
			Mounts:     []sandbox.Mount{{Source: s.bin, Target: visibleBin}},
			Limits:     limits,
			Namespaces: true,
			UID:        place.UID,
			Groups:     e.groups,
		}, theirs)
	}
	closeAll(s.pipes.theirs)
	if err != nil {
		closeAll(s.pipes.ours)
		place.Release()
		return nil, err
	}
	return s, nil
}

// end removes a spare that nobody uses.
func (s *spare) end() {
	s.slot.Close()
	closeAll(s.pipes.ours)
	s.place.Release()
}

// launchIn makes the spare the slot of this run.
func (r *run) launchIn(s *spare) *launch {
	l := &launch{run: r, process: &process{}, pipes: s.pipes, stdin: s.stdin, slot: s.slot, bin: s.bin,
		visible: filepath.Join(visibleBin, "program")}
	for _, file := range r.start.Files {
		l.files = append(l.files, sandbox.File{Path: file.Path, Content: file.Content})
	}
	r.connectOutput(l.process, &l.readers, s.streams, l.stopNow)
	return l
}
