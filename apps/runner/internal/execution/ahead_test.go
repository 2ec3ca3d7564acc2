package execution_test

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"lineage.dev/runner/internal/execution"
	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
)

// withLinkersAhead runs a test on an engine of its own that keeps linkers waiting.
func withLinkersAhead(t *testing.T) {
	t.Helper()
	plain := engine
	made, err := execution.New(execution.Options{LinkersAhead: 2})
	if err != nil {
		t.Fatal(err)
	}
	engine = made
	t.Cleanup(func() {
		engine = plain
		if err := made.Close(); err != nil {
			t.Error(err)
		}
	})
}

func (h heard) linkedAhead() bool {
	for _, event := range h.events {
		if stage := event.GetStage(); stage != nil && stage.Name == pb.StageName_STAGE_NAME_LINK && stage.Detail == "ahead" {
			return true
		}
	}
	return false
}

// unlike returns a program that no earlier one equals, so that it is built.
func unlike(start *pb.Start, attempt int) *pb.Start {
	nonce := fmt.Sprintf("package main\n\nconst nonce = \"%d %d %d\"\n", os.Getpid(), time.Now().UnixNano(), attempt)
	copied := &pb.Start{Kind: start.Kind, Signals: start.Signals, Files: append([]*pb.SourceFile{source("nonce.go", nonce)}, start.Files...)}
	return copied
}

// linkAhead performs a program, which tells the engine what is imported, and then once more with another text.
func linkAhead(t *testing.T, start *pb.Start) heard {
	t.Helper()
	run(t, unlike(start, 0))
	engine.SettleAhead()
	h := run(t, unlike(start, 1))
	if !h.linkedAhead() {
		t.Fatalf("the linker was not there: %v", h.events)
	}
	return h
}

func TestProgramsLinkedAheadAreTheSamePrograms(t *testing.T) {
	withLinkersAhead(t)
	withTest := program("package main\n\nfunc main() {}\n\nfunc double(n int) int { return 2 * n }\n")
	withTest.Kind = pb.RunKind_RUN_KIND_TEST
	withTest.Files = append(withTest.Files, source("main_test.go", "package main\n\nimport \"testing\"\n\nfunc TestDouble(t *testing.T) {\n\tif double(2) != 4 {\n\t\tt.Fatal()\n\t}\n}\n"))
	profiled := program("package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println(\"profiled\") }\n")
	profiled.Signals = []pb.Signal{pb.Signal_SIGNAL_HEAP}
	packages := program("package main\n\nimport (\n\t\"fmt\"\n\n\t\"lesson/greet\"\n)\n\nfunc main() { fmt.Println(greet.For(\"Ada\")) }\n")
	packages.Files = append(packages.Files, source("greet/greet.go", "package greet\n\nimport \"strings\"\n\nfunc For(name string) string { return \"hello \" + strings.ToUpper(name) }\n"))
	for name, c := range map[string]struct {
		start *pb.Start
		out   string
	}{
		"fmt":      {program("package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println(\"hello\") }\n"), "hello\n"},
		"nothing":  {program("package main\n\nfunc main() { println() }\n"), ""},
		"generics": {program("package main\n\nimport (\n\t\"fmt\"\n\t\"maps\"\n\t\"slices\"\n)\n\nfunc main() { fmt.Println(slices.Sorted(maps.Keys(map[string]int{\"b\": 1, \"a\": 2}))) }\n"), "[a b]\n"},
		"http":     {program("package main\n\nimport (\n\t\"fmt\"\n\t\"io\"\n\t\"net/http\"\n\t\"net/http/httptest\"\n)\n\nfunc main() {\n\ts := httptest.NewServer(http.NotFoundHandler())\n\tr, err := http.Get(s.URL)\n\tif err != nil {\n\t\tpanic(err)\n\t}\n\tb, _ := io.ReadAll(r.Body)\n\tfmt.Print(string(b))\n}\n"), "404 page not found\n"},
		"packages": {packages, "hello ADA\n"},
		"test":     {withTest, "PASS\n"},
		"profiled": {profiled, "profiled\n"},
	} {
		t.Run(name, func(t *testing.T) {
			h := linkAhead(t, c.start)
			h.want(t, pb.Verdict_VERDICT_PASSED, "")
			if c.start.Kind == pb.RunKind_RUN_KIND_RUN && h.out != c.out {
				t.Fatalf("printed %q, want %q", h.out, c.out)
			}
			if len(c.start.Signals) > 0 && len(h.artifacts) == 0 {
				t.Fatal("no profile")
			}
		})
	}
}

