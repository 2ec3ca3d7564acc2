package execution

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
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
	collected harness.Collected
	report    *testReport
	said      *runtimeWords
	out, err  *relay
	flooded   bool
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

func closeAll(files []*os.File) {
	for _, file := range files {
		_ = file.Close() // Closed twice is fine.
	}
}

// launch runs the program and returns when it and everything it started is gone and all it wrote was taken.
func (r *run) launch(parent context.Context, dir string, built build.Result) (*process, error) {
	spec, err := r.spec(dir, built.Program)
	if err != nil {
		return nil, err
	}
	var p pipes
	defer func() { closeAll(p.ours); closeAll(p.theirs) }()
	stdin, childIn, err1 := p.make(true)
	stdout, childOut, err2 := p.make(false)
	stderr, childErr, err3 := p.make(false)
	if err := errors.Join(err1, err2, err3); err != nil {
		return nil, err
	}
	files := sandbox.IO{Stdin: childIn, Stdout: childOut, Stderr: childErr}
	ctx, stop := context.WithCancel(parent)
	defer stop()
	ended := &process{}
	var readers sync.WaitGroup
	if err := r.connectReport(&p, &spec, &files, ended, &readers, built.Tests); err != nil {
		return nil, err
	}
	if err := r.connectHarness(&p, &spec, &files, ended, &readers); err != nil {
		return nil, err
	}
	r.connectOutput(ended, &readers, stdout, stderr, stop)
	go r.feed(ctx, stdin)
	ended.outcome, err = sandbox.Run(ctx, spec, files)
	closeAll(p.theirs)
	readers.Wait()
	return ended, err
}

func (r *run) connectOutput(p *process, readers *sync.WaitGroup, stdout, stderr *os.File, stop context.CancelFunc) {
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
	p.out = newRelay(pb.Stream_STREAM_STDOUT, r.events, count, tap)
	p.said = newRuntimeWords(r)
	p.err = newRelay(pb.Stream_STREAM_STDERR, r.events, count, p.said.heard)
	readers.Go(func() { p.out.copy(stdout) })
	readers.Go(func() { p.err.copy(stderr) })
}

// connectReport gives a test binary the descriptor on which it reports and, on the next one, the secret word.
func (r *run) connectReport(p *pipes, spec *sandbox.Spec, files *sandbox.IO, ended *process, readers *sync.WaitGroup, tests []string) error {
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
	ended.report = newTestReport(word, tests, r.events)
	readers.Go(func() { ended.report.read(reported) })
	return nil
}

func (r *run) connectHarness(p *pipes, spec *sandbox.Spec, files *sandbox.IO, ended *process, readers *sync.WaitGroup) error {
	if len(r.start.Signals) == 0 {
		return nil
	}
	frames, theirs, err := p.make(false)
	if err != nil {
		return err
	}
	spec.Env = append(spec.Env, harnessEnv(3+len(files.Extra), r.start.Signals))
	files.Extra = append(files.Extra, theirs)
	readers.Go(func() {
		collected, err := harness.Read(frames)
		ended.collected = collected
		if err != nil {
			// The program forged frames; it must not block on a pipe that nobody reads.
			_, _ = io.Copy(io.Discard, frames)
		}
	})
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
