package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"lineage.dev/runner/internal/cgroup"
	"lineage.dev/runner/internal/installed"
)

// Layer is one kind of isolation and whether it holds here, which a probe found out by trying to break it.
type Layer struct {
	Name   string `json:"name"`
	Holds  bool   `json:"holds"`
	Detail string `json:"detail"`
}

// Report says what isolation this machine gives.
type Report struct {
	// Namespaces says whether slots get namespaces of their own.
	Namespaces bool    `json:"namespaces"`
	Layers     []Layer `json:"layers"`
}

func (r Report) holds(names ...string) bool {
	for _, name := range names {
		found := false
		for _, layer := range r.Layers {
			found = found || (layer.Name == name && layer.Holds)
		}
		if !found {
			return false
		}
	}
	return true
}

// Full: namespaces, a second wall behind them (Landlock, or a kernel that is not the machine's), and everything else.
func (r Report) Full() bool {
	return r.Namespaces && (r.holds("landlock") || r.holds("gvisor")) &&
		r.holds("mount_namespace", "pid_namespace", "network_namespace", "seccomp", "rlimits", "no_new_privs", "capabilities", "others_limits")
}

// Restricted: what a pod without privileges has. Less than this runs nothing.
func (r Report) Restricted() bool {
	return r.holds("landlock", "seccomp", "rlimits", "no_new_privs", "capabilities", "others_limits", "network_closed", "unix_sockets")
}

// Lacks names in one sentence what does not hold; empty when everything does. That the kernel is the machine's own is no lack.
func (r Report) Lacks() string {
	var missing []string
	for _, layer := range r.Layers {
		if !layer.Holds && layer.Name != "gvisor" {
			missing = append(missing, layer.Name+" ("+layer.Detail+")")
		}
	}
	if len(missing) == 0 {
		return ""
	}
	return "not held here: " + strings.Join(missing, ", ")
}

const probeWall = 10 * time.Second

// Probe runs a hostile program of our own in a slot and reports what it was refused. work is a directory of ours, and
// uid the user of the slot: 0, ourselves, unless we are root. Slots get control groups of groups, of which none says why
// there are none.
func Probe(work string, uid int, groups *cgroup.Tree, none error) Report {
	report := probe(work, uid, groups)
	report.Layers = append(report.Layers, counting(groups, none))
	return report
}

// counting was probed as groups were opened.
func counting(groups *cgroup.Tree, none error) Layer {
	if groups == nil && none == nil {
		return Layer{Name: "cgroup", Detail: "not asked for"}
	}
	if groups == nil {
		return Layer{Name: "cgroup", Detail: fmt.Sprint(none)}
	}
	return Layer{Name: "cgroup", Holds: true, Detail: fmt.Sprintf("start a process beyond a limit of version %d: %v", groups.Version(), unix.EAGAIN)}
}

func probe(work string, uid int, groups *cgroup.Tree) Report {
	layers, namespaceErr := attempt(work, true, uid, groups)
	if namespaceErr == nil {
		return Report{Namespaces: true, Layers: layers}
	}
	layers, err := attempt(work, false, uid, groups)
	if err != nil {
		layers = []Layer{{Name: "slot", Detail: err.Error()}}
	}
	refused := "a slot with namespaces could not be made: " + namespaceErr.Error()
	for _, name := range []string{"mount_namespace", "pid_namespace", "network_namespace"} {
		layers = append(layers, Layer{Name: name, Detail: refused})
	}
	return Report{Layers: layers}
}

func attempt(work string, namespaces bool, uid int, groups *cgroup.Tree) ([]Layer, error) {
	dir, err := os.MkdirTemp(work, "probe-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	lures, err := layOut(work, filepath.Base(dir), namespaces)
	if err != nil {
		return nil, err
	}
	defer lures.remove()
	spec, err := probeSpec(dir, namespaces, uid, lures)
	if err != nil {
		return nil, err
	}
	spec.Groups = groups
	layers, err := attacked(spec)
	if err != nil {
		return nil, err
	}
	layers = append(lures.host.kept(layers), gvisor())
	if namespaces {
		return layers, nil
	}
	return slices.DeleteFunc(layers, func(l Layer) bool { return strings.HasSuffix(l.Name, "_namespace") }), nil
}

// probeSpec is a slot as those of programs are, with limits that are soon reached.
func probeSpec(dir string, namespaces bool, uid int, lures *lures) (Spec, error) {
	self, err := installed.Agent()
	if err != nil {
		return Spec{}, err
	}
	limits := Limits{Wall: probeWall, CPU: probeWall, Memory: 256 << 20, Processes: 64, OpenFiles: 64, FileSize: 1 << 20, Disk: 1 << 20}
	spec := Spec{ScratchDir: dir, Mounts: []Mount{{Source: self, Target: self}}, Limits: limits, Namespaces: namespaces, UID: uid}
	// The second is for tests, see initCommand.
	spec.Env = []string{"GOMAXPROCS=1", "GORACE=atexit_sleep_ms=0"}
	told, err := json.Marshal(prey{lures.bait, spec.Env, limits.OpenFiles, limits.FileSize})
	if err != nil {
		return Spec{}, err
	}
	spec.Commands = []Command{{Path: self, Args: []string{"probe-attack", string(told)}}}
	if uid == 0 {
		return spec, nil
	}
	return spec, os.Chown(dir, uid, uid)
}

// attacked runs the hostile program in a slot and returns what it said.
func attacked(spec Spec) ([]Layer, error) {
	read, write, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer read.Close()
	said := make(chan []byte, 1)
	go func() {
		raw, _ := io.ReadAll(io.LimitReader(read, 64<<10))
		said <- raw
	}()
	outcome, err := Run(context.Background(), spec, IO{Stdout: write, Stderr: write})
	write.Close()
	raw := <-said
	switch {
	case err != nil:
		return nil, err
	case outcome.Failure != "":
		return nil, fmt.Errorf("%w: %s", ErrUnavailable, outcome.Failure)
	}
	var layers []Layer
	if err := json.NewDecoder(bytes.NewReader(raw)).Decode(&layers); err != nil {
		return nil, fmt.Errorf("%w: the probe said %q", ErrUnavailable, raw)
	}
	return layers, nil
}

// gvisor looks at the kernel's first words, which gVisor lets everybody read outside of a slot.
func gvisor() Layer {
	const name = "gvisor"
	const readAll = 3 // SYSLOG_ACTION_READ_ALL
	words := make([]byte, 4096)
	n, err := unix.Klogctl(readAll, words)
	if err != nil {
		return Layer{Name: name, Detail: "the machine's own kernel: " + err.Error()}
	}
	if !bytes.Contains(words[:n], []byte("gVisor")) {
		return Layer{Name: name, Detail: "the machine's own kernel"}
	}
	return Layer{Name: name, Holds: true, Detail: "system calls are answered by gVisor"}
}
