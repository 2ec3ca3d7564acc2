package execution_test

import (
	"bytes"
	"testing"

	"github.com/google/pprof/profile"

	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
)

const checks = "package main\n\nimport \"testing\"\n\nfunc TestDouble(t *testing.T) {\n\tt.Run(\"two\", func(t *testing.T) {\n\t\tif Double(2) != 4 {\n\t\t\tt.Fatal(\"not 4\")\n\t\t}\n\t})\n}\n"

func check(learner string) *pb.Start {
	start := program(learner)
	start.Kind = pb.RunKind_RUN_KIND_CHECK
	start.CheckFiles = []*pb.SourceFile{source("double_test.go", checks)}
	start.RequiredTests = []string{"TestDouble"}
	return start
}

func TestCheckPassesForRightCodeAndFailsForWrongCode(t *testing.T) {
	h := run(t, check("package main\n\nfunc Double(n int) int { return 2 * n }\n\nfunc main() {}\n"))
	h.want(t, pb.Verdict_VERDICT_PASSED, "")
	if h.tests["TestDouble"] != pb.TestOutcome_TEST_OUTCOME_PASSED || h.tests["TestDouble/two"] != pb.TestOutcome_TEST_OUTCOME_PASSED || !h.end.SelfReported {
		t.Fatalf("tests %v, self-reported %v", h.tests, h.end.SelfReported)
	}
	h = run(t, check("package main\n\nfunc Double(n int) int { return n + 1 }\n\nfunc main() {}\n"))
	h.want(t, pb.Verdict_VERDICT_FAILED, "")
	if h.tests["TestDouble"] != pb.TestOutcome_TEST_OUTCOME_FAILED {
		t.Fatalf("tests %v", h.tests)
	}
}

// wordThief looks for the secret word on every descriptor before the test binary itself can have read it.
const wordThief = `package main

import (
	"fmt"
	"os"
	"strings"
	"time"
)

func init() {
	words := make(chan string, 10)
	for fd := 3; fd < 12; fd++ {
		go func() {
			f, err := os.Open(fmt.Sprintf("/proc/self/fd/%d", fd))
			if err != nil {
				return
			}
			b := make([]byte, 64)
			if n, _ := f.Read(b); n > 0 {
				words <- strings.TrimSpace(string(b[:n]))
			}
		}()
	}
	select {
	case word := <-words:
		for fd := 3; fd < 12; fd++ {
			if f, err := os.OpenFile(fmt.Sprintf("/proc/self/fd/%d", fd), os.O_WRONLY, 0); err == nil {
				fmt.Fprintf(f, "%s passed TestDouble 1\n%s finished 0\n", word, word)
			}
		}
		os.Exit(0)
	case <-time.After(time.Second):
	}
}

func Double(n int) int { return 0 }

func main() {}
`

func TestForgedChecksFail(t *testing.T) {
	forgeries := map[string]string{
		"leaving in init":            "package main\n\nimport (\n\t\"fmt\"\n\t\"os\"\n)\n\nfunc init() {\n\tfmt.Println(\"=== RUN   TestDouble\\n--- PASS: TestDouble (0.00s)\\nPASS\")\n\tos.Exit(0)\n}\n\nfunc Double(n int) int { return 0 }\n\nfunc main() {}\n",
		"leaving in the function":    "package main\n\nimport (\n\t\"fmt\"\n\t\"os\"\n)\n\nfunc Double(n int) int {\n\tfmt.Println(\"--- PASS: TestDouble (0.00s)\\nPASS\")\n\tos.Exit(0)\n\treturn 0\n}\n\nfunc main() {}\n",
		"leaving the goroutine only": "package main\n\nimport \"runtime\"\n\nfunc Double(n int) int {\n\truntime.Goexit()\n\treturn 0\n}\n\nfunc main() {}\n",
		"writing to low descriptors": "package main\n\nimport (\n\t\"fmt\"\n\t\"os\"\n)\n\nfunc Double(n int) int {\n\tfor fd := range 10 {\n\t\tif f, err := os.OpenFile(fmt.Sprintf(\"/proc/self/fd/%d\", fd), os.O_WRONLY, 0); err == nil {\n\t\t\tfmt.Fprintln(f, \"guess passed TestDouble 1\\nguess finished 0\")\n\t\t}\n\t}\n\tos.Exit(0)\n\treturn 0\n}\n\nfunc main() {}\n",
	}
	forgeries["reading the word first"] = wordThief
	for name, forgery := range forgeries {
		t.Run(name, func(t *testing.T) { run(t, check(forgery)).want(t, pb.Verdict_VERDICT_FAILED, "") })
	}
}

func TestOwnTestMainOfALearnerDoesNotDecideACheck(t *testing.T) {
	start := check("package main\n\nfunc Double(n int) int { return 0 }\n\nfunc main() {}\n")
	start.Files = append(start.Files, source("mine_test.go", "package main\n\nimport (\n\t\"os\"\n\t\"testing\"\n)\n\nfunc TestMain(m *testing.M) { os.Exit(0) }\n"))
	run(t, start).want(t, pb.Verdict_VERDICT_FAILED, "")
}

