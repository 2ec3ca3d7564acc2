package cgroup

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

func itoa(n int) string { return strconv.Itoa(n) }

func TestFindsTheOwnGroup(t *testing.T) {
	const legacy = `30 25 0:26 / /sys/fs/cgroup ro - tmpfs tmpfs ro,mode=755
31 30 0:27 / /sys/fs/cgroup/memory rw,relatime shared:9 - cgroup cgroup rw,memory
32 30 0:28 /docker/ab /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct
33 30 0:29 /other /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids
`
	found := places{mounts: mountsOf(legacy), paths: pathsOf("9:memory:/a b\n8:cpu,cpuacct:/docker/ab/c\n7:pids:/docker\n0::/x\n")}
	for controller, want := range map[string]string{"memory": "/sys/fs/cgroup/memory/a b", "cpuacct": "/sys/fs/cgroup/cpu,cpuacct/c", "pids": "", unified: ""} {
		if got, ok := found.own(controller); got != want || ok != (want != "") {
			t.Errorf("%q is in %q (%v), not %q", controller, got, ok, want)
		}
	}
	const second = `30 25 0:26 / /sys/fs/my\040cgroup rw shared:4 - cgroup2 cgroup2 rw,nsdelegate` + "\n"
	found = places{mounts: mountsOf(second), paths: pathsOf("0::/user.slice/run.scope\n")}
	if got, _ := found.own(unified); got != "/sys/fs/my cgroup/user.slice/run.scope" {
		t.Errorf("version 2 is in %q", got)
	}
}

// Version 2 as a directory: what the kernel does with it is not tried, what is written where is.
func TestMakesGroupsOfVersion2(t *testing.T) {
	base := t.TempDir()
	proc, top := filepath.Join(base, "proc"), filepath.Join(base, "cgroup", "agent.scope")
	put := func(path, text string) {
		t.Helper()
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	put(filepath.Join(proc, "mountinfo"), "30 25 0:26 / "+filepath.Join(base, "cgroup")+" rw - cgroup2 cgroup2 rw\n")
	put(filepath.Join(proc, "cgroup"), "0::/agent.scope\n")
	put(filepath.Join(top, "cgroup.controllers"), "cpu pids\n")
	if _, err := open(proc); !errors.Is(err, ErrNone) || !strings.Contains(err.Error(), "memory") {
		t.Errorf("without the controller of memory: %v", err)
	}
	put(filepath.Join(top, "cgroup.controllers"), "cpu memory pids\n")
	put(filepath.Join(top, "cgroup.subtree_control"), "")
	// A directory does not fill itself, as a group does.
	if _, err := open(proc); !errors.Is(err, ErrNone) {
		t.Errorf("a group without files: %v", err)
	}
	if got, _ := os.ReadFile(filepath.Join(top, "cgroup.subtree_control")); string(got) != "+memory +pids" {
		t.Errorf("handed on: %q", got)
	}
	group := filepath.Join(top, "lineage-slot-x")
	for name, text := range map[string]string{"cpu.stat": "usage_usec 1500\nuser_usec 1000\n", "memory.current": "4096\n", "pids.current": "3\n",
		"memory.events": "low 0\noom 2\noom_kill 1\n", "memory.max": "max", "pids.max": "max", "memory.swap.max": "max"} {
		put(filepath.Join(group, name), text)
	}
	made := &Group{unit: time.Microsecond, paths: paths{cpu: filepath.Join(group, "cpu.stat"), memory: filepath.Join(group, "memory.current"),
		tasks: filepath.Join(group, "pids.current"), ends: filepath.Join(group, "memory.events")}}
	if err := made.openFiles(); err != nil {
		t.Fatal(err)
	}
	if got := made.Usage(); got != (Usage{CPU: 1500 * time.Microsecond, Memory: 4096, Tasks: 3}) || !made.OutOfMemory() {
		t.Errorf("%+v, out of memory %v", got, made.OutOfMemory())
	}
	if err := limitUnified(group, Limits{Memory: 1 << 20, Tasks: 7}); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"memory.max": "1048576", "pids.max": "7", "memory.swap.max": "0"} {
		if got, _ := os.ReadFile(filepath.Join(group, name)); !strings.HasPrefix(string(got), want) {
			t.Errorf("%s is %q", name, got)
		}
	}
}
