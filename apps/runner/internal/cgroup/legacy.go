package cgroup

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// newLegacy makes a group of version 1. A thread of ours is in it for good, and starts what is to be in it: to move a process
// that has begun makes the kernel wait until every processor has taken notice, which takes longer than a small program runs.
func newLegacy(tree *Tree, name string) (*Group, error) {
	dirs := map[string]string{}
	g := &Group{tree: tree, members: 1, unit: time.Nanosecond}
	work := make(chan func())
	g.close = func() { close(work) }
	for controller, own := range tree.dirs {
		dir := filepath.Join(own, name)
		dirs[controller] = dir
		if slices.Contains(g.paths.dirs, dir) {
			continue // One hierarchy has several controllers.
		}
		if err := os.Mkdir(dir, 0o755); err != nil {
			g.remove()
			return nil, err
		}
		g.paths.dirs = append(g.paths.dirs, dir)
	}
	g.paths.cpu = filepath.Join(dirs["cpuacct"], "cpuacct.usage")
	g.paths.memory = filepath.Join(dirs["memory"], "memory.usage_in_bytes")
	g.paths.tasks = filepath.Join(dirs["pids"], "pids.current")
	g.paths.ends = filepath.Join(dirs["memory"], "memory.oom_control")
	g.limitsOf = func(limits Limits) error { return limitLegacy(dirs, limits) }
	g.start = func(cmd *exec.Cmd, _ func(*exec.Cmd) error) error {
		done := make(chan error, 1)
		work <- func() { done <- cmd.Start() }
		return <-done
	}
	joined, left := make(chan error), make(chan struct{})
	go beThread(tree, dirs, work, joined, left)
	if err := <-joined; err != nil {
		g.remove()
		return nil, err
	}
	g.close = func() { close(work); <-left }
	if err := g.openFiles(); err != nil {
		g.remove()
		return nil, err
	}
	return g, nil
}

// beThread joins the groups, does what work says and goes back to where the agent is. The thread ends with it.
func beThread(tree *Tree, dirs map[string]string, work <-chan func(), joined chan<- error, left chan<- struct{}) {
	runtime.LockOSThread()
	if unix.Gettid() == unix.Getpid() {
		// Where the first thread is, all memory of the agent is counted. While it is held here, nobody else gets it.
		defer runtime.UnlockOSThread()
		ended := make(chan struct{})
		go func() { defer close(ended); beThread(tree, dirs, work, joined, left) }()
		<-ended
		return
	}
	id := strconv.Itoa(unix.Gettid())
	for _, dir := range dirs {
		if err := write(dir, "tasks", id); err != nil {
			joined <- err
			return
		}
	}
	joined <- nil
	for f := range work {
		f()
	}
	for _, own := range tree.dirs {
		_ = write(own, "tasks", id)
	}
	close(left)
}

// limitLegacy sets the limits, that of memory with what was swapped out where the kernel counts it. One that is lower than
// what the group holds makes the kernel free what it read from files.
func limitLegacy(dirs map[string]string, limits Limits) error {
	memory := strconv.FormatUint(limits.Memory, 10)
	swap := filepath.Join(dirs["memory"], "memory.memsw.limit_in_bytes")
	counts := unix.Access(swap, unix.W_OK) == nil
	if counts { // The limit with swap can never be the lower one.
		if err := write(dirs["memory"], "memory.memsw.limit_in_bytes", "-1"); err != nil {
			return err
		}
	}
	if err := write(dirs["memory"], "memory.limit_in_bytes", memory); err != nil {
		return err
	}
	if counts {
		if err := write(dirs["memory"], "memory.memsw.limit_in_bytes", memory); err != nil {
			return err
		}
	}
	return write(dirs["pids"], "pids.max", strconv.Itoa(limits.Tasks+1)) // The thread.
}
