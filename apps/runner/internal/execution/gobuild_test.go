package execution_test

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
	"lineage.dev/runner/internal/toolchain"
)

// builtBy is what made the program: the detail and the reason of its compilation.
func (h heard) builtBy() (by, why string) {
	for _, event := range h.events {
		if stage := event.GetStage(); stage.GetName() == pb.StageName_STAGE_NAME_COMPILE && stage.GetFinished() {
			by, why = stage.Detail, stage.Why
		}
	}
	return by, why
}

func module(kind pb.RunKind, files ...string) *pb.Start {
	start := &pb.Start{Kind: kind}
	for i := 0; i+1 < len(files); i += 2 {
		start.Files = append(start.Files, source(files[i], files[i+1]))
	}
	return start
}

const (
	kindRun  = pb.RunKind_RUN_KIND_RUN
	kindTest = pb.RunKind_RUN_KIND_TEST
)

// bothWays are programs which the fast path takes; a godebug line that changes nothing sends them to the go command.
var bothWays = map[string]*pb.Start{
	"output":               module(kindRun, "main.go", "package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println(\"hello\", 1<<3) }\n"),
	"exit status":          module(kindRun, "main.go", "package main\n\nimport \"os\"\n\nfunc main() { os.Exit(9) }\n"),
	"panic in a package":   module(kindRun, "main.go", "package main\n\nimport \"lesson/deep/er\"\n\nfunc main() { er.Fail() }\n", "deep/er/er.go", "package er\n\nfunc Fail() {\n\tpanic(\"here\")\n}\n"),
	"type error":           module(kindRun, "main.go", "package main\n\nfunc main() {\n\tvar x int = \"text\"\n\tundefined()\n}\n"),
	"syntax error":         module(kindRun, "main.go", "package main\n\nfunc main() {\n\tx := = 1\n}\n"),
	"unused":               module(kindRun, "main.go", "package main\n\nimport \"os\"\n\nfunc main() {\n\tx := 1\n}\n"),
	"error in a package":   module(kindRun, "main.go", "package main\n\nimport \"lesson/a\"\n\nfunc main() { a.F() }\n", "a/a.go", "package a\n\nfunc F() int {\n}\n"),
	"missing method":       module(kindRun, "main.go", "package main\n\ntype t struct{}\n\nvar _ interface{ M() } = t{}\n\nfunc main() {}\n"),
	"generics":             module(kindRun, "main.go", "package main\n\nfunc Map[T, U any](s []T, f func(T) U) (out []U) {\n\tfor _, x := range s {\n\t\tout = append(out, f(x))\n\t}\n\treturn out\n}\n\nfunc main() { println(len(Map([]int{1, 2}, func(n int) string { return \"x\" }))) }\n"),
	"embedded file":        module(kindRun, "main.go", "package main\n\nimport (\n\t_ \"embed\"\n\t\"fmt\"\n)\n\n//go:embed words.txt\nvar words string\n\nfunc main() { fmt.Print(words) }\n", "words.txt", "some words\n"),
	"build constraint":     module(kindRun, "main.go", "package main\n\nfunc main() { println(name) }\n", "a_linux.go", "package main\n\nconst name = \"linux\"\n", "a_windows.go", "package main\n\nconst name = \"windows\"\n"),
	"deadlock":             module(kindRun, "main.go", "package main\n\nfunc main() {\n\tvar c chan int\n\tc <- 1\n}\n"),
	"tests":                module(kindTest, "main.go", "package main\n\nfunc Double(n int) int { return 2 * n }\n\nfunc main() {}\n", "main_test.go", "package main\n\nimport \"testing\"\n\nfunc TestDouble(t *testing.T) {\n\tt.Run(\"two\", func(t *testing.T) {\n\t\tif Double(2) != 4 {\n\t\t\tt.Fatal()\n\t\t}\n\t})\n}\n\nfunc TestWrong(t *testing.T) { t.Error(\"wrong\") }\n"),
	"external tests":       module(kindTest, "a.go", "package a\n\nfunc One() int { return 1 }\n", "a_test.go", "package a_test\n\nimport (\n\t\"lesson\"\n\t\"testing\"\n)\n\nfunc TestOne(t *testing.T) {\n\tif a.One() != 1 {\n\t\tt.Fatal()\n\t}\n}\n"),
	"test that panics":     module(kindTest, "a.go", "package a\n", "a_test.go", "package a\n\nimport \"testing\"\n\nfunc TestPanic(t *testing.T) {\n\tvar m map[int]int\n\tm[1] = 1\n}\n"),
	"error in a test":      module(kindTest, "a.go", "package a\n", "a_test.go", "package a\n\nimport \"testing\"\n\nfunc TestIt(t *testing.T) { t.Nothing() }\n"),
	"test with TestMain":   module(kindTest, "a.go", "package a\n", "a_test.go", "package a\n\nimport (\n\t\"os\"\n\t\"testing\"\n)\n\nfunc TestMain(m *testing.M) { os.Exit(m.Run()) }\n\nfunc TestIt(t *testing.T) {}\n"),
	"TestMain that leaves": module(kindTest, "a.go", "package a\n", "a_test.go", "package a\n\nimport (\n\t\"os\"\n\t\"testing\"\n)\n\nfunc TestMain(m *testing.M) { os.Exit(0) }\n\nfunc TestIt(t *testing.T) {}\n"),
	"TestMain that stays":  module(kindTest, "a.go", "package a\n", "a_test.go", "package a\n\nimport \"testing\"\n\nfunc TestMain(m *testing.M) { m.Run() }\n\nfunc TestIt(t *testing.T) { t.Fail() }\n"),
}

