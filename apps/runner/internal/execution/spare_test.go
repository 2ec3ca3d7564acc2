package execution

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
)

const listing = `package main

import (
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	filepath.Walk(".", func(path string, info os.FileInfo, err error) error {
		fmt.Println(path, info.IsDir())
		return nil
	})
	fmt.Println(os.WriteFile("notes/new.txt", []byte("x"), 0o600), os.Remove("main.go"), os.Args[1:])
}
`

func perform(e *Engine, start *pb.Start) (out string, end *pb.End) {
	closed := make(chan []byte)
	close(closed)
	e.Execute(context.Background(), start, closed, func(event *pb.ExecuteResponse) error {
		if output := event.GetOutput(); output != nil {
			out += string(output.Data)
		}
		if last := event.GetEnd(); last != nil {
			end = last
		}
		return nil
	})
	return out, end
}

func (e *Engine) usedSpares() int {
	e.spares.mu.Lock()
	defer e.spares.mu.Unlock()
	return e.spares.used
}

func TestSlotThatWasMadeAheadIsLikeAnyOther(t *testing.T) {
	e, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	if !e.Probe.Namespaces {
		return // There are no spares then.
	}
	start := &pb.Start{Kind: pb.RunKind_RUN_KIND_RUN, Args: []string{"one"}, Files: []*pb.SourceFile{
		{Path: "main.go", Content: []byte(listing)}, {Path: "notes/deep/a.txt", Content: []byte("a")}, {Path: "notes/b.txt"},
	}}
	var first string
	for attempt := range 3 {
		out, end := perform(e, start)
		if end.Verdict != pb.Verdict_VERDICT_PASSED {
			t.Fatal(end, out)
		}
		if attempt == 0 {
			first = out
		} else if out != first {
			t.Fatalf("with a spare %q, without %q", out, first)
		}
		if used := e.usedSpares(); used != attempt {
			t.Fatalf("attempt %d: %d spares were used", attempt, used)
		}
		e.SettleAhead()
	}
	// Other limits, an environment and files that are none need a slot of their own, or are refused.
	limited := &pb.Start{Kind: start.Kind, Files: start.Files, Args: start.Args, Limits: &pb.Limits{DiskBytes: 1 << 20}}
	if out, end := perform(e, limited); out != first || e.usedSpares() != 2 {
		t.Fatal(out, end)
	}
	e.SettleAhead()
	withEnv := &pb.Start{Kind: start.Kind, Files: start.Files, Args: start.Args, Env: map[string]string{"GOGC": "50"}}
	if out, end := perform(e, withEnv); out != first || e.usedSpares() != 2 {
		t.Fatal(out, end)
	}
}

// processIn finds the first process of a slot by a directory that is mounted in it.
func processIn(t *testing.T, dir string) int {
	t.Helper()
	mounts, err := filepath.Glob("/proc/[0-9]*/mountinfo")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range mounts {
		raw, err := os.ReadFile(path)
		if err != nil || !strings.Contains(string(raw), filepath.Base(dir)+"/bin "+visibleBin+" ") {
			continue
		}
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		if err != nil {
			t.Fatal(err)
		}
		return pid
	}
	return 0
}

func TestSpareThatWasKilledIsNoRunsSlot(t *testing.T) {
	e, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	if !e.Probe.Namespaces {
		return // There are no spares then.
	}
	start := &pb.Start{Kind: pb.RunKind_RUN_KIND_RUN, Files: []*pb.SourceFile{{Path: "main.go", Content: []byte("package main\n\nfunc main() {}\n")}}}
	if out, end := perform(e, start); end.Verdict != pb.Verdict_VERDICT_PASSED {
		t.Fatal(end, out)
	}
	e.SettleAhead()
	pid := 0
	for ; pid == 0; time.Sleep(time.Millisecond) { // Until it has entered its namespaces.
		pid = processIn(t, e.spares.ready.place.Dir)
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	for !e.spares.ready.slot.Lost() {
		time.Sleep(time.Millisecond)
	}
	if out, end := perform(e, start); end.Verdict != pb.Verdict_VERDICT_PASSED || e.usedSpares() != 0 {
		t.Fatal(end, out, e.usedSpares())
	}
}
