package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"

	"lineage.dev/runner/internal/agent"
)

const (
	weaknessEnv = "LINEAGE_TEST_WEAKNESS"
	// commandEnv is the command that is started on the weakened machine.
	commandEnv = "LINEAGE_TEST_COMMAND"

	noNamespaces = "no namespaces"
	noLandlock   = "no landlock"
)

// onWeaker is the command on a machine that lacks something: it is started by this binary, which sees to that.
func onWeaker(t *testing.T, weakness string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := lineageRunner(t, args...)
	cmd.Path = "/proc/self/exe"
	cmd.Env = append(os.Environ(), weaknessEnv+"="+weakness, commandEnv+"="+binary)
	if weakness == noNamespaces {
		// Another user than root, which without a capability has no more rights to other users' processes and files.
		const inside = 4242
		cmd.SysProcAttr = &syscall.SysProcAttr{
			Cloneflags:  unix.CLONE_NEWUSER,
			UidMappings: []syscall.SysProcIDMap{{ContainerID: inside, HostID: os.Getuid(), Size: 1}},
			GidMappings: []syscall.SysProcIDMap{{ContainerID: inside, HostID: os.Getgid(), Size: 1}},
			AmbientCaps: []uintptr{unix.CAP_SYS_RESOURCE},
		}
	}
	return cmd
}

func weaken(weakness string) {
	var err error
	switch weakness {
	case noNamespaces:
		if err = os.WriteFile("/proc/sys/user/max_user_namespaces", []byte("0"), 0); err == nil {
			err = unix.Prctl(unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
		}
	case noLandlock:
		err = refuseLandlock()
	}
	if err == nil {
		os.Unsetenv(weaknessEnv)
		command := os.Getenv(commandEnv)
		err = syscall.Exec(command, append([]string{command}, os.Args[1:]...), os.Environ())
	}
	fmt.Fprintln(os.Stderr, "no weaker machine:", err)
	os.Exit(1)
}

// refuseLandlock answers as a kernel without it does. The filter is this thread's, and with it that of what it starts.
func refuseLandlock() error {
	runtime.LockOSThread()
	filter := []unix.SockFilter{
		{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: 0}, // the number of the call
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: unix.SYS_LANDLOCK_CREATE_RULESET, Jf: 1},
		{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ERRNO | uint32(unix.ENOSYS)},
		{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ALLOW},
	}
	program := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	return unix.Prctl(unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_FILTER, uintptr(unsafe.Pointer(&program)), 0, 0)
}

func TestServeDoesNotStartBelowItsMinimum(t *testing.T) {
	for name, c := range map[string]struct{ weakness, least, words string }{
		"full where no namespace can be made": {noNamespaces, "full", `This machine isolates programs at the level "restricted" and "full" is the least allowed: not held here: `},
		"full without Landlock":               {noLandlock, "full", `This machine isolates programs at the level "refused" and "full" is the least allowed: not held here: landlock`},
		"restricted without Landlock":         {noLandlock, "restricted", `This machine isolates programs at the level "refused" and "restricted" is the least allowed: not held here: landlock`},
	} {
		t.Run(name, func(t *testing.T) {
			socket := filepath.Join(t.TempDir(), "s")
			cmd := onWeaker(t, c.weakness, "serve", "--socket", socket, "--secret-fd", "3", "--min-level", c.least)
			cmd.ExtraFiles = []*os.File{secretFile(t)}
			var stdout, stderr bytes.Buffer
			cmd.Stdout, cmd.Stderr = &stdout, &stderr
			if status := statusOf(t, cmd.Run()); status != statusErrored || stdout.Len() > 0 || !strings.Contains(stderr.String(), c.words) {
				t.Fatalf("status %d, stdout %q, stderr %q", status, stdout.String(), stderr.String())
			}
			if _, err := os.Stat(socket); !os.IsNotExist(err) {
				t.Fatal("it listened:", err)
			}
		})
	}
}

func TestServeStartsAtItsMinimum(t *testing.T) {
	cmd := onWeaker(t, noNamespaces, "serve", "--socket", filepath.Join(t.TempDir(), "s"), "--secret-fd", "3", "--min-level", "restricted")
	cmd.ExtraFiles = []*os.File{secretFile(t)}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdout, err := cmd.Output() // It ends with its standard input, which is empty.
	if err != nil || !strings.Contains(string(stdout), `"level":"restricted"`) {
		t.Fatalf("%v, stdout %q, stderr %q", err, stdout, stderr.String())
	}
}

func TestExecRunsNothingWhereTooLittleHolds(t *testing.T) {
	cmd := onWeaker(t, noLandlock, "exec", "--json", "--dir", "testdata/exec/hello-without-newline/module")
	stdout, err := cmd.Output()
	if status := statusOf(t, err); status != statusErrored || !strings.Contains(string(stdout), "this machine isolates programs less than the configured minimum, so nothing is run: not held here: landlock") {
		t.Fatalf("status %d, stdout %q", status, stdout)
	}
}

// secretFile has a secret to be read from the start.
func secretFile(t *testing.T) *os.File {
	t.Helper()
	secret, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = secret.Close() })
	if _, err := secret.WriteAt(make([]byte, agent.SecretBytes), 0); err != nil {
		t.Fatal(err)
	}
	return secret
}
