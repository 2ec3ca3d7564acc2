package build

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"lineage.dev/runner/internal/offline"
	"lineage.dev/runner/internal/sandbox"
)

// maxFormatted bounds what formatting may say: every file, encoded.
const maxFormatted = 3 * maxSourceBytes

// Inspection is what a tool found in a module, without running anything of it.
type Inspection struct {
	Diagnostics []Diagnostic
	Remarks     []Remark
	// Formatted are the files that gofmt would change.
	Formatted []File
	Functions []Function
	Took      time.Duration
	Limit     string
}

// Vet runs go vet on every package.
func (b *Builder) Vet(ctx context.Context, request Request) (Inspection, error) {
	if err := b.prepareVet(ctx, request); err != nil {
		return Inspection{}, fmt.Errorf("%w: %w", ErrFailed, err)
	}
	return b.inspect(ctx, request, []string{"vet", "-json", "./..."}, func(out, said, workDir string, failed bool, found *Inspection) {
		found.Diagnostics = parseVet(out, workDir)
		if failed {
			found.Diagnostics = append(found.Diagnostics, parseGoCommand(withoutPrefix(said, "vet: "), workDir)...)
		}
	})
}

// Remarks compiles every package and takes what the compiler says about it.
func (b *Builder) Remarks(ctx context.Context, request Request) (Inspection, error) {
	if err := b.prepareGo(ctx, request); err != nil {
		return Inspection{}, fmt.Errorf("%w: %w", ErrFailed, err)
	}
	out := filepath.Join(request.Scratch, "out", "programs") + string(filepath.Separator)
	return b.inspect(ctx, request, []string{"build", "-o", out, remarkFlags, "./..."}, func(_, said, workDir string, failed bool, found *Inspection) {
		if failed {
			found.Diagnostics = parseGoCommand(withoutRemarks(said), workDir)
			return
		}
		found.Remarks = parseRemarks(said)
	})
}

func (b *Builder) prepareVet(ctx context.Context, request Request) error {
	perform := func() error { return b.Variants.Vet(ctx, func(string) {}) }
	if b.Variants.VetReady() || request.Preparing == nil {
		return perform()
	}
	return request.Preparing("go vet", perform)
}

// inspect runs the go command on a module in a slot; read turns what it wrote into findings.
func (b *Builder) inspect(ctx context.Context, request Request, args []string, read func(out, said, workDir string, failed bool, found *Inspection)) (Inspection, error) {
	problem, err := prepareSources(request)
	if err != nil || problem != nil {
		return problemFound(problem), err
	}
	modulePath := defaultModulePath
	m := &module{path: defaultModulePath, toolchain: b.Toolchain, dir: filepath.Join(request.Scratch, "src")}
	if problems := m.readGoMod(); len(problems) > 0 {
		return Inspection{Diagnostics: problems}, nil
	}
	modulePath = m.path
	g, err := b.newGoBuild(request, modulePath)
	if err != nil {
		return Inspection{}, fmt.Errorf("%w: %w", ErrFailed, err)
	}
	if err := errors.Join(g.addGoMod(), g.addSums()); err != nil {
		return Inspection{}, fmt.Errorf("%w: %w", ErrFailed, err)
	}
	if args[0] == "build" {
		config, err := g.writeTools(offline.Tools{Source: g.workDir, Module: g.module, Imports: g.linkConfig()})
		if err != nil {
			return Inspection{}, fmt.Errorf("%w: %w", ErrFailed, err)
		}
		if err := os.Mkdir(filepath.Join(g.out, "programs"), 0o777); err != nil {
			return Inspection{}, fmt.Errorf("%w: %w", ErrFailed, err)
		}
		if err := os.Chmod(filepath.Join(g.out, "programs"), 0o777); err != nil {
			return Inspection{}, fmt.Errorf("%w: %w", ErrFailed, err)
		}
		args = append([]string{"build", "-toolexec", quoted(g.self, "toolexec", config)}, args[1:]...)
	}
	spec, err := g.spec()
	if err != nil {
		return Inspection{}, fmt.Errorf("%w: %w", ErrFailed, err)
	}
	spec.Commands = []sandbox.Command{{Path: filepath.Join(b.Toolchain.GOROOT, "bin", "go"), Args: args}}
	return b.runInspection(ctx, spec, func(out, said string, failed bool, found *Inspection) {
		read(out, said, g.workDir, failed, found)
	})
}