var verdicts = map[string]pb.Verdict{
	"output": pb.Verdict_VERDICT_PASSED, "external tests": pb.Verdict_VERDICT_PASSED, "test with TestMain": pb.Verdict_VERDICT_PASSED,
	"TestMain that stays": pb.Verdict_VERDICT_FAILED, "TestMain that leaves": pb.Verdict_VERDICT_FAILED, "tests": pb.Verdict_VERDICT_FAILED,
	"embedded file": pb.Verdict_VERDICT_PASSED, "build constraint": pb.Verdict_VERDICT_PASSED,
}

// said is what both paths have to agree on.
type said struct {
	verdict     pb.Verdict
	exit        int32
	out         string
	diagnostics []string
	tests       map[string]pb.TestOutcome
	crash       []string
}

func (h heard) said() said {
	s := said{verdict: h.end.Verdict, exit: h.end.ExitCode, out: settle(h.out), tests: h.tests}
	for _, d := range h.diagnostics {
		s.diagnostics = append(s.diagnostics, fmt.Sprintf("%s:%d:%d: %s", d.Path, d.Line, d.Column, d.Message))
	}
	if crash := h.crash(); crash != nil {
		s.crash = append(s.crash, crash.Message)
		for _, frame := range crash.Goroutines[0].Stack.Frames {
			if frame.InWorkspace {
				s.crash = append(s.crash, fmt.Sprintf("%s %s:%d", frame.Function, frame.Path, frame.Line))
			}
		}
	}
	return s
}

func settle(text string) string {
	for _, digit := range "123456789" {
		text = strings.ReplaceAll(text, "(0.0"+string(digit)+"s)", "(0.00s)")
	}
	return text
}

func TestBothPathsSayTheSame(t *testing.T) {
	for name, start := range bothWays {
		t.Run(name, func(t *testing.T) {
			files := start.Files
			start.Files = append([]*pb.SourceFile{source("go.mod", "module lesson\n\ngo 1.27\n")}, files...)
			fast := run(t, start)
			start.Files = append([]*pb.SourceFile{source("go.mod", "module lesson\n\ngo 1.27\n\ngodebug default=go1.27\n")}, files...)
			slow := run(t, start)
			if by, _ := fast.builtBy(); by == "go build" {
				t.Fatal("the fast path did not take it")
			}
			if by, why := slow.builtBy(); by != "" && by != "cached" && (by != "go build" || why == "") {
				t.Fatalf("built by %q, %q", by, why)
			}
			if want, named := verdicts[name]; named && fast.end.Verdict != want {
				t.Fatalf("%v: %s", fast.end, fast.err)
			}
			if !reflect.DeepEqual(fast.said(), slow.said()) {
				t.Fatalf("\nfast: %+v\nslow: %+v\n%s\n%s", fast.said(), slow.said(), fast.end.Reason, slow.end.Reason)
			}
		})
	}
}

