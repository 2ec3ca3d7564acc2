package build

import (
	"go/ast"
	"path"
	"strconv"
)

// importNames lists the names by which a file has a package, "." among them: it may import one more than once.
func importNames(file *ast.File, importPath string) []string {
	var names []string
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		switch {
		case err != nil || imported != importPath:
		case spec.Name == nil:
			names = append(names, path.Base(importPath))
		case spec.Name.Name != "_":
			names = append(names, spec.Name.Name)
		}
	}
	return names
}