// Format runs gofmt on every Go file, in a slot: a file may be made to be hard to read.
func (b *Builder) Format(ctx context.Context, request Request) (Inspection, error) {
	problem, err := prepareSources(request)
	if err != nil || problem != nil {
		return problemFound(problem), err
	}
	g, err := b.newGoBuild(request, "")
	if err != nil {
		return Inspection{}, fmt.Errorf("%w: %w", ErrFailed, err)
	}
	spec, err := b.specOf(request)
	if err != nil {
		return Inspection{}, fmt.Errorf("%w: %w", ErrFailed, err)
	}
	spec.Mounts = append(spec.Mounts, sandbox.Mount{Source: g.self, Target: g.self})
	spec.Commands = []sandbox.Command{{Path: g.self, Args: []string{"gofmt", g.workDir}}}
	return b.runInspection(ctx, spec, func(out, _ string, _ bool, found *Inspection) {
		for line := range strings.Lines(out) {
			var file offline.Formatted
			if json.Unmarshal([]byte(line), &file) != nil || !filepath.IsLocal(file.Path) {
				continue
			}
			for _, p := range file.Problems[:min(len(file.Problems), maxDiagnostics)] {
				found.Diagnostics = append(found.Diagnostics, Diagnostic{Path: file.Path, Line: p.Line, Column: p.Column, Message: p.Message, Source: "compile"})
			}
			if file.Changed {
				found.Formatted = append(found.Formatted, File{Path: file.Path, Content: file.Content})
			}
		}
	})
}

func prepareSources(request Request) (*Diagnostic, error) {
	if problem := CheckFiles(request.Files); problem != nil {
		return problem, nil
	}
	if err := makeBuildDirs(request.Scratch); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFailed, err)
	}
	if err := WriteFiles(filepath.Join(request.Scratch, "src"), request.Files); err != nil {
		return &Diagnostic{Path: "go.mod", Line: 1, Column: 1, Message: "a file and a directory have the same name", Source: "module"}, nil
	}
	return nil, nil
}

func problemFound(problem *Diagnostic) Inspection {
	if problem == nil {
		return Inspection{}
	}
	return Inspection{Diagnostics: []Diagnostic{*problem}}
}

// runInspection runs a tool whose output is data and hands both of its streams on.
func (b *Builder) runInspection(ctx context.Context, spec sandbox.Spec, read func(out, said string, failed bool, found *Inspection)) (Inspection, error) {
	out, said, outcome, err := runTool(ctx, spec)
	switch {
	case err != nil:
		return Inspection{}, fmt.Errorf("%w: %w", ErrFailed, err)
	case outcome.Cancelled:
		return Inspection{}, context.Canceled
	case outcome.Failure != "":
		return Inspection{}, fmt.Errorf("%w: %s", ErrFailed, outcome.Failure)
	case outcome.TimedOut:
		return Inspection{Limit: sandbox.LimitCPU}, nil
	case outcome.Limit != "":
		return Inspection{Limit: outcome.Limit}, nil
	}
	found := Inspection{Took: outcome.Wall}
	read(out, said, outcome.ExitCode != 0 || outcome.Signal != 0, &found)
	return found, nil
}

// runTool keeps standard output and standard error apart, both bounded.
func runTool(ctx context.Context, spec sandbox.Spec) (out, said string, outcome sandbox.Outcome, err error) {
	outRead, outWrite, err := os.Pipe()
	if err != nil {
		return "", "", outcome, err
	}
	defer outRead.Close()
	saidRead, saidWrite, err := os.Pipe()
	if err != nil {
		outWrite.Close()
		return "", "", outcome, err
	}
	defer saidRead.Close()
	null, err := os.Open(os.DevNull)
	if err != nil {
		outWrite.Close()
		saidWrite.Close()
		return "", "", outcome, err
	}
	defer null.Close()
	take := func(from io.Reader, most int64) <-chan string {
		text := make(chan string, 1)
		go func() {
			raw, _ := io.ReadAll(io.LimitReader(from, most))
			_, _ = io.Copy(io.Discard, from)
			text <- string(raw)
		}()
		return text
	}
	outText, saidText := take(outRead, maxFormatted), take(saidRead, maxRemarkOutput)
	outcome, err = sandbox.Run(ctx, spec, sandbox.IO{Stdin: null, Stdout: outWrite, Stderr: saidWrite})
	outWrite.Close()
	saidWrite.Close()
	return <-outText, <-saidText, outcome, err
}

// maxRemarkOutput bounds what the compiler may say about a module: -m=2 is long.
const maxRemarkOutput = 8 << 20

func withoutPrefix(said, prefix string) string {
	var kept strings.Builder
	for line := range strings.Lines(said) {
		kept.WriteString(strings.TrimPrefix(line, prefix))
	}
	return kept.String()
}

// withoutRemarks leaves the problems of a build that failed: what the compiler says about other packages is none.
func withoutRemarks(said string) string {
	var kept strings.Builder
	for line := range strings.Lines(said) {
		match := remarkLine.FindStringSubmatch(strings.TrimRight(line, "\r\n"))
		if match != nil && (strings.HasPrefix(match[4], "  ") || kindOf(match[4]) != Other) {
			continue
		}
		kept.WriteString(line)
	}
	return kept.String()
}
