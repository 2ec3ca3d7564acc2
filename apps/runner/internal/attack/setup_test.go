package attack_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"

	seccomp "github.com/elastic/go-seccomp-bpf"
	sarch "github.com/elastic/go-seccomp-bpf/arch"
	"golang.org/x/sys/unix"

	"lineage.dev/runner/internal/installed/installedtest"
	"lineage.dev/runner/internal/sandbox"
	"lineage.dev/runner/internal/toolchain"
)

// A set-up is this test binary, started again stage by stage until it is what the set-up is called:
//
//   - machine: the first process of namespaces of its own, so that what is left in them is the attacks' and nobody else's;
//   - pod: drops what a pod under RuntimeDefault does not have;
//   - inside: performs the rows and writes what became of them.
//
// Where we are not root there is no machine to make: the set-ups of an unprivileged user and of a pod run in place.
const (
	stageEnv = "LINEAGE_ATTACK_STAGE"
	setupEnv = "LINEAGE_ATTACK_SETUP"
	baseEnv  = "LINEAGE_ATTACK_BASE"
	// installedEnv is the directory in which the runner's programs are.
	installedEnv  = "LINEAGE_ATTACK_INSTALLED"
	ownMachineEnv = "LINEAGE_ATTACK_OWN_MACHINE"

	stageMachine = "machine"
	stagePod     = "pod"
	stageInside  = "inside"
	stageAgent   = "agent"
)

// Users that no slot and no person has.
var users = map[string]int{full: 0, unprivileged: 209_990, pod: 209_991}

// canMakeMachines says whether we may make namespaces and become other users.
func canMakeMachines() bool {
	cmd := exec.Command("/proc/self/exe")
	cmd.Env = []string{stageEnv + "=nothing"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: machineFlags}
	return os.Getuid() == 0 && cmd.Run() == nil
}

// mostTasks is what a set-up that is no root can start at most.
const mostTasks = 3000

const machineFlags = unix.CLONE_NEWNS | unix.CLONE_NEWPID | unix.CLONE_NEWIPC | unix.CLONE_NEWNET

// launch is the command that is a set-up, with the directory base for its own.
func launch(setup, base string, machine bool) (*exec.Cmd, error) {
	binary := filepath.Join(base, "attack.test")
	raw, err := os.ReadFile("/proc/self/exe")
	if err := errors.Join(err, os.WriteFile(binary, raw, 0o755), reachable(base)); err != nil {
		return nil, err
	}
	cmd := exec.Command(binary)
	cmd.Env = append(os.Environ(), setupEnv+"="+setup, baseEnv+"="+base)
	switch {
	case machine:
		cmd.Env = append(cmd.Env, stageEnv+"="+stageMachine, ownMachineEnv+"=1")
		cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: machineFlags, Pdeathsig: syscall.SIGKILL}
		return cmd, os.Chown(base, users[setup], users[setup])
	case setup == pod:
		cmd.Env = append(cmd.Env, stageEnv+"="+stagePod)
	default:
		cmd.Env = append(cmd.Env, stageEnv+"="+stageInside)
	}
	return cmd, nil
}

// reachable lets other users pass through our own temporary directories.
func reachable(dir string) error {
	for ; dir != "/"; dir = filepath.Dir(dir) {
		info, err := os.Stat(dir)
		if err != nil {
			return err
		}
		if info.Mode().Perm()&0o011 != 0o011 {
			if err := os.Chmod(dir, info.Mode().Perm()|0o011); err != nil {
				return err
			}
		}
	}
	return nil
}

// perform is what the process of a stage does, and its exit status.
func perform(stage string) int {
	setup, base := os.Getenv(setupEnv), os.Getenv(baseEnv)
	installedtest.Use(os.Getenv(installedEnv))
	err := fmt.Errorf("no stage %q", stage)
	switch stage {
	case "nothing":
		return 0
	case stageMachine:
		err = makeMachine(setup)
	case stagePod:
		err = becomePod()
	case stageInside:
		err = performRows(setup, base)
	case stageAgent:
		err = waitToBeKilled(base)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, stage+":", err)
		return 1
	}
	return 0
}

// makeMachine gives the set-up a process list, a network, and temporary directories of its own, and waits for its end.
func makeMachine(setup string) error {
	programs := filepath.Join(toolchain.DefaultDir(), "programs")
	err := errors.Join(
		unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""),
		unix.Mount("proc", "/proc", "proc", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, ""),
		sandbox.RaiseLoopback(), os.MkdirAll(programs, 0o755))
	for _, dir := range []string{"/var/tmp", "/dev/shm", programs} {
		err = errors.Join(err, unix.Mount("tmpfs", dir, "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, "mode=1777"))
	}
	if err := errors.Join(err, openToAll(toolchain.DefaultDir())); err != nil {
		return err
	}
	stage := stageInside
	if setup == pod {
		stage = stagePod
	}
	// Should a layer fail, the machine on which this is tested goes on.
	bound := unix.Rlimit{Cur: mostTasks, Max: mostTasks}
	if err := unix.Setrlimit(unix.RLIMIT_NPROC, &bound); err != nil {
		return err
	}
	// Of two settings of one name, the first would count.
	if err := os.Setenv(stageEnv, stage); err != nil {
		return err
	}
	attr := &os.ProcAttr{Env: os.Environ(), Files: []*os.File{nil, os.Stdout, os.Stderr}, Sys: &syscall.SysProcAttr{Setsid: true}}
	if setup == unprivileged {
		attr.Sys.Credential = &syscall.Credential{Uid: uint32(users[setup]), Gid: uint32(users[setup])}
	}
	process, err := os.StartProcess(filepath.Join(os.Getenv(baseEnv), "attack.test"), []string{"attack.test"}, attr)
	if err != nil {
		return err
	}
	// As the first process we bury whatever else ends here.
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, 0, nil)
		if err != nil && !errors.Is(err, syscall.EINTR) {
			return err
		}
		if pid == process.Pid {
			if status.ExitStatus() != 0 {
				return fmt.Errorf("the set-up ended with %v", status)
			}
			return nil
		}
	}
}