func TestGradedCodeMayNotReachIntoTheBinary(t *testing.T) {
	for name, line := range map[string]string{
		"unsafe": "import _ \"unsafe\"", "syscall": "import _ \"syscall\"",
		"linkname":           "import _ \"unsafe\"\n\n//go:linkname exit os.runtime_beforeExit\nfunc exit()",
		"os.NewFile":         "import \"os\"\n\nvar F = os.NewFile(3, \"x\")",
		"os.NewFile renamed": "import o \"os\"\n\nvar F = o.NewFile(3, \"x\")",
		"os.NewFile twice":   "import (\n\t\"os\"\n\n\to \"os\"\n)\n\nvar F, G = os.NewFile(3, \"x\"), o.Stdout",
		"os.NewFile dotted":  "import . \"os\"\n\nvar F = NewFile(3, \"x\")",
	} {
		t.Run(name, func(t *testing.T) {
			h := run(t, check("package main\n\n"+line+"\n\nfunc Double(n int) int { return 2 * n }\n\nfunc main() {}\n"))
			h.want(t, pb.Verdict_VERDICT_FAILED, "")
			if len(h.diagnostics) == 0 {
				t.Fatal("no diagnostic")
			}
		})
	}
}

func TestCheckFilesAreNoFilesOfTheSlot(t *testing.T) {
	h := run(t, check("package main\n\nimport \"os\"\n\nfunc Double(n int) int {\n\tif _, err := os.Stat(\"double_test.go\"); err == nil {\n\t\treturn 0\n\t}\n\treturn 2 * n\n}\n\nfunc main() {}\n"))
	h.want(t, pb.Verdict_VERDICT_PASSED, "")
}

func TestExternalTestsAndInnerPackagesAreBuilt(t *testing.T) {
	start := program("package main\n\nimport \"lesson/internal/sum\"\n\nfunc Total() int { return sum.Of(1, 2) }\n\nfunc main() {}\n")
	start.Kind = pb.RunKind_RUN_KIND_TEST
	start.Files = append(start.Files,
		source("internal/sum/sum.go", "package sum\n\nfunc Of(a, b int) int { return a + b }\n"),
		source("outer_test.go", "package main_test\n\nimport (\n\t\"testing\"\n\n\t\"lesson/internal/sum\"\n)\n\nfunc TestSum(t *testing.T) {\n\tif sum.Of(1, 2) != 3 {\n\t\tt.Fatal()\n\t}\n}\n\nfunc BenchmarkSum(b *testing.B) {\n\tfor b.Loop() {\n\t\tsum.Of(1, 2)\n\t}\n}\n"))
	h := run(t, start)
	h.want(t, pb.Verdict_VERDICT_PASSED, "")
	if h.tests["TestSum"] != pb.TestOutcome_TEST_OUTCOME_PASSED {
		t.Fatalf("tests %v", h.tests)
	}
	start.Kind = pb.RunKind_RUN_KIND_BENCH
	h = run(t, start)
	h.want(t, pb.Verdict_VERDICT_PASSED, "")
	if !bytes.Contains([]byte(h.out), []byte("BenchmarkSum")) {
		t.Fatalf("printed %q", h.out)
	}
}

const busy = "package main\n\nimport \"os\"\n\nfunc main() {\n\tgo func() {\n\t\tfor {\n\t\t\tspin()\n\t\t}\n\t}()\n\tfor range 1500 {\n\t\tspin()\n\t}\n\tEND\n}\n\nvar n int\n\nfunc spin() {\n\tx := 0\n\tfor i := range 1_000_000 {\n\t\tx += i\n\t}\n\tn = x\n}\n\nvar _ = os.Exit\n"

func TestCPUProfileIsKeptHoweverTheProgramEnds(t *testing.T) {
	ends := map[string]struct {
		code    string
		limits  *pb.Limits
		verdict pb.Verdict
	}{
		"return":  {"return", nil, pb.Verdict_VERDICT_PASSED},
		"os.Exit": {"os.Exit(3)", nil, pb.Verdict_VERDICT_FAILED},
		"timeout": {"for {\n\t\tspin()\n\t}", &pb.Limits{WallMs: 2500}, pb.Verdict_VERDICT_TIMED_OUT},
	}
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			start := limited(string(bytes.Replace([]byte(busy), []byte("END"), []byte(end.code), 1)), end.limits)
			start.Signals = []pb.Signal{pb.Signal_SIGNAL_CPU, pb.Signal_SIGNAL_HEAP}
			h := run(t, start)
			h.want(t, end.verdict, "")
			parsed, err := profile.Parse(bytes.NewReader(h.artifacts["cpu.pb.gz"]))
			if err != nil {
				t.Fatalf("profile: %v", err)
			}
			for _, function := range parsed.Function {
				if function.Name == "main.spin" {
					if function.Filename != "main.go" && function.Filename != "./main.go" {
						t.Fatalf("spin lies in %q", function.Filename)
					}
					return
				}
			}
			t.Fatal("main.spin is not in the profile")
		})
	}
}
