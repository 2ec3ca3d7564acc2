package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// agentElsewhere starts a process that stands for the agent, which is no parent of the programs of slots.
func agentElsewhere(t *testing.T) int {
	t.Helper()
	cmd := exec.Command("/proc/self/exe", "test-wait")
	said, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	// Once it prints, it is what it will be.
	if _, err := said.Read(make([]byte, 16)); err != nil {
		t.Fatal(err)
	}
	return cmd.Process.Pid
}

// TestNoLayerHoldsWithoutASlot attacks as the probe does, from a process of which nothing is kept.
func TestNoLayerHoldsWithoutASlot(t *testing.T) {
	lures, err := layOut(t.TempDir(), "bare", false)
	if err != nil {
		t.Fatal(err)
	}
	defer lures.remove()
	lures.PID = agentElsewhere(t)
	told, err := json.Marshal(prey{lures.bait, []string{"GOMAXPROCS=1"}, 64, 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("/proc/self/exe", "probe-attack", string(told))
	cmd.Dir, cmd.Env = t.TempDir(), []string{"GOMAXPROCS=1", "GORACE=atexit_sleep_ms=0"}
	said, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var layers []Layer
	if err := json.NewDecoder(bytes.NewReader(said)).Decode(&layers); err != nil || len(layers) < 17 {
		t.Fatalf("%s %v", said, err)
	}
	for _, layer := range layers {
		if layer.Holds && !slices.Contains(heldAnyway(), layer.Name) {
			t.Errorf("%s: %s", layer.Name, layer.Detail)
		}
		if want := tries()[layer.Name]; os.Getuid() == 0 && strings.Count(layer.Detail, "was allowed") < want {
			t.Errorf("%s: not each of %d tries was allowed: %s", layer.Name, want, layer.Detail)
		}
	}
}

// tries counts what is tried of layers that hold only when everything is refused.
func tries() map[string]int {
	all := map[string]int{"landlock": 3, "rlimits": 3, "shared_memory": 2, "environment": 1, "capabilities": 2}
	var core unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_CORE, &core); err != nil || core.Max != unix.RLIM_INFINITY {
		all["rlimits"]-- // Somebody else limited core dumps, and may have kept the privilege to raise it.
	}
	return all
}

// heldAnyway are the layers that somebody else keeps here.
func heldAnyway() (names []string) {
	if os.Getuid() != 0 {
		names = append(names, "capabilities", layerHostName)
	}
	if onlyLoopback() {
		names = append(names, "network_closed")
	}
	if noNewPrivs() {
		names = append(names, "no_new_privs")
	}
	return names
}

// TestNumbersOfASlotAreThoseOfItsThreads looks at the threads of the process that started us, as a program of a slot does
// at those of the slot's first process: in a small machine the agent can have such a number.
func TestNumbersOfASlotAreThoseOfItsThreads(t *testing.T) {
	threads, err := os.ReadDir(fmt.Sprintf("/proc/%d/task", os.Getppid()))
	if err != nil || len(threads) == 0 {
		t.Fatal(threads, err)
	}
	for _, thread := range threads {
		if pid, err := strconv.Atoi(thread.Name()); err != nil || !ofSlot(pid) {
			t.Errorf("thread %s is none of the slot's: %v", thread.Name(), err)
		}
	}
	if !ofSlot(unix.Gettid()) || ofSlot(agentElsewhere(t)) {
		t.Error("threads of ours are not told from those of others")
	}
}

// TestAMachineThatASlotNamedGetsItsNameBack stands for the machine, with a name of its own.
func TestAMachineThatASlotNamedGetsItsNameBack(t *testing.T) {
	if err := alone(func() error { return unix.Unshare(unix.CLONE_NEWUTS) }); err != nil {
		if err := unix.Sethostname(nil); err == nil {
			t.Fatal("the machine can be named, and no other one be made")
		}
		return // Nobody can name this machine.
	}
	err := alone(func() error {
		if err := unix.Unshare(unix.CLONE_NEWUTS); err != nil {
			return err
		}
		was, err := nameOfMachine()
		if err != nil {
			return err
		}
		if kept := was.kept([]Layer{{Name: layerHostName, Holds: true}}); len(kept) != 1 || !kept[0].Holds {
			t.Errorf("%v", kept)
		}
		if err := unix.Sethostname([]byte("slot")); err != nil {
			return err
		}
		if kept := was.kept([]Layer{{Name: layerHostName, Holds: true}}); len(kept) != 1 || kept[0].Holds {
			t.Errorf("%v", kept)
		}
		if now, err := nameOfMachine(); err != nil || now != was {
			t.Errorf("%q is named %q: %v", was, now, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
