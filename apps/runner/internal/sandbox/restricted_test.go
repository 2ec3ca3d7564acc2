package sandbox_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"lineage.dev/runner/internal/inside"
	"lineage.dev/runner/internal/sandbox"
)

// TestMain is also the first process of a slot, the programs in it, and a machine on which no namespace can be made.
func TestMain(m *testing.M) {
	if status, ours := inside.Dispatch(os.Args); ours {
		os.Exit(status)
	}
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case "test-wait":
			fmt.Println(os.Getpid())
			time.Sleep(time.Hour)
		case "test-leave", "test-chain":
			leaveDaemons()
			return
		case "test-signal":
			attack(os.Args[2:])
			return
		}
	}
	if os.Getenv(restrictedEnv) == "start" {
		restrict()
	}
	os.Exit(m.Run())
}

// nobody is a user id that no slot and no person has.
const nobody = 209_998

const restrictedEnv = "LINEAGE_TEST_RESTRICTED"

// restrict makes what a pod without privileges is: no more namespaces, no capability, then starts this binary again.
func restrict() {
	err := os.WriteFile("/proc/sys/user/max_user_namespaces", []byte("0"), 0)
	if err == nil {
		err = unix.Prctl(unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
	}
	if err == nil {
		os.Setenv(restrictedEnv, "inside")
		err = syscall.Exec("/proc/self/exe", os.Args, os.Environ())
	}
	fmt.Fprintln(os.Stderr, "no restricted place:", err)
	os.Exit(1)
}

// attack tries everything on the process and the sockets that it is told, and prints what was allowed.
func attack(args []string) {
	pid, err := strconv.Atoi(args[0])
	if err != nil {
		fmt.Println("bad pid", err)
		return
	}
	// Signal 0 asks for permission and reaches nobody: were it allowed, a real one would reach the whole machine.
	try := map[string]error{
		"signal": unix.Kill(pid, 0), "group": unix.Kill(-pid, 0), "first process": unix.Kill(os.Getppid(), 0),
		"trace": unix.PtraceAttach(pid),
	}
	// Whatever else runs, by any number that reaches it; our own threads have the numbers after ours.
	for other := 2; other < 1<<16; other++ {
		if unix.Kill(other, 0) == nil && unix.Tgkill(os.Getpid(), other, 0) != nil {
			try[fmt.Sprint("process ", other)] = nil
		}
	}
	for _, address := range args[1:] {
		connection, err := net.Dial("unix", address)
		if err == nil {
			connection.Close()
		}
		try["socket "+address[:1]] = err
	}
	for what, err := range try {
		if err == nil {
			fmt.Println("ALLOWED", what)
		}
	}
	fmt.Println("done")
}

// TestRestrictedPlace runs the tests below where no namespace can be made, as one user without a capability.
func TestRestrictedPlace(t *testing.T) {
	if os.Getenv(restrictedEnv) != "" {
		return
	}
	base := t.TempDir()
	// Where the test binary is, another user may not look.
	binary := filepath.Join(base, "test")
	if raw, err := os.ReadFile("/proc/self/exe"); err != nil || os.WriteFile(binary, raw, 0o755) != nil {
		t.Fatal("the test cannot be copied:", err)
	}
	cmd := exec.Command(binary, "-test.run=^TestInside", "-test.v")
	if err := errors.Join(os.Chmod(base, 0o711), os.Chmod(filepath.Dir(base), 0o711)); err != nil {
		t.Fatal(err)
	}
	cmd.Env = append(os.Environ(), restrictedEnv+"=start", "TMPDIR="+base)
	user, group := os.Getuid(), os.Getgid()
	if user == 0 { // Some user that nobody is.
		user, group = nobody, nobody
		if err := os.Chown(base, user, group); err != nil {
			t.Fatal(err)
		}
	}
	const inside = 4242
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  unix.CLONE_NEWUSER,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: inside, HostID: user, Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: inside, HostID: group, Size: 1}},
		AmbientCaps: []uintptr{unix.CAP_SYS_RESOURCE},
	}
	if os.Getuid() == 0 {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: inside, Gid: inside, NoSetGroups: true}
	}
	said, err := cmd.CombinedOutput()
	if err != nil || strings.Count(string(said), "--- PASS") < 2 {
		t.Fatalf("%v\n%s", err, said)
	}
}

func TestInsideTheProbeFindsTheRestrictedLevel(t *testing.T) {
	if os.Getenv(restrictedEnv) != "inside" {
		return
	}
	report := sandbox.Probe(t.TempDir(), 0, nil, nil)
	if report.Namespaces || report.Full() || !report.Restricted() {
		t.Fatalf("%+v", report)
	}
	wantLayers(t, report, everywhere, append([]string{"gvisor", "cgroup", "separate_uid"}, ownView...))
}

// TestInsideSlotsCannotReachOneAnother has one slot wait and another, of the same user, attack it and us.
func TestInsideSlotsCannotReachOneAnother(t *testing.T) {
	if os.Getenv(restrictedEnv) != "inside" {
		return
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	victim, victimSaid := startSlot(t, ctx, "test-wait")
	pid, err := victimSaid.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(os.TempDir(), "daemon.sock")
	for _, address := range []string{path, "@lineage-test-" + strings.TrimSpace(pid)} {
		daemon, err := net.Listen("unix", address)
		if err != nil {
			t.Fatal(err)
		}
		defer daemon.Close()
	}
	// The pid as the machine has it: without a namespace it is the same in the slot.
	attacker, attackerSaid := startSlot(t, ctx, "test-signal", strings.TrimSpace(pid), path, "@lineage-test-"+strings.TrimSpace(pid))
	said, err := io.ReadAll(attackerSaid)
	if err != nil || string(said) != "done\n" {
		t.Fatalf("%s %v", said, err)
	}
	if outcome := <-attacker; outcome.Failure != "" || outcome.ExitCode != 0 {
		t.Fatalf("%+v", outcome)
	}
	select {
	case outcome := <-victim:
		t.Fatalf("the other slot ended: %+v", outcome)
	default:
	}
	cancel()
	if outcome := <-victim; !outcome.Cancelled {
		t.Fatalf("%+v", outcome)
	}
}

func startSlot(t *testing.T, ctx context.Context, args ...string) (<-chan sandbox.Outcome, *bufio.Reader) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { read.Close() })
	spec := sandbox.Spec{
		Commands: []sandbox.Command{{Path: self, Args: args}}, ScratchDir: t.TempDir(), Mounts: []sandbox.Mount{{Source: self, Target: self}},
		Limits: sandbox.Limits{Wall: time.Minute, CPU: time.Minute, Memory: 256 << 20, Processes: 64, OpenFiles: 64, FileSize: 1 << 20, Disk: 1 << 20},
	}
	ended := make(chan sandbox.Outcome, 1)
	go func() {
		outcome, err := sandbox.Run(ctx, spec, sandbox.IO{Stdout: write, Stderr: write})
		if err != nil {
			outcome.Failure = err.Error()
		}
		write.Close()
		ended <- outcome
	}()
	return ended, bufio.NewReader(read)
}
