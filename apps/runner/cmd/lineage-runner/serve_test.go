package main

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"lineage.dev/runner/internal/agent"
)

// served is a started agent that said that it is ready.
type served struct {
	cmd    *exec.Cmd
	stdin  io.WriteCloser
	stdout *bufio.Reader
	ready  map[string]string
	socket string
	// temporary is where the agent keeps its files.
	temporary string
}

func startServe(t *testing.T) served {
	t.Helper()
	// A socket's path is short on Linux, and directories of tests are not.
	dir, err := os.MkdirTemp("", "serve-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	s := served{socket: filepath.Join(dir, "s"), temporary: filepath.Join(dir, "t")}
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(s.temporary, 0o711); err != nil {
		t.Fatal(err)
	}
	secretRead, secretWrite, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer secretRead.Close()
	s.cmd = lineageRunner(t, "serve", "--socket", s.socket, "--secret-fd", "3", "--run-slots", "2", "--build-slots", "1")
	s.cmd.Env = append(os.Environ(), "TMPDIR="+s.temporary)
	s.cmd.ExtraFiles = []*os.File{secretRead}
	if s.stdin, err = s.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	stdout, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	s.stdout = bufio.NewReader(stdout)
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := secretWrite.Write(make([]byte, agent.SecretBytes)); err != nil {
		t.Fatal(err)
	}
	secretWrite.Close()
	line, err := s.stdout.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(line), &s.ready); err != nil {
		t.Fatalf("said %q: %v", line, err)
	}
	return s
}

// wantNothingLeft waits for the end and checks that it left nothing and said nothing more.
func (s served) wantNothingLeft(t *testing.T) {
	t.Helper()
	rest, err := io.ReadAll(s.stdout)
	if err != nil || len(rest) > 0 {
		t.Fatalf("said %q after it was ready, %v", rest, err)
	}
	if status := statusOf(t, s.cmd.Wait()); status != statusOK {
		t.Fatalf("status %d", status)
	}
	if _, err := os.Stat(s.socket); !os.IsNotExist(err) {
		t.Fatalf("the socket is left: %v", err)
	}
	if left, err := os.ReadDir(s.temporary); err != nil || len(left) > 0 {
		t.Fatalf("left %v, %v", left, err)
	}
}

func TestServeSaysWhatItIsOnceItListens(t *testing.T) {
	s := startServe(t)
	if s.ready["event"] != "ready" || s.ready["goVersion"] != "go1.27.4" || (s.ready["level"] != "full" && s.ready["level"] != "restricted") {
		t.Fatalf("said %v", s.ready)
	}
	if info, err := os.Stat(s.socket); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("the socket: %v, %v", info, err)
	}
	s.stdin.Close()
	s.wantNothingLeft(t)
}

func TestServeEndsWithItsParent(t *testing.T) {
	s := startServe(t)
	s.stdin.Close()
	s.wantNothingLeft(t)
}

func TestServeEndsWhenAsked(t *testing.T) {
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT} {
		t.Run(signal.String(), func(t *testing.T) {
			s := startServe(t)
			if err := s.cmd.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			s.wantNothingLeft(t)
		})
	}
}

func TestServeWithoutPreparedGoSaysWhatToDo(t *testing.T) {
	cmd := lineageRunner(t, "serve", "--socket", filepath.Join(t.TempDir(), "s"), "--secret-fd", "3", "--cache-dir", t.TempDir())
	cmd.ExtraFiles = []*os.File{secretFile(t)}
	var stderr strings.Builder
	cmd.Stderr = &stderr
	if status := statusOf(t, cmd.Run()); status != statusErrored || !strings.Contains(stderr.String(), "lineage-runner prepare") {
		t.Fatalf("status %d, stderr %q", status, stderr.String())
	}
}
