package build

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
)

// refusedInGraded are packages through which a program could reach what decides about it.
var refusedInGraded = map[string]bool{"unsafe": true, "syscall": true, "C": true, "plugin": true, "os/exec": true, "debug/elf": true}

// CheckGraded refuses, in the learner's files of a graded build, what could reach into the test binary itself.
func CheckGraded(files []File) []Diagnostic {
	var problems []Diagnostic
	for _, file := range files {
		if strings.HasSuffix(file.Path, ".go") {
			problems = append(problems, checkGradedFile(file)...)
		}
		if strings.HasSuffix(file.Path, ".s") {
			problems = append(problems, Diagnostic{Path: file.Path, Line: 1, Column: 1, Source: "check", Message: "assembly cannot be part of a check"})
		}
	}
	return problems
}

func checkGradedFile(file File) []Diagnostic {
	set := token.NewFileSet()
	// A file with syntax errors is reported by the compiler; what could be parsed is looked at all the same.
	parsed, _ := parser.ParseFile(set, file.Path, file.Content, parser.ParseComments|parser.SkipObjectResolution)
	if parsed == nil {
		return nil
	}
	var problems []Diagnostic
	refuse := func(at token.Pos, what string) {
		p := set.Position(at)
		problems = append(problems, Diagnostic{Path: file.Path, Line: p.Line, Column: p.Column, Source: "check", Message: what + " cannot be used in code that is checked"})
	}
	for _, spec := range parsed.Imports {
		if name, err := strconv.Unquote(spec.Path.Value); err == nil && refusedInGraded[name] {
			refuse(spec.Pos(), "package "+name)
		}
	}
	for _, group := range parsed.Comments {
		for _, comment := range group.List {
			if strings.HasPrefix(comment.Text, "//go:linkname") {
				refuse(comment.Pos(), "//go:linkname")
			}
		}
	}
	names := importNames(parsed, "os")
	ast.Inspect(parsed, func(node ast.Node) bool {
		switch x := node.(type) {
		case *ast.SelectorExpr:
			if of, ok := x.X.(*ast.Ident); ok && slices.Contains(names, of.Name) && x.Sel.Name == "NewFile" {
				refuse(x.Pos(), "os.NewFile")
			}
		case *ast.Ident:
			if slices.Contains(names, ".") && x.Name == "NewFile" {
				refuse(x.Pos(), "os.NewFile")
			}
		}
		return true
	})
	return problems
}
