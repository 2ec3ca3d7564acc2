package sandbox

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// everywhere are the system calls that programs, the race detector and the tools of the Go release make, and that reach
// nothing but what a program may use anyway. What is in no list answers EPERM rather than killing, so that a program about
// it sees an error.
var everywhere = []string{
	// Files. Which ones, Landlock and the mount namespace say.
	"access", "chdir", "close", "close_range", "copy_file_range", "creat", "dup", "dup2", "dup3", "faccessat", "faccessat2",
	"fadvise64", "fallocate", "fchdir", "fcntl", "fdatasync", "fgetxattr", "flistxattr", "flock", "fstat", "fstatfs", "fsync",
	"ftruncate", "getcwd", "getdents", "getdents64", "getxattr", "lgetxattr", "link", "linkat", "listxattr", "llistxattr", "lseek",
	"lstat", "mkdir", "mkdirat", "mknod", "mknodat", "newfstatat", "open", "openat", "openat2", "pread64", "preadv", "preadv2",
	"pwrite64", "pwritev", "pwritev2", "read", "readahead", "readlink", "readlinkat", "readv", "rename", "renameat", "renameat2",
	"rmdir", "sendfile", "splice", "stat", "statfs", "statx", "symlink", "symlinkat", "sync_file_range", "tee", "truncate", "umask",
	"unlink", "unlinkat", "write", "writev",
	// Memory.
	"brk", "madvise", "membarrier", "mlock", "mlock2", "mmap", "mprotect", "mremap", "mseal", "msync", "munlock", "munlockall", "munmap",
	"pkey_alloc", "pkey_free", "pkey_mprotect",
	// Threads, processes, and what they are told of themselves.
	"arch_prctl", "capget", "execve", "execveat", "exit", "exit_group", "fork", "futex", "futex_requeue", "futex_wait", "futex_waitv",
	"futex_wake", "get_robust_list", "get_thread_area", "getcpu", "getegid", "geteuid", "getgid", "getgroups", "getpgid", "getpgrp",
	"getpid", "getppid", "getpriority", "getresgid", "getresuid", "getrlimit", "getrusage", "getsid", "gettid", "getuid", "ioprio_get",
	"kill", "pidfd_open", "pidfd_send_signal", "pause", "restart_syscall", "rseq", "rt_sigaction", "rt_sigpending", "rt_sigprocmask",
	"rt_sigqueueinfo", "rt_sigreturn", "rt_sigsuspend", "rt_sigtimedwait", "rt_tgsigqueueinfo", "sched_get_priority_max",
	"sched_get_priority_min", "sched_getaffinity", "sched_getattr", "sched_getparam", "sched_getscheduler", "sched_rr_get_interval",
	"sched_yield", "set_robust_list", "set_thread_area", "set_tid_address", "setpgid", "setrlimit", "setsid", "sigaltstack",
	"sysinfo", "tgkill", "time", "times", "tkill", "uname", "vfork", "wait4", "waitid",
	// Becoming a slot's user, for which the first process has the privilege and its programs have not.
	"setfsgid", "setfsuid", "setgid", "setgroups", "setregid", "setresgid", "setresuid", "setreuid", "setuid",
	// The scope of a slot's programs, see Scope.
	"landlock_add_rule", "landlock_create_ruleset", "landlock_restrict_self",
	// Time.
	"alarm", "clock_getres", "clock_gettime", "clock_nanosleep", "getitimer", "gettimeofday", "nanosleep", "setitimer",
	"timer_create", "timer_delete", "timer_getoverrun", "timer_gettime", "timer_settime", "timerfd_create", "timerfd_gettime",
	"timerfd_settime",
	// Waiting for descriptors, and chance.
	"epoll_create", "epoll_create1", "epoll_ctl", "epoll_pwait", "epoll_pwait2", "epoll_wait", "eventfd", "eventfd2", "getrandom",
	"pipe", "pipe2", "poll", "ppoll", "pselect6", "select", "signalfd", "signalfd4",
	// Sockets that could be made, or were given.
	"accept", "accept4", "bind", "connect", "getpeername", "getsockname", "getsockopt", "listen", "recvfrom", "recvmmsg", "recvmsg",
	"sendto", "setsockopt", "shutdown",
}

// ownFiles change what no open file is needed for: modes, owners and times. Landlock does not look at them, so they are for
// slots whose user owns nothing outside, or which see nothing else.
var ownFiles = []string{
	"chmod", "chown", "fchmod", "fchmodat", "fchmodat2", "fchown", "fchownat", "futimesat", "lchown", "utime", "utimensat", "utimes",
}

// privateView are for slots that see nothing of the machine: to be told of what happens to files, and to send open files
// through sockets, where the watch over a slot's disk could not see them.
var privateView = []string{"inotify_add_watch", "inotify_init", "inotify_init1", "inotify_rm_watch", "sendmmsg", "sendmsg"}

// counted make memory that belongs to no process: they are for slots whose memory a cgroup counts.
var counted = []string{"memfd_create", "shmat", "shmctl", "shmdt", "shmget"}

