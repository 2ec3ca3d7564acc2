package sandbox

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/sys/unix"
)

// bait is what the agent has, and a slot must not reach.
type bait struct {
	// Secret is a file of the host that everybody may read, in a directory of the agent's.
	Secret string `json:"secret"`
	// PID is the agent's number, outside of slots.
	PID int `json:"pid"`
	// User is the agent's, as a slot counts users.
	User int `json:"user"`
	// Daemon is the abstract unix socket, and Port the address on loopback, of a daemon of the machine. Port is empty where none
	// could be had.
	Daemon string `json:"daemon"`
	Port   string `json:"port"`
	// Memory is the number of System V memory that everybody may use; noMemory where the agent was refused it.
	Memory int `json:"memory"`
}

// noMemory is no number of System V memory.
const noMemory = -1

// lures are laid out for as long as a probe lasts.
type lures struct {
	bait
	host   machineName
	shared []byte
	open   []net.Listener
}

// layOut puts them into work and below name, which nobody else has.
func layOut(work, name string, namespaces bool) (*lures, error) {
	l := &lures{bait: bait{Secret: filepath.Join(work, "probe-secret"), PID: os.Getpid(), User: os.Getuid(), Memory: noMemory}}
	if namespaces { // In a user namespace the one user is number 0, and as root there is none.
		l.User = 0
	}
	var err error
	if l.host, err = nameOfMachine(); err != nil {
		return nil, err
	}
	if err := os.WriteFile(l.Secret, []byte("secret"), 0o644); err != nil {
		return nil, err
	}
	daemon, err := net.Listen("unix", fmt.Sprintf("@lineage-%s-%d", name, os.Getpid()))
	if err != nil {
		return nil, errors.Join(err, os.Remove(l.Secret))
	}
	l.Daemon, l.open = daemon.Addr().String(), append(l.open, daemon)
	if port, err := net.Listen("tcp", "127.0.0.1:0"); err == nil {
		l.Port, l.open = port.Addr().String(), append(l.open, port)
	}
	l.share()
	return l, nil
}

// share makes memory that goes with the last process that has it: it is removed already, and still there for its number.
func (l *lures) share() {
	id, err := unix.SysvShmGet(unix.IPC_PRIVATE, os.Getpagesize(), unix.IPC_CREAT|0o666)
	if err != nil {
		return
	}
	shared, err := unix.SysvShmAttach(id, 0, 0)
	_, _ = unix.SysvShmCtl(id, unix.IPC_RMID, nil)
	if err == nil {
		l.Memory, l.shared = id, shared
	}
}

func (l *lures) remove() {
	for _, daemon := range l.open {
		daemon.Close()
	}
	if l.shared != nil {
		_ = unix.SysvShmDetach(l.shared)
	}
	_ = os.Remove(l.Secret)
}

// machineName is what the machine was called before a slot was made, whose first process names its own.
type machineName string

func nameOfMachine() (machineName, error) {
	var name unix.Utsname
	err := unix.Uname(&name)
	return machineName(unix.ByteSliceToString(name.Nodename[:])), err
}

// kept says of the layers whether the machine has its name still, and gives it back where it has another.
func (m machineName) kept(layers []Layer) []Layer {
	now, err := nameOfMachine()
	if err == nil && now == m {
		return layers
	}
	err = errors.Join(err, unix.Sethostname([]byte(m)))
	layers = slices.DeleteFunc(layers, func(l Layer) bool { return l.Name == layerHostName })
	return append(layers, Layer{Name: layerHostName, Detail: fmt.Sprintf("a slot's name was given to the machine: %q: %v", now, err)})
}

// layerHostName is that of the machine's name, which a slot tries as it is made and its program once more.
const layerHostName = "host_name"
