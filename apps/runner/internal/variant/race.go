package variant

import (
	"bufio"
	"bytes"
	"context"
	"debug/elf"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"lineage.dev/runner/internal/injected"
	"lineage.dev/runner/internal/toolchain"
)

// ErrNoRace says that this machine cannot prepare the race detector; its text says why and what to do.
var ErrNoRace = errors.New("the race detector cannot be had on this machine")

// Std is a standard library built in another way.
type Std struct {
	// Dir holds its archives.
	Dir string
	// CompileConfig lists what learner code may import, LinkConfig everything.
	CompileConfig string
	LinkConfig    string
	// Libraries are files of the machine that a program linked with it loads when it starts.
	Libraries []string
	// compilerWords is the line by which the go command knows the C compiler that made its cgo parts.
	compilerWords string
	// race says that it is the race detector's, experiment which settings of GOEXPERIMENT it was compiled with.
	race       bool
	experiment string
}

// Race says whether programs with this library have the race detector.
func (s *Std) Race() bool { return s != nil && s.race }

// Env is what the tools of a build with this library need in their environment.
func (s *Std) Env() []string {
	if s == nil || s.experiment == "" {
		return nil
	}
	return []string{"GOEXPERIMENT=" + s.experiment}
}

// ToolTags are the build tags of the release's experiments as they are with this library, of those that the release sets.
func (s *Std) ToolTags(of []string) []string {
	if s == nil || s.experiment == "" {
		return of
	}
	name, off := strings.CutPrefix(s.experiment, "no")
	tag := "goexperiment." + name
	tags := slices.DeleteFunc(slices.Clone(of), func(t string) bool { return t == tag })
	if off {
		return tags
	}
	return append(tags, tag)
}

// RaceReady says whether Race has nothing left to do.
func (s *Store) RaceReady() bool { return s.ready("race") }

// Race prepares the standard library for the race detector. It takes half a minute once, and a C compiler: the
// detector is a C library, to which the runtime/cgo package connects. What is prepared needs the compiler no more, only
// the C library (glibc) of the machine.
func (s *Store) Race(ctx context.Context, progress func(string)) (*Std, error) {
	err := s.once("race", func() error { return s.buildRace(ctx, progress) })
	if err != nil {
		return nil, err
	}
	std := s.raceStd()
	raw, err1 := os.ReadFile(filepath.Join(std.Dir, "libraries.json"))
	words, err2 := os.ReadFile(filepath.Join(std.Dir, "compiler.txt"))
	if err := errors.Join(err1, err2); err != nil {
		return nil, err
	}
	std.compilerWords = string(words)
	if err := json.Unmarshal(raw, &std.Libraries); err != nil {
		return nil, err
	}
	for _, library := range std.Libraries {
		if _, err := os.Stat(library); err != nil {
			return nil, fmt.Errorf("%w: %s, which programs with it load, is not here any more", ErrNoRace, library)
		}
	}
	return std, nil
}

func (s *Store) raceStd() *Std {
	dir := filepath.Join(s.dir, "race")
	return &Std{Dir: dir, CompileConfig: filepath.Join(dir, "compile.cfg"), LinkConfig: filepath.Join(dir, "link.cfg"), race: true}
}

func (s *Store) buildRace(ctx context.Context, progress func(string)) error {
	if _, err := exec.LookPath("gcc"); err != nil {
		return fmt.Errorf("%w: it needs gcc once; install gcc and the C library's headers, or use an image in which `lineage-runner prepare --race` has run", ErrNoRace)
	}
	std := s.raceStd()
	if err := os.RemoveAll(std.Dir); err != nil {
		return err
	}
	if err := os.MkdirAll(std.Dir, 0o755); err != nil {
		return err
	}
	progress("compiling the standard library for the race detector")
	env := []string{"CGO_ENABLED=1", "CC=gcc"}
	if _, err := s.goCommand(ctx, s.dir, env, "build", "-race", "-tags", cacheTags, "-trimpath", "std"); err != nil {
		return fmt.Errorf("%w: %w", ErrNoRace, err)
	}
	const format = "{{if .Export}}{{.ImportPath}}={{.Export}}{{end}}"
	listed, err := s.goCommand(ctx, s.dir, env, "list", "-race", "-tags", cacheTags, "-trimpath", "-export", "-f", format, "std")
	if err != nil {
		return err
	}
	if err := s.writeConfigs(std, listed); err != nil {
		return err
	}
	if err := s.compileInjected(ctx, std); err != nil {
		return err
	}
	if err := errors.Join(keepCompilerLibrary(ctx, std), keepCompilerWords(ctx, std)); err != nil {
		return fmt.Errorf("%w: %w", ErrNoRace, err)
	}
	progress("trying the race detector")
	return s.tryRace(ctx, std)
}

