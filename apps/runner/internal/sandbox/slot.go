package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"lineage.dev/runner/internal/cgroup"
)

// endGrace is how long the status of an ended slot may take to arrive before the slot counts as broken.
const endGrace = 2 * time.Second

// forceAfter is how long the first process of a slot may take to end everything in it before the agent does what it can.
const forceAfter = 10 * time.Second

// IO is what the program is connected to. Stdout and Stderr are written by the program itself: pass pipes.
type IO struct {
	Stdin  *os.File
	Stdout *os.File
	Stderr *os.File
	Extra  []*os.File
}

// starts runs every fork on one thread that never ends: a parent-death signal fires when the forking thread dies.
var starts = sync.OnceValue(func() chan<- func() {
	work := make(chan func())
	go func() {
		runtime.LockOSThread()
		for f := range work {
			f()
		}
	}()
	return work
})

func startOnLastingThread(cmd *exec.Cmd) error {
	done := make(chan error, 1)
	starts() <- func() { done <- cmd.Start() }
	return <-done
}

// Run makes a slot, runs the commands in it and returns when nothing of it is left. A limit is an Outcome; an error
// means that the slot could not be made. Cancelling ctx kills everything in the slot.
func Run(ctx context.Context, spec Spec, files IO) (Outcome, error) {
	statusRead, statusWrite, err := os.Pipe()
	if err != nil {
		return Outcome{}, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	defer statusRead.Close()
	specRead, specWrite, err := os.Pipe()
	if err != nil {
		statusWrite.Close()
		return Outcome{}, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	spec.ExtraFiles = len(files.Extra)
	cmd := initCommand(spec, files, specRead, statusWrite)
	group, err := startInGroup(cmd, spec)
	specRead.Close()
	statusWrite.Close()
	if err != nil {
		specWrite.Close()
		return Outcome{}, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	encodeErr := json.NewEncoder(specWrite).Encode(spec)
	specWrite.Close()
	outcome := supervise(ctx, cmd, spec, group, statusRead)
	if encodeErr != nil && outcome.Failure == "" {
		outcome.Failure = encodeErr.Error()
	}
	return outcome, nil
}

func initCommand(spec Spec, files IO, specRead, statusWrite *os.File) *exec.Cmd {
	cmd := exec.Command(slotProgram(), "sandbox-init")
	// The last is for tests: a binary with the race detector sleeps for a second as it exits.
	cmd.Env = []string{"GOMAXPROCS=1", "GOGC=off", "GORACE=atexit_sleep_ms=0"}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = files.Stdin, files.Stdout, files.Stderr
	// Descriptors from 3 on: the specification, the status, then what the program inherits.
	cmd.ExtraFiles = append([]*os.File{specRead, statusWrite}, files.Extra...)
	attr := &syscall.SysProcAttr{Setsid: true}
	if spec.Namespaces {
		attr.Cloneflags = unix.CLONE_NEWNS | unix.CLONE_NEWPID | unix.CLONE_NEWNET | unix.CLONE_NEWIPC | unix.CLONE_NEWUTS
		if os.Getuid() != 0 {
			attr.Cloneflags |= unix.CLONE_NEWUSER
			attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
			attr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
		}
	}
	cmd.SysProcAttr = attr
	return cmd
}

// status is what sandbox-init reports, one JSON value a line.
type status struct {
	Step     int           `json:"step"`
	Started  bool          `json:"started,omitempty"`
	Ended    bool          `json:"ended,omitempty"`
	Took     time.Duration `json:"took,omitempty"`
	ExitCode int           `json:"exit,omitempty"`
	Signal   int           `json:"signal,omitempty"`
	CPU      time.Duration `json:"cpu,omitempty"`
	PeakRSS  uint64        `json:"peak,omitempty"`
	DiskFull bool          `json:"diskFull,omitempty"`
	Failure  string        `json:"failure,omitempty"`
}

// supervision follows a slot from its start to its end.
type supervision struct {
	ctx       context.Context
	cmd       *exec.Cmd
	spec      Spec
	began     time.Time
	outcome   Outcome
	statuses  chan status
	watch     *watchdog
	stopWatch context.CancelFunc
	watchDone chan struct{}
	diskFull  bool
	// started says that a program was.
	started bool
}

func supervise(ctx context.Context, cmd *exec.Cmd, spec Spec, group *cgroup.Group, statusRead *os.File) Outcome {
	s := newSupervision(ctx, cmd, spec, group, statusRead)
	s.follow(untilClosed)
	return s.end()
}

func newSupervision(ctx context.Context, cmd *exec.Cmd, spec Spec, group *cgroup.Group, statusRead *os.File) *supervision {
	s := &supervision{ctx: ctx, cmd: cmd, spec: spec, began: time.Now(), statuses: make(chan status, 64),
		watch: newWatchdog(cmd.Process.Pid, spec, group), watchDone: make(chan struct{})}
	go readStatuses(statusRead, s.statuses)
	watchCtx, stop := context.WithCancel(ctx)
	s.stopWatch = stop
	go func() { defer close(s.watchDone); s.watch.run(watchCtx) }()
	return s
}

func (s *supervision) kill() { endSlot(s.cmd.Process.Pid, s.spec.Namespaces) }

// untilClosed is no step: the slot is followed until its status pipe closes.
const untilClosed = -1

// follow takes what the slot reports until its step last has ended, or a limit or the context ends it.
func (s *supervision) follow(last int) Outcome {
	wall := time.NewTimer(s.spec.Limits.Wall)
	defer wall.Stop()
	open := true
	for open {
		select {
		case got, ok := <-s.statuses:
			open = ok
			if ok {
				s.started = s.started || got.Started
				if got.Started && got.Step == 0 {
					s.watch.programStarts()
				}
				apply(&s.outcome, got)
				s.diskFull = s.diskFull || got.DiskFull
				open = got.Failure == "" && !(got.Ended && got.Step == last)
			}
		case <-wall.C:
			s.outcome.TimedOut = true
			s.kill()
			open = drain(s.statuses, &s.outcome)
		case <-s.ctx.Done():
			s.outcome.Cancelled = true
			s.kill()
			open = drain(s.statuses, &s.outcome)
		case <-s.watch.exceeded:
			s.outcome.Limit = s.watch.limit()
			s.kill()
			open = drain(s.statuses, &s.outcome)
		}
	}
	s.outcome.Wall = time.Since(s.began)
	return s.outcome
}

// end kills what is left, waits for it and says how it was.
func (s *supervision) end() Outcome {
	waitErr := endAndWait(s.cmd, s.spec.Namespaces)
	s.stopWatch()
	<-s.watchDone
	s.diskFull = s.diskFull || s.watch.disk.exceeded(nil, true)
	s.outcome.Wall = time.Since(s.began)
	s.outcome.PeakMemory = max(s.outcome.PeakMemory, s.watch.peakMemory())
	s.outcome.CPU = max(s.outcome.CPU, s.watch.cpu())
	explain(&s.outcome, s.spec.Limits, s.watch, s.diskFull, waitErr)
	s.endedItself(waitErr)
	releaseGroup(s.watch.group)
	return s.outcome
}

// endedItself is for a program that ended the first process of its own slot, which gVisor lets it: that is its own end.
func (s *supervision) endedItself(waitErr error) {
	var exit *exec.ExitError
	if !s.started || s.outcome.Failure == "" || len(s.outcome.StepTimes) > 0 || !errors.As(waitErr, &exit) {
		return
	}
	if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		s.outcome.Signal, s.outcome.StepTimes, s.outcome.Failure = int(status.Signal()), []time.Duration{s.outcome.Wall}, ""
	}
}

// endAndWait ends a slot and returns when its first process is gone, by force if need be.
func endAndWait(cmd *exec.Cmd, namespaces bool) error {
	endSlot(cmd.Process.Pid, namespaces)
	force := time.AfterFunc(forceAfter, func() { killTree(cmd.Process.Pid) })
	defer force.Stop()
	return cmd.Wait()
}

// drain takes what was already reported after a kill; the pipe closes when nothing in the slot holds it.
func drain(statuses <-chan status, outcome *Outcome) bool {
	deadline := time.After(endGrace)
	for {
		select {
		case s, ok := <-statuses:
			if !ok {
				return false
			}
			apply(outcome, s)
		case <-deadline:
			return false
		}
	}
}

func apply(outcome *Outcome, s status) {
	if s.Failure != "" {
		outcome.Failure = s.Failure
		return
	}
	outcome.Step = s.Step
	if !s.Ended {
		return
	}
	outcome.StepTimes = append(outcome.StepTimes, s.Took)
	outcome.ExitCode, outcome.Signal = s.ExitCode, s.Signal
	outcome.CPU += s.CPU
	outcome.PeakMemory = max(outcome.PeakMemory, s.PeakRSS)
}

// explain names the limit behind an end that the program itself only showed as a failure.
func explain(outcome *Outcome, limits Limits, watch *watchdog, diskFull bool, waitErr error) {
	switch {
	case outcome.TimedOut || outcome.Cancelled || outcome.Limit != "":
	case watch.outOfMemory(): // It may have been the slot's first process that the kernel chose.
		outcome.Limit, outcome.Failure = LimitMemory, ""
	case !outcome.Failed():
	case outcome.Signal == int(syscall.SIGXCPU) || (limits.CPU > 0 && outcome.CPU >= limits.CPU):
		outcome.Limit = LimitCPU
	case outcome.Signal == int(syscall.SIGXFSZ) || diskFull:
		outcome.Limit = LimitDisk
	case watch.sawProcessLimit():
		outcome.Limit = LimitPids
	}
	var exit *exec.ExitError
	ended := outcome.TimedOut || outcome.Cancelled || outcome.Limit != ""
	if !ended && outcome.Failure == "" && len(outcome.StepTimes) == 0 {
		outcome.Failure = "the slot ended before its program was started"
		if errors.As(waitErr, &exit) {
			outcome.Failure += ": " + exit.ProcessState.String()
		}
	}
}

// maxStatusBytes bounds what a slot may report: a few lines for each command.
const maxStatusBytes = 64 << 10

func readStatuses(from io.Reader, to chan<- status) {
	defer close(to)
	decoder := json.NewDecoder(io.LimitReader(from, maxStatusBytes))
	for {
		var s status
		if err := decoder.Decode(&s); err != nil {
			return
		}
		to <- s
	}
}
