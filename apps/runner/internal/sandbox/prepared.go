package sandbox

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"sync"

	"golang.org/x/sys/unix"

	"lineage.dev/runner/internal/cgroup"
)

// Order is what a prepared slot gets to do.
type Order struct {
	// Files are put into /work first. For slots with namespaces.
	Files []File
	// Commands run one after the other until one fails.
	Commands []Command
	// AheadInput is then written to the command that was started ahead, whose end is the last step.
	AheadInput string
}

// File is a file for /work; Path is relative, with slashes.
type File struct {
	Path    string
	Content []byte
}

// Prepared is a slot that was made before it was known what would run in it. It is used once.
type Prepared struct {
	spec   Spec
	cmd    *exec.Cmd
	orders *os.File
	status *os.File
	once   sync.Once
	gone   chan struct{}
	ended  Outcome
	group  *cgroup.Group
}

// Prepare makes a slot that waits for its order. spec.Ahead, if there is one, is started at once and waits on its standard
// input; spec.Commands are not looked at. Limits of wall time, memory and CPU count from Run on. Call Run or Close.
func Prepare(spec Spec, files IO) (*Prepared, error) {
	statusRead, statusWrite, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	specRead, specWrite, err := os.Pipe()
	if err != nil {
		statusRead.Close()
		statusWrite.Close()
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	spec.ExtraFiles, spec.AwaitsOrder = len(files.Extra), true
	p := &Prepared{spec: spec, cmd: initCommand(spec, files, specRead, statusWrite), orders: specWrite, status: statusRead, gone: make(chan struct{})}
	p.group, err = startInGroup(p.cmd, spec)
	specRead.Close()
	statusWrite.Close()
	if err == nil {
		if err = json.NewEncoder(specWrite).Encode(spec); err != nil {
			p.Close()
		}
	}
	if err != nil {
		specWrite.Close()
		statusRead.Close()
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return p, nil
}

// Run gives the slot its order and returns when nothing of it is left, or already when the command that was started ahead
// has done its work: then Gone tells when nothing is left.
func (p *Prepared) Run(ctx context.Context, order Order) (Outcome, error) {
	select {
	case <-p.gone:
		return Outcome{}, fmt.Errorf("%w: it was closed", ErrUnavailable)
	default:
	}
	defer p.orders.Close()
	// A slot that could not be made does not take its order; what it said of that is its outcome.
	_ = json.NewEncoder(p.orders).Encode(order)
	s := newSupervision(ctx, p.cmd, p.spec, p.group, p.status)
	last := untilClosed
	if p.spec.Ahead != nil {
		last = len(order.Commands)
	}
	outcome := s.follow(last)
	end := func() {
		p.ended = s.end()
		p.status.Close()
		close(p.gone)
	}
	if p.spec.Ahead != nil && outcome.done(last) {
		p.once.Do(func() { go end() })
		return outcome, nil
	}
	// Why it did not get there is known only at its end.
	p.once.Do(end)
	return p.ended, nil
}

// done says whether the last step ended well.
func (o Outcome) done(last int) bool {
	return len(o.StepTimes) == last+1 && !o.Failed() && o.Failure == "" && o.Limit == "" && !o.TimedOut && !o.Cancelled
}

// Close ends a slot that was not used, and everything in it.
func (p *Prepared) Close() {
	p.once.Do(func() {
		// A slot that waits for its order ends when there will be none.
		p.orders.Close()
		_ = endAndWait(p.cmd, p.spec.Namespaces)
		releaseGroup(p.group)
		p.status.Close()
		close(p.gone)
	})
}

// Gone is closed when nothing of the slot is left.
func (p *Prepared) Gone() <-chan struct{} { return p.gone }

// Lost says that the slot ended though nobody ended it, as when the machine ran out of memory. Call it before Run and Close.
func (p *Prepared) Lost() bool {
	var info unix.Siginfo
	// It stays to be waited for. An error says nothing about it, and Run will.
	err := unix.Waitid(unix.P_PID, p.cmd.Process.Pid, &info, unix.WEXITED|unix.WNOHANG|unix.WNOWAIT, nil)
	return err == nil && info.Signo != 0
}
