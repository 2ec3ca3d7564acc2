package sandbox

import (
	"os"
	"os/signal"
	"runtime"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

const (
	// endRounds bounds how often a slot kills what it finds; each round kills all there is at that moment.
	endRounds = 2000
	endPause  = time.Millisecond
)

// ending sees to it that nothing of a slot outlives its first process. In a process namespace the kernel does: there it
// only keeps the programs' signals from ending that process. Elsewhere the first process adopts whatever its programs leave
// behind, and kills all of it when it is told to end, when the agent is gone, and when the last command has ended.
type ending struct {
	spec Spec
	// command is the process that the slot waits for, 0 between two.
	command atomic.Int64
	asked   atomic.Bool
}

// begin listens. Signals that a program may send are heard and not obeyed: caught ones are the default again in programs
// that are started, ignored ones would not be.
func (e *ending) begin() {
	heard := make(chan os.Signal, 64)
	signal.Notify(heard)
	go func() {
		for s := range heard {
			if s != syscall.SIGTERM || e.spec.Namespaces {
				continue
			}
			e.asked.Store(true)
			if pid := e.command.Load(); pid > 0 {
				_ = syscall.Kill(int(pid), syscall.SIGKILL)
			}
		}
	}()
}

// waitingFor notes the command that is under way; one that was started as the end was asked for does not go on.
func (e *ending) waitingFor(pid int) {
	e.command.Store(int64(pid))
	if e.asked.Load() {
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
}

// exit ends the slot, and all that is left in it. It has to be called on the thread that starts programs.
func (e *ending) exit(status int) {
	if !e.spec.Namespaces {
		kill := e.killer()
		for range endRounds {
			kill()
			if !reapAll() {
				break
			}
			time.Sleep(endPause)
		}
	}
	os.Exit(status)
}

// killer returns what kills everything of the slot at once, where there is such a thing: what forks faster than it is
// listed cannot escape a signal that the kernel sends to all processes at one moment.
func (e *ending) killer() func() {
	switch {
	case e.spec.UID != 0:
		return func() { killUser(e.spec.UID) }
	case e.spec.self != "" && syscall.Kill(os.Getppid(), 0) == syscall.EPERM:
		// Nothing outside of this slot can be reached, as Landlock keeps it: the agent could not.
		return func() { _ = syscall.Kill(-1, syscall.SIGKILL) }
	default:
		return func() {
			for _, pid := range descendants(os.Getpid())[1:] {
				_ = syscall.Kill(pid, syscall.SIGKILL)
			}
		}
	}
}

// killUser kills everything of a user that only this slot has, from a thread that becomes that user.
func killUser(uid int) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // Never unlocked: the thread is of no other use any more.
		// The call of the kernel, which changes one thread; the C library's would change all.
		if _, _, errno := syscall.RawSyscall(syscall.SYS_SETRESUID, uintptr(uid), uintptr(uid), uintptr(uid)); errno == 0 {
			_ = syscall.Kill(-1, syscall.SIGKILL)
		}
	}()
	<-done
}

// reapAll buries what has ended and says whether something of the slot may still be there.
func reapAll() bool {
	for {
		pid, err := syscall.Wait4(-1, nil, syscall.WNOHANG, nil)
		switch {
		case err == syscall.EINTR:
		case err != nil: // ECHILD: whatever the slot's programs started was adopted by us, and is gone.
			return false
		case pid == 0:
			return true
		}
	}
}

// endFirst makes the kernel choose a slot's programs before the agent, the server and its database when the machine runs
// out of memory. It is inherited, and no program can lower it again.
func endFirst() {
	file, err := os.OpenFile("/proc/self/oom_score_adj", os.O_WRONLY, 0)
	if err != nil {
		return // No /proc here: the limit on memory is left.
	}
	defer file.Close()
	_, _ = file.WriteString("1000")
}

// yieldToOthers lowers the priority of what the slot runs, so that a class that compiles does not slow the server down. It
// is inherited, and without a privilege it cannot be raised back.
func yieldToOthers(aside bool) {
	nice := slotNice
	if aside {
		nice = AsideNice
	}
	_ = unix.Setpriority(unix.PRIO_PROCESS, 0, nice) // It is a favour to others, and no wall.
	// Where the kernel shares the processor among sessions first (sched(7), autogroup), priorities count within one only.
	_ = os.WriteFile("/proc/self/autogroup", []byte(strconv.Itoa(nice)), 0)
}

const (
	// slotNice is the nice value of slots: at 5 a busy slot gets about a third of what a process of the server gets.
	slotNice = 5
	// AsideNice is the nice value that leaves the machine to everybody else.
	AsideNice = 19
)
