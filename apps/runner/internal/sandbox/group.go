package sandbox

import (
	"fmt"
	"os/exec"

	"lineage.dev/runner/internal/cgroup"
)

const (
	// groupMemory and groupTasks are what a group may have beyond the limits of its slot: the kernel's own memory for it, and
	// the slot's first process. The watchdog sees to the limits themselves, of which it can say more; the kernel keeps what is
	// too quick for it.
	groupMemory = 64 << 20
	groupTasks  = 64
	// diskShares of the limit on disk may be in memory: the slot has two file systems.
	diskShares = 2
)

// startInGroup starts the first process of a slot, in a control group of its own where there are such. Without an error the
// group, which may be nil, has to be released.
func startInGroup(cmd *exec.Cmd, spec Spec) (*cgroup.Group, error) {
	if spec.Groups == nil {
		return nil, startOnLastingThread(cmd)
	}
	limits := cgroup.Limits{Memory: cgroup.UnboundedMemory, Tasks: cgroup.Unbounded}
	if spec.Limits.Memory > 0 {
		limits.Memory = spec.Limits.Memory + diskShares*spec.Limits.Disk + groupMemory
	}
	if spec.Limits.Processes > 0 {
		limits.Tasks = spec.Limits.Processes + groupTasks
	}
	group, err := spec.Groups.Take(limits)
	if err != nil {
		return nil, fmt.Errorf("control group: %w", err)
	}
	if err := group.Start(cmd, startOnLastingThread); err != nil {
		group.Release()
		return nil, err
	}
	return group, nil
}

func releaseGroup(group *cgroup.Group) {
	if group != nil {
		group.Release()
	}
}
