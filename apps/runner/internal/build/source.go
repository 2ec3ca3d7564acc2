// Package build turns a learner's files into a program: it reads the module, compiles and links it in a slot, and keeps
// binaries by the hash of everything that went into them.
package build

import (
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// maxFiles has room for a vendor directory.
	maxFiles     = 2048
	maxPathBytes = 255
	// maxSourceBytes of all files together; the compiler needs a multiple of it.
	maxSourceBytes = 8 << 20
)

// File is one file of a snapshot. Path is relative, slash-separated and checked by CheckFiles.
type File struct {
	Path    string
	Content []byte
}

// Diagnostic is a problem in a learner's file, as the compiler or we say it. Line and Column count from 1.
type Diagnostic struct {
	Path    string
	Line    int
	Column  int
	Message string
	Source  string
	// Rule is the analyzer behind a finding of vet.
	Rule string
}

// CheckFiles refuses file names that could leave the slot's directory or clash with ours.
func CheckFiles(files []File) *Diagnostic {
	total := 0
	seen := map[string]bool{}
	for _, file := range files {
		total += len(file.Content)
		problem := ""
		switch {
		case !utf8.ValidString(file.Path) || strings.ContainsFunc(file.Path, unicode.IsControl):
			problem = "a file name has characters that cannot be used"
		case len(file.Path) == 0 || len(file.Path) > maxPathBytes:
			problem = "a file name has to have 1 to 255 bytes"
		case !filepath.IsLocal(file.Path) || path.Clean(file.Path) != file.Path || strings.Contains(file.Path, `\`):
			problem = "a file has to lie inside the workspace"
		case strings.Contains("/"+file.Path, "/zz_lineage_"):
			problem = "names of files and directories that begin with zz_lineage_ are taken"
		case seen[file.Path]:
			problem = "two files have the same name"
		}
		if problem != "" {
			return &Diagnostic{Path: printable(file.Path), Line: 1, Column: 1, Message: problem, Source: "module"}
		}
		seen[file.Path] = true
	}
	if len(files) > maxFiles || total > maxSourceBytes {
		message := fmt.Sprintf("at most %d files and %d MiB can be built", maxFiles, maxSourceBytes>>20)
		return &Diagnostic{Path: "go.mod", Line: 1, Column: 1, Message: message, Source: "module"}
	}
	return nil
}

func printable(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError {
			return '?'
		}
		return r
	}, name)
}

// WriteFiles lays checked files below dir, which is ours and empty. A file that stands where another needs a
// directory is refused by the file system and reported.
func WriteFiles(dir string, files []File) error {
	sorted := append([]File(nil), files...)
	sort.Slice(sorted, func(i, j int) bool { return sorted[i].Path < sorted[j].Path })
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	for _, file := range sorted {
		if parent := path.Dir(file.Path); parent != "." {
			if err := root.MkdirAll(parent, 0o755); err != nil {
				return err
			}
		}
		if err := root.WriteFile(file.Path, file.Content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// HasMain says whether the top directory holds a program: a file of package main that is no test.
func HasMain(files []File) bool {
	for _, file := range files {
		if path.Dir(file.Path) != "." || !strings.HasSuffix(file.Path, ".go") || strings.HasSuffix(file.Path, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file.Path, file.Content, parser.PackageClauseOnly)
		if err == nil && parsed.Name.Name == "main" {
			return true
		}
	}
	return false
}