// newNamespaces are the flags of clone(2) that make a namespace.
const newNamespaces = unix.CLONE_NEWNS | unix.CLONE_NEWCGROUP | unix.CLONE_NEWUTS | unix.CLONE_NEWIPC |
	unix.CLONE_NEWUSER | unix.CLONE_NEWPID | unix.CLONE_NEWNET

// About itself a program may say and ask this by prctl(2).
var ownSettings = []uint64{
	unix.PR_SET_PDEATHSIG, unix.PR_GET_PDEATHSIG, unix.PR_GET_DUMPABLE, unix.PR_SET_NAME, unix.PR_GET_NAME, unix.PR_GET_SECCOMP,
	unix.PR_CAPBSET_READ, unix.PR_SET_CHILD_SUBREAPER, unix.PR_GET_CHILD_SUBREAPER, unix.PR_SET_NO_NEW_PRIVS, unix.PR_GET_NO_NEW_PRIVS,
	unix.PR_GET_TID_ADDRESS, unix.PR_SET_VMA, unix.PR_SET_THP_DISABLE, unix.PR_GET_TIMERSLACK,
}

// Numbers of ioctl(2) that the package of system calls does not have, from asm-generic/ioctls.h.
const (
	fionbio  = 0x5421
	fioclex  = 0x5451
	fionclex = 0x5450
)

// Of a descriptor it may ask this by ioctl(2): whether it is a terminal, what can be read, and about its own network.
var ownDescriptors = []uint64{
	unix.TCGETS, unix.TCGETS2, unix.TIOCGWINSZ, unix.TIOCGPGRP, unix.TIOCINQ, fionbio, fioclex, fionclex,
	unix.SIOCGIFNAME, unix.SIOCGIFCONF, unix.SIOCGIFFLAGS, unix.SIOCGIFADDR, unix.SIOCGIFMTU, unix.SIOCGIFINDEX, unix.SIOCGIFHWADDR,
}

// filterSyscalls closes the system calls, as the last of the layers.
func filterSyscalls(spec Spec) error {
	table, err := arch()
	if err != nil {
		return fmt.Errorf("seccomp: %w", err)
	}
	filter, err := assemble(uint32(table.ID), rulesFor(spec, table.SyscallNames), table.SyscallNames["clone3"])
	if err == nil {
		err = install(filter)
	}
	if err != nil {
		return fmt.Errorf("seccomp: %w", err)
	}
	return nil
}

// rulesFor lists what a slot may call, leaving out names that the architecture does not have.
func rulesFor(spec Spec, numbers map[string]int) []rule {
	var rules []rule
	allow := func(names ...string) {
		for _, name := range names {
			if number, ok := numbers[name]; ok {
				rules = append(rules, rule{number: number})
			}
		}
	}
	allowIf := func(name string, alternatives ...[]condition) {
		if number, ok := numbers[name]; ok && len(alternatives) > 0 {
			rules = append(rules, rule{number, alternatives})
		}
	}
	allow(everywhere...)
	if spec.Namespaces || spec.UID != 0 {
		allow(ownFiles...)
	}
	settings := ownSettings
	if spec.Namespaces {
		allow(privateView...)
		// Elsewhere it would hide the program's open files from the agent, which counts them.
		settings = append(settings[:len(settings):len(settings)], unix.PR_SET_DUMPABLE)
	}
	if spec.CountsMemory {
		allow(counted...)
	}
	allowIf("clone", []condition{without(0, newNamespaces)})
	allowIf("prctl", each(0, settings)...)
	allowIf("ioctl", each(1, ownDescriptors)...)
	// Limits, priorities and processors of itself, and of nobody else.
	allowIf("prlimit64", []condition{is(0, 0)})
	allowIf("setpriority", []condition{is(0, unix.PRIO_PROCESS), is(1, 0)})
	allowIf("sched_setaffinity", []condition{is(0, 0)})
	allowIf("socketpair", []condition{is(0, unix.AF_UNIX)})
	allowIf("socket", ownSockets(spec.Namespaces)...)
	return rules
}

func each(argument int, values []uint64) [][]condition {
	var alternatives [][]condition
	for _, value := range values {
		alternatives = append(alternatives, []condition{is(argument, value)})
	}
	return alternatives
}

// ownSockets are those of a slot with a network of its own. Elsewhere there are none: there is no private loopback to
// offer, and on unix sockets the machine's message buses and daemons listen, from which no file rule of an older Landlock
// keeps a program. A pair of connected sockets can be made everywhere.
func ownSockets(namespaces bool) [][]condition {
	if !namespaces {
		return nil
	}
	sockets := [][]condition{{is(0, unix.AF_UNIX)}, {is(0, unix.AF_NETLINK), is(2, unix.NETLINK_ROUTE)}}
	for _, family := range []uint64{unix.AF_INET, unix.AF_INET6} {
		for _, protocol := range []uint64{0, unix.IPPROTO_TCP, unix.IPPROTO_UDP, unix.IPPROTO_MPTCP} {
			sockets = append(sockets, []condition{is(0, family), is(2, protocol)})
		}
	}
	return sockets
}
