package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"lineage.dev/runner/internal/toolchain"
	"lineage.dev/runner/internal/variant"
)

// binary is the command as people have it: built anew, static, and started as a process.
var binary string

// TestMain is also what makes a machine weaker before the command is started in it.
func TestMain(m *testing.M) {
	if weakness := os.Getenv(weaknessEnv); weakness != "" {
		weaken(weakness)
	}
	os.Exit(runAll(m))
}

func runAll(m *testing.M) int {
	say := func(step string) { fmt.Fprintln(os.Stderr, step) }
	prepared, err := toolchain.Prepare(context.Background(), toolchain.DefaultDir(), say)
	if err != nil {
		fmt.Fprintln(os.Stderr, "the toolchain could not be prepared:", err)
		return 1
	}
	// What is else made at its first use, so that no test has to wait for it.
	store := variant.NewStore(toolchain.DefaultDir(), prepared)
	_, raceErr := store.Race(context.Background(), say)
	if err := errors.Join(raceErr, store.Vet(context.Background(), say)); err != nil {
		fmt.Fprintln(os.Stderr, "what is prepared at its first use could not be prepared:", err)
		return 1
	}
	dir, err := os.MkdirTemp("", "lineage-command-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	binary = filepath.Join(dir, "lineage-runner")
	build := exec.Command("go", "build", "-trimpath", "-o", binary, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	// A slot's user starts the binary, so its directory is open to all.
	if said, err := build.CombinedOutput(); err != nil || os.Chmod(dir, 0o711) != nil {
		fmt.Fprintf(os.Stderr, "the command could not be built: %v\n%s", err, said)
		return 1
	}
	return m.Run()
}

// lineageRunner is the command with arguments, not yet started. It is killed when the test ends.
func lineageRunner(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	return exec.CommandContext(ctx, binary, args...)
}

// perform runs the command to its end.
func perform(t *testing.T, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	cmd := lineageRunner(t, args...)
	var out, err bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &err
	return statusOf(t, cmd.Run()), out.String(), err.String()
}

func statusOf(t *testing.T, err error) int {
	t.Helper()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit):
		return exit.ExitCode()
	default:
		t.Fatal(err)
		return -1
	}
}
