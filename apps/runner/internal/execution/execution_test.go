package execution_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lineage.dev/runner/internal/execution"
	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
	"lineage.dev/runner/internal/inside"
	"lineage.dev/runner/internal/installed/installedtest"
	"lineage.dev/runner/internal/toolchain"
	"lineage.dev/runner/internal/variant"
)

var engine *execution.Engine

// TestMain is also the program that the sandbox re-executes: a slot's first process is this binary.
func TestMain(m *testing.M) {
	if status, ours := inside.Dispatch(os.Args); ours {
		os.Exit(status)
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
	_, otherErr := toolchain.PrepareRelease(context.Background(), toolchain.DefaultDir(), toolchain.Previous, say)
	if err := errors.Join(raceErr, otherErr, store.Vet(context.Background(), say), prepareCross(store)); err != nil {
		fmt.Fprintln(os.Stderr, "what is prepared at its first use could not be prepared:", err)
		return 1
	}
	// A place of our own: what other agents of this machine have under way is none of these tests' business.
	own, err := os.MkdirTemp("", "lineage-execution-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, "no directory:", err)
		return 1
	}
	defer os.RemoveAll(own)
	if err := errors.Join(os.Chmod(own, 0o711), os.Setenv("TMPDIR", own)); err != nil {
		fmt.Fprintln(os.Stderr, "no directory:", err)
		return 1
	}
	bin := filepath.Join(own, "bin")
	if err := errors.Join(os.Mkdir(bin, 0o755), installedtest.Build(bin)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	made, err := execution.New(execution.Options{})
	if err != nil {
		fmt.Fprintln(os.Stderr, "no engine:", err)
		return 1
	}
	engine = made
	code := m.Run()
	if err := engine.Close(); err != nil {
		fmt.Fprintln(os.Stderr, "leftovers:", err)
		return 1
	}
	return code
}

// prepareCross compiles what the programs import that tests build for other systems.
func prepareCross(store *variant.Store) error {
	var err error
	for _, target := range []variant.Target{{OS: "windows", Arch: "amd64"}, {OS: "wasip1", Arch: "wasm"}} {
		err = errors.Join(err, store.Cross(context.Background(), target, []string{"fmt", "os", "runtime"}, func(int, int) {}))
	}
	return err
}

// heard is everything that a run said.
type heard struct {
	end         *pb.End
	out, err    string
	dropped     uint64
	diagnostics []*pb.Diagnostic
	tests       map[string]pb.TestOutcome
	artifacts   map[string][]byte
	events      []*pb.ExecuteResponse
}

func source(path, text string) *pb.SourceFile {
	return &pb.SourceFile{Path: path, Content: []byte(text)}
}

func program(text string) *pb.Start {
	return &pb.Start{Kind: pb.RunKind_RUN_KIND_RUN, Files: []*pb.SourceFile{source("go.mod", "module lesson\n\ngo 1.27\n"), source("main.go", text)}}
}

// perform runs start to its end and checks what holds for every run: seq without a gap and exactly one end, last.
func perform(t *testing.T, ctx context.Context, start *pb.Start, stdin <-chan []byte, also func(*pb.ExecuteResponse)) heard {
	t.Helper()
	if stdin == nil {
		closed := make(chan []byte)
		close(closed)
		stdin = closed
	}
	h := heard{tests: map[string]pb.TestOutcome{}, artifacts: map[string][]byte{}}
	engine.Execute(ctx, start, stdin, func(event *pb.ExecuteResponse) error {
		h.take(event)
		if also != nil {
			also(event)
		}
		return nil
	})
	for i, event := range h.events {
		if event.Seq != uint64(i+1) {
			t.Fatalf("event %d has seq %d", i+1, event.Seq)
		}
		if (event.GetEnd() != nil) != (i == len(h.events)-1) {
			t.Fatalf("event %d of %d is or is not the end", i+1, len(h.events))
		}
	}
	return h
}

func (h *heard) take(event *pb.ExecuteResponse) {
	h.events = append(h.events, event)
	switch {
	case event.GetOutput() != nil:
		h.dropped += event.GetOutput().DroppedBefore
		if event.GetOutput().Stream == pb.Stream_STREAM_STDOUT {
			h.out += string(event.GetOutput().Data)
		} else {
			h.err += string(event.GetOutput().Data)
		}
	case event.GetDiagnostic() != nil:
		h.diagnostics = append(h.diagnostics, event.GetDiagnostic())
	case event.GetTest() != nil:
		h.tests[event.GetTest().Name] = event.GetTest().Outcome
	case event.GetArtifactChunk() != nil:
		chunk := event.GetArtifactChunk()
		h.artifacts[chunk.Name] = append(h.artifacts[chunk.Name], chunk.Data...)
	case event.GetEnd() != nil:
		h.end = event.GetEnd()
	}
}

func run(t *testing.T, start *pb.Start) heard {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 90*time.Second)
	defer cancel()
	return perform(t, ctx, start, nil, nil)
}

func (h heard) want(t *testing.T, verdict pb.Verdict, limit string) {
	t.Helper()
	if h.end.Verdict != verdict || h.end.Limit != limit {
		t.Fatalf("verdict %v limit %q (%s, exit %d %s), want %v %q\nstdout: %.600s\nstderr: %.600s\ndiagnostics: %v", h.end.Verdict, h.end.Limit,
			h.end.Reason, h.end.ExitCode, h.end.ExitSignal, verdict, limit, h.out, h.err, h.diagnostics)
	}
}

func TestHelloIsPrintedAndPasses(t *testing.T) {
	h := run(t, program("package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println(\"hello\") }\n"))
	h.want(t, pb.Verdict_VERDICT_PASSED, "")
	if h.out != "hello\n" || h.end.StdoutBytes != 6 {
		t.Fatalf("printed %q, counted %d", h.out, h.end.StdoutBytes)
	}
}

func TestCompileErrorNamesFileLineAndColumn(t *testing.T) {
	h := run(t, program("package main\n\nfunc main() {\n\tvar x int = \"text\"\n}\n"))
	h.want(t, pb.Verdict_VERDICT_FAILED, "")
	if len(h.diagnostics) == 0 || h.diagnostics[0].Path != "main.go" || h.diagnostics[0].Line != 4 || h.diagnostics[0].Column == 0 {
		t.Fatalf("diagnostics %v", h.diagnostics)
	}
}

func TestImportThatNobodyHasIsExplained(t *testing.T) {
	h := run(t, program("package main\n\nimport \"github.com/some/thing\"\n\nfunc main() { thing.Do() }\n"))
	h.want(t, pb.Verdict_VERDICT_FAILED, "")
	if len(h.diagnostics) != 1 || h.diagnostics[0].Line != 3 || !strings.Contains(h.diagnostics[0].Message, "github.com/some/thing") {
		t.Fatalf("diagnostics %v", h.diagnostics)
	}
}

func TestExitStatusIsReported(t *testing.T) {
	h := run(t, program("package main\n\nimport \"os\"\n\nfunc main() { os.Exit(7) }\n"))
	h.want(t, pb.Verdict_VERDICT_FAILED, "")
	if h.end.ExitCode != 7 {
		t.Fatalf("exit %d", h.end.ExitCode)
	}
}

func TestPanicKeepsItsTraceWithCleanPaths(t *testing.T) {
	h := run(t, program("package main\n\nfunc main() {\n\tpanic(\"here\")\n}\n"))
	h.want(t, pb.Verdict_VERDICT_FAILED, "")
	if h.end.ExitCode != 2 || !strings.Contains(h.err, "main.go:4") || strings.Contains(h.err, "lineage-runner-") {
		t.Fatalf("exit %d: %s", h.end.ExitCode, h.err)
	}
}

func TestDeadlockIsFoundByTheRuntime(t *testing.T) {
	h := run(t, program("package main\n\nfunc main() {\n\t<-make(chan int)\n}\n"))
	h.want(t, pb.Verdict_VERDICT_FAILED, "")
	if !strings.Contains(h.err, "all goroutines are asleep") {
		t.Fatalf("stderr %s", h.err)
	}
}

func TestInputReachesTheProgram(t *testing.T) {
	stdin := make(chan []byte, 2)
	stdin <- []byte("Ada\n")
	close(stdin)
	h := perform(t, t.Context(), program("package main\n\nimport \"fmt\"\n\nfunc main() {\n\tvar s string\n\tfmt.Scan(&s)\n\tfmt.Println(\"hello\", s)\n}\n"), stdin, nil)
	h.want(t, pb.Verdict_VERDICT_PASSED, "")
	if h.out != "hello Ada\n" {
		t.Fatalf("printed %q", h.out)
	}
}

func TestBytesThatAreNoTextArriveAsTheyAre(t *testing.T) {
	h := run(t, program("package main\n\nimport \"os\"\n\nfunc main() { os.Stdout.Write([]byte{0xff, 0, 0xfe, 27, ']'}) }\n"))
	h.want(t, pb.Verdict_VERDICT_PASSED, "")
	if h.out != "\xff\x00\xfe\x1b]" {
		t.Fatalf("got %q", h.out)
	}
}
