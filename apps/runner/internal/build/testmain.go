package build

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"path"
	"path/filepath"
	"slices"
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
	Fuzz       []testFunc
	Examples   []testExample
	HasMain    bool
	MainIn     string
	UsesTest   bool
	UsesXTest  bool
}

type testFunc struct{ Package, Name string }

// testExample is an example that says what it prints: others are compiled and not run.
type testExample struct {
	testFunc
	Output    string
	Unordered bool
}

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
	var names []string
	for _, test := range slices.Concat(main.Tests, main.Fuzz) {
		names = append(names, test.Name)
	}
	for _, example := range main.Examples {
		names = append(names, example.Name)
	}
	return names, WriteFiles(filepath.Dir(target), []File{{Path: filepath.Base(target), Content: out.Bytes()}})
}

func (m *testMain) collect(dir, as string, files []string) error {
	for _, name := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, name), nil, parser.SkipObjectResolution|parser.ParseComments)
		if err != nil {
			continue // The compiler says what is wrong with it.
		}
		m.collectExamples(as, parsed)
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
			case isTest(name, "Fuzz") && takes(function, "F"):
				m.Fuzz = append(m.Fuzz, testFunc{as, name})
			}
		}
	}
	return nil
}

// collectExamples takes those that say what they print. A file that go/doc cannot take has none: it is a learner's.
func (m *testMain) collectExamples(as string, parsed *ast.File) {
	defer func() { _ = recover() }()
	for _, example := range doc.Examples(parsed) {
		if example.Output != "" || example.EmptyOutput {
			m.Examples = append(m.Examples, testExample{testFunc{as, "Example" + example.Name}, example.Output, example.Unordered})
		}
	}
}

// Typed says whether the generated file names types of package testing.
func (m testMain) Typed() bool { return len(m.Tests)+len(m.Benchmarks)+len(m.Fuzz)+len(m.Examples) > 0 }

// checkTests finds functions with the name of a test and another signature, in the go command's words. The other files are
// the compiler's to judge.
func checkTests(source string, p *pkg) (problems []Diagnostic) {
	for _, name := range slices.Concat(p.tests, p.xtests) {
		set := token.NewFileSet()
		parsed, err := parser.ParseFile(set, filepath.Join(source, p.dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			continue
		}
		for _, declaration := range parsed.Decls {
			function, ok := declaration.(*ast.FuncDecl)
			if !ok || function.Recv != nil {
				continue
			}
			if why := wrongSignature(function); why != "" {
				at := set.Position(function.Pos())
				problems = append(problems, Diagnostic{Path: path.Join(p.dir, name), Line: at.Line, Column: at.Column,
					Message: fmt.Sprintf("wrong signature for %s, %s", function.Name.Name, why), Source: "compile"})
			}
		}
	}
	return problems
}

func wrongSignature(function *ast.FuncDecl) string {
	name := function.Name.Name
	kind := ""
	switch {
	case name == "TestMain" && takes(function, "T"):
	case name == "TestMain":
		kind = "M"
	case isTest(name, "Test"):
		kind = "T"
	case isTest(name, "Benchmark"):
		kind = "B"
	case isTest(name, "Fuzz"):
		kind = "F"
	}
	switch {
	case kind == "":
		return ""
	case function.Type.TypeParams.NumFields() > 0:
		return "test functions cannot have type parameters"
	case function.Type.Results.NumFields() > 0 || !takes(function, kind):
		return fmt.Sprintf("must be: func %s(%s *testing.%s)", name, strings.ToLower(kind), kind)
	}
	return ""
}

// NameOf is the name under which the generated file imports a package: blank when nothing of it is called there.
func (m testMain) NameOf(as string) string {
	used := m.HasMain && m.MainIn == as
	for _, function := range slices.Concat(m.Tests, m.Benchmarks, m.Fuzz) {
		used = used || function.Package == as
	}
	for _, example := range m.Examples {
		used = used || example.Package == as
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

// The file is small on purpose: it is compiled anew with each edit, and what it calls is not.
var testMainTemplate = template.Must(template.New("main").Parse(`package main

import (
	"lineage.dev/testrun"
{{if .Typed}}	"testing"
{{end}}
{{if .UsesTest}}	{{.NameOf "_test"}} {{printf "%q" .ImportPath}}
{{end}}{{if .UsesXTest}}	{{.NameOf "_xtest"}} {{printf "%q" (print .ImportPath "_test")}}
{{end}})

func main() {
	testrun.Main(testrun.Binary{
		ImportPath: {{printf "%q" .ImportPath}},
{{if .Tests}}		Tests: []testing.InternalTest{
{{range .Tests}}			{Name: {{printf "%q" .Name}}, F: {{.Package}}.{{.Name}}},
{{end}}		},
{{end}}{{if .Benchmarks}}		Benchmarks: []testing.InternalBenchmark{
{{range .Benchmarks}}			{Name: {{printf "%q" .Name}}, F: {{.Package}}.{{.Name}}},
{{end}}		},
{{end}}{{if .Fuzz}}		Fuzz: []testing.InternalFuzzTarget{
{{range .Fuzz}}			{Name: {{printf "%q" .Name}}, Fn: {{.Package}}.{{.Name}}},
{{end}}		},
{{end}}{{if .Examples}}		Examples: []testing.InternalExample{
{{range .Examples}}			{Name: {{printf "%q" .Name}}, F: {{.Package}}.{{.Name}}, Output: {{printf "%q" .Output}}, Unordered: {{.Unordered}}},
{{end}}		},
{{end}}{{if .HasMain}}		TestMain: {{.MainIn}}.TestMain,
{{end}}	})
}
`))
