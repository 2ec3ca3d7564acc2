// Package sandbox runs untrusted programs: it prepares a slot, starts the program in it, watches its limits and
// leaves nothing behind.
//
// A slot is made by starting `lineage-slot`, or this binary again, as `sandbox-init` (see Init): in new namespaces where they
// can be had, and everywhere under Landlock, seccomp, rlimits and no_new_privs.
package sandbox

import (
	"errors"
	"time"

	"lineage.dev/runner/internal/cgroup"
)

// ErrUnavailable says that a slot could not be made at all; the program never ran.
var ErrUnavailable = errors.New("sandbox: slot could not be made")

// Limits bound one program and everything it starts.
type Limits struct {
	Wall      time.Duration
	CPU       time.Duration
	Memory    uint64 // bytes, resident, of the whole process tree
	Processes int    // processes and threads
	OpenFiles int
	FileSize  uint64 // bytes of one file
	Disk      uint64 // bytes of all files of the slot's own file system
}

// Mount makes a host path visible in the slot.
type Mount struct {
	Source   string
	Target   string // absolute, in the slot
	Writable bool
}

// Command is one program to run in the slot.
type Command struct {
	Path string // absolute, in the slot
	Args []string
}

// Spec describes a slot and the commands that run in it one after the other until one fails.
type Spec struct {
	Commands []Command
	// Ahead is started as soon as the slot is made, AwaitsOrder says that Commands come later; see Prepare.
	Ahead       *Command
	AwaitsOrder bool
	Env         []string
	Mounts      []Mount
	// WorkSource is a host directory whose files are copied to /work, which is the working directory and writable.
	WorkSource string
	Limits     Limits
	// Namespaces is false where the kernel refuses them: then Landlock alone keeps the file system closed.
	Namespaces bool
	// UID is the host user of the program; 0 keeps the agent's own (which is then not root).
	UID int
	// Writable host directories in a slot without a mount namespace.
	ScratchDir string
	// FixedAddresses turns the random placement of memory off, which the race detector cannot have. It is best effort:
	// where it is refused, the detector works unless the machine spreads addresses widely.
	FixedAddresses bool
	// Aside says that nobody waits for the commands: they get what all others leave of the processors.
	Aside bool
	// CountsMemory says that a cgroup counts all memory of the slot, also what belongs to no process.
	CountsMemory bool
	// Groups makes the control group of the slot; without them the slot is watched from outside alone.
	Groups *cgroup.Tree `json:"-"`
	// ExtraFiles is how many descriptors after stderr the program inherits, from 3 on.
	ExtraFiles int
	// self is this program's file, as the slot's first process finds it before it closes the file system.
	self string
	// ending is the slot's own care for its end; only the first process has one.
	ending *ending
}

// Outcome says how the last command that ran ended.
type Outcome struct {
	// Step is the index of the last command that was started.
	Step int
	// StepTimes holds the wall time of each started command.
	StepTimes  []time.Duration
	ExitCode   int
	Signal     int // 0 when it exited by itself
	Limit      string
	TimedOut   bool
	Cancelled  bool
	CPU        time.Duration
	PeakMemory uint64
	Wall       time.Duration
	// Failure is our own fault, not the program's; empty when there was none.
	Failure string
}

// Failed says that the last command ended with a status or by a signal that is no success.
func (o Outcome) Failed() bool { return o.ExitCode != 0 || o.Signal != 0 }

// Limit names, as the contract has them.
const (
	LimitCPU    = "cpu"
	LimitMemory = "memory"
	LimitPids   = "pids"
	LimitDisk   = "disk"
	LimitOutput = "output"
)
