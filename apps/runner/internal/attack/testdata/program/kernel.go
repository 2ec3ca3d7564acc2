package main

import (
	"os"
	"strconv"
	"syscall"
	"unsafe"
)

var kernel = map[string]attack{
	"mount":           mount,
	"new-mount-calls": newMountCalls,
	"pivot":           pivot,
	"remount":         remount,
	"namespaces":      namespaces,
	"namespace-clone": namespaceClone,
	"trace":           trace,
	"peek":            peek,
	"take-descriptor": takeDescriptor,
	"bpf": func([]string) {
		try("load a program into the kernel", call(sysBPF, 0, 0, 0))
		try("bpf", call(sysBPF, 5, 0, 0))
	},
	"perf":         perf,
	"userfault":    func([]string) { try("handle its own page faults", call(sysUserfaultfd, 0)) },
	"keys":         keys,
	"uring":        uring,
	"modules":      modules,
	"clock":        clock,
	"handles":      handles,
	"other-calls":  otherCalls,
	"personality":  func([]string) { try("turn randomisation off", call(syscall.SYS_PERSONALITY, 0x0040000)) },
	"old-calls":    oldCalls,
	"x32-calls":    x32Calls,
	"signals":      signals,
	"shape-others": shapeOthers,
}

func mount([]string) {
	for _, kind := range []string{"tmpfs", "proc", "sysfs", "overlay", "cgroup2", "bpf", "devpts"} {
		try("mount "+kind, syscall.Mount(kind, "/tmp", kind, 0, ""))
	}
	try("bind the root", syscall.Mount("/", "/tmp", "", syscall.MS_BIND, ""))
}

func newMountCalls([]string) {
	tmpfs, path := []byte("tmpfs\x00"), []byte("/\x00")
	try("open a file system", call(sysFsopen, uintptr(unsafe.Pointer(&tmpfs[0])), 0))
	try("make a mount", call(sysFsmount, 3, 0, 0))
	try("copy a mount tree", call(sysOpenTree, uintptr(unsafe.Pointer(&path[0])), 0, 1))
	try("move a mount", call(sysMoveMount, 3, 0, 4, 0, 0))
	var attr [4]uint64
	try("change a mount", call(sysMountSetattr, 0, uintptr(unsafe.Pointer(&path[0])), 0, uintptr(unsafe.Pointer(&attr)), 32))
}

func pivot([]string) {
	_ = os.Mkdir("new", 0o755)
	try("change the root", syscall.PivotRoot(".", "."))
	try("chroot", syscall.Chroot("new"))
	try("unmount /", syscall.Unmount("/", syscall.MNT_DETACH))
	try("unmount /proc", syscall.Unmount("/proc", syscall.MNT_DETACH))
}

func remount([]string) {
	for _, path := range []string{"/", "/bin", "/proc", "/work"} {
		try("make "+path+" writable", syscall.Mount("", path, "", syscall.MS_REMOUNT|syscall.MS_BIND, ""))
	}
}

var spaces = map[string]uintptr{
	"user": syscall.CLONE_NEWUSER, "mount": syscall.CLONE_NEWNS, "process": syscall.CLONE_NEWPID, "network": syscall.CLONE_NEWNET,
	"ipc": syscall.CLONE_NEWIPC, "host name": syscall.CLONE_NEWUTS, "cgroup": 0x02000000, "time": 0x00000080,
}

func namespaces([]string) {
	for name, flag := range spaces {
		try("make a "+name+" namespace", call(sysUnshare, flag))
	}
	try("enter a namespace", call(sysSetns, 0, 0))
}

func namespaceClone([]string) {
	for name, flag := range spaces {
		if name == "time" { // Not a flag of clone: there it is part of the signal's number.
			continue
		}
		process, err := itself(&syscall.SysProcAttr{Cloneflags: flag}, "nothing")
		if err == nil {
			_, _ = process.Wait()
		}
		try("start a process in a "+name+" namespace", err)
	}
	args := [11]uint64{0: syscall.CLONE_NEWUSER, 4: uint64(syscall.SIGCHLD)}
	try("clone3 into a namespace", call(sysClone3, uintptr(unsafe.Pointer(&args)), unsafe.Sizeof(args)))
}

func trace(args []string) {
	for _, pid := range numbers(args) {
		try("trace a process", syscall.PtraceAttach(pid))
		try("seize a process", call(syscall.SYS_PTRACE, 0x4206, uintptr(pid), 0, 0))
	}
	try("be traced", call(syscall.SYS_PTRACE, 0))
}

func numbers(args []string) []int {
	found := []int{1, os.Getppid()}
	for _, arg := range others(args) {
		if pid, err := strconv.Atoi(arg); err == nil {
			found = append(found, pid)
		}
	}
	return found
}

func peek(args []string) {
	var room [16]byte
	local := syscall.Iovec{Base: &room[0], Len: 16}
	for _, pid := range numbers(args) {
		try("read another's memory", call(sysProcessVMReadv, uintptr(pid), uintptr(unsafe.Pointer(&local)), 1, uintptr(unsafe.Pointer(&local)), 1, 0))
		try("compare with another process", call(sysKcmp, uintptr(os.Getpid()), uintptr(pid), 0, 0, 0))
	}
}

func takeDescriptor(args []string) {
	for _, pid := range numbers(args) {
		fd, err := result(sysPidfdOpen, uintptr(pid), 0)
		if err != nil {
			try("hold another process", err)
			continue
		}
		for number := range uintptr(8) {
			try("take a descriptor of another process", call(sysPidfdGetfd, fd, number, 0))
		}
		if pid != 1 && pid != os.Getppid() { // That is the slot's own, which hears signals and does not obey them.
			try("signal by descriptor", call(sysPidfdSendSignal, fd, 0, 0, 0))
		}
	}
}