func TestALinkerAheadTakesWhatItHasNotLoaded(t *testing.T) {
	withLinkersAhead(t)
	more := program("package main\n\nimport (\n\t\"fmt\"\n\t\"text/template\"\n)\n\nfunc main() { fmt.Println(template.HTMLEscapeString(\"<\")) }\n")
	engine.SettleAhead() // The first slot is for fmt alone.
	h := run(t, unlike(more, 0))
	h.want(t, pb.Verdict_VERDICT_PASSED, "")
	if !h.linkedAhead() || h.out != "&lt;\n" {
		t.Fatalf("printed %q: %v", h.out, h.events)
	}
}

func TestErrorsAreTheSameWithALinkerAhead(t *testing.T) {
	for name, text := range map[string]string{
		"compile": "package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println(missing) }\n",
		"link":    "package main\n\nimport (\n\t\"fmt\"\n\t_ \"unsafe\"\n)\n\n//go:linkname hidden runtime.gcStart\nfunc hidden()\n\nfunc main() { fmt.Println(); hidden() }\n",
	} {
		t.Run(name, func(t *testing.T) {
			plain := run(t, unlike(program(text), 0))
			withLinkersAhead(t)
			engine.SettleAhead()
			ahead := run(t, unlike(program(text), 1))
			if len(plain.diagnostics) == 0 || fmt.Sprint(plain.diagnostics) != fmt.Sprint(ahead.diagnostics) || plain.end.Verdict != ahead.end.Verdict {
				t.Fatalf("plain: %v %v\nahead: %v %v", plain.end, plain.diagnostics, ahead.end, ahead.diagnostics)
			}
		})
	}
}

func TestLinkersAheadLeaveNothing(t *testing.T) {
	plain := engine
	defer func() { engine = plain }()
	made, err := execution.New(execution.Options{LinkersAhead: 2})
	if err != nil {
		t.Fatal(err)
	}
	engine = made
	linkAhead(t, program(helloText))
	made.SettleAhead()
	if err := made.Close(); err != nil {
		t.Fatal(err)
	}
	commands, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range commands {
		line, _ := os.ReadFile(path)
		if own := os.TempDir(); len(line) > 0 && filepath.Base(string(line[:indexZero(line)])) == "ahead-link" && containsPath(line, own) {
			t.Errorf("still there: %q", line)
		}
	}
}

func indexZero(line []byte) int {
	for i, b := range line {
		if b == 0 {
			return i
		}
	}
	return len(line)
}

func containsPath(line []byte, dir string) bool {
	for i := 0; i+len(dir) <= len(line); i++ {
		if string(line[i:i+len(dir)]) == dir {
			return true
		}
	}
	return false
}

// testFiles are the files of a test binary, whose main package is compiled apart when the linker waits.
func testFiles(goMod string, files ...string) *pb.Start {
	start := &pb.Start{Kind: pb.RunKind_RUN_KIND_TEST, Files: []*pb.SourceFile{source("go.mod", goMod)}}
	for i := 0; i < len(files); i += 2 {
		start.Files = append(start.Files, source(files[i], files[i+1]))
	}
	return start
}

