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

// testMain is what the generated main package of a test binary calls.
type testMain struct {
	ImportPath string
	Tests      []testFunc
	Benchmarks []testFunc
	Fuzz       []testFunc
	Examples   []testExample
	// Main is the learner's own TestMain; nil when there is none.
	Main      *testFunc
	UsesTest  bool
	UsesXTest bool
	// Apart says that what is generated imports nothing of the learner's: it calls functions by the names that the linker
	// knows them by, and is the same until one of them has another name.
	Apart bool
	// mixed says that a function may not have the type by which it would be called apart.
	mixed bool
}

// testFunc is a function of the package imported as Package. Type is that of its parameter in package testing; empty for
// an example, which has none.
type testFunc struct{ Package, Name, Type string }

// testExample is an example that says what it prints: others are compiled and not run.
type testExample struct {
	testFunc
	Output    string
	Unordered bool
}

func (e testExample) Func() testFunc { return e.testFunc }

// readTests finds the functions that the test binary of p calls.
func readTests(dir string, p *pkg) testMain {
	main := testMain{ImportPath: p.importPath, UsesTest: len(p.files)+len(p.tests) > 0, UsesXTest: len(p.xtests) > 0}
	main.collect(filepath.Join(dir, p.dir), "_test", p.tests)
	main.collect(filepath.Join(dir, p.dir), "_xtest", p.xtests)
	return main
}

// source is the generated file.
func (m testMain) source() []byte {
	var out bytes.Buffer
	_ = testMainTemplate.Execute(&out, m) // A buffer takes everything, and the template names what there is.
	return out.Bytes()
}

// names lists the tests in the order in which they run.
func (m testMain) names() []string {
	var names []string
	for _, test := range slices.Concat(m.Tests, m.Fuzz) {
		names = append(names, test.Name)
	}
	for _, example := range m.Examples {
		names = append(names, example.Name)
	}
	return names
}

// All lists every function.
func (m testMain) All() []testFunc {
	all := slices.Concat(m.Tests, m.Benchmarks, m.Fuzz)
	for _, example := range m.Examples {
		all = append(all, example.testFunc)
	}
	if m.Main != nil {
		all = append(all, *m.Main)
	}
	return all
}

// apart returns what can be compiled before the learner's packages are, and whether there is such a thing.
func (m testMain) apart() (testMain, bool) {
	m.Apart = true
	return m, !m.mixed && plainSymbols(m.ImportPath)
}

// packages are the import paths of the learner's packages that have the functions.
func (m testMain) packages() []string {
	var paths []string
	if m.UsesTest {
		paths = append(paths, m.ImportPath)
	}
	if m.UsesXTest {
		paths = append(paths, m.ImportPath+"_test")
	}
	return paths
}

// plainSymbols says whether the linker knows the functions of a package by its path as it is (cmd/internal/objabi,
// PathToPrefix).
func plainSymbols(importPath string) bool {
	return !strings.ContainsFunc(importPath, func(r rune) bool { return r <= ' ' || r == '"' || r == '%' || r >= 0x7f }) &&
		!strings.Contains(path.Base(importPath), ".")
}

func (m *testMain) collect(dir, as string, files []string) {
	for _, name := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, name), nil, parser.SkipObjectResolution|parser.ParseComments)
		if err != nil {
			continue // The compiler says what is wrong with it.
		}
		m.collectExamples(as, parsed)
		testing := importNames(parsed, "testing")
		for _, declaration := range parsed.Decls {
			function, ok := declaration.(*ast.FuncDecl)
			if !ok || function.Recv != nil {
				continue
			}
			one := testFunc{Package: as, Name: function.Name.Name}
			switch {
			case one.Name == "TestMain" && takes(function, "M"):
				one.Type = "M"
				m.Main = &one
			case isTest(one.Name, "Test") && takes(function, "T"):
				one.Type = "T"
				m.Tests = append(m.Tests, one)
			case isTest(one.Name, "Benchmark") && takes(function, "B"):
				one.Type = "B"
				m.Benchmarks = append(m.Benchmarks, one)
			case isTest(one.Name, "Fuzz") && takes(function, "F"):
				one.Type = "F"
				m.Fuzz = append(m.Fuzz, one)
			}
			if one.Type != "" {
				m.mixed = m.mixed || !takesOf(function, testing)
			} else if isTest(one.Name, "Example") {
				m.mixed = m.mixed || function.Type.Results.NumFields()+function.Type.TypeParams.NumFields() > 0
			}
		}
	}
}