// writeConfigs copies the archives, since the go command trims its cache, and lists them.
func (s *Store) writeConfigs(std *Std, listed []byte) error {
	var compile, link bytes.Buffer
	scanner := bufio.NewScanner(bytes.NewReader(listed))
	for scanner.Scan() {
		path, export, ok := strings.Cut(scanner.Text(), "=")
		if !ok {
			continue
		}
		kept := filepath.Join(std.Dir, "pkg", filepath.FromSlash(path)+".a")
		if err := keepArchive(export, kept); err != nil {
			return err
		}
		line := fmt.Sprintf("packagefile %s=%s\n", path, kept)
		link.WriteString(line)
		if s.toolchain.Importable(path) {
			compile.WriteString(line)
		}
	}
	if err := scanner.Err(); err != nil {
		return err
	}
	link.WriteString(injected.ImportConfig(std.Dir))
	return errors.Join(os.WriteFile(std.LinkConfig, link.Bytes(), 0o644), os.WriteFile(std.CompileConfig, compile.Bytes(), 0o644))
}

func (s *Store) compileInjected(ctx context.Context, std *Std) error {
	flags := append([]string{"-lang=" + s.toolchain.Language, "-importcfg", std.LinkConfig}, std.CompileArgs()...)
	return injected.Compile(std.Dir, injected.All(), flags, func(args ...string) error { return s.tool(ctx, std, "compile", args...) })
}

// GoArgs are further arguments of the go command for this library.
func (s *Std) GoArgs() []string {
	if !s.race {
		return nil
	}
	return []string{"-race", "-tags=" + cacheTags}
}

// CompilerWords is the line with which the C compiler that was used says its version. The go command takes what it made
// from the cache only when a compiler answers with it.
func (s *Std) CompilerWords() string { return s.compilerWords }

// versionLine finds what cmd/go/internal/work (gccToolID) takes for a compiler's identity.
func versionLine(said string) (string, error) {
	for line := range strings.Lines(said) {
		line = strings.TrimSuffix(line, "\n")
		if at := strings.Index(line, "version "); at >= 0 && !strings.Contains(line[:at], ":") && len(line) > at+8 && line[at+8] >= '0' && line[at+8] <= '9' {
			return line, nil
		}
	}
	return "", errors.New("gcc does not say its version")
}

func keepCompilerWords(ctx context.Context, std *Std) error {
	cmd := exec.CommandContext(ctx, "gcc", "-###", "-x", "c", "-c", "-")
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	said, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("gcc does not answer: %w: %s", err, firstLines(string(said)))
	}
	line, err := versionLine(string(said))
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(std.Dir, "compiler.txt"), []byte(line), 0o644)
}

// keepCompilerLibrary copies libgcc.a, of which the detector uses a few functions.
func keepCompilerLibrary(ctx context.Context, std *Std) error {
	named, err := exec.CommandContext(ctx, "gcc", "-print-libgcc-file-name").Output()
	if err != nil {
		return fmt.Errorf("gcc does not say where its library is: %w", err)
	}
	return toolchain.CopyFile(strings.TrimSpace(string(named)), filepath.Join(std.Dir, "libgcc.a"))
}

