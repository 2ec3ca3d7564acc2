// Package harness is both sides of profiling: the package that is linked into a learner's program (inject/harness.go)
// and the reader of what it writes. Everything that is read here was written by hostile code.
package harness

import (
	"embed"
	"errors"
	"os"
	"path/filepath"
	"strings"
)

// ImportPath is what the hidden file of a profiled program imports.
const ImportPath = "lineage.dev/harness"

//go:embed inject/*.go
var injected embed.FS

// Source is the text of the injected package, to tell one version of it from another.
func Source() string {
	var all strings.Builder
	for _, name := range names() {
		raw, _ := injected.ReadFile("inject/" + name) // It is there: the names were listed.
		all.Write(raw)
	}
	return all.String()
}

// Write puts the files of the injected package into a directory and returns where they are.
func Write(dir string) ([]string, error) {
	var files []string
	for _, name := range names() {
		raw, err1 := injected.ReadFile("inject/" + name)
		file := filepath.Join(dir, name)
		if err := errors.Join(err1, os.WriteFile(file, raw, 0o644)); err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	return files, nil
}

func names() []string {
	entries, _ := injected.ReadDir("inject") // It is there, or this would not have been compiled.
	var all []string
	for _, entry := range entries {
		all = append(all, entry.Name())
	}
	return all
}

// HiddenFile is added to package main of a profiled program; it changes no line of the learner's files.
const HiddenFile = "package main\n\nimport _ \"" + ImportPath + "\"\n"

// HiddenFileName cannot clash: learner files may not begin with it.
const HiddenFileName = "zz_lineage_harness.go"

// EnvName is the variable that tells the harness what to do; it is gone before main's own init runs.
const EnvName = "LINEAGE_HARNESS"

// Env is the value of EnvName: the descriptor to write to, behind which is the one with orders, and the signals wanted.
func Env(fd string, signals []string) string {
	return EnvName + "=" + fd + ";" + strings.Join(signals, ",")
}
