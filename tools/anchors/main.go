// Command anchors finds out whether symbols are declared in the Go source that it is compiled with. It reads a JSON array
// of anchors on stdin and writes it back with `found` filled in.
package main

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

type anchor struct {
	Lesson  string `json:"lesson"`
	Module  string `json:"module"`
	Package string `json:"package"`
	// Symbol is a function, type, variable, constant, Type.Method, or Type.field of a struct.
	Symbol string `json:"symbol"`
	Found  bool   `json:"found"`
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	var anchors []anchor
	if err := json.NewDecoder(os.Stdin).Decode(&anchors); err != nil {
		return err
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return err
	}
	declared := map[string]map[string]bool{}
	for i, a := range anchors {
		if a.Module != "std" {
			return fmt.Errorf("%s: module %q is not prepared", a.Lesson, a.Module)
		}
		if declared[a.Package] == nil {
			dir := filepath.Join(strings.TrimSpace(string(root)), "src", filepath.FromSlash(a.Package))
			if declared[a.Package], err = symbols(dir); err != nil {
				return err
			}
		}
		anchors[i].Found = declared[a.Package][a.Symbol]
	}
	return json.NewEncoder(os.Stdout).Encode(anchors)
}

// symbols lists what a package declares at its top level, tests left out.
func symbols(dir string) (map[string]bool, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	found := map[string]bool{}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		for _, declaration := range parsed.Decls {
			add(found, declaration)
		}
	}
	return found, nil
}

func add(found map[string]bool, declaration ast.Decl) {
	switch d := declaration.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			found[d.Name.Name] = true
			return
		}
		receiver := d.Recv.List[0].Type
		if pointer, ok := receiver.(*ast.StarExpr); ok {
			receiver = pointer.X
		}
		if name, ok := receiver.(*ast.Ident); ok {
			found[name.Name+"."+d.Name.Name] = true
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch s := spec.(type) {
			case *ast.TypeSpec:
				found[s.Name.Name] = true
				addFields(found, s)
			case *ast.ValueSpec:
				for _, name := range s.Names {
					found[name.Name] = true
				}
			}
		}
	}
}

func addFields(found map[string]bool, spec *ast.TypeSpec) {
	structure, ok := spec.Type.(*ast.StructType)
	if !ok {
		return
	}
	for _, field := range structure.Fields.List {
		for _, name := range field.Names {
			found[spec.Name.Name+"."+name.Name] = true
		}
	}
}
