package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"syscall"

	ll "github.com/landlock-lsm/go-landlock/landlock/syscall"
	"golang.org/x/sys/unix"
)

// prey is all that the hostile program of the probe is told: what to reach, and what it has itself.
type prey struct {
	Bait bait `json:"bait"`
	// Env is the whole environment that it was given.
	Env       []string `json:"env"`
	OpenFiles int      `json:"openFiles"`
	FileSize  uint64   `json:"fileSize"`
}

// Attack is the hostile program of the probe: it tries what each layer has to refuse and prints the layers as JSON. told
// is what its slot is, see probeSpec.
func Attack(told string) error {
	var p prey
	if err := json.Unmarshal([]byte(told), &p); err != nil {
		return err
	}
	signal.Ignore(syscall.SIGXFSZ) // Then the answer is an error.
	b := p.Bait
	layers := []Layer{
		landlocked(b.Secret),
		denied("mount_namespace", "read a file of the host", tryRead(b.Secret)),
		denied("pid_namespace", "find the agent's process", tryFind(b.PID)),
		denied("network_namespace", "connect to a port of the machine, or see another interface than loopback", tryPort(b.Port)),
		denied("network_closed", "open an internet socket beyond loopback", tryBeyond()),
		denied("seccomp", "call ptrace", tryPtrace()),
		allDenied("rlimits",
			try{"have more open files", tryOpen(p.OpenFiles)},
			try{"write a larger file", tryWriteAt(int64(p.FileSize))},
			try{"raise the limit of core dumps", tryRaise(unix.RLIMIT_CORE)}),
		// There is no program here that could give a privilege: the kernel's word is all there is to ask for.
		{Name: "no_new_privs", Holds: noNewPrivs(), Detail: "the kernel says so"},
		denied("signals", "signal the agent", trySignal(b.PID)),
		denied("unix_sockets", "connect to a daemon of the machine", tryConnect(b.Daemon)),
		denied("others_limits", "limit the agent", tryLimit(b.PID)),
		denied("uncounted_memory", "make memory that belongs to no process", tryMemoryFile()),
		denied(layerHostName, "name the machine", tryName()),
		shared(b.Memory),
		environment(p),
		capabilities(),
		denied("separate_uid", "become the agent's user", tryBecome(b.User)),
	}
	return json.NewEncoder(os.Stdout).Encode(layers)
}

// try is something that was tried, and the error that refused it; nil when nothing did.
type try struct {
	what string
	err  error
}

func denied(name, tried string, err error) Layer { return allDenied(name, try{tried, err}) }

// allDenied holds when each of the tries was refused.
func allDenied(name string, tries ...try) Layer {
	layer := Layer{Name: name, Holds: true}
	for i, one := range tries {
		if i > 0 {
			layer.Detail += "; "
		}
		if one.err == nil {
			layer.Holds = false
			layer.Detail += one.what + ": was allowed"
		} else {
			layer.Detail += one.what + ": " + one.err.Error()
		}
	}
	return layer
}

// landlocked asks the kernel for the version of Landlock first: what a program cannot open may be closed to it for other
// reasons. Its own name in /proc is closed for no other.
func landlocked(secret string) Layer {
	const name = "landlock"
	version, err := ll.LandlockGetABIVersion()
	if err != nil {
		return Layer{Name: name, Detail: "the kernel has none: " + err.Error()}
	}
	layer := allDenied(name, try{"read a file of the host", tryRead(secret)}, try{"create a file in /", tryCreate()}, try{"open a file of /proc to write", tryRename()})
	layer.Detail = fmt.Sprintf("version %d; %s", version, layer.Detail)
	return layer
}

func shared(memory int) Layer {
	const name = "shared_memory"
	if memory == noMemory {
		return denied(name, "make System V memory, which the agent could not", tryMakeShared())
	}
	return allDenied(name, try{"use System V memory of the machine", tryShared(memory)}, try{"find it in /proc", tryListShared(memory)})
}

// environment is what the program was given, and no more, whatever the agent and the slot's first process have.
func environment(p prey) Layer {
	layer := denied("environment", "read the agent's", tryEnviron(p.Bait.PID))
	if own := os.Environ(); !slices.Equal(own, p.Env) {
		layer.Holds = false
		layer.Detail += fmt.Sprintf("; %d settings were given, and there are %d", len(p.Env), len(own))
	}
	return layer
}

// capabilities asks the kernel too: of most capabilities no use is left that could be tried.
func capabilities() Layer {
	layer := allDenied("capabilities",
		try{"change its groups", alone(func() error { return call(unix.SYS_SETGROUPS, 0, 0, 0) })},
		try{"make a device", tryDevice()})
	if !noCapabilities() {
		layer.Holds = false
		layer.Detail += "; the kernel says that there is one, or one to be had"
	}
	return layer
}

// alone runs f on a thread that ends with it: what it changes is the thread's own.
func alone(f func() error) error {
	done := make(chan error)
	go func() {
		runtime.LockOSThread() // Never unlocked.
		done <- f()
	}()
	return <-done
}

// call is a call of the kernel itself, which changes one thread; the library's would change all.
func call(number, a, b, c uintptr) error {
	if _, _, errno := unix.RawSyscall(number, a, b, c); errno != 0 {
		return errno
	}
	return nil
}

// errOwnNumber says that the agent's number is that of a process of the slot, which counts anew.
var errOwnNumber = errors.New("its number is that of a process here")

// ofSlot says whether a number is that of a process or thread of this slot: of ourselves, or of its first process, our
// parent. The kernel looks whose thread it is before it looks whether we may signal it.
func ofSlot(pid int) bool {
	for _, process := range []int{os.Getpid(), os.Getppid()} {
		if err := unix.Tgkill(process, pid, 0); !errors.Is(err, unix.ESRCH) {
			return true
		}
	}
	return false
}
