package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

var update = flag.Bool("update", false, "write what exec says now as what it has to say")

// TestExecSaysWhatItSaid runs testdata/exec/*/module with the arguments beside it. Durations and places are made equal.
func TestExecSaysWhatItSaid(t *testing.T) {
	cases, err := filepath.Glob("testdata/exec/*")
	if err != nil || len(cases) == 0 {
		t.Fatal("no cases:", err)
	}
	for _, dir := range cases {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			line, err := os.ReadFile(filepath.Join(dir, "args"))
			if err != nil {
				t.Fatal(err)
			}
			args := []string{"exec", "--json", "--artifacts", t.TempDir(), "--dir", filepath.Join(dir, "module")}
			for _, arg := range words(string(line)) {
				args = append(args, strings.ReplaceAll(arg, "CHECKS", "testdata/checks"))
			}
			status, stdout, _ := perform(t, args...)
			said := fmt.Sprintf("status %d\n%s", status, settled(t, stdout))
			golden := filepath.Join(dir, "want.txt")
			if *update {
				if err := os.WriteFile(golden, []byte(said), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			wanted, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if said != string(wanted) {
				t.Fatalf("said\n%s\ninstead of\n%s", said, wanted)
			}
		})
	}
}

// words splits a line of options; the value of --args goes to the line's end.
func words(line string) []string {
	before, programs, found := strings.Cut(strings.TrimSpace(line), "--args ")
	if found {
		return append(strings.Fields(before), "--args", programs)
	}
	return strings.Fields(before)
}

// settled is stdout with the last line's JSON indented and without what differs from run to run.
func settled(t *testing.T, stdout string) string {
	t.Helper()
	lines := strings.Split(strings.TrimSuffix(stdout, "\n"), "\n")
	last := len(lines) - 1
	var r result
	decoder := json.NewDecoder(strings.NewReader(lines[last]))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&r); err != nil {
		t.Fatalf("the last line is %q: %v", lines[last], err)
	}
	r.Level = "a level"
	for name := range r.Stages {
		r.Stages[name] = 0
	}
	for i, path := range r.Artifacts {
		if info, err := os.Stat(path); err != nil || info.Size() == 0 {
			t.Errorf("artifact %s: %v", path, err)
		}
		r.Artifacts[i] = filepath.Base(path)
	}
	for _, race := range r.Races {
		for i := range race.Accesses {
			race.Accesses[i].Address, race.Accesses[i].Goroutine = "0x1", 1
		}
	}
	if r.Crash != nil {
		for i := range r.Crash.Goroutines {
			r.Crash.Goroutines[i].ID = 1
		}
	}
	delete(r.Stages, "prepare")
	if r.Quiet != nil {
		r.Noisy = false // Whoever else uses the machine decides.
	}
	r.Quiet, r.Events = nil, nil
	r.Build = built{} // A test of its own looks at it: here it depends on who built before.
	var settleTests func([]*testNode)
	settleTests = func(tests []*testNode) {
		for _, one := range tests {
			one.Ms = 0
			one.Output = settledTime.Replace(one.Output)
			settleTests(one.Tests)
		}
	}
	settleTests(r.Tests)
	var indented bytes.Buffer
	encoder := json.NewEncoder(&indented)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(r); err != nil {
		t.Fatal(err)
	}
	for i, line := range lines[:last] {
		lines[i] = settledTime.Replace(line)
	}
	return strings.Join(append(lines[:last], indented.String()), "\n")
}

// settledTime makes the tenths and hundredths of a quick test equal.
var settledTime = strings.NewReplacer("(0.01s)", "(0.00s)", "(0.02s)", "(0.00s)", "(0.03s)", "(0.00s)", "(0.04s)", "(0.00s)")

