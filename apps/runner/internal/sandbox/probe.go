package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	ll "github.com/landlock-lsm/go-landlock/landlock/syscall"
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
	secret := filepath.Join(work, "probe-secret")
	if err := os.WriteFile(secret, []byte("secret"), 0o644); err != nil {
		return nil, err
	}
	defer os.Remove(secret)
	self, err := installed.Agent()
	if err != nil {
		return nil, err
	}
	// A daemon of the machine, as the slot could meet one.
	daemon, err := net.Listen("unix", fmt.Sprintf("@lineage-probe-%d-%s", os.Getpid(), filepath.Base(dir)))
	if err != nil {
		return nil, err
	}
	defer daemon.Close()
	read, write, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer read.Close()
	spec := Spec{
		Commands:   []Command{{Path: self, Args: []string{"probe-attack", secret, fmt.Sprint(os.Getpid()), daemon.Addr().String()}}},
		ScratchDir: dir,
		Mounts:     []Mount{{Source: self, Target: self}},
		Limits:     Limits{Wall: probeWall, CPU: probeWall, Memory: 256 << 20, Processes: 64, OpenFiles: 64, FileSize: 1 << 20, Disk: 1 << 20},
		Namespaces: namespaces,
		Groups:     groups,
	}
	if uid != 0 {
		spec.UID = uid
		if err := os.Chown(dir, spec.UID, spec.UID); err != nil {
			return nil, err
		}
	}
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
	layers = append(layers, ownUser(uid), gvisor())
	if namespaces {
		return layers, nil
	}
	kept := layers[:0]
	for _, layer := range layers {
		if !strings.HasSuffix(layer.Name, "_namespace") {
			kept = append(kept, layer)
		}
	}
	return kept, nil
}

// Attack is the hostile program of the probe: it tries what each layer has to refuse and prints the layers as JSON.
func Attack(secret, agentPID, daemon string) {
	layers := []Layer{
		landlocked(secret),
		denied("mount_namespace", "read a file of the host", tryRead(secret)),
		{Name: "pid_namespace", Holds: ownNumbers() || tryRead("/proc/"+agentPID+"/cmdline") != nil, Detail: "see the agent's process"},
		{Name: "network_namespace", Holds: onlyLoopback(), Detail: "list network interfaces"},
		{Name: "network_closed", Holds: onlyLoopback() || trySocket() != nil, Detail: "open an internet socket beyond loopback"},
		denied("seccomp", "call ptrace", tryPtrace()),
		{Name: "rlimits", Holds: coreLimit() == 0, Detail: "core dumps are off"},
		{Name: "no_new_privs", Holds: noNewPrivs(), Detail: "the kernel says so"},
		{Name: "signals", Holds: ownNumbers() || trySignal(agentPID) != nil, Detail: "signal the agent"},
		denied("unix_sockets", "connect to a daemon of the machine", tryConnect(daemon)),
		denied("others_limits", "limit the agent", tryLimit(agentPID)),
		denied("uncounted_memory", "make memory that belongs to no process", tryMemoryFile()),
		{Name: "capabilities", Holds: noCapabilities(), Detail: "the kernel says that there is none, and none to be had"},
	}
	_ = json.NewEncoder(os.Stdout).Encode(layers)
}

// landlocked asks the kernel for the version of Landlock first: what a program cannot open may be closed to it for other
// reasons. secret is a file of the host that everybody may read, in a directory of the agent's.
func landlocked(secret string) Layer {
	const name = "landlock"
	version, err := ll.LandlockGetABIVersion()
	if err != nil {
		return Layer{Name: name, Detail: "the kernel has none: " + err.Error()}
	}
	read, created := tryRead(secret), tryCreate()
	if read == nil || created == nil {
		return Layer{Name: name, Detail: fmt.Sprintf("version %d: read a file of the host: %v; create a file in /: %v", version, read, created)}
	}
	return Layer{Name: name, Holds: true, Detail: fmt.Sprintf("version %d; read a file of the host: %v; create a file in /: %v", version, read, created)}
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

// ownUser is known to the agent: in a namespace users have other numbers.
func ownUser(uid int) Layer {
	if uid == 0 {
		return Layer{Name: "separate_uid", Detail: "slots run as the agent's own user, since it is not root"}
	}
	return Layer{Name: "separate_uid", Holds: true, Detail: fmt.Sprintf("the probe's slot ran as user %d", uid)}
}

// ownNumbers says whether the slot counts processes anew: then no number reaches the agent, and the agent's own number, which
// in a container is a small one, may be that of a process of the slot.
func ownNumbers() bool { return os.Getppid() == 1 }

func trySignal(pid string) error {
	process, err := strconv.Atoi(pid)
	if err != nil {
		return err
	}
	return unix.Kill(process, 0)
}

// tryLimit sets a limit of the agent to what it is.
func tryLimit(pid string) error {
	process, err := strconv.Atoi(pid)
	if err != nil {
		return err
	}
	var limit unix.Rlimit
	if err := unix.Prlimit(process, unix.RLIMIT_CORE, nil, &limit); err != nil {
		return err
	}
	return unix.Prlimit(process, unix.RLIMIT_CORE, &limit, nil)
}

func tryMemoryFile() error {
	fd, err := unix.MemfdCreate("probe", 0)
	if err == nil {
		unix.Close(fd)
	}
	return err
}

func noCapabilities() bool {
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var held [2]unix.CapUserData
	if err := unix.Capget(&header, &held[0]); err != nil {
		return false
	}
	// Inheritable ones are of use to files alone, and no_new_privs keeps those from giving any.
	for _, half := range held {
		if half.Effective != 0 || half.Permitted != 0 {
			return false
		}
	}
	for capability := range uintptr(lastCapability + 1) {
		within, err := unix.PrctlRetInt(unix.PR_CAPBSET_READ, capability, 0, 0, 0)
		if err == nil && within == 1 && os.Geteuid() == 0 {
			return false
		}
	}
	return true
}

func tryConnect(address string) error {
	connection, err := net.Dial("unix", address)
	if err == nil {
		connection.Close()
	}
	return err
}

func denied(name, tried string, err error) Layer {
	if err == nil {
		return Layer{Name: name, Detail: tried + ": was allowed"}
	}
	return Layer{Name: name, Holds: true, Detail: tried + ": " + err.Error()}
}

func tryCreate() error {
	file, err := os.Create("/lineage-probe")
	if err == nil {
		file.Close()
		_ = os.Remove("/lineage-probe")
	}
	return err
}

func tryRead(path string) error {
	_, err := os.ReadFile(path)
	return err
}

func trySocket() error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
	if err == nil {
		unix.Close(fd)
	}
	return err
}

func tryPtrace() error {
	_, _, errno := unix.Syscall(unix.SYS_PTRACE, unix.PTRACE_TRACEME, 0, 0)
	if errno == 0 {
		return nil
	}
	return errno
}

func coreLimit() uint64 {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_CORE, &limit); err != nil {
		return 1
	}
	return limit.Max
}

func noNewPrivs() bool {
	value, err := unix.PrctlRetInt(unix.PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0)
	return err == nil && value == 1
}
