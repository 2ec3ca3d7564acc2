package execution

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"time"

	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
	"lineage.dev/runner/internal/harness"
	"lineage.dev/runner/internal/sandbox"
)

// flushGrace is how long a program that is about to be ended may take to give what was gathered in it.
const flushGrace = 300 * time.Millisecond

// harnessNames are the signals that the harness gathers, in its words.
var harnessNames = map[pb.Signal]string{
	pb.Signal_SIGNAL_CPU: "cpu", pb.Signal_SIGNAL_HEAP: "heap", pb.Signal_SIGNAL_ALLOCS: "allocs", pb.Signal_SIGNAL_BLOCK: "block",
	pb.Signal_SIGNAL_MUTEX: "mutex", pb.Signal_SIGNAL_GOROUTINE: "goroutine", pb.Signal_SIGNAL_GOROUTINE_LEAK: "goroutineleak",
	pb.Signal_SIGNAL_TRACE: "trace", pb.Signal_SIGNAL_METRICS: "metrics",
}

// debugSettings are the signals that the runtime itself prints, and what makes it do so.
var debugSettings = map[pb.Signal]string{
	pb.Signal_SIGNAL_GCTRACE: "gctrace=1", pb.Signal_SIGNAL_SCHEDTRACE: "schedtrace=100", pb.Signal_SIGNAL_INITTRACE: "inittrace=1",
}

// checkSignals refuses a signal that nobody knows.
func checkSignals(signals []pb.Signal) error {
	for _, signal := range signals {
		if harnessNames[signal] == "" && debugSettings[signal] == "" {
			return errors.New("the runner does not know a signal that was asked for")
		}
	}
	return nil
}

// needsHarness says whether a program has to be built with the harness for these signals.
func needsHarness(signals []pb.Signal) bool { return len(signalNames(signals)) > 0 }

func signalNames(signals []pb.Signal) []string {
	var names []string
	for _, signal := range signals {
		if name := harnessNames[signal]; name != "" {
			names = append(names, name)
		}
	}
	return names
}

// environment is what the program's environment has beside what every program has.
func environment(start *pb.Start) map[string]string {
	env := map[string]string{}
	for name, value := range start.Env {
		env[name] = value
	}
	var debug []string
	if set := env["GODEBUG"]; set != "" {
		debug = append(debug, set)
	}
	// The last setting of a name counts.
	for _, signal := range start.Signals {
		if setting := debugSettings[signal]; setting != "" {
			debug = append(debug, setting)
		}
	}
	if len(debug) > 0 {
		env["GODEBUG"] = strings.Join(debug, ",")
	}
	return env
}

// connectHarness gives the program the descriptor on which its harness writes and, on the next one, gets its orders.
func (l *launch) connectHarness(dir string, spec *sandbox.Spec, files *sandbox.IO) error {
	frames, theirs, err1 := l.pipes.make(false)
	orders, theirOrders, err2 := l.pipes.make(true)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	spec.Env = append(spec.Env, harness.Env(fmt.Sprint(3+len(files.Extra)), signalNames(l.run.start.Signals)))
	files.Extra = append(files.Extra, theirs, theirOrders)
	// It is ended by us, after it was asked for what it has; this is for when that fails.
	spec.Limits.Wall += flushGrace + time.Second
	l.orders = orders
	l.process.gathering, l.process.metrics = harness.NewGathering(), &metricsRelay{events: l.run.events}
	l.process.gathering.Sampled = l.process.metrics.take
	l.readers.Go(func() {
		if l.process.gathering.Read(frames) != nil {
			// The program forged frames; it must not block on a pipe that nobody reads.
			_, _ = io.Copy(io.Discard, frames)
		}
	})
	if !digests(l.run.start.Signals) {
		return nil
	}
	var err error
	l.digester, err = l.run.startDigester(l.process.gathering, digestRoot(dir, "live"), true)
	return err
}

// endInTime ends a program with a harness when its time is over or its run is cancelled, and takes from it before what was
// gathered. It returns what says afterwards whether its time was over.
func (l *launch) endInTime(parent, ctx context.Context, stop context.CancelFunc) (timedOut func() bool) {
	if l.orders == nil {
		return func() bool { return false }
	}
	var over atomic.Bool
	done := make(chan struct{})
	go func() {
		defer close(done)
		wall := time.NewTimer(limitsOf(l.run.start.Limits).Wall)
		defer wall.Stop()
		select {
		case <-ctx.Done():
			return
		case <-parent.Done():
		case <-wall.C:
			over.Store(true)
		}
		if _, err := l.orders.Write([]byte{'f'}); err == nil {
			select {
			case <-l.process.gathering.Flushed():
			case <-ctx.Done():
			case <-time.After(flushGrace):
			}
		}
		stop()
	}()
	return func() bool { <-done; return over.Load() }
}
