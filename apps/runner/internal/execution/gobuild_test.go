package execution_test

import (
	"os"
	"path/filepath"
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