// vendored is a module with a dependency in its vendor directory, of which the version tells programs apart.
func vendored(kind pb.RunKind, main string) *pb.Start {
	return module(kind, "go.mod", "module lesson\n\ngo 1.27\n\nrequire example.com/greet v1.0.0\n", "main.go", main,
		"vendor/modules.txt", "# example.com/greet v1.0.0\n## explicit; go 1.20\nexample.com/greet\n",
		"vendor/example.com/greet/greet.go", "package greet\n\n// Hello greets.\nfunc Hello(name string) string { return \"hello \" + name }\n\n// Fail panics.\nfunc Fail() { panic(\"greet\") }\n")
}

const greeting = "package main\n\nimport (\n\t\"fmt\"\n\n\t\"example.com/greet\"\n)\n\nfunc Greet() string { return greet.Hello(\"Ada\") }\n\nfunc main() { fmt.Println(Greet()) }\n"

func TestVendoredModuleIsBuiltRunProfiledAndChecked(t *testing.T) {
	h := run(t, vendored(kindRun, greeting))
	h.want(t, pb.Verdict_VERDICT_PASSED, "")
	if h.out != "hello Ada\n" {
		t.Fatal(h.out)
	}
	profiled := vendored(kindRun, greeting)
	profiled.Signals = []pb.Signal{pb.Signal_SIGNAL_HEAP}
	if h = run(t, profiled); len(h.artifacts["heap.pb.gz"]) == 0 || h.out != "hello Ada\n" {
		t.Fatalf("no profile: %v %s", h.end, h.err)
	}
	raced := vendored(pb.RunKind_RUN_KIND_RACE, greeting)
	if h = run(t, raced); h.end.Verdict != pb.Verdict_VERDICT_PASSED || h.out != "hello Ada\n" {
		t.Fatalf("race: %v %v %s", h.end, h.diagnostics, h.err)
	}
	checked := vendored(pb.RunKind_RUN_KIND_CHECK, greeting)
	checked.CheckFiles = []*pb.SourceFile{source("greet_test.go", "package main\n\nimport \"testing\"\n\nfunc TestGreet(t *testing.T) {\n\tif Greet() != \"hello Ada\" {\n\t\tt.Fatal(Greet())\n\t}\n}\n")}
	checked.RequiredTests = []string{"TestGreet"}
	if h = run(t, checked); h.end.Verdict != pb.Verdict_VERDICT_PASSED || h.tests["TestGreet"] != pb.TestOutcome_TEST_OUTCOME_PASSED {
		t.Fatalf("check: %v %v %s", h.end, h.diagnostics, h.err)
	}
	checked.Files[1].Content = []byte(strings.Replace(greeting, "return greet.Hello(\"Ada\")", "println(\"--- PASS: TestGreet (0.00s)\\nPASS\"); os.Exit(0); return greet.Hello(\"\")", 1))
	checked.Files[1].Content = []byte(strings.Replace(string(checked.Files[1].Content), "\"fmt\"", "\"fmt\"\n\t\"os\"", 1))
	if h = run(t, checked); h.end.Verdict != pb.Verdict_VERDICT_FAILED || len(h.diagnostics) > 0 {
		t.Fatalf("a forged check: %v %v", h.end, h.diagnostics)
	}
}

