package sandbox

import (
	"fmt"

	seccomp "github.com/elastic/go-seccomp-bpf"
	"golang.org/x/sys/unix"
)

// refused are system calls that no Go program of a lesson needs and that widen what the kernel exposes. They answer
// EPERM rather than killing, so that a program about them sees an error.
var refused = []string{
	"acct", "add_key", "adjtimex", "bpf", "chroot", "clock_adjtime", "clock_settime", "create_module", "delete_module",
	"fanotify_init", "finit_module", "fsconfig", "fsmount", "fsopen", "fspick", "get_kernel_syms", "init_module",
	"io_uring_enter", "io_uring_register", "io_uring_setup", "ioperm", "iopl", "kcmp", "kexec_file_load", "kexec_load",
	"keyctl", "lookup_dcookie", "mbind", "migrate_pages", "mount", "mount_setattr", "move_mount", "move_pages",
	"name_to_handle_at", "nfsservctl", "open_by_handle_at", "open_tree", "perf_event_open", "personality",
	"pidfd_getfd", "pivot_root", "process_madvise", "process_vm_readv", "process_vm_writev", "ptrace", "query_module",
	"quotactl", "reboot", "request_key", "sched_setattr", "sched_setscheduler", "set_mempolicy", "setdomainname",
	"sethostname", "setns", "settimeofday", "swapoff", "swapon", "sysfs", "syslog", "umount2", "unshare",
	"uselib", "userfaultfd", "vhangup", "vmsplice",
}

// newNamespaces are the flags of clone(2) that make a namespace.
const newNamespaces = unix.CLONE_NEWNS | unix.CLONE_NEWCGROUP | unix.CLONE_NEWUTS | unix.CLONE_NEWIPC |
	unix.CLONE_NEWUSER | unix.CLONE_NEWPID | unix.CLONE_NEWNET

// filterSyscalls installs the filter on every thread; each program started later inherits it.
func filterSyscalls(namespaces bool) error {
	if !seccomp.Supported() {
		return fmt.Errorf("seccomp: this kernel has none")
	}
	groups := []seccomp.SyscallGroup{
		{Action: seccomp.ActionErrno, Names: known(refused)},
		// Its flags lie in memory, where a filter cannot look; with ENOSYS callers fall back to clone.
		{Action: seccomp.ActionErrno | seccomp.Action(unix.ENOSYS), Names: []string{"clone3"}},
		{Action: seccomp.ActionErrno, NamesWithCondtions: forbiddenArguments(namespaces)},
	}
	filter := seccomp.Filter{
		NoNewPrivs: true,
		Flag:       seccomp.FilterFlagTSync,
		Policy:     seccomp.Policy{DefaultAction: seccomp.ActionAllow, Syscalls: groups},
	}
	if err := seccomp.LoadFilter(filter); err != nil {
		return fmt.Errorf("seccomp: %w", err)
	}
	return nil
}

// forbiddenArguments refuses clone into a namespace, and sockets of families that a lesson has no use for. Without a
// network namespace the internet families are refused as well: there is no private loopback to offer. So are unix
// sockets then: the machine's message buses and daemons listen on them, and no file rule of Landlock keeps a program
// from connecting. A pair of connected sockets can be made everywhere.
func forbiddenArguments(namespaces bool) []seccomp.NameWithConditions {
	denied := []seccomp.NameWithConditions{{
		Name:       "clone",
		Conditions: []seccomp.Condition{{Argument: 0, Operation: seccomp.BitsSet, Value: newNamespaces}},
	}}
	families := []uint64{unix.AF_PACKET, unix.AF_ALG, unix.AF_VSOCK, unix.AF_KEY, unix.AF_BLUETOOTH, unix.AF_CAN, unix.AF_RDS, unix.AF_TIPC, unix.AF_XDP}
	if !namespaces {
		families = append(families, unix.AF_INET, unix.AF_INET6, unix.AF_UNIX)
	}
	for _, family := range families {
		denied = append(denied, seccomp.NameWithConditions{
			Name:       "socket",
			Conditions: []seccomp.Condition{{Argument: 0, Operation: seccomp.Equal, Value: family}},
		})
	}
	return denied
}

// known keeps the names which exist on this architecture.
func known(names []string) []string {
	table, err := arch()
	if err != nil {
		return names
	}
	kept := make([]string, 0, len(names))
	for _, name := range names {
		if _, ok := table.SyscallNames[name]; ok {
			kept = append(kept, name)
		}
	}
	return kept
}
