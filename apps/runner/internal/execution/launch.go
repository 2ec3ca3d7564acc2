package execution

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"

	"lineage.dev/runner/internal/build"
	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
	"lineage.dev/runner/internal/harness"
	"lineage.dev/runner/internal/sandbox"
)

// process is a program that has ended, with what was heard of it.
type process struct {
	outcome   sandbox.Outcome
	gathering *harness.Gathering
	digester  *digester
	metrics   *metricsRelay
	report    *testReport
	// benchmarks is nil in runs without them.
	benchmarks *benchmarks
	// counters is nil in runs that count no coverage.
	counters *counters
	said     *runtimeWords
	out, err *relay
	flooded  bool
}

// pipes are the descriptors between agent and program. The program's ends are closed once it has started.
type pipes struct {
	theirs []*os.File
	ours   []*os.File
}

func (p *pipes) make(theirsReads bool) (ours, theirs *os.File, err error) {
	read, write, err := os.Pipe()
	if err != nil {
		return nil, nil, err
	}
	ours, theirs = read, write
	if theirsReads {
		ours, theirs = write, read
	}
	p.ours, p.theirs = append(p.ours, ours), append(p.theirs, theirs)
	return ours, theirs, nil
}

// streams are our ends of a program's standard streams.
type streams struct{ stdin, stdout, stderr *os.File }

func (p *pipes) standard() (ours streams, theirs sandbox.IO, err error) {
	stdin, childIn, err1 := p.make(true)
	stdout, childOut, err2 := p.make(false)
	stderr, childErr, err3 := p.make(false)
	return streams{stdin, stdout, stderr}, sandbox.IO{Stdin: childIn, Stdout: childOut, Stderr: childErr}, errors.Join(err1, err2, err3)
}

func closeAll(files []*os.File) {
	for _, file := range files {
		_ = file.Close() // Closed twice is fine.
	}
}

// launch is a slot with everything connected that its program will need. It is made while the program is being built.
type launch struct {
	run     *run
	slot    *sandbox.Prepared
	process *process
	pipes   pipes
	readers sync.WaitGroup
	stdin   *os.File
	bin     string         // host directory in which the program will be
	visible string         // where the slot sees it
	files   []sandbox.File // what the slot gets with its order; a slot of its own has them from the start
	stop    atomic.Pointer[context.CancelFunc]
	// orders asks the harness for everything; nil without one.
	orders   *os.File
	digester *digester
	// ended says that the program ran to some end and was handed on.
	ended bool
}

// prepareLaunch makes the slot. Call start or abandon.
func (r *run) prepareLaunch(dir string) (*launch, error) {
	l := &launch{run: r, process: &process{}}
	if err := l.prepare(dir); err != nil {
		l.close()
		return nil, err
	}
	return l, nil
}

func (l *launch) prepare(dir string) error {
	r := l.run
	spec, err := l.spec(dir)
	if err != nil {
		return err
	}
	ours, files, err := l.pipes.standard()
	if err != nil {
		return err
	}
	l.stdin = ours.stdin
	if err := r.connectReport(&l.pipes, &spec, &files, l.process, &l.readers); err != nil {
		return err
	}
	if needsHarness(r.start.Signals) {
		if err := l.connectHarness(dir, &spec, &files); err != nil {
			return err
		}
	}
	if err := l.connectCounters(&spec, &files); err != nil {
		return err
	}
	r.connectOutput(l.process, &l.readers, ours, l.stopNow)
	l.slot, err = sandbox.Prepare(spec, files)
	// The slot has its own copies; readers end when the last of those is closed.
	closeAll(l.pipes.theirs)
	return err
}

// stopNow ends the program when it wrote too much.
func (l *launch) stopNow() {
	if stop := l.stop.Load(); stop != nil {
		(*stop)()
	}
}