// tool runs the compiler or the linker as a slot does: without a PATH, so that what a slot lacks is missed here.
func (s *Store) tool(ctx context.Context, std *Std, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, s.toolchain.Tool(name), args...)
	cmd.Env = append([]string{"PATH="}, std.Env()...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", name, err, firstLines(string(out)))
	}
	return nil
}

// CompileArgs are further arguments of the compiler for this library.
func (s *Std) CompileArgs() []string {
	if !s.race {
		return nil
	}
	return []string{"-race"}
}

// LinkArgs are further arguments of the linker for this library. It does without a C compiler: only the standard
// library's own cgo is in such programs, and what the detector takes of the compiler's own library is kept.
func (s *Std) LinkArgs() []string {
	if !s.race {
		return nil
	}
	return []string{"-race", "-linkmode=internal", "-libgcc=" + filepath.Join(s.Dir, "libgcc.a")}
}

// tryRace builds and runs a program without a race, and keeps what it loads.
func (s *Store) tryRace(ctx context.Context, std *Std) error {
	dir, err := os.MkdirTemp(s.dir, "try-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	source, archive, program := filepath.Join(dir, "main.go"), filepath.Join(dir, "main.a"), filepath.Join(dir, "program")
	if err := os.WriteFile(source, []byte("package main\n\nfunc main() {}\n"), 0o644); err != nil {
		return err
	}
	compile := append([]string{"-o", archive, "-p", "main", "-importcfg", std.CompileConfig, "-pack"}, std.CompileArgs()...)
	link := append([]string{"-o", program, "-importcfg", std.LinkConfig, "-buildmode=exe", "-w"}, std.LinkArgs()...)
	if err := errors.Join(s.tool(ctx, std, "compile", append(compile, source)...), s.tool(ctx, std, "link", append(link, archive)...)); err != nil {
		return fmt.Errorf("%w: %w", ErrNoRace, err)
	}
	libraries, err := neededBy(program)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNoRace, err)
	}
	if out, err := exec.CommandContext(ctx, program).CombinedOutput(); err != nil {
		return fmt.Errorf("%w: a program with it does not run: %w: %s", ErrNoRace, err, firstLines(string(out)))
	}
	raw, err := json.Marshal(libraries)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(std.Dir, "libraries.json"), raw, 0o644)
}

// libraryDirs are where the loader of a Linux machine looks, beside what its own cache names.
var libraryDirs = []string{"/lib/x86_64-linux-gnu", "/lib/aarch64-linux-gnu", "/lib64", "/usr/lib/x86_64-linux-gnu",
	"/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/lib", "/usr/lib"}

// neededBy lists the loader of a program and the libraries that it and they name.
func neededBy(program string) ([]string, error) {
	file, err := elf.Open(program)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var all []string
	for _, segment := range file.Progs {
		if segment.Type == elf.PT_INTERP {
			name, err := io.ReadAll(io.LimitReader(segment.Open(), 4096))
			if err != nil {
				return nil, err
			}
			all = append(all, strings.TrimRight(string(name), "\x00"))
		}
	}
	seen := map[string]bool{}
	waiting, err := file.ImportedLibraries()
	if err != nil {
		return nil, err
	}
	for len(waiting) > 0 {
		name := waiting[0]
		waiting = waiting[1:]
		if seen[name] {
			continue
		}
		seen[name] = true
		path, err := findLibrary(name)
		if err != nil {
			return nil, err
		}
		all = append(all, path)
		more, err := importsOf(path)
		if err != nil {
			return nil, err
		}
		waiting = append(waiting, more...)
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}

func importsOf(path string) ([]string, error) {
	file, err := elf.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return file.ImportedLibraries()
}

func findLibrary(name string) (string, error) {
	if strings.HasPrefix(name, "ld-linux") { // The loader itself, which is named by the program.
		for _, dir := range []string{"/lib64", "/lib"} {
			if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
				return filepath.Join(dir, name), nil
			}
		}
	}
	for _, dir := range libraryDirs {
		path := filepath.Join(dir, name)
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("the library %s is not where Linux machines have it", name)
}
