package sandbox

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// Each try returns the error that refused it; nil when it was allowed. What it made it removes.

func tryRead(path string) error {
	_, err := os.ReadFile(path)
	return err
}

func tryCreate() error {
	file, err := os.Create("/lineage-probe")
	if err == nil {
		file.Close()
		_ = os.Remove("/lineage-probe")
	}
	return err
}

// tryRename opens what would give this process another name.
func tryRename() error {
	file, err := os.OpenFile("/proc/self/comm", os.O_WRONLY, 0)
	if err == nil {
		file.Close()
	}
	return err
}

// tryFind looks for a process by its number, which a filter of signals answers otherwise than a process that is not there.
func tryFind(pid int) error {
	switch err := unix.Kill(pid, 0); {
	case ofSlot(pid):
		return errOwnNumber
	case errors.Is(err, unix.ESRCH):
		return err
	default:
		return nil
	}
}

func trySignal(pid int) error {
	if ofSlot(pid) {
		return errOwnNumber
	}
	return unix.Kill(pid, 0)
}

// tryLimit sets a limit of a process to what it is.
func tryLimit(pid int) error {
	var limit unix.Rlimit
	if err := unix.Prlimit(pid, unix.RLIMIT_CORE, nil, &limit); err != nil {
		return err
	}
	return unix.Prlimit(pid, unix.RLIMIT_CORE, &limit, nil)
}

// tryPort connects to a port of the machine, unless the machine can be seen already.
func tryPort(address string) error {
	switch {
	case !onlyLoopback():
		return nil
	case address == "":
		return errors.New("there is loopback alone")
	}
	connection, err := net.Dial("tcp", address)
	if err == nil {
		connection.Close()
	}
	return err
}

// beyond is an address for documentation (RFC 5737, TEST-NET-1), to which a socket connects where there is any way out.
var beyond = unix.SockaddrInet4{Addr: [4]byte{192, 0, 2, 1}, Port: 9}

// tryBeyond sends nothing: to connect a datagram socket looks for a route.
func tryBeyond() error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	if !onlyLoopback() {
		return nil
	}
	return unix.Connect(fd, &beyond)
}

func tryConnect(address string) error {
	connection, err := net.Dial("unix", address)
	if err == nil {
		connection.Close()
	}
	return err
}

// tryPtrace asks to let go of this process, which nobody traces: a kernel that hears the call finds none such. Asking to be
// traced would have the next signal stop us for a tracer that never comes.
func tryPtrace() error {
	if err := call(unix.SYS_PTRACE, unix.PTRACE_DETACH, uintptr(os.Getpid()), 0); !errors.Is(err, unix.ESRCH) {
		return err
	}
	return nil
}

// tryOpen has as many more files than it may have in all.
func tryOpen(most int) error {
	var opened []int
	defer func() {
		for _, fd := range opened {
			unix.Close(fd)
		}
	}()
	for range most {
		fd, err := unix.Dup(int(os.Stdout.Fd()))
		if err != nil {
			return err
		}
		opened = append(opened, fd)
	}
	return nil
}

func tryWriteAt(offset int64) error {
	const name = "probe-large"
	file, err := os.Create(name)
	if err != nil {
		return nil // Then nothing was tried.
	}
	defer os.Remove(name)
	defer file.Close()
	_, err = file.WriteAt([]byte{0}, offset)
	return err
}

func tryRaise(resource int) error {
	var limit unix.Rlimit
	if err := unix.Getrlimit(resource, &limit); err != nil {
		return nil // Then nothing was tried.
	}
	if limit.Max == unix.RLIM_INFINITY {
		return nil
	}
	limit.Max++
	return unix.Setrlimit(resource, &limit)
}

func tryMemoryFile() error {
	fd, err := unix.MemfdCreate("probe", 0)
	if err == nil {
		unix.Close(fd)
	}
	return err
}

// tryName gives the machine the name that it has.
func tryName() error {
	name, err := nameOfMachine()
	if err != nil {
		return nil // Then nothing was tried.
	}
	return unix.Sethostname([]byte(name))
}

func tryShared(id int) error {
	memory, err := unix.SysvShmAttach(id, 0, unix.SHM_RDONLY)
	if err == nil {
		_ = unix.SysvShmDetach(memory)
	}
	return err
}

func tryMakeShared() error {
	id, err := unix.SysvShmGet(unix.IPC_PRIVATE, os.Getpagesize(), unix.IPC_CREAT)
	if err == nil {
		_, _ = unix.SysvShmCtl(id, unix.IPC_RMID, nil)
	}
	return err
}

// tryListShared looks for the number in the second column, see proc_sysvipc(5).
func tryListShared(id int) error {
	said, err := os.ReadFile("/proc/sysvipc/shm")
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(said)) {
		if fields := strings.Fields(line); len(fields) > 1 && fields[1] == fmt.Sprint(id) {
			return nil
		}
	}
	return errors.New("it is not listed")
}

func tryEnviron(pid int) error {
	if ofSlot(pid) {
		return errOwnNumber
	}
	return tryRead(fmt.Sprintf("/proc/%d/environ", pid))
}

func tryDevice() error {
	const name = "probe-device"
	err := unix.Mknod(name, unix.S_IFCHR|0o600, int(unix.Mkdev(1, 3)))
	if err == nil {
		_ = os.Remove(name)
	}
	return err
}

func tryBecome(user int) error {
	return alone(func() error { return call(unix.SYS_SETRESUID, uintptr(user), uintptr(user), uintptr(user)) })
}

func noCapabilities() bool {
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var held [2]unix.CapUserData
	if err := unix.Capget(&header, &held[0]); err != nil {
		return false
	}
	// Inheritable ones are of use to files alone, and no_new_privs keeps those from giving any.
	for _, half := range held {
		if half.Effective != 0 || half.Permitted != 0 {
			return false
		}
	}
	for capability := range uintptr(lastCapability + 1) {
		within, err := unix.PrctlRetInt(unix.PR_CAPBSET_READ, capability, 0, 0, 0)
		if err == nil && within == 1 && os.Geteuid() == 0 {
			return false
		}
	}
	return true
}

func noNewPrivs() bool {
	value, err := unix.PrctlRetInt(unix.PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0)
	return err == nil && value == 1
}