// start runs the program and returns when it and everything it started is gone and all it wrote was taken.
func (l *launch) start(parent context.Context, built build.Result) (*process, error) {
	defer l.close()
	program := filepath.Join(l.bin, "program")
	if err := linkOrCopy(built.Program, program); err != nil {
		return nil, err
	}
	if l.process.report != nil {
		l.process.report.expect(built.Tests)
	}
	ctx, stop := context.WithCancel(parent)
	if l.orders != nil {
		ctx, stop = context.WithCancel(context.WithoutCancel(parent))
	}
	defer stop()
	l.stop.Store(&stop)
	go l.run.feed(ctx, l.stdin)
	timedOut := l.endInTime(parent, ctx, stop)
	var err error
	l.process.outcome, err = l.slot.Run(ctx, sandbox.Order{Files: l.files, Commands: []sandbox.Command{{Path: l.visible, Args: l.run.arguments()}}})
	stop()
	if outcome := &l.process.outcome; timedOut() && outcome.Cancelled {
		outcome.Cancelled, outcome.TimedOut = false, true
	}
	l.readers.Wait()
	if err == nil {
		l.process.digester, l.digester = l.digester, nil // Whoever collects ends it.
		l.ended = true
	}
	return l.process, err
}

// close ends a slot that was not used, and waits for whoever reads from it.
func (l *launch) close() {
	closeAll(l.pipes.theirs)
	if l.slot != nil {
		l.slot.Close()
	}
	l.readers.Wait()
	if l.digester != nil {
		l.digester.abandon()
	}
	closeAll(l.pipes.ours)
	if !l.ended {
		l.process.counters.close() // Else whoever reads them closes them.
	}
}

// linkOrCopy puts a kept program where a slot sees it.
func linkOrCopy(program, to string) error {
	if os.Link(program, to) == nil {
		return nil
	}
	from, err := os.Open(program)
	if err != nil {
		return err
	}
	defer from.Close()
	target, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o555)
	if err != nil {
		return err
	}
	if _, err := io.Copy(target, from); err != nil {
		target.Close()
		return err
	}
	return target.Close()
}

func (r *run) connectOutput(p *process, readers *sync.WaitGroup, from streams, stop context.CancelFunc) {
	var total atomic.Uint64
	most := outputLimit(r.start.Limits)
	var once sync.Once
	count := func(n int) {
		if total.Add(uint64(n)) > most {
			once.Do(func() { p.flooded = true; stop() })
		}
	}
	var tap func([]byte)
	if p.report != nil {
		tap = p.report.heard
	}
	if r.start.Kind == pb.RunKind_RUN_KIND_BENCH {
		p.benchmarks = &benchmarks{}
		tap = func(data []byte) { p.report.heard(data); p.benchmarks.heard(data) }
	}
	p.out = newRelay(pb.Stream_STREAM_STDOUT, r.events, count, tap)
	p.said = newRuntimeWords(r)
	progress := newFuzzing(r)
	p.err = newRelay(pb.Stream_STREAM_STDERR, r.events, count, func(data []byte) { p.said.heard(data); progress.heard(data) })
	readers.Go(func() { p.out.copy(from.stdout) })
	readers.Go(func() { p.err.copy(from.stderr) })
}

// connectReport gives a test binary the descriptor on which it reports and, on the next one, the secret word.
func (r *run) connectReport(p *pipes, spec *sandbox.Spec, files *sandbox.IO, ended *process, readers *sync.WaitGroup) error {
	if !r.tests() {
		return nil
	}
	reported, theirs, err := p.make(false)
	if err != nil {
		return err
	}
	wordTo, wordTheirs, err := p.make(true)
	if err != nil {
		return err
	}
	var secret [16]byte
	if _, err := rand.Read(secret[:]); err != nil {
		return err
	}
	word := hex.EncodeToString(secret[:])
	if _, err := io.WriteString(wordTo, word+"\n"); err != nil {
		return err
	}
	_ = wordTo.Close()
	spec.Env = append(spec.Env, fmt.Sprintf("%s=%d", build.ReportFDEnv, 3+len(files.Extra)))
	files.Extra = append(files.Extra, theirs, wordTheirs)
	ended.report = newTestReport(word, r.events)
	ended.report.fuzz = r.start.Testing.GetFuzz()
	ended.report.once = !fuzzes(r.start) && r.start.Testing.GetCount() <= 1 && r.start.Kind != pb.RunKind_RUN_KIND_BENCH
	readers.Go(func() { ended.report.read(reported) })
	return nil
}

// feed writes what is typed until the sender closes or the program stops reading.
func (r *run) feed(ctx context.Context, to *os.File) {
	defer to.Close()
	for {
		select {
		case <-ctx.Done():
			return
		case data, ok := <-r.stdin:
			if !ok {
				return
			}
			if _, err := to.Write(data); err != nil {
				return
			}
		}
	}
}
