package cgroup

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// agentGroup is where the agent goes itself: in version 2 a group that hands controllers on has no processes.
const agentGroup = "lineage-agent"

func openUnified(places places) (*Tree, error) {
	own, ok := places.own(unified)
	if !ok {
		return nil, fmt.Errorf("%w: neither version 2 nor the controllers %s of version 1 are mounted", ErrNone, strings.Join(controllers, ", "))
	}
	if filepath.Base(own) == agentGroup { // An agent before this one, in the same process tree.
		own = filepath.Dir(own)
	}
	if err := handOn(own); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNone, err)
	}
	return (&Tree{version: 2, dirs: map[string]string{unified: own}}).tried()
}

// handOn lets groups below own have the controllers, for which the agent has to move out of it.
func handOn(own string) error {
	offered, err := os.ReadFile(filepath.Join(own, "cgroup.controllers"))
	if err != nil {
		return err
	}
	for _, needed := range []string{"memory", "pids"} {
		if !slices.Contains(strings.Fields(string(offered)), needed) {
			return fmt.Errorf("the controller %s is not handed on to %s", needed, own)
		}
	}
	const both = "+memory +pids"
	if write(own, "cgroup.subtree_control", both) == nil {
		return nil
	}
	agent := filepath.Join(own, agentGroup)
	if err := os.Mkdir(agent, 0o755); err != nil && !os.IsExist(err) {
		return err
	}
	if err := write(agent, "cgroup.procs", strconv.Itoa(os.Getpid())); err != nil {
		return err
	}
	if err := write(own, "cgroup.subtree_control", both); err != nil {
		return fmt.Errorf("others are in the agent's group %s too, give it one of its own: %w", own, err)
	}
	return nil
}

// newUnified makes a group of version 2: the kernel starts a process in it.
func newUnified(tree *Tree, name string) (*Group, error) {
	dir := filepath.Join(tree.dirs[unified], name)
	if err := os.Mkdir(dir, 0o755); err != nil {
		return nil, err
	}
	g := &Group{tree: tree, unit: time.Microsecond, close: func() {}, paths: paths{
		dirs:   []string{dir},
		cpu:    filepath.Join(dir, "cpu.stat"), // Its first line is that of all.
		memory: filepath.Join(dir, "memory.current"),
		tasks:  filepath.Join(dir, "pids.current"),
		ends:   filepath.Join(dir, "memory.events"),
	}}
	g.limitsOf = func(limits Limits) error { return limitUnified(dir, limits) }
	g.start = func(cmd *exec.Cmd, start func(*exec.Cmd) error) error {
		group, err := os.Open(dir)
		if err != nil {
			return err
		}
		defer group.Close()
		cmd.SysProcAttr.UseCgroupFD, cmd.SysProcAttr.CgroupFD = true, int(group.Fd())
		return start(cmd)
	}
	if err := g.openFiles(); err != nil {
		g.remove()
		return nil, err
	}
	return g, nil
}

func limitUnified(dir string, limits Limits) error {
	if _, err := os.Stat(filepath.Join(dir, "memory.swap.max")); err == nil {
		if err := write(dir, "memory.swap.max", "0"); err != nil {
			return err
		}
	}
	if err := write(dir, "memory.max", strconv.FormatUint(limits.Memory, 10)); err != nil {
		return err
	}
	return write(dir, "pids.max", strconv.Itoa(limits.Tasks))
}
