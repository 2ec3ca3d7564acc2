package sandbox

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"runtime"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

const (
	specFD   = 3
	statusFD = 4
	// firstExtraFD is the first descriptor that the program inherits.
	firstExtraFD = 5
	// addrNoRandomize is ADDR_NO_RANDOMIZE of personality(2).
	addrNoRandomize = 0x0040000
)

// Init is the first process of a slot. It closes every door, then starts the commands one after the other, reaps
// what they leave and reports how each ended. It never returns.
func Init() {
	runtime.LockOSThread()
	endWith(syscall.SIGKILL)
	report := json.NewEncoder(os.NewFile(statusFD, "status"))
	unix.CloseOnExec(statusFD)
	var spec Spec
	specFile := os.NewFile(specFD, "spec")
	unix.CloseOnExec(specFD)
	orders := json.NewDecoder(specFile)
	if err := orders.Decode(&spec); err != nil {
		os.Exit(1) // The agent died while it started us: there is nobody to tell.
	}
	// What the agent itself was started with is none of a slot's business, and who started it may not have said so.
	if err := unix.CloseRange(uint(firstExtraFD+spec.ExtraFiles), math.MaxUint32, unix.CLOSE_RANGE_CLOEXEC); err != nil {
		_ = report.Encode(status{Failure: "close descriptors: " + err.Error()})
		os.Exit(1)
	}
	if spec.needsScope() {
		spec.self, _ = os.Executable() // Without it programs are started as they are, and the probe says so.
	}
	spec.ending = &ending{spec: spec}
	spec.ending.begin()
	if !spec.Namespaces { // There it has to end the others before it goes.
		endWith(syscall.SIGTERM)
	}
	if err := enter(spec); err != nil {
		_ = report.Encode(status{Failure: err.Error()})
		os.Exit(1)
	}
	if spec.AwaitsOrder {
		awaitOrder(spec, orders, report)
	}
	specFile.Close()
	obey(Order{Commands: spec.Commands}, spec, nil, report)
	spec.ending.exit(0)
}

// endWith has this process get a signal when the agent dies, and ends it when that has happened. Who starts a process could
// ask for it too, and would end it where it sees that the parent is another one, which in a process namespace it always is:
// Linux spares a namespace's first process that, gVisor does not.
func endWith(signal syscall.Signal) {
	err := unix.Prctl(unix.PR_SET_PDEATHSIG, uintptr(signal), 0, 0, 0)
	reader := []unix.PollFd{{Fd: statusFD}}
	if _, pollErr := unix.Poll(reader, 0); err != nil || (pollErr == nil && reader[0].Revents&unix.POLLERR != 0) {
		os.Exit(1) // Nobody reads what becomes of the slot.
	}
}

// awaitOrder is the rest of Init in a slot that was made before its work was known.
func awaitOrder(spec Spec, orders *json.Decoder, report *json.Encoder) {
	var ahead *aheadCommand
	if spec.Ahead != nil {
		var err error
		if ahead, err = startAhead(spec); err != nil {
			_ = report.Encode(status{Failure: err.Error()})
			os.Exit(1)
		}
	}
	var order Order
	if err := orders.Decode(&order); err != nil {
		spec.ending.exit(1) // The slot is not needed any more.
	}
	if err := putFiles("/work", order.Files, spec.UID); err != nil {
		_ = report.Encode(status{Failure: fmt.Sprintf("work files: %v", err)})
		spec.ending.exit(1)
	}
	obey(order, spec, ahead, report)
	spec.ending.exit(0)
}

// enter applies every layer in the order in which each still allows the next.
func enter(spec Spec) error {
	endFirst()
	yieldToOthers(spec.Aside)
	if spec.Namespaces {
		if err := enterNamespaces(spec); err != nil {
			return err
		}
	} else {
		if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
			return fmt.Errorf("subreaper: %w", err)
		}
		if err := os.Chdir(spec.ScratchDir); err != nil {
			return fmt.Errorf("scratch directory: %w", err)
		}
	}
	if spec.FixedAddresses {
		_, _, _ = unix.Syscall(unix.SYS_PERSONALITY, addrNoRandomize, 0, 0)
	}
	if err := setLimits(spec.Limits, spec.UID != 0 || spec.Namespaces); err != nil {
		return err
	}
	if err := dropPrivileges(); err != nil {
		return err
	}
	if err := restrictFiles(spec); err != nil {
		return err
	}
	if spec.needsScope() {
		if err := scopeThread(); err != nil {
			return err
		}
	}
	return filterSyscalls(spec)
}

func runStep(step int, command Command, spec Spec, report *json.Encoder) status {
	attr := processAttributes(spec)
	attr.Files = inherited(spec.ExtraFiles)
	began := time.Now()
	process, err := spec.startProcess(command, attr)
	if err != nil {
		return status{Step: step, Failure: fmt.Sprintf("start %s: %v", command.Path, err)}
	}
	spec.ending.waitingFor(process.Pid)
	_ = report.Encode(status{Step: step, Started: true})
	wait, usage := reapUntil(process.Pid)
	spec.ending.command.Store(0)
	ended := status{
		Step: step, Ended: true, Took: time.Since(began),
		CPU:     time.Duration(usage.Utime.Nano() + usage.Stime.Nano()),
		PeakRSS: uint64(usage.Maxrss) << 10,
	}
	if wait.Signaled() {
		ended.Signal = int(wait.Signal())
	} else {
		ended.ExitCode = wait.ExitStatus()
	}
	ended.DiskFull = diskFull("/work") || diskFull("/tmp")
	return ended
}

func inherited(extra int) []*os.File {
	files := []*os.File{os.Stdin, os.Stdout, os.Stderr}
	for i := range extra {
		files = append(files, os.NewFile(uintptr(firstExtraFD+i), "inherited"))
	}
	return files
}

// reapUntil waits for the command and, as the slot's first process, for whatever else ends meanwhile.
func reapUntil(pid int) (syscall.WaitStatus, syscall.Rusage) {
	for {
		var wait syscall.WaitStatus
		var usage syscall.Rusage
		got, err := syscall.Wait4(-1, &wait, 0, &usage)
		if err == syscall.EINTR {
			continue
		}
		if err != nil || got == pid {
			return wait, usage
		}
	}
}

// nearlyFull is the part of a file system that may be left when a program did not get what it asked for.
const nearlyFull = 32

// diskFull says whether a file system of the slot has no room left: the program then failed for that, most likely.
func diskFull(path string) bool {
	var fs unix.Statfs_t
	if err := unix.Statfs(path, &fs); err != nil {
		return false
	}
	return fs.Type == unix.TMPFS_MAGIC && (fs.Bavail <= fs.Blocks/nearlyFull || (fs.Files > 0 && fs.Ffree == 0))
}