func TestModulesWhichCannotBeHadAreExplained(t *testing.T) {
	for name, test := range map[string]struct {
		start   *pb.Start
		path    string
		line    uint32
		message string
	}{
		"required and not there": {module(kindRun, "go.mod", "module lesson\n\ngo 1.27\n\nrequire github.com/some/thing v1.2.3\n",
			"main.go", "package main\n\nimport \"github.com/some/thing\"\n\nfunc main() { thing.Do() }\n"), "main.go", 3, "not available here"},
		"cgo": {module(kindRun, "main.go", "package main\n\nimport \"C\"\n\nfunc main() {}\n"), "main.go", 3, `import "C"`},
		"cgo of a vendored module": {func() *pb.Start {
			s := vendored(kindRun, greeting)
			s.Files[3].Content = []byte("package greet\n\nimport \"C\"\n\nfunc Hello(string) string { return \"\" }\n")
			return s
		}(), "go.mod", 1, "need cgo"},
		"a newer language":    {module(kindRun, "go.mod", "module lesson\n\ngo 1.99\n", "main.go", "package main\n\nfunc main() {}\n"), "go.mod", 3, "Go 1.99"},
		"a broken go.mod":     {module(kindRun, "go.mod", "module lesson\n\ngo 1.27\n\nrequire (\n", "main.go", "package main\n\nfunc main() {}\n"), "go.mod", 6, ""},
		"a replacement away":  {module(kindRun, "go.mod", "module lesson\n\ngo 1.27\n\nrequire example.com/x v1.0.0\n\nreplace example.com/x => /etc\n", "main.go", "package main\n\nimport _ \"example.com/x\"\n\nfunc main() {}\n"), "", 0, ""},
		"a vendor that lacks": {module(kindRun, "go.mod", "module lesson\n\ngo 1.27\n\nrequire example.com/x v1.0.0\n", "vendor/modules.txt", "# example.com/x v1.0.0\n## explicit\n", "main.go", "package main\n\nimport _ \"example.com/x/y\"\n\nfunc main() {}\n"), "main.go", 3, "not available here"},
	} {
		t.Run(name, func(t *testing.T) {
			h := run(t, test.start)
			h.want(t, pb.Verdict_VERDICT_FAILED, "")
			if len(h.diagnostics) == 0 {
				t.Fatal("nothing is said")
			}
			d := h.diagnostics[0]
			if test.path != "" && (d.Path != test.path || d.Line != test.line || !strings.Contains(d.Message, test.message)) {
				t.Fatalf("%v", h.diagnostics)
			}
			if strings.Contains(d.Message, "lineage-runner-") || strings.Contains(d.Message, "/work/") {
				t.Fatalf("a place of the machine: %v", d)
			}
		})
	}
}

func TestLanguageOfAnOlderGoIsKept(t *testing.T) {
	text := "package main\n\nfunc main() {\n\tvar prints []func()\n\tfor i := 0; i < 3; i++ {\n\t\tprints = append(prints, func() { print(i) })\n\t}\n\tfor _, p := range prints {\n\t\tp()\n\t}\n}\n"
	for language, want := range map[string]string{"1.21": "333", "1.27": "012"} {
		h := run(t, module(kindRun, "go.mod", "module lesson\n\ngo "+language+"\n", "main.go", text))
		h.want(t, pb.Verdict_VERDICT_PASSED, "")
		if h.err != want {
			t.Errorf("go %s printed %q", language, h.err)
		}
	}
}

func TestAssemblyIsBuiltByTheGoCommand(t *testing.T) {
	h := run(t, module(kindRun, "go.mod", "module lesson\n\ngo 1.27\n", "main.go", "package main\n\nfunc answer() int64\n\nfunc main() { println(answer()) }\n",
		"answer_amd64.s", "TEXT ·answer(SB), 4, $0-8\n\tMOVQ $42, ret+0(FP)\n\tRET\n", "answer_arm64.s", "TEXT ·answer(SB), 4, $0-8\n\tMOVD $42, R0\n\tMOVD R0, ret+0(FP)\n\tRET\n"))
	h.want(t, pb.Verdict_VERDICT_PASSED, "")
	if h.err != "42\n" {
		t.Fatal(h.err)
	}
}

// TestSharedCachesStayAsTheyWere builds a module whose package has the path of one that another built differently.
func TestSharedCachesStayAsTheyWere(t *testing.T) {
	first := run(t, vendored(kindRun, greeting))
	first.want(t, pb.Verdict_VERDICT_PASSED, "")
	dirs, err := filepath.Glob(filepath.Join(toolchain.DefaultDir(), "*-variants-*", "go-build"))
	if err != nil || len(dirs) == 0 {
		t.Fatal("there is no shared cache:", err)
	}
	before := entries(t, dirs[0])
	other := vendored(kindRun, greeting)
	other.Files[3].Content = []byte("package greet\n\nfunc Hello(name string) string { return \"poison\" }\n")
	h := run(t, other)
	h.want(t, pb.Verdict_VERDICT_PASSED, "")
	if h.out != "poison\n" {
		t.Fatal(h.out)
	}
	if after := entries(t, dirs[0]); before != after {
		t.Fatalf("%d entries became %d", before, after)
	}
	again := vendored(kindRun, strings.Replace(greeting, "Ada", "Bob", 1))
	if h = run(t, again); h.out != "hello Bob\n" {
		t.Fatalf("another's package was used: %q", h.out)
	}
}

func entries(t *testing.T, dir string) (n int) {
	t.Helper()
	shards, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, shard := range shards {
		files, _ := os.ReadDir(filepath.Join(dir, shard.Name()))
		n += len(files)
	}
	return n
}