func TestTestsLinkedAheadSayTheSame(t *testing.T) {
	const lesson = "module lesson\n\ngo 1.27\n"
	const internal = "package main\n\nimport \"testing\"\n\nvar order []string\n\nfunc init() { order = append(order, \"init\") }\n\nfunc TestInternal(t *testing.T) {\n\tif len(order) != 1 {\n\t\tt.Fatal(order)\n\t}\n\tt.Run(\"below\", func(t *testing.T) { t.Error(\"wrong\") })\n}\n"
	cases := map[string]*pb.Start{
		"both packages": testFiles(lesson, "a.go", "package lesson\n\nfunc Double(n int) int { return 2 * n }\n", "a_test.go", strings.Replace(internal, "package main", "package lesson", 1),
			"x_test.go", "package lesson_test\n\nimport (\n\t\"fmt\"\n\t\"testing\"\n\n\t\"lesson\"\n)\n\nvar four = lesson.Double(2)\n\nfunc TestExternal(t *testing.T) {\n\tif four != 4 {\n\t\tt.Fatal(four)\n\t}\n}\n\nfunc ExampleDouble() {\n\tfmt.Println(lesson.Double(3))\n\t// Output: 6\n}\n\nfunc BenchmarkDouble(b *testing.B) {\n\tfor b.Loop() {\n\t}\n}\n\nfunc FuzzDouble(f *testing.F) {\n\tf.Add(1)\n\tf.Fuzz(func(t *testing.T, n int) { t.Log(n) })\n}\n"),
		"nothing but external tests": testFiles(lesson, "x_test.go", "package lesson_test\n\nimport tt \"testing\"\n\nfunc TestAlone(t *tt.T) { t.Skip(\"later\") }\n"),
		"a main of its own":          testFiles(lesson, "a_test.go", "package lesson\n\nimport (\n\t\"fmt\"\n\t\"os\"\n\t\"testing\"\n)\n\nfunc TestMain(m *testing.M) {\n\tfmt.Println(\"before\")\n\tcode := m.Run()\n\tfmt.Println(\"after\")\n\tos.Exit(code)\n}\n\nfunc TestIt(t *testing.T) {}\n"),
		"a panic":                    testFiles(lesson, "a_test.go", "package lesson\n\nimport \"testing\"\n\nfunc TestPanics(t *testing.T) {\n\tvar m map[string]int\n\tm[\"a\"] = 1\n}\n"),
		"a path with a dot":          testFiles("module example.com/a.b\n\ngo 1.27\n", "a_test.go", "package ab\n\nimport \"testing\"\n\nfunc TestDot(t *testing.T) {}\n"),
		"another package testing":    testFiles(lesson, "testing/testing.go", "package testing\n\ntype T struct{ N int }\n", "a_test.go", "package lesson\n\nimport \"lesson/testing\"\n\nfunc TestOther(t *testing.T) { t.N++ }\n"),
		"an example with a result":   testFiles(lesson, "a_test.go", "package lesson\n\nimport \"fmt\"\n\nfunc Example() int {\n\tfmt.Println(1)\n\t// Output: 1\n\treturn 1\n}\n"),
	}
	for name, start := range cases {
		t.Run(name, func(t *testing.T) {
			again := func() heard {
				nonce := source("nonce.txt", fmt.Sprint(os.Getpid(), time.Now().UnixNano()))
				return run(t, &pb.Start{Kind: start.Kind, Files: append([]*pb.SourceFile{nonce}, start.Files...)})
			}
			plain := again()
			withLinkersAhead(t)
			again()
			engine.SettleAhead()
			ahead := again()
			if len(plain.diagnostics) == 0 && !ahead.linkedAhead() {
				t.Fatalf("the linker was not there: %v", ahead.events)
			}
			if a, b := plain.said(), ahead.said(); !reflect.DeepEqual(a, b) {
				t.Fatalf("they differ:\n%s", difference(a, b))
			}
		})
	}
}

func TestNoModuleTakesThePlaceOfWhatReports(t *testing.T) {
	const fake = "package testrun\n\nimport \"testing\"\n\ntype Binary struct {\n\tImportPath string\n\tTests []testing.InternalTest\n}\n\nfunc Main(Binary) {}\n"
	const failing = "package lesson\n\nimport (\n\t\"testing\"\n\n\t_ \"lineage.dev/testrun\"\n)\n\nfunc TestIt(t *testing.T) { t.Fatal() }\n"
	byPath := run(t, testFiles("module lineage.dev\n\ngo 1.27\n", "testrun/testrun.go", fake, "a_test.go", failing))
	if len(byPath.diagnostics) != 1 || !strings.Contains(byPath.diagnostics[0].Message, "lineage.dev is the runner's own") {
		t.Errorf("%v %v", byPath.end, byPath.diagnostics)
	}
	replaced := run(t, testFiles("module lesson\n\ngo 1.27\n\nrequire lineage.dev/testrun v0.0.0\n\nreplace lineage.dev/testrun => ./theirs\n", "theirs/go.mod", "module lineage.dev/testrun\n", "theirs/testrun.go", fake, "a_test.go", failing))
	// The linker finds that the learner's package was compiled against another one than what is linked.
	if len(replaced.diagnostics) != 1 || !strings.Contains(replaced.diagnostics[0].Message, "import from lesson") {
		t.Errorf("%v %v %v", replaced.end, replaced.tests, replaced.diagnostics)
	}
}
