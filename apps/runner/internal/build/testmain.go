package build

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"text/template"
	"unicode"
	"unicode/utf8"
)

// ReportFDEnv names the descriptor on which the test binary reports; the secret word follows on it first.
const ReportFDEnv = "LINEAGE_REPORT"

type testMain struct {
	ImportPath string
	Tests      []testFunc
	Benchmarks []testFunc
	HasMain    bool
	MainIn     string
	UsesTest   bool
	UsesXTest  bool
}

type testFunc struct{ Package, Name string }

// writeTestMain generates the main package of a test binary and lists the tests that it has.
func writeTestMain(dir string, p *pkg, target string) ([]string, error) {
	main := testMain{ImportPath: p.importPath, UsesTest: len(p.files)+len(p.tests) > 0, UsesXTest: len(p.xtests) > 0}
	if err := main.collect(dir, "_test", p.tests); err != nil {
		return nil, err
	}
	if err := main.collect(dir, "_xtest", p.xtests); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := testMainTemplate.Execute(&out, main); err != nil {
		return nil, err
	}
	names := make([]string, 0, len(main.Tests))
	for _, test := range main.Tests {
		names = append(names, test.Name)
	}
	return names, WriteFiles(filepath.Dir(target), []File{{Path: filepath.Base(target), Content: out.Bytes()}})
}

func (m *testMain) collect(dir, as string, files []string) error {
	for _, name := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			continue // The compiler says what is wrong with it.
		}
		for _, declaration := range parsed.Decls {
			function, ok := declaration.(*ast.FuncDecl)
			if !ok || function.Recv != nil {
				continue
			}
			name := function.Name.Name
			switch {
			case name == "TestMain" && takes(function, "M"):
				m.HasMain, m.MainIn = true, as
			case isTest(name, "Test") && takes(function, "T"):
				m.Tests = append(m.Tests, testFunc{as, name})
			case isTest(name, "Benchmark") && takes(function, "B"):
				m.Benchmarks = append(m.Benchmarks, testFunc{as, name})
			}
		}
	}
	return nil
}

// NameOf is the name under which the generated file imports a package: blank when nothing of it is called there.
func (m testMain) NameOf(as string) string {
	used := m.HasMain && m.MainIn == as
	for _, function := range append(append([]testFunc(nil), m.Tests...), m.Benchmarks...) {
		used = used || function.Package == as
	}
	if used {
		return as
	}
	return "_"
}

func isTest(name, prefix string) bool {
	rest, ok := strings.CutPrefix(name, prefix)
	if !ok {
		return false
	}
	first, _ := utf8.DecodeRuneInString(rest)
	return rest == "" || !unicode.IsLower(first)
}

func takes(function *ast.FuncDecl, kind string) bool {
	params := function.Type.Params.List
	if len(params) != 1 || len(params[0].Names) > 1 {
		return false
	}
	pointer, ok := params[0].Type.(*ast.StarExpr)
	if !ok {
		return false
	}
	switch x := pointer.X.(type) {
	case *ast.SelectorExpr:
		return x.Sel.Name == kind
	case *ast.Ident:
		return x.Name == kind
	}
	return false
}

// Each test is wrapped: its outcome goes to a descriptor behind a word that only this package knows. What a test
// prints decides nothing.
var testMainTemplate = template.Must(template.New("main").Parse(`package main

import (
{{if .HasMain}}	"internal/runtime/exithook"
{{end}}	"os"
{{if .HasMain}}	"reflect"
{{end}}	"strconv"
	"sync"
	"testing"
	"testing/internal/testdeps"
	"time"

	said "lineage.dev/report"
{{if .UsesTest}}	{{.NameOf "_test"}} {{printf "%q" .ImportPath}}
{{end}}{{if .UsesXTest}}	{{.NameOf "_xtest"}} {{printf "%q" (print .ImportPath "_test")}}
{{end}})

var report struct {
	sync.Mutex
	to   *os.File
	word string
}

func say(line string) {
	report.Lock()
	defer report.Unlock()
	if report.to != nil {
		_, _ = report.to.WriteString(report.word + " " + line + "\n")
	}
}

func watched(name string, f func(*testing.T)) testing.InternalTest {
	return testing.InternalTest{Name: name, F: func(t *testing.T) {
		say("started " + name)
		began := time.Now()
		t.Cleanup(func() {
			outcome := "passed"
			if t.Failed() {
				outcome = "failed"
			} else if t.Skipped() {
				outcome = "skipped"
			}
			say(outcome + " " + name + " " + strconv.FormatInt(time.Since(began).Microseconds(), 10))
		})
		f(t)
	}}
}

var tests = []testing.InternalTest{
{{range .Tests}}	watched({{printf "%q" .Name}}, {{.Package}}.{{.Name}}),
{{end}}}

var benchmarks = []testing.InternalBenchmark{
{{range .Benchmarks}}	{Name: {{printf "%q" .Name}}, F: {{.Package}}.{{.Name}}},
{{end}}}

func init() {
	if said.FD >= 0 {
		report.to, report.word = os.NewFile(uintptr(said.FD), "report"), said.Word
		said.Word = ""
	}
}

func main() {
	testdeps.ImportPath = {{printf "%q" .ImportPath}}
	m := testing.MainStart(testdeps.TestDeps{}, tests, benchmarks, nil, nil)
{{if .HasMain}}	// Most end the program themselves, after all tests have run.
	exithook.Add(exithook.Hook{F: func() {
		if reflect.ValueOf(m).Elem().FieldByName("numRun").Int() > 0 {
			say("finished 0")
		}
	}})
	{{.MainIn}}.TestMain(m)
	code := int(reflect.ValueOf(m).Elem().FieldByName("exitCode").Int())
	say("finished " + strconv.Itoa(code))
	os.Exit(code)
{{else}}	code := m.Run()
	say("finished " + strconv.Itoa(code))
	os.Exit(code)
{{end}}}
`))

// reportPath is the package that takes the secret word. The runtime initialises packages whose imports are ready in
// the order of their paths: with no import but syscall, and a path before "os", it comes before any package of a
// learner that can open a file.
const reportPath = "lineage.dev/report"

const reportSource = `package report

import "syscall"

var (
	FD   = -1
	Word string
)

func init() {
	text, ok := syscall.Getenv("LINEAGE_REPORT")
	_ = syscall.Unsetenv("LINEAGE_REPORT")
	if !ok || text == "" {
		return
	}
	fd := 0
	for _, digit := range text {
		if digit < '0' || digit > '9' {
			return
		}
		fd = fd*10 + int(digit-'0')
	}
	var word [64]byte
	n, err := syscall.Read(fd+1, word[:])
	_ = syscall.Close(fd + 1)
	if err != nil || n < 2 {
		return
	}
	FD, Word = fd, string(word[:n-1])
}
`
