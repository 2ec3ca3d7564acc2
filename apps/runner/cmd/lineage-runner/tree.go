package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
)

// maxTreeBytes bounds what one module may hold; a snapshot of a workspace is far smaller.
const maxTreeBytes = 8 << 20

// readTree takes the regular files below dir. Links are not followed and hidden files not taken.
func readTree(dir string) ([]*pb.SourceFile, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", dir, err)
	}
	defer root.Close()
	var files []*pb.SourceFile
	total := int64(0)
	err = fs.WalkDir(root.FS(), ".", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case path != "." && strings.HasPrefix(entry.Name(), "."):
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		case !entry.Type().IsRegular():
			return nil
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if total += info.Size(); total > maxTreeBytes {
			return fmt.Errorf("it has more than %d MiB of files", maxTreeBytes>>20)
		}
		content, err := root.ReadFile(path)
		if err != nil {
			return err
		}
		files = append(files, &pb.SourceFile{Path: filepath.ToSlash(path), Content: content})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", dir, err)
	}
	return files, nil
}

// testNames lists the tests that files declare: those that have to run.
func testNames(files []*pb.SourceFile) []string {
	var names []string
	for _, file := range files {
		if !strings.HasSuffix(file.Path, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file.Path, file.Content, parser.SkipObjectResolution)
		if err != nil {
			continue // The compiler says it better, with the line.
		}
		for _, declared := range parsed.Decls {
			function, ok := declared.(*ast.FuncDecl)
			if ok && function.Recv == nil && strings.HasPrefix(function.Name.Name, "Test") && function.Name.Name != "TestMain" {
				names = append(names, function.Name.Name)
			}
		}
	}
	return names
}
