package sandbox

import (
	"fmt"
	"os"
	"strings"

	"github.com/landlock-lsm/go-landlock/landlock"
	"golang.org/x/sys/unix"
)

// lastCapability is the highest number that this kernel may know; dropping an unknown one answers EINVAL.
const lastCapability = 63

// setLimits applies the limits that the kernel keeps for each process. RLIMIT_AS is left alone: the Go runtime
// reserves far more address space than it uses, so memory is watched by what is resident.
func setLimits(limits Limits, ownUser bool) error {
	set := map[int]uint64{
		unix.RLIMIT_CORE:    0,
		unix.RLIMIT_MEMLOCK: 64 << 10,
	}
	if limits.OpenFiles > 0 {
		set[unix.RLIMIT_NOFILE] = uint64(limits.OpenFiles)
	}
	if limits.FileSize > 0 {
		set[unix.RLIMIT_FSIZE] = limits.FileSize
	}
	if limits.CPU > 0 {
		set[unix.RLIMIT_CPU] = uint64(limits.CPU.Seconds()) + 1
	}
	if limits.Processes > 0 {
		set[unix.RLIMIT_NPROC] = uint64(limits.Processes)
		// The kernel counts processes by user. Where the slot shares one, its own limit is the agent's to watch, and this
		// one keeps a fork bomb from the machine until the agent has seen it.
		if !ownUser {
			set[unix.RLIMIT_NPROC] = min(set[unix.RLIMIT_NPROC]+tasksOfMachine()+sharedTasks, tasksBesideAgent())
		}
	}
	for resource, value := range set {
		if err := limitTo(resource, value); err != nil {
			return fmt.Errorf("rlimit %d: %w", resource, err)
		}
	}
	return nil
}

// limitTo sets a limit, or leaves the agent's own where that is lower and we may not raise it.
func limitTo(resource int, value uint64) error {
	err := unix.Setrlimit(resource, &unix.Rlimit{Cur: value, Max: value})
	if err != unix.EPERM {
		return err
	}
	var own unix.Rlimit
	if err := unix.Getrlimit(resource, &own); err != nil {
		return err
	}
	own.Max = min(own.Max, value)
	own.Cur = own.Max
	return unix.Setrlimit(resource, &own)
}

// agentTasks is how many threads an agent may come to have, and the first processes of its slots.
const agentTasks = 64

// tasksBesideAgent is what the agent's own limit leaves to its slots: a Go program that cannot start a thread ends, so
// the last ones are the agent's.
func tasksBesideAgent() uint64 {
	var own unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NPROC, &own); err != nil || own.Max == unix.RLIM_INFINITY || own.Max < 2*agentTasks {
		return unix.RLIM_INFINITY
	}
	return own.Max - agentTasks
}

// sharedTasks is how many tasks the other slots of the same user may start while a slot runs, before it can start none.
const sharedTasks = 1024

// tasksOfMachine counts the tasks that there are: the fourth field of /proc/loadavg, after the slash, see proc(5).
func tasksOfMachine() uint64 {
	said, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(said))
	if len(fields) < 4 {
		return 0
	}
	_, total, _ := strings.Cut(fields[3], "/")
	return number([]byte(total))
}

// dropPrivileges makes sure that no program started from this thread has or can gain a capability.
func dropPrivileges() error {
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("no_new_privs: %w", err)
	}
	for capability := range uintptr(lastCapability + 1) {
		// EINVAL: the kernel has no such capability; EPERM: we have none to drop.
		_ = unix.Prctl(unix.PR_CAPBSET_DROP, capability, 0, 0, 0)
	}
	_ = unix.Prctl(unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
	return nil
}

// restrictFiles closes the file system by Landlock. Inside a mount namespace it is the second wall; without one it is
// the only one, so there it has to hold.
func restrictFiles(spec Spec) error {
	readable, writable := readableRoot(), []string{"/work", "/tmp", "/dev"}
	config := landlock.V11.BestEffort()
	if !spec.Namespaces {
		readable, writable = nil, []string{spec.ScratchDir, "/dev/null"}
		if spec.self != "" {
			readable = append(readable, spec.self)
		}
		for _, mount := range spec.Mounts {
			if mount.Writable {
				writable = append(writable, mount.Source)
			} else {
				readable = append(readable, mount.Source)
			}
		}
	} else {
		for _, mount := range spec.Mounts {
			if mount.Writable {
				writable = append(writable, mount.Target)
			}
		}
	}
	rules := []landlock.Rule{}
	for _, path := range readable {
		rules = append(rules, pathRule(path, false))
	}
	for _, path := range writable {
		rules = append(rules, pathRule(path, true))
	}
	if err := config.RestrictPaths(rules...); err != nil {
		return fmt.Errorf("landlock: %w", err)
	}
	return nil
}

// readableRoot is what a slot with a root of its own may read: all of it, but for a /proc that tells of other processes.
func readableRoot() []string {
	if procIsOurs() {
		return []string{"/"}
	}
	entries, err := os.ReadDir("/")
	if err != nil {
		return nil
	}
	var paths []string
	for _, entry := range entries {
		if entry.Name() != "proc" {
			paths = append(paths, "/"+entry.Name())
		}
	}
	return paths
}

func pathRule(path string, writable bool) landlock.Rule {
	info, err := os.Stat(path)
	isDir := err == nil && info.IsDir()
	switch {
	case isDir && writable:
		return landlock.RWDirs(path).WithRefer().IgnoreIfMissing()
	case isDir:
		return landlock.RODirs(path).IgnoreIfMissing()
	case writable:
		return landlock.RWFiles(path).IgnoreIfMissing()
	default:
		return landlock.ROFiles(path).IgnoreIfMissing()
	}
}
