package sandbox_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"lineage.dev/runner/internal/sandbox"
)

// BenchmarkSlot runs a program that does nothing in a slot that was made before, and as it is, in turn. For each pair it
// writes a line to the file that LINEAGE_SAMPLES names: microseconds in the slot, until nothing of it is left, and without.
func BenchmarkSlot(b *testing.B) {
	report := sandbox.Probe(b.TempDir(), 0, nil, nil)
	if !report.Namespaces {
		b.Skip("slots have no namespaces here")
	}
	samples, err := os.Create(os.Getenv("LINEAGE_SAMPLES"))
	if err != nil {
		b.Skip("LINEAGE_SAMPLES names no file: ", err)
	}
	defer samples.Close()
	program := nothing(b)
	for b.Loop() {
		slotted, bare := inSlot(b, program), asItIs(b, program)
		fmt.Fprintln(samples, slotted.Microseconds(), bare.Microseconds())
	}
}

func nothing(b *testing.B) string {
	dir := b.TempDir()
	source, program := filepath.Join(dir, "main.go"), filepath.Join(dir, "program")
	if err := os.WriteFile(source, []byte("package main\n\nfunc main() {}\n"), 0o644); err != nil {
		b.Fatal(err)
	}
	build := exec.Command("go", "build", "-o", program, source)
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatal(err, string(out))
	}
	return program
}

func inSlot(b *testing.B, program string) time.Duration {
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		b.Fatal(err)
	}
	defer null.Close()
	slot, err := sandbox.Prepare(sandbox.Spec{
		ScratchDir: b.TempDir(),
		Mounts:     []sandbox.Mount{{Source: filepath.Dir(program), Target: "/bin"}},
		Limits:     sandbox.Limits{Wall: time.Minute, CPU: time.Minute, Memory: 512 << 20, Processes: 512, OpenFiles: 1024, FileSize: 64 << 20, Disk: 64 << 20},
		Namespaces: true,
	}, sandbox.IO{Stdin: null, Stdout: null, Stderr: null})
	if err != nil {
		b.Fatal(err)
	}
	// The slot is made by then.
	time.Sleep(50 * time.Millisecond)
	began := time.Now()
	outcome, err := slot.Run(b.Context(), sandbox.Order{Commands: []sandbox.Command{{Path: "/bin/program"}}})
	took := time.Since(began)
	if err != nil || outcome.Failed() || outcome.Failure != "" {
		b.Fatal(outcome, err)
	}
	return took
}

func asItIs(b *testing.B, program string) time.Duration {
	began := time.Now()
	if err := exec.Command(program).Run(); err != nil {
		b.Fatal(err)
	}
	return time.Since(began)
}
