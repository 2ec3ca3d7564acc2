// Package injected has the packages of the runner's own that are linked into learners' programs. They are compiled when a
// standard library is prepared, with access to its internal packages; learner code cannot import them.
package injected

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"lineage.dev/runner/internal/harness"
)

// Domain is the first element of their import paths, which no module of a learner may have: a package of the same path would
// take their place.
const Domain = "lineage.dev"

const (
	// Testrun is what the main package of a test binary imports.
	Testrun = Domain + "/testrun"
	// TestrunMain is the function that it calls, as the linker knows it.
	TestrunMain = Testrun + ".Main"
)

// Package is one of them.
type Package struct {
	// ImportPath is what a generated file imports.
	ImportPath string
	// name is that of its archive, shownIn the directory that a crash names.
	name, shownIn string
	sources       fs.FS
}

//go:embed report/*.go testrun/*.go
var own embed.FS

var (
	forTests = []Package{
		{Domain + "/report", "report", "zz_lineage_report", below(own, "report")},
		{Testrun, "testrun", "zz_lineage_testrun", below(own, "testrun")},
	}
	forProfiles = []Package{{harness.ImportPath, "harness", "lineage", below(harness.Injected, "inject")}}
)

func below(files embed.FS, dir string) fs.FS {
	sub, _ := fs.Sub(files, dir) // The name is valid, which is all that it can fail for.
	return sub
}

// All lists every package, those that others import first.
func All() []Package { return append(ForTests(), forProfiles...) }

// ForTests lists what test binaries need.
func ForTests() []Package { return append([]Package(nil), forTests...) }

// Source is the text of all packages, to tell one version of them from another.
func Source() string {
	var all strings.Builder
	for _, p := range All() {
		for _, name := range p.files() {
			raw, _ := fs.ReadFile(p.sources, name) // It is there: it was listed.
			all.Write(raw)
		}
	}
	return all.String()
}

// ImportConfig is the lines of an import configuration for the archives that Compile writes into dir.
func ImportConfig(dir string) string {
	var lines strings.Builder
	for _, p := range All() {
		fmt.Fprintf(&lines, "packagefile %s=%s\n", p.ImportPath, p.archive(dir))
	}
	return lines.String()
}

// Compile writes the archives of packages into dir. flags are the compiler's, with an import configuration that has the
// standard library and those of ImportConfig; run performs it.
func Compile(dir string, packages []Package, flags []string, run func(args ...string) error) error {
	for _, p := range packages {
		sources := filepath.Join(dir, p.name)
		files, err := p.write(sources)
		if err != nil {
			return err
		}
		args := append([]string{"-o", p.archive(dir), "-p", p.ImportPath, "-complete", "-pack", "-trimpath", sources + "=>" + p.shownIn}, flags...)
		if err := run(append(args, files...)...); err != nil {
			return fmt.Errorf("compile %s: %w", p.ImportPath, err)
		}
	}
	return nil
}

func (p Package) archive(dir string) string { return filepath.Join(dir, p.name+".a") }

func (p Package) files() []string {
	names, _ := fs.Glob(p.sources, "*.go") // The pattern is valid, which is all that it can fail for.
	return names
}

func (p Package) write(dir string) ([]string, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	var files []string
	for _, name := range p.files() {
		raw, err1 := fs.ReadFile(p.sources, name)
		file := filepath.Join(dir, name)
		if err := errors.Join(err1, os.WriteFile(file, raw, 0o644)); err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	return files, nil
}
