package execution_test

import (
	"fmt"
	"hash/fnv"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
)

const coveredMain = `package lesson

import "lesson/deep"

var early = deep.Double(1) // Counted before any test.

func sign(n int) string {
	if n < 0 {
		return "negative"
	}
	for range n {
		deep.Double(n)
	}
	return "positive"
}

func Unused() int { return early }
`

const coveredDeep = "package deep\n\n// Double is never wrong.\nfunc Double(n int) int {\n\treturn 2 * n\n}\n"

// coverageOf runs tests with these statements in both ways and says what of the module they ran, line by line.
func coverageOf(t *testing.T, goMod, statements string, limits *pb.Limits) (heard, map[string]string) {
	t.Helper()
	nonce := fmt.Sprintf("\n// %d %d\n", os.Getpid(), time.Now().UnixNano())
	h := run(t, &pb.Start{Kind: pb.RunKind_RUN_KIND_TEST, Testing: &pb.TestOptions{Coverage: true}, Limits: limits, Files: []*pb.SourceFile{
		source("go.mod", "module lesson\n\ngo 1.27\n"+goMod+nonce), source("sign.go", coveredMain), source("deep/deep.go", coveredDeep),
		source("lesson_test.go", "package lesson\n\nimport (\n\t\"os\"\n\t\"syscall\"\n\t\"testing\"\n)\n\nvar _ = os.Exit\nvar _ = syscall.Kill\n\nfunc TestSign(t *testing.T) {\n"+statements+"\n}\n"),
	}})
	lines := map[string]string{}
	for _, event := range h.events {
		if c := event.GetCoverage(); c != nil {
			if _, twice := lines[c.Path]; twice {
				t.Errorf("%s is told twice", c.Path)
			}
			var words []string
			for _, b := range c.Blocks {
				words = append(words, fmt.Sprintf("%d-%d:%d", b.StartLine, b.EndLine, b.Count))
			}
			lines[c.Path] = c.Package + " " + strings.Join(words, " ")
		}
	}
	return h, lines
}

func TestCoverageIsCountedInBothWaysAndKeptHoweverTheRunEnds(t *testing.T) {
	const once = "lesson 8-8:1 9-9:0 11-11:1 12-12:3 14-14:1 17-17:0"
	for name, c := range map[string]struct {
		statements string
		verdict    pb.Verdict
		limits     *pb.Limits
	}{
		"passes":       {"sign(3)", pb.Verdict_VERDICT_PASSED, nil},
		"fails":        {"sign(3)\nt.Fatal()", pb.Verdict_VERDICT_FAILED, nil},
		"exits":        {"sign(3)\nos.Exit(3)", pb.Verdict_VERDICT_FAILED, nil},
		"panics":       {"sign(3)\ngo func() { panic(1) }()\nselect {}", pb.Verdict_VERDICT_FAILED, nil},
		"kills itself": {"sign(3)\nsyscall.Kill(syscall.Getpid(), syscall.SIGKILL)", pb.Verdict_VERDICT_FAILED, nil},
		"is asleep":    {"sign(3)\nselect {}", pb.Verdict_VERDICT_FAILED, nil},
		"never ends":   {"sign(3)\nfor { syscall.Getpid() }", pb.Verdict_VERDICT_TIMED_OUT, &pb.Limits{WallMs: 700}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for way, goMod := range map[string]string{"fast": "", "go build": "\ngodebug default=go1.27\n"} {
				h, lines := coverageOf(t, goMod, c.statements, c.limits)
				h.want(t, c.verdict, "")
				if by, why := h.builtBy(); by != way {
					t.Errorf("built by %q, %s, want %q", by, why, way)
				}
				if lines["sign.go"] != once || lines["deep/deep.go"] != "lesson/deep 5-5:4" || len(lines) != 2 {
					t.Errorf("%s: %v", way, lines)
				}
			}
		})
	}
}

func TestCoverageSaysWhichTextItIsOf(t *testing.T) {
	h, _ := coverageOf(t, "", "sign(1)", nil)
	for _, event := range h.events {
		if c := event.GetCoverage(); c != nil && c.Path == "deep/deep.go" {
			var want []uint32
			for _, line := range strings.Split(coveredDeep, "\n") {
				sum := fnv.New32a()
				sum.Write([]byte(line))
				want = append(want, sum.Sum32())
			}
			if !slices.Equal(c.LineSums, want) {
				t.Fatal(c.LineSums, want)
			}
			return
		}
	}
	t.Fatal("nothing is told")
}

// What a program does to its counters can make them wrong, and nothing else.
func TestForgedCountersAreNumbers(t *testing.T) {
	h, lines := coverageOf(t, "", `
	for fd := 3; fd < 20; fd++ {
		syscall.Ftruncate(fd, 0)
		syscall.Ftruncate(fd, 1<<40)
		syscall.Pwrite(fd, []byte{255, 255, 255, 255}, 0)
		syscall.Close(fd)
	}
	sign(1)`, nil)
	// It was the most that there is when it was counted once more.
	if len(lines) != 2 || lines["deep/deep.go"] != "lesson/deep 5-5:0" || !strings.HasPrefix(lines["sign.go"], "lesson 8-8:1 ") {
		t.Fatal(h.end, lines)
	}
}

func TestWhatDoesNotCompileIsSaidOfTheTextAsItIs(t *testing.T) {
	h := run(t, &pb.Start{Kind: pb.RunKind_RUN_KIND_TEST, Testing: &pb.TestOptions{Coverage: true}, Files: []*pb.SourceFile{
		source("go.mod", "module lesson\n\ngo 1.27\n"),
		source("a.go", "package lesson\n\nfunc f() { if true { nothing() } }\n"),
		source("a_test.go", "package lesson\n\nimport \"testing\"\n\nfunc TestA(t *testing.T) { f() }\n"),
	}})
	h.want(t, pb.Verdict_VERDICT_FAILED, "")
	if len(h.diagnostics) != 1 || h.diagnostics[0].Path != "a.go" || h.diagnostics[0].Line != 3 || h.diagnostics[0].Column != 22 {
		t.Fatal(h.diagnostics)
	}
}

func TestOnlyTestsCountCoverage(t *testing.T) {
	start := tested(pb.RunKind_RUN_KIND_BENCH, "", &pb.TestOptions{Coverage: true})
	run(t, start).want(t, pb.Verdict_VERDICT_ERRORED, "")
}