// openToAll lets the users of this machine see the prepared Go release where it is, though a directory above it, such as
// a home, may be closed to them: that directory is covered by one in which nothing else is.
func openToAll(cache string) error {
	prepared, err := toolchain.Open(cache)
	if err != nil {
		return err
	}
	held := map[string]*os.File{}
	for _, dir := range []string{cache, prepared.GOROOT} {
		if closedAbove(dir) == "" {
			continue
		}
		file, err := os.Open(dir)
		if err != nil {
			return err
		}
		defer file.Close()
		held[dir] = file
	}
	for dir, file := range held {
		if closed := closedAbove(dir); closed != "" {
			if err := unix.Mount("tmpfs", closed, "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, "mode=0711"); err != nil {
				return err
			}
		}
		err := errors.Join(os.MkdirAll(dir, 0o755), unix.Mount(fmt.Sprintf("/proc/self/fd/%d", file.Fd()), dir, "", unix.MS_BIND|unix.MS_REC, ""))
		if err != nil {
			return err
		}
	}
	return nil
}

// closedAbove is the topmost directory above dir through which other users cannot pass; empty when there is none.
func closedAbove(dir string) string {
	closed := ""
	for dir = filepath.Dir(dir); dir != "/"; dir = filepath.Dir(dir) {
		if info, err := os.Stat(dir); err == nil && info.Mode().Perm()&0o001 == 0 {
			closed = dir
		}
	}
	return closed
}

// becomePod gives up what a container under the pod security standard "restricted" does not have, and starts us again.
func becomePod() error {
	runtime.LockOSThread() // Capabilities are a thread's: it has to be this one that starts us again.
	if os.Getuid() == 0 {
		for capability := range uintptr(64) {
			_ = unix.Prctl(unix.PR_CAPBSET_DROP, capability, 0, 0, 0) // The kernel does not know all of these.
		}
		user := users[pod]
		if err := errors.Join(syscall.Setgroups(nil), syscall.Setresgid(user, user, user), syscall.Setresuid(user, user, user)); err != nil {
			return err
		}
	}
	if err := seccomp.LoadFilter(runtimeDefault()); err != nil {
		return err
	}
	if err := os.Setenv(stageEnv, stageInside); err != nil {
		return err
	}
	return syscall.Exec("/proc/self/exe", os.Args, os.Environ())
}

// runtimeDefault refuses what containerd's profile refuses to a container without capabilities
// (contrib/seccomp/seccomp_default.go), io_uring among it from 2.0 on.
func runtimeDefault() seccomp.Filter {
	table, _ := sarch.GetInfo("")
	var names []string
	for _, name := range []string{
		"acct", "add_key", "bpf", "chroot", "clock_adjtime", "clock_settime", "create_module", "delete_module", "fanotify_init",
		"finit_module", "fsconfig", "fsmount", "fsopen", "fspick", "get_mempolicy", "init_module", "io_uring_enter",
		"io_uring_register", "io_uring_setup", "ioperm", "iopl", "kcmp", "kexec_file_load", "kexec_load", "keyctl",
		"lookup_dcookie", "mbind", "mount", "mount_setattr", "move_mount", "move_pages", "nfsservctl", "open_by_handle_at",
		"open_tree", "perf_event_open", "pivot_root", "query_module", "quotactl", "reboot", "request_key", "set_mempolicy",
		"setdomainname", "sethostname", "setns", "settimeofday", "swapoff", "swapon", "sysfs", "syslog", "umount2", "unshare",
		"uselib", "userfaultfd", "ustat", "vhangup",
	} {
		if _, known := table.SyscallNames[name]; known {
			names = append(names, name)
		}
	}
	var conditional []seccomp.NameWithConditions
	for bit := uint64(1); bit < 1<<32; bit <<= 1 {
		if bit&(unix.CLONE_NEWNS|unix.CLONE_NEWCGROUP|unix.CLONE_NEWUTS|unix.CLONE_NEWIPC|unix.CLONE_NEWUSER|unix.CLONE_NEWPID|unix.CLONE_NEWNET) != 0 {
			conditional = append(conditional, seccomp.NameWithConditions{Name: "clone", Conditions: []seccomp.Condition{{Operation: seccomp.BitsSet, Value: bit}}})
		}
	}
	conditional = append(conditional, seccomp.NameWithConditions{Name: "socket", Conditions: []seccomp.Condition{{Operation: seccomp.Equal, Value: unix.AF_VSOCK}}})
	return seccomp.Filter{NoNewPrivs: true, Flag: seccomp.FilterFlagTSync, Policy: seccomp.Policy{
		DefaultAction: seccomp.ActionAllow,
		Syscalls: []seccomp.SyscallGroup{
			{Action: seccomp.ActionErrno, Names: names},
			{Action: seccomp.ActionErrno | seccomp.Action(unix.ENOSYS), Names: []string{"clone3"}},
			{Action: seccomp.ActionErrno, NamesWithCondtions: conditional},
		},
	}}
}
