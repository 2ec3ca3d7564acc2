package offline

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/format"
	"go/parser"
	"go/scanner"
	"go/token"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Formatted is what gofmt makes of one file, one line of JSON.
type Formatted struct {
	Path     string
	Changed  bool
	Content  []byte    `json:",omitempty"`
	Problems []Problem `json:",omitempty"`
}

// Problem is a place where a file is no Go.
type Problem struct {
	Line, Column int
	Message      string
}

// Format writes a line for every Go file below dir that gofmt would change or cannot read. The vendor directory is not
// the learner's to format.
func Format(dir string, to io.Writer) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	lines := json.NewEncoder(to)
	return fs.WalkDir(root.FS(), ".", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path == "vendor":
			return fs.SkipDir
		case !entry.Type().IsRegular() || !strings.HasSuffix(path, ".go"):
			return nil
		}
		text, err := root.ReadFile(path)
		if err != nil {
			return err
		}
		if formatted := formatFile(filepath.ToSlash(path), text); formatted.Changed || len(formatted.Problems) > 0 {
			return lines.Encode(formatted)
		}
		return nil
	})
}

func formatFile(path string, text []byte) Formatted {
	// Source alone would take statements without a package around them, which no file is.
	_, err := parser.ParseFile(token.NewFileSet(), "", text, parser.ParseComments|parser.SkipObjectResolution)
	var made []byte
	if err == nil {
		made, err = format.Source(text)
	}
	if err == nil {
		return Formatted{Path: path, Changed: !bytes.Equal(made, text), Content: made}
	}
	said := Formatted{Path: path}
	var list scanner.ErrorList
	if !errors.As(err, &list) {
		said.Problems = []Problem{{Line: 1, Column: 1, Message: err.Error()}}
	}
	for _, p := range list {
		said.Problems = append(said.Problems, Problem{Line: p.Pos.Line, Column: p.Pos.Column, Message: p.Msg})
	}
	return said
}
