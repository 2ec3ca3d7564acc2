package build

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"lineage.dev/runner/internal/executable"
	"lineage.dev/runner/internal/sandbox"
	"lineage.dev/runner/internal/variant"
)

// Crossed is what came out of building for one system, or what is wrong.
type Crossed struct {
	executable.Info
	Took        time.Duration
	Diagnostics []Diagnostic
	Limit       string
}

// Cross builds the program in the top directory for another system, by the go command, in a slot. The file is looked at
// there too, and goes with the slot. compiling is told how far the standard library for that system is, the first time.
func (b *Builder) Cross(ctx context.Context, request Request, target variant.Target, compiling func(done, of int)) (Crossed, error) {
	problem, err := prepareSources(request)
	if err != nil {
		return Crossed{}, err
	}
	if problem == nil && !HasMain(request.Files) {
		problem = &Diagnostic{Path: "main.go", Line: 1, Column: 1, Message: noMain, Source: "module"}
	}
	m := &module{path: defaultModulePath, toolchain: b.Toolchain, dir: filepath.Join(request.Scratch, "src")}
	if problem == nil {
		if problems := m.readGoMod(); len(problems) > 0 {
			return Crossed{Diagnostics: problems}, nil
		}
	}
	if problem != nil {
		return Crossed{Diagnostics: []Diagnostic{*problem}}, nil
	}
	if err := b.prepareCross(ctx, request, target, compiling); err != nil {
		return Crossed{}, fmt.Errorf("%w: %w", ErrFailed, err)
	}
	g, err := b.newGoBuild(request, m.path)
	if err != nil {
		return Crossed{}, fmt.Errorf("%w: %w", ErrFailed, err)
	}
	if err := errors.Join(g.addGoMod(), g.addSums()); err != nil {
		return Crossed{}, fmt.Errorf("%w: %w", ErrFailed, err)
	}
	g.cache = b.Variants.CrossCache(target)
	spec, err := g.spec()
	if err != nil {
		return Crossed{}, fmt.Errorf("%w: %w", ErrFailed, err)
	}
	program := filepath.Join(g.out, "program")
	spec.Env = append(spec.Env, "GOOS="+target.OS, "GOARCH="+target.Arch)
	spec.Commands = []sandbox.Command{
		{Path: filepath.Join(b.Toolchain.GOROOT, "bin", "go"), Args: []string{"build", "-o", program, "."}},
		{Path: g.self, Args: []string{"executable", program}},
	}
	return crossed(ctx, spec, g.workDir)
}

func crossed(ctx context.Context, spec sandbox.Spec, workDir string) (Crossed, error) {
	out, said, outcome, err := runTool(ctx, spec)
	switch {
	case err != nil:
		return Crossed{}, fmt.Errorf("%w: %w", ErrFailed, err)
	case outcome.Cancelled:
		return Crossed{}, context.Canceled
	case outcome.Failure != "":
		return Crossed{}, fmt.Errorf("%w: %s", ErrFailed, outcome.Failure)
	case outcome.TimedOut:
		return Crossed{Limit: sandbox.LimitCPU}, nil
	case outcome.Limit != "":
		return Crossed{Limit: outcome.Limit}, nil
	case outcome.Failed() && outcome.Step == 0:
		return Crossed{Diagnostics: parseGoCommand(said, workDir)}, nil
	}
	var made Crossed
	if outcome.Failed() || json.Unmarshal([]byte(out), &made.Info) != nil || !known(made.Info) {
		return Crossed{}, fmt.Errorf("%w: what was built cannot be read: %s", ErrFailed, firstLineOf(said))
	}
	made.Took = outcome.StepTimes[0]
	return made, nil
}

// known bounds what somebody in the slot said about a file.
func known(info executable.Info) bool {
	return slices.Contains([]string{"ELF", "Mach-O", "PE", "wasm"}, info.Format) && info.Size > 0 && info.Size <= executable.MaxBytes && len(info.Libraries) <= 100
}

// prepareCross compiles what the program imports of the standard library, and all of it when it imports other modules.
func (b *Builder) prepareCross(ctx context.Context, request Request, target variant.Target, compiling func(done, of int)) error {
	packages := b.importsOf(request.Files)
	if b.Variants.CrossReady(target, packages) {
		return nil
	}
	perform := func() error { return b.Variants.Cross(ctx, target, packages, compiling) }
	if request.Preparing == nil {
		return perform()
	}
	return request.Preparing("standard library for "+target.String(), perform)
}

// importsOf lists what files import of the standard library; all of it when they import modules, whose imports nobody
// has looked at.
func (b *Builder) importsOf(files []File) []string {
	module := modulePath(files)
	needed := map[string]bool{"runtime": true}
	for _, file := range files {
		if !strings.HasSuffix(file.Path, ".go") || strings.HasSuffix(file.Path, "_test.go") || strings.HasPrefix(file.Path, "vendor/") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file.Path, file.Content, parser.ImportsOnly)
		if err != nil {
			continue // The compiler says what is wrong with it.
		}
		for _, spec := range parsed.Imports {
			path := strings.Trim(spec.Path.Value, "\"`")
			switch {
			case path == "unsafe" || path == "C":
			case b.Toolchain.Importable(path):
				needed[path] = true
			case !internalToGo(path) && !within(path, module):
				return b.Toolchain.Packages()
			}
		}
	}
	paths := make([]string, 0, len(needed))
	for path := range needed {
		paths = append(paths, path)
	}
	slices.Sort(paths)
	return paths
}