func TestCommandLinesThatAreWrongSayWhyAndRunNothing(t *testing.T) {
	module := filepath.Join("testdata", "exec", "exit-status", "module")
	for name, args := range map[string][]string{
		"no command":                {},
		"an unknown command":        {"dance"},
		"an unknown flag":           {"exec", "--dir", module, "--fast"},
		"an argument without flag":  {"exec", "--dir", module, "main.go"},
		"no directory":              {"exec"},
		"a directory that is not":   {"exec", "--dir", "testdata/none"},
		"an unknown kind":           {"exec", "--dir", module, "--kind", "walk"},
		"an unknown signal":         {"exec", "--dir", module, "--profile", "cpu,luck"},
		"a check without checks":    {"exec", "--dir", module, "--kind", "check"},
		"checks without a check":    {"exec", "--dir", module, "--checks", "testdata/checks"},
		"an unknown parameter":      {"exec", "--dir", module, "--sweep", "LUCK=1,2"},
		"a limit that is no time":   {"exec", "--dir", module, "--wall", "soon"},
		"a limit that is too short": {"exec", "--dir", module, "--wall", "1us"},
		"a limit below nothing":     {"exec", "--dir", module, "--cpu", "-1s"},
		"too many processes":        {"exec", "--dir", module, "--processes", "4294967297"},
		"input that is not there":   {"exec", "--dir", module, "--stdin", "testdata/none"},
		"serve without a socket":    {"serve", "--secret-fd", "3"},
		"serve without a secret":    {"serve", "--socket", "testdata/none/s", "--secret-fd", "99"},
		"an unknown level":          {"serve", "--socket", "testdata/none/s", "--secret-fd", "3", "--min-level", "some"},
	} {
		t.Run(name, func(t *testing.T) {
			status, stdout, stderr := perform(t, args...)
			if status != statusUsage || stdout != "" || strings.TrimSpace(stderr) == "" {
				t.Fatalf("status %d, stdout %q, stderr %q", status, stdout, stderr)
			}
		})
	}
}

func TestInterruptedExecIsCancelled(t *testing.T) {
	cmd := lineageRunner(t, "exec", "--json", "--dir", filepath.Join("testdata", "exec", "time-limit", "module"))
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	said := make([]byte, len("started\n"))
	if _, err := stdout.Read(said); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	var r result
	if err := json.NewDecoder(stdout).Decode(&r); err != nil || r.Verdict != "cancelled" {
		t.Fatalf("verdict %q, %v", r.Verdict, err)
	}
	if status := statusOf(t, cmd.Wait()); status != 5 {
		t.Fatalf("status %d", status)
	}
}

func TestWithoutPreparedGoExecSaysWhatToDo(t *testing.T) {
	status, _, stderr := perform(t, "exec", "--cache-dir", t.TempDir(), "--dir", filepath.Join("testdata", "exec", "exit-status", "module"))
	if status != statusErrored || !strings.Contains(stderr, "lineage-runner prepare") {
		t.Fatalf("status %d, stderr %q", status, stderr)
	}
}

func TestReaderThatLeavesEndsTheRunAndNothingIsLeft(t *testing.T) {
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	temporary := t.TempDir()
	// A slot's user has to reach the directory of its run.
	if err := os.Chmod(temporary, 0o711); err != nil {
		t.Fatal(err)
	}
	cmd := lineageRunner(t, "exec", "--dir", filepath.Join("testdata", "chatty"))
	cmd.Env = append(os.Environ(), "TMPDIR="+temporary)
	cmd.Stdout = write
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	write.Close()
	if _, err := read.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	read.Close()
	if status := statusOf(t, cmd.Wait()); status != statusErrored {
		t.Fatalf("status %d", status)
	}
	if left, err := os.ReadDir(temporary); err != nil || len(left) > 0 {
		t.Fatalf("left %v, %v", left, err)
	}
}

func TestExecSaysWhatBuiltTheProgram(t *testing.T) {
	for name, test := range map[string]struct {
		goMod string
		want  built
	}{
		"the fast path":  {"module lesson\n\ngo 1.27\n", built{By: "fast"}},
		"the go command": {"module lesson\n\ngo 1.21\n", built{By: "go build", Why: "the language of Go 1.21"}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			// A text that nobody built before.
			text := fmt.Sprintf("package main\n\n// %s %d\nfunc main() {}\n", dir, os.Getpid())
			for file, content := range map[string]string{"go.mod": test.goMod, "main.go": text} {
				if err := os.WriteFile(filepath.Join(dir, file), []byte(content), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			for _, want := range []built{test.want, {By: "cached"}} {
				status, stdout, stderr := perform(t, "exec", "--json", "--dir", dir)
				var r result
				if err := json.Unmarshal([]byte(stdout), &r); err != nil || status != 0 || r.Build != want {
					t.Fatalf("status %d, %+v instead of %+v, %v\n%s", status, r.Build, want, err, stderr)
				}
			}
		})
	}
}
