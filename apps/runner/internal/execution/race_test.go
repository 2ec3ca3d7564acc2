package execution_test

import (
	"strings"
	"testing"

	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
)

const racy = `package main

import (
	"fmt"
	"sync"
)

func main() {
	var group sync.WaitGroup
	n := 0
	for range 2 {
		group.Add(1)
		go func() {
			n++
			group.Done()
		}()
	}
	group.Wait()
	fmt.Println("done")
}
`

func race(text string) *pb.Start {
	start := program(text)
	start.Kind = pb.RunKind_RUN_KIND_RACE
	return start
}

func (h heard) races() []*pb.Race {
	var all []*pb.Race
	for _, event := range h.events {
		if race := event.GetRace(); race != nil {
			all = append(all, race)
		}
	}
	return all
}

func TestRaceIsFoundWithBothStacksInTheWorkspace(t *testing.T) {
	h := run(t, race(racy))
	h.want(t, pb.Verdict_VERDICT_FAILED, "")
	if h.end.ExitCode != 66 || !strings.Contains(h.end.Reason, "data race") || h.out != "done\n" {
		t.Fatalf("exit %d, %q, said %q", h.end.ExitCode, h.end.Reason, h.out)
	}
	races := h.races()
	if len(races) == 0 {
		t.Fatalf("no race in %s", h.err)
	}
	for _, access := range races[0].Accesses {
		frame := access.Stack.Frames[0]
		if frame.Path != "main.go" || frame.Line != 14 || !frame.InWorkspace || frame.Function != "main.main.func1" {
			t.Errorf("%v", frame)
		}
		created := access.Created.Frames
		if len(created) != 1 || created[0].Path != "main.go" || created[0].Line != 13 || !created[0].InWorkspace {
			t.Errorf("created %v", created)
		}
	}
}

func TestRaceRunOfAnOrderedProgramPasses(t *testing.T) {
	h := run(t, race(strings.ReplaceAll(strings.Replace(racy, "n := 0", "n, lock := 0, sync.Mutex{}", 1), "n++", "lock.Lock(); n++; lock.Unlock()")))
	h.want(t, pb.Verdict_VERDICT_PASSED, "")
	if len(h.races()) != 0 {
		t.Fatal(h.races())
	}
}

func TestRaceInATestFailsThatTest(t *testing.T) {
	start := race("package lesson\n\nfunc Add(n *int) { *n++ }\n")
	start.Files = append(start.Files, source("add_test.go", `package lesson

import (
	"sync"
	"testing"
)

func TestAdd(t *testing.T) {
	var group sync.WaitGroup
	n := 0
	for range 2 {
		group.Go(func() { Add(&n) })
	}
	group.Wait()
}

func TestOther(t *testing.T) {}
`))
	h := run(t, start)
	h.want(t, pb.Verdict_VERDICT_FAILED, "")
	if h.tests["TestAdd"] != pb.TestOutcome_TEST_OUTCOME_FAILED || h.tests["TestOther"] != pb.TestOutcome_TEST_OUTCOME_PASSED || len(h.races()) == 0 {
		t.Fatalf("tests %v, races %v\n%s", h.tests, h.races(), h.err)
	}
}

func TestRaceRunCannotReachTheNetworkOrTheHost(t *testing.T) {
	for name, attempt := range map[string]string{
		"read the shadow file": `_, err := os.ReadFile("/etc/shadow"); return err`,
		"reach the network":    `c, err := net.DialTimeout("tcp", "192.0.2.1:80", 2*time.Second); if err == nil { c.Close() }; return err`,
		"list the libraries":   `entries, err := os.ReadDir("/usr/lib"); if err == nil && len(entries) > 4 { return nil }; return os.ErrPermission`,
	} {
		t.Run(name, func(t *testing.T) {
			h := run(t, race(breakOut+"\t"+attempt+"\n}\n"))
			h.want(t, pb.Verdict_VERDICT_PASSED, "")
			if !strings.HasPrefix(h.out, "refused:") {
				t.Fatalf("said %q", h.out)
			}
		})
	}
}

func (h heard) crash() *pb.Crash {
	for _, event := range h.events {
		if crash := event.GetCrash(); crash != nil {
			return crash
		}
	}
	return nil
}

func TestCrashIsToldAsGoroutinesWithLines(t *testing.T) {
	h := run(t, program("package main\n\nimport \"os\"\n\nfunc fail(m map[string]int) { m[\"a\"] = 1 }\n\nfunc main() {\n\tos.Stderr.WriteString(\"words \\xff\\n\")\n\tfail(nil)\n}\n"))
	h.want(t, pb.Verdict_VERDICT_FAILED, "")
	crash := h.crash()
	if crash == nil || crash.Kind != "panic" || crash.Message != "assignment to entry in nil map" || len(crash.Goroutines) != 1 {
		t.Fatalf("%v", crash)
	}
	var lines []uint32
	for _, frame := range crash.Goroutines[0].Stack.Frames {
		if frame.InWorkspace {
			lines = append(lines, frame.Line)
		}
	}
	if len(lines) != 2 || lines[0] != 5 || lines[1] != 9 {
		t.Fatalf("lines %v of %v", lines, crash)
	}
}

func TestDeadlockIsToldAsACrash(t *testing.T) {
	h := run(t, program("package main\n\nfunc main() {\n\tgo func() { select {} }()\n\t<-make(chan int)\n}\n"))
	h.want(t, pb.Verdict_VERDICT_FAILED, "")
	crash := h.crash()
	if crash == nil || crash.Kind != "fatal error" || len(crash.Goroutines) == 0 || crash.Goroutines[0].State != "chan receive" {
		t.Fatalf("%v", crash)
	}
}

func TestProgramThatEndsWellHasNoCrash(t *testing.T) {
	h := run(t, program("package main\n\nfunc main() { defer func() { recover() }(); panic(1) }\n"))
	h.want(t, pb.Verdict_VERDICT_PASSED, "")
	if h.crash() != nil {
		t.Fatal(h.crash())
	}
}
