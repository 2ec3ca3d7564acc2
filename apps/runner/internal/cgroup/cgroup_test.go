package cgroup

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// As a member of a group this binary does what its first argument says.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 {
		switch os.Args[1] {
		case "spin":
			for began := time.Now(); time.Since(began) < 200*time.Millisecond; {
			}
			os.Exit(0)
		case "grow":
			var kept [][]byte
			for range 256 {
				block := make([]byte, 1<<20)
				for i := 0; i < len(block); i += 4096 {
					block[i] = 1
				}
				kept = append(kept, block)
			}
			os.Exit(len(kept) & 1)
		}
	}
	os.Exit(m.Run())
}

// tree is nil where no groups can be had, for which there has to be a reason.
func tree(t *testing.T) *Tree {
	t.Helper()
	made, err := Open()
	if err != nil {
		if !errors.Is(err, ErrNone) || made != nil {
			t.Fatalf("no groups, and %v", err)
		}
		t.Log(err)
		return nil
	}
	t.Cleanup(func() {
		made.Close()
		for _, dir := range made.dirs {
			if left, _ := filepath.Glob(filepath.Join(dir, prefix+"*")); len(left) > 0 && ours(left) {
				t.Errorf("left behind: %v", left)
			}
		}
	})
	return made
}

func ours(dirs []string) bool {
	for _, dir := range dirs {
		if strings.Contains(dir, prefix+itoa(os.Getpid())+"-") {
			return true
		}
	}
	return false
}

func start(t *testing.T, group *Group, what string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command("/proc/self/exe", what)
	cmd.Env = []string{"GOMAXPROCS=1"}
	cmd.SysProcAttr = &syscall.SysProcAttr{}
	if err := group.Start(cmd, (*exec.Cmd).Start); err != nil {
		t.Fatal(err)
	}
	return cmd
}

func TestCountsWhatIsInIt(t *testing.T) {
	groups := tree(t)
	if groups == nil {
		return
	}
	for range 2 { // Taken again, it counts from 0.
		group, err := groups.Take(Limits{Memory: 256 << 20, Tasks: 50})
		if err != nil {
			t.Fatal(err)
		}
		if got := group.Usage(); got.Tasks != 0 || got.CPU > 10*time.Millisecond {
			t.Errorf("nobody is in it, and it says %+v", got)
		}
		cmd := start(t, group, "spin")
		if got := group.Usage(); got.Tasks == 0 {
			t.Errorf("somebody is in it, and it says %+v", got)
		}
		if err := cmd.Wait(); err != nil {
			t.Fatal(err)
		}
		if got := group.Usage(); got.CPU < cmd.ProcessState.UserTime() || got.Tasks != 0 || group.OutOfMemory() {
			t.Errorf("after %v of work it says %+v, out of memory %v", cmd.ProcessState.UserTime(), got, group.OutOfMemory())
		}
		group.Release()
	}
}

func TestEndsWhatTakesTooMuchMemory(t *testing.T) {
	groups := tree(t)
	if groups == nil {
		return
	}
	group, err := groups.Take(Limits{Memory: 64 << 20, Tasks: 50})
	if err != nil {
		t.Fatal(err)
	}
	defer group.Release()
	cmd := start(t, group, "grow")
	err = cmd.Wait()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL || !group.OutOfMemory() {
		t.Errorf("256 MiB within 64: %v, out of memory %v", err, group.OutOfMemory())
	}
}

func TestRefusesTasksBeyondItsLimit(t *testing.T) {
	groups := tree(t)
	if groups == nil {
		return
	}
	group, err := groups.Take(Limits{Memory: 64 << 20, Tasks: 0})
	if err != nil {
		t.Fatal(err)
	}
	defer group.Release()
	cmd := exec.Command("/proc/self/exe", "spin")
	cmd.SysProcAttr = &syscall.SysProcAttr{}
	if err := group.Start(cmd, (*exec.Cmd).Start); !errors.Is(err, syscall.EAGAIN) {
		t.Errorf("a first task of none: %v", err)
	}
}

// The kernel counts a process's memory where its first thread is, and ends it for a limit there.
func TestLeavesTheAgentWhereItIs(t *testing.T) {
	before, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		t.Fatal(err)
	}
	groups := tree(t)
	if groups == nil {
		return
	}
	// Both the goroutine on the first thread and others make some.
	for range 20 {
		group, err := groups.Take(Limits{Memory: 64 << 20, Tasks: 50})
		if err != nil {
			t.Fatal(err)
		}
		defer group.Release()
		if now, _ := os.ReadFile("/proc/self/cgroup"); groups.Version() == 1 && string(now) != string(before) {
			t.Fatalf("the agent is in %s, and was in %s", now, before)
		}
	}
}

// Trees of one process, as engines of one test binary have, must not meet in one group.
func TestTreesShareNoGroup(t *testing.T) {
	first := tree(t)
	if first == nil {
		return
	}
	second, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(second.Close) // Before the look at what is left of the first one.
	var names []string
	for range 4 {
		for _, groups := range []*Tree{first, second} {
			group, err := groups.Take(Limits{Memory: 64 << 20, Tasks: 50})
			if err != nil {
				t.Fatal(err)
			}
			defer group.Release()
			name := filepath.Base(group.paths.dirs[0])
			if slices.Contains(names, name) {
				t.Fatalf("%s was given twice", name)
			}
			names = append(names, name)
		}
	}
}

func TestGivesEachItsOwn(t *testing.T) {
	groups := tree(t)
	if groups == nil {
		return
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 5 {
				group, err := groups.Take(Limits{Memory: 64 << 20, Tasks: 50})
				if err != nil {
					t.Error(err)
					return
				}
				if got := group.Usage().Tasks; got != 0 {
					t.Errorf("somebody else is in it: %d", got)
				}
				cmd := exec.Command("/proc/self/exe", "-test.run=none")
				cmd.SysProcAttr = &syscall.SysProcAttr{}
				if err := group.Start(cmd, (*exec.Cmd).Start); err != nil {
					t.Error(err)
				}
				_ = cmd.Wait()
				group.Release()
			}
		})
	}
	all.Wait()
}
