package sandbox

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"syscall"
	"time"
)

// aheadDone is what a command that was started ahead writes to its descriptor 3 when its work is done: what is left
// of it, which is to give its memory back, nobody has to wait for.
const aheadDone = '.'

type aheadCommand struct {
	command Command
	process *os.Process
	input   *os.File
	done    *os.File
}

// startAhead starts the command that waits on its standard input for what is to do.
func startAhead(spec Spec) (*aheadCommand, error) {
	inputRead, inputWrite, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer inputRead.Close()
	doneRead, doneWrite, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer doneWrite.Close()
	attr := processAttributes(spec)
	attr.Files = []*os.File{inputRead, os.Stdout, os.Stderr, doneWrite}
	process, err := spec.startProcess(*spec.Ahead, attr)
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", spec.Ahead.Path, err)
	}
	return &aheadCommand{command: *spec.Ahead, process: process, input: inputWrite, done: doneRead}, nil
}

// obey runs an order: the commands, then the one started ahead if there is one.
func obey(order Order, spec Spec, ahead *aheadCommand, report *json.Encoder) {
	for step, command := range order.Commands {
		ended := runStep(step, command, spec, report)
		_ = report.Encode(ended)
		if ended.Failure != "" || ended.ExitCode != 0 || ended.Signal != 0 || spec.ending.asked.Load() {
			return
		}
	}
	if ahead == nil {
		return
	}
	spec.ending.waitingFor(ahead.process.Pid)
	_ = report.Encode(ahead.finish(len(order.Commands), order.AheadInput))
}

func (a *aheadCommand) finish(step int, input string) status {
	began := time.Now()
	if _, err := io.WriteString(a.input, input); err != nil {
		return status{Step: step, Failure: "the command started ahead is gone: " + err.Error()}
	}
	a.input.Close()
	ended := status{Step: step, Ended: true}
	said := make([]byte, 1)
	if n, _ := a.done.Read(said); n == 1 && said[0] == aheadDone {
		ended.Took = time.Since(began)
		return ended
	}
	wait, usage := reapUntil(a.process.Pid)
	ended.Took = time.Since(began)
	ended.CPU = time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
	ended.PeakRSS = uint64(usage.Maxrss) << 10
	if wait.Signaled() {
		ended.Signal = int(wait.Signal())
	} else {
		ended.ExitCode = wait.ExitStatus()
	}
	return ended
}

func processAttributes(spec Spec) *os.ProcAttr {
	// A group of its own, so that what it sends to its group does not reach us; the session is the slot's, whose share of the
	// processor it has.
	attr := &os.ProcAttr{Env: spec.Env, Sys: &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}}
	if spec.UID != 0 {
		attr.Sys.Credential = &syscall.Credential{Uid: uint32(spec.UID), Gid: uint32(spec.UID)}
	}
	return attr
}
