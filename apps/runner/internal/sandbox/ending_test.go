package sandbox_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"lineage.dev/runner/internal/sandbox"
)

// slotUser is a user id that no slot and no person has.
const slotUser = 209_997

// chains are left behind, and so many links of them have come and gone before whoever left them ends.
const (
	chains = 3
	links  = 30
)

// leaveDaemons starts processes with sessions of their own which outlive this one, and chains of short ones. Each link of
// a chain says so on its descriptor 3.
func leaveDaemons() {
	start := func(how string, says *os.File) {
		cmd := exec.Command("/proc/self/exe", how)
		cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
		cmd.ExtraFiles = []*os.File{says}
		_ = cmd.Start()
	}
	switch os.Args[1] {
	case "test-leave":
		heard, says, err := os.Pipe()
		if err != nil {
			os.Exit(1)
		}
		for range chains {
			start("test-wait", nil)
			start("test-chain", says)
		}
		says.Close()
		if _, err := io.CopyN(io.Discard, heard, links); err != nil {
			os.Exit(1)
		}
	case "test-chain":
		says := os.NewFile(3, "says")
		_, _ = says.Write([]byte{'.'})
		start("test-chain", says)
	}
}

// processesOf lists what a user runs.
func processesOf(uid int) []string {
	var found []string
	statuses, _ := filepath.Glob("/proc/[0-9]*/status")
	for _, path := range statuses {
		raw, err := os.ReadFile(path)
		if err == nil && strings.Contains(string(raw), fmt.Sprintf("\nUid:\t%d\t", uid)) && !strings.Contains(string(raw), "\nState:\tZ") {
			found = append(found, path)
		}
	}
	return found
}

// TestNothingOutlivesASlotWithoutNamespaces is about agents of root on machines that refuse namespaces: what a slot's user
// left is ended by a signal to that user. The attack suite has the slots of other agents.
func TestNothingOutlivesASlotWithoutNamespaces(t *testing.T) {
	if os.Getuid() != 0 {
		return
	}
	self := filepath.Join(t.TempDir(), "program")
	raw, err := os.ReadFile("/proc/self/exe")
	if err != nil || os.WriteFile(self, raw, 0o755) != nil {
		t.Fatal(err)
	}
	scratch := t.TempDir()
	for _, dir := range []string{filepath.Dir(self), scratch, filepath.Dir(scratch)} {
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	outcome, err := sandbox.Run(context.Background(), sandbox.Spec{
		Commands: []sandbox.Command{{Path: self, Args: []string{"test-leave"}}}, ScratchDir: scratch, UID: slotUser,
		Mounts: []sandbox.Mount{{Source: filepath.Dir(self), Target: filepath.Dir(self)}},
		Limits: sandbox.Limits{Wall: time.Minute, CPU: time.Minute, Memory: 1 << 30, Processes: 200, OpenFiles: 64, FileSize: 1 << 20, Disk: 1 << 20},
	}, sandbox.IO{})
	if err != nil || outcome.Failure != "" || outcome.ExitCode != 0 {
		t.Fatalf("%+v %v", outcome, err)
	}
	if left := processesOf(slotUser); len(left) > 0 {
		t.Errorf("left %v", left)
		for _, path := range left { // So that the machine on which this fails is rid of them.
			if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(path))); err == nil {
				_ = syscall.Kill(pid, syscall.SIGKILL)
			}
		}
	}
}
