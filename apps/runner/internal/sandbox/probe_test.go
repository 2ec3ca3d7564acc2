package sandbox_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"lineage.dev/runner/internal/sandbox"
)

// everywhere are the layers that hold in every set-up but gVisor's, which has others.
var everywhere = []string{"landlock", "network_closed", "seccomp", "rlimits", "no_new_privs", "signals", "unix_sockets", "others_limits",
	"uncounted_memory", "host_name", "shared_memory", "environment", "capabilities"}

var ownView = []string{"mount_namespace", "pid_namespace", "network_namespace"}

// wantLayers compares the layers that hold, and those that do not.
func wantLayers(t *testing.T, report sandbox.Report, held, missing []string) {
	t.Helper()
	var holds, lacks []string
	for _, layer := range report.Layers {
		if layer.Holds {
			holds = append(holds, layer.Name)
		} else {
			lacks = append(lacks, layer.Name)
		}
	}
	for _, names := range []*[]string{&holds, &lacks, &held, &missing} {
		*names = slices.Sorted(slices.Values(*names))
	}
	if !slices.Equal(holds, held) || !slices.Equal(lacks, missing) {
		t.Errorf("%+v\nheld: %v, want %v\nnot held: %v, want %v", report, holds, held, lacks, missing)
	}
}

// TestTheProbeFindsWhatASlotHolds is for root, and started again for another user.
func TestTheProbeFindsWhatASlotHolds(t *testing.T) {
	user := 0
	if os.Getuid() == 0 {
		user = nobody
	}
	held, missing := everywhere, []string{"gvisor", "cgroup"}
	if user != 0 {
		held = append(slices.Clone(held), "separate_uid")
	} else {
		missing = append(missing, "separate_uid")
	}
	report := sandbox.Probe(t.TempDir(), user, nil, nil)
	if report.Namespaces {
		held = slices.Concat(held, ownView)
	} else {
		missing = append(missing, ownView...)
	}
	wantLayers(t, report, held, missing)
	if report.Full() != report.Namespaces || !report.Restricted() {
		t.Errorf("%+v", report)
	}
}

// TestTheProbeFindsWhatASlotOfAUserHolds needs no second look where we are no root.
func TestTheProbeFindsWhatASlotOfAUserHolds(t *testing.T) {
	if os.Getuid() != 0 {
		return
	}
	base := t.TempDir()
	binary := filepath.Join(base, "test")
	raw, err := os.ReadFile("/proc/self/exe")
	err = errors.Join(err, os.WriteFile(binary, raw, 0o755), os.Chmod(base, 0o711), os.Chmod(filepath.Dir(base), 0o711), os.Chown(base, nobody, nobody))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(binary, "-test.run=^TestTheProbeFindsWhatASlotHolds$", "-test.v")
	cmd.Dir, cmd.Env = base, append(os.Environ(), "TMPDIR="+base)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	said, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(said), "--- PASS") {
		t.Fatalf("%v\n%s", err, said)
	}
}