func perf([]string) {
	var attr [16]uint64
	attr[0] = 1 | 128<<32
	try("watch the processor's counters", call(sysPerfEventOpen, uintptr(unsafe.Pointer(&attr)), 0, ^uintptr(0), ^uintptr(0), 0))
}

func keys([]string) {
	kind, name := []byte("user\x00"), []byte("attack\x00")
	try("keep a key in the session", call(sysAddKey, uintptr(unsafe.Pointer(&kind[0])), uintptr(unsafe.Pointer(&name[0])), uintptr(unsafe.Pointer(&name[0])), 6, ^uintptr(2)))
	try("ask for a key", call(sysRequestKey, uintptr(unsafe.Pointer(&kind[0])), uintptr(unsafe.Pointer(&name[0])), 0, 0))
	try("join a keyring", call(sysKeyctl, 1, 0))
}

func uring([]string) {
	var params [30]uint32
	try("make a ring of system calls", call(sysIoUringSetup, 4, uintptr(unsafe.Pointer(&params))))
}

func modules([]string) {
	path := []byte("/bin/program\x00")
	try("load a module", call(sysFinitModule, 0, uintptr(unsafe.Pointer(&path[0])), 0))
	try("load a module from memory", call(syscall.SYS_INIT_MODULE, 0, 0, 0))
	try("unload a module", call(syscall.SYS_DELETE_MODULE, uintptr(unsafe.Pointer(&path[0])), 0))
	try("load another kernel", call(sysKexecFileLoad, 0, 0, 0, 0, 0))
	try("restart the machine", call(syscall.SYS_REBOOT, 0xfee1dead, 672274793, 0x1234567, 0))
	try("swap", call(syscall.SYS_SWAPON, uintptr(unsafe.Pointer(&path[0])), 0))
}

func clock([]string) {
	try("set the clock", syscall.Settimeofday(&syscall.Timeval{Sec: 1}))
	var spec syscall.Timespec
	try("set the clock by another call", call(syscall.SYS_CLOCK_SETTIME, 0, uintptr(unsafe.Pointer(&spec))))
	timex := syscall.Timex{Modes: 0x4000}
	_, err := syscall.Adjtimex(&timex)
	try("bend the clock", err)
	try("bend the clock by another call", call(sysClockAdjtime, 0, uintptr(unsafe.Pointer(&timex))))
}

func handles([]string) {
	path := []byte("/\x00")
	var handle [34]uint32
	handle[0] = 128
	var mount int32
	try("get a handle of a file", call(sysNameToHandleAt, ^uintptr(99), uintptr(unsafe.Pointer(&path[0])), uintptr(unsafe.Pointer(&handle)), uintptr(unsafe.Pointer(&mount)), 0))
	try("open a file by its handle", call(sysOpenByHandleAt, 3, uintptr(unsafe.Pointer(&handle)), 0))
}

// otherCalls are of no use to a lesson, and were a way into a kernel before.
func otherCalls([]string) {
	for name, number := range map[string]uintptr{
		"acct": syscall.SYS_ACCT, "quotactl": syscall.SYS_QUOTACTL, "syslog": syscall.SYS_SYSLOG, "iopl": syscall.SYS_IOPL,
		"ioperm": syscall.SYS_IOPERM, "vhangup": syscall.SYS_VHANGUP, "sethostname": syscall.SYS_SETHOSTNAME,
		"uselib": syscall.SYS_USELIB, "swapoff": syscall.SYS_SWAPOFF, "setdomainname": syscall.SYS_SETDOMAINNAME,
		"mq_open": sysMqOpen, "modify_ldt": syscall.SYS_MODIFY_LDT, "remap_file_pages": syscall.SYS_REMAP_FILE_PAGES,
	} {
		try("call "+name, call(number, 0, 0, 0, 0))
	}
}

func signals(args []string) {
	for _, pid := range numbers(args) {
		for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGQUIT, syscall.SIGSEGV, syscall.SIGSTOP, syscall.SIGUSR1, syscall.SIGKILL, 40} {
			// One that starts this program is allowed to be reached by signals that it does not hear.
			if err := syscall.Kill(pid, signal); err != nil {
				try("signal another process", err)
			}
		}
		if pid != 1 && pid != os.Getppid() {
			try("signal the group of another", syscall.Kill(-pid, syscall.SIGKILL))
		}
	}
	_ = syscall.Kill(-1, syscall.SIGTERM&0)
	try("be the only one there", syscall.ESRCH)
}

// shapeOthers changes limits, priorities and processors of others, which needs no signal.
func shapeOthers(args []string) {
	zero := [2]uint64{}
	for _, pid := range numbers(args) {
		for _, resource := range []uintptr{syscall.RLIMIT_NOFILE, syscall.RLIMIT_CPU, syscall.RLIMIT_AS} {
			try("limit another process", call(sysPrlimit, uintptr(pid), resource, uintptr(unsafe.Pointer(&zero)), 0))
		}
		try("slow another process", syscall.Setpriority(syscall.PRIO_PROCESS, pid, 19))
		mask := [16]uint64{1}
		try("bind another process", call(sysSchedSetaffinity, uintptr(pid), 128, uintptr(unsafe.Pointer(&mask))))
	}
	try("slow all of its user", syscall.Setpriority(syscall.PRIO_USER, 0, 19))
	try("slow another's disk", call(sysIoprioSet, 3, uintptr(os.Getuid()), 3<<13))
}
