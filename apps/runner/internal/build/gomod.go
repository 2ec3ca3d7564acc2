package build

import (
	"errors"
	"fmt"
	"go/version"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
	modulepath "golang.org/x/mod/module"

	"lineage.dev/runner/internal/injected"
	"lineage.dev/runner/internal/toolchain"
)

// readGoMod takes the module's path, what it requires, and what in it the fast path does not understand. A module
// without the file, or without a go line in it, is of the release's own language.
func (m *module) readGoMod() []Diagnostic {
	raw, err := os.ReadFile(filepath.Join(m.dir, "go.mod"))
	if err != nil {
		return nil
	}
	file, err := modfile.ParseLax("go.mod", raw, nil)
	if err != nil {
		return goModProblems(err)
	}
	m.file = file
	if file.Module != nil && file.Module.Mod.Path != "" {
		m.path = file.Module.Mod.Path
	}
	if file.Go != nil {
		asked := "go" + file.Go.Version
		switch {
		case version.Compare(asked, m.toolchain.Version) > 0:
			message := fmt.Sprintf("this module asks for Go %s, and programs are built with %s here", file.Go.Version, m.toolchain.Version)
			return []Diagnostic{{Path: "go.mod", Line: file.Go.Syntax.Start.Line, Column: 1, Message: message, Source: "module"}}
		case version.Lang(asked) != m.toolchain.Language:
			m.goCommand = "the language of Go " + file.Go.Version
		}
	}
	if problems := misunderstood(file); len(problems) > 0 {
		return problems
	}
	if problem := malformedPath(file.Module); problem != nil {
		return []Diagnostic{*problem}
	}
	// ParseLax leaves out what it takes for new, so this is looked for in the syntax.
	for _, statement := range file.Syntax.Stmt {
		if line, ok := statement.(*modfile.Line); ok && len(line.Token) > 0 && line.Token[0] == "godebug" {
			m.goCommand = "a godebug line in go.mod"
		}
		if block, ok := statement.(*modfile.LineBlock); ok && len(block.Token) > 0 && block.Token[0] == "godebug" {
			m.goCommand = "a godebug block in go.mod"
		}
	}
	return nil
}

// goModVerbs are the words that begin a line of go.mod.
var goModVerbs = []string{"module", "go", "toolchain", "godebug", "require", "exclude", "replace", "retract", "tool", "ignore"}

// misunderstood finds what ParseLax overlooks and the go command refuses in a main module.
func misunderstood(file *modfile.File) (problems []Diagnostic) {
	for _, statement := range file.Syntax.Stmt {
		var words []string
		switch s := statement.(type) {
		case *modfile.Line:
			words = s.Token
		case *modfile.LineBlock:
			words = s.Token
		}
		if len(words) > 0 && !slices.Contains(goModVerbs, words[0]) {
			start, _ := statement.Span()
			problems = append(problems, Diagnostic{Path: "go.mod", Line: start.Line, Column: start.LineRune, Message: "unknown directive: " + words[0], Source: "module"})
		}
	}
	if file.Module == nil {
		problems = append(problems, Diagnostic{Path: "go.mod", Line: 1, Column: 1, Message: `a module line is missing, such as "module lesson"`, Source: "module"})
	}
	return problems
}

// malformedPath refuses a module path that the go command refuses, in its words. It becomes part of import paths, which are
// written into the configurations of compiler and linker.
func malformedPath(module *modfile.Module) *Diagnostic {
	err := modulepath.CheckImportPath(module.Mod.Path)
	if err == nil {
		return nil
	}
	var invalid *modulepath.InvalidPathError
	if errors.As(err, &invalid) {
		invalid.Kind = "module"
	}
	return &Diagnostic{Path: "go.mod", Line: module.Syntax.Start.Line, Column: 1, Message: err.Error(), Source: "module"}
}

// refused says which module cannot be built for its path.
func (m *module) refused(test bool, t *toolchain.Toolchain) *Diagnostic {
	line := 1
	if m.file != nil && m.file.Module != nil && m.file.Module.Syntax != nil {
		line = m.file.Module.Syntax.Start.Line
	}
	switch {
	case within(m.path, injected.Domain):
		return &Diagnostic{Path: "go.mod", Line: line, Column: 1, Source: "module", Message: fmt.Sprintf("the path %s is the runner's own: the module needs another", injected.Domain)}
	case t.Importable(m.path):
		return &Diagnostic{Path: "go.mod", Line: line, Column: 1, Source: "module", Message: fmt.Sprintf("%q is a package of the standard library: the module needs another path", m.path)}
	case test && m.path == "main":
		return &Diagnostic{Path: "go.mod", Line: line, Column: 1, Source: "module", Message: `a module with the path "main" cannot be tested: give it another`}
	}
	return nil
}

func goModProblems(err error) []Diagnostic {
	var list modfile.ErrorList
	if !errors.As(err, &list) {
		return []Diagnostic{{Path: "go.mod", Line: 1, Column: 1, Message: err.Error(), Source: "module"}}
	}
	var problems []Diagnostic
	for _, one := range list[:min(len(list), maxDiagnostics)] {
		message := one.Err.Error()
		if one.Verb != "" {
			message = one.Verb + " " + one.ModPath + ": " + message
		}
		problems = append(problems, Diagnostic{Path: "go.mod", Line: max(1, one.Pos.Line), Column: max(1, one.Pos.LineRune), Message: message, Source: "module"})
	}
	return problems
}

// provides says whether an import is of another module that go.mod names or the vendor directory holds. Whether it
// really is there, the go command finds out.
func (m *module) provides(dep string) bool {
	if m.file == nil || internalToGo(dep) {
		return false
	}
	if info, err := os.Stat(filepath.Join(m.dir, "vendor", filepath.FromSlash(dep))); err == nil && info.IsDir() {
		return true
	}
	for _, require := range m.file.Require {
		if within(dep, require.Mod.Path) {
			return true
		}
	}
	for _, replace := range m.file.Replace {
		if within(dep, replace.Old.Path) {
			return true
		}
	}
	return false
}

// internalToGo says whether an import can only be of the standard library: its first part has no dot.
func internalToGo(dep string) bool {
	first, _, _ := strings.Cut(dep, "/")
	return !strings.Contains(first, ".")
}

func within(dep, modulePath string) bool {
	return dep == modulePath || strings.HasPrefix(dep, modulePath+"/")
}

// needsGoCommand says why these packages cannot take the fast path; empty when they can. prepared says that what they
// import of other modules is there for it.
func (m *module) needsGoCommand(order []*pkg, prepared bool) string {
	if m.goCommand != "" {
		return m.goCommand
	}
	for _, p := range order {
		if p.goCommand != "" {
			return p.goCommand
		}
	}
	if prepared {
		return ""
	}
	first := ""
	for dep := range m.outside {
		if first == "" || dep < first {
			first = dep
		}
	}
	if first != "" {
		return "imports " + first
	}
	return ""
}
