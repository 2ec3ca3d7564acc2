// Package cgroup has the kernel count what a slot uses, and bound it, where the agent may make control groups: version 1
// with a hierarchy for each controller, or version 2. See cgroups(7).
package cgroup

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// ErrNone says that no groups can be made here; the text after it says why.
var ErrNone = errors.New("no control groups")

// prefix begins the names of our groups.
const prefix = "lineage-slot-"

// Tree makes groups below the agent's own. A nil one has none.
type Tree struct {
	version int
	// dirs is the agent's own group, by controller; one of all for version 2.
	dirs map[string]string

	mu     sync.Mutex
	idle   []*Group
	closed bool
	// making counts groups that are made ahead; a legacy one takes longer to make than a small program runs.
	making int
	work   sync.WaitGroup
	// lent are the groups that somebody has.
	lent sync.WaitGroup
}

// ahead is how many legacy groups wait for their slots.
const ahead = 2

// controllers that a group needs.
var controllers = []string{"memory", "pids", "cpuacct"}

// Open finds out where groups can be made, and removes those that an agent left which was killed.
// An error wraps ErrNone.
func Open() (*Tree, error) { return open("/proc/self") }

func open(proc string) (*Tree, error) {
	places, err := findPlaces(proc)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNone, err)
	}
	tree := &Tree{version: 1, dirs: map[string]string{}}
	for _, controller := range controllers {
		dir, ok := places.own(controller)
		if !ok {
			return openUnified(places)
		}
		tree.dirs[controller] = dir
	}
	return tree.tried()
}

// Version is 1 or 2; 0 when there are no groups.
func (t *Tree) Version() int {
	if t == nil {
		return 0
	}
	return t.version
}

// tried makes a group that nothing may be in, and sees that nothing can be started in it.
func (t *Tree) tried() (*Tree, error) {
	t.sweep()
	group, err := t.Take(Limits{Memory: probeMemory, Tasks: 0})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNone, err)
	}
	defer group.Release()
	cmd := exec.Command("/proc/self/exe")
	cmd.SysProcAttr = &syscall.SysProcAttr{}
	if err := group.Start(cmd, (*exec.Cmd).Start); !errors.Is(err, syscall.EAGAIN) {
		if err == nil {
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
		}
		return nil, fmt.Errorf("%w: a process was started where none may be: %v", ErrNone, err)
	}
	return t, nil
}

const probeMemory = 64 << 20

// sweep removes what is empty: a group in which a process or a thread is cannot be removed.
func (t *Tree) sweep() {
	for _, dir := range t.dirs {
		left, _ := filepath.Glob(filepath.Join(dir, prefix+"*"))
		for _, group := range left {
			_ = os.Remove(group)
		}
	}
}

// Take gives a group with these limits that nothing is in. Call Release when all that was started in it has ended.
func (t *Tree) Take(limits Limits) (*Group, error) {
	t.mu.Lock()
	var group *Group
	if last := len(t.idle) - 1; last >= 0 {
		group, t.idle = t.idle[last], t.idle[:last]
	}
	t.makeAhead()
	t.mu.Unlock()
	if group == nil {
		var err error
		if group, err = t.newGroup(); err != nil {
			return nil, err
		}
	}
	if err := group.begin(limits); err != nil {
		group.remove()
		return nil, err
	}
	t.lent.Add(1)
	return group, nil
}

// makeAhead is called with the lock held.
func (t *Tree) makeAhead() {
	if t.version == 2 || t.closed || len(t.idle)+t.making >= ahead {
		return
	}
	t.making++
	t.work.Go(func() {
		group, err := t.newGroup()
		t.mu.Lock()
		t.making--
		t.mu.Unlock()
		if err == nil && !t.keep(group) {
			group.remove()
		}
	})
}

// made counts the groups of this process, of all trees: two of one name would be one group.
var made atomic.Int64

// attempts to make a group: its name may be that of another process namespace's agent, and one that looks for what was left
// may remove it before anybody is in it.
const attempts = 16

func (t *Tree) newGroup() (group *Group, err error) {
	for range attempts {
		name := fmt.Sprintf("%s%d-%d", prefix, os.Getpid(), made.Add(1))
		if t.version == 2 {
			group, err = newUnified(t, name)
		} else {
			group, err = newLegacy(t, name)
		}
		if !errors.Is(err, os.ErrExist) && !errors.Is(err, os.ErrNotExist) {
			break
		}
	}
	return group, err
}

// keep has a group be used again. Those of version 2 are made anew: an empty one that waits could be taken for a left one.
func (t *Tree) keep(group *Group) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed || t.version == 2 {
		return false
	}
	t.idle = append(t.idle, group)
	return true
}

// returnedWithin is how long Close waits for groups of slots that are about to end.
const returnedWithin = 3 * time.Second

// Close removes the groups that nobody has, and waits for those that are about to be given back.
func (t *Tree) Close() {
	if t == nil {
		return
	}
	t.mu.Lock()
	idle := t.idle
	t.idle, t.closed = nil, true
	t.mu.Unlock()
	for _, group := range idle {
		group.remove()
	}
	returned := make(chan struct{})
	go func() { t.lent.Wait(); t.work.Wait(); close(returned) }()
	select {
	case <-returned:
	case <-time.After(returnedWithin):
	}
}