// takesOf says of a function that takes one pointer whether that is to a type of the package with these names.
func takesOf(function *ast.FuncDecl, names []string) bool {
	selector, ok := function.Type.Params.List[0].Type.(*ast.StarExpr).X.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	of, ok := selector.X.(*ast.Ident)
	return ok && slices.Contains(names, of.Name)
}

// collectExamples takes those that say what they print. A file that go/doc cannot take has none: it is a learner's.
func (m *testMain) collectExamples(as string, parsed *ast.File) {
	defer func() { _ = recover() }()
	for _, example := range doc.Examples(parsed) {
		if example.Output != "" || example.EmptyOutput {
			m.Examples = append(m.Examples, testExample{testFunc{Package: as, Name: "Example" + example.Name}, example.Output, example.Unordered})
		}
	}
}

// Typed says whether the generated file names types of package testing.
func (m testMain) Typed() bool {
	return len(m.Tests)+len(m.Benchmarks)+len(m.Fuzz)+len(m.Examples) > 0 || (m.Apart && m.Main != nil)
}

// PathOf is the import path of what is imported as Package.
func (m testMain) PathOf(as string) string {
	if as == "_xtest" {
		return m.ImportPath + "_test"
	}
	return m.ImportPath
}

// Call is how the generated file names a function.
func (m testMain) Call(f testFunc) string {
	if m.Apart {
		return f.Package + "_" + f.Name
	}
	return f.Package + "." + f.Name
}

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
	if slices.ContainsFunc(m.All(), func(f testFunc) bool { return f.Package == as }) {
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

// The file is small on purpose: it is compiled often, and what it calls is not.
var testMainTemplate = template.Must(template.New("main").Parse(`package main

import (
	"lineage.dev/testrun"
{{if .Typed}}	"testing"
{{end}}
{{if .Apart}}	_ "unsafe"
{{else}}{{if .UsesTest}}	{{.NameOf "_test"}} {{printf "%q" .ImportPath}}
{{end}}{{if .UsesXTest}}	{{.NameOf "_xtest"}} {{printf "%q" (.PathOf "_xtest")}}
{{end}}{{end}})
{{if .Apart}}{{range .All}}
//go:linkname {{$.Call .}} {{$.PathOf .Package}}.{{.Name}}
func {{$.Call .}}({{if .Type}}*testing.{{.Type}}{{end}})
{{end}}{{end}}
func main() {
	testrun.Main(testrun.Binary{
		ImportPath: {{printf "%q" .ImportPath}},
{{if .Tests}}		Tests: []testing.InternalTest{
{{range .Tests}}			{Name: {{printf "%q" .Name}}, F: {{$.Call .}}},
{{end}}		},
{{end}}{{if .Benchmarks}}		Benchmarks: []testing.InternalBenchmark{
{{range .Benchmarks}}			{Name: {{printf "%q" .Name}}, F: {{$.Call .}}},
{{end}}		},
{{end}}{{if .Fuzz}}		Fuzz: []testing.InternalFuzzTarget{
{{range .Fuzz}}			{Name: {{printf "%q" .Name}}, Fn: {{$.Call .}}},
{{end}}		},
{{end}}{{if .Examples}}		Examples: []testing.InternalExample{
{{range .Examples}}			{Name: {{printf "%q" .Name}}, F: {{$.Call .Func}}, Output: {{printf "%q" .Output}}, Unordered: {{.Unordered}}},
{{end}}		},
{{end}}{{if .Main}}		TestMain: {{$.Call $.Main}},
{{end}}	})
}
`))
