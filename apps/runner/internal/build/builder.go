package build

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"time"

	"lineage.dev/runner/internal/harness"
	"lineage.dev/runner/internal/sandbox"
	"lineage.dev/runner/internal/toolchain"
	"lineage.dev/runner/internal/variant"
)

const (
	buildWall   = 60 * time.Second
	buildCPU    = 90 * time.Second
	buildMemory = 1536 << 20
	buildDisk   = 256 << 20
	// buildProcesses: the compiler starts a thread for each core and some for its garbage collector.
	buildProcesses = 128
	// maxCompilerOutput bounds what the tools may say.
	maxCompilerOutput = 256 << 10
	// planVersion rises when what is generated into programs changes: kept programs are then built anew.
	planVersion = "3"
	// maxDiagnostics is how many problems are worth showing at once.
	maxDiagnostics = 50
)

// Builder compiles and links in slots.
type Builder struct {
	Toolchain  *toolchain.Toolchain
	Cache      *Cache
	Namespaces bool
	// Variants are what few builds need, prepared once.
	Variants *variant.Store
	// Archives keeps packages that were compiled; nil means none.
	Archives *Archives
	// Ahead holds slots with a linker that was started before there was a program to link; nil means none.
	Ahead *Ahead
}

// Request is one program to build. Scratch is an empty host directory of ours; UID is who builds (0: ourselves).
type Request struct {
	Files   []File
	Test    bool
	Harness bool
	Scratch string
	UID     int
	// Std is the standard library to build with; nil is the toolchain's own.
	Std *variant.Std
	// Preparing is told of what a build has to wait for once, and performs it; nil performs it without a word.
	Preparing func(what string, perform func() error) error
}

// Result is a program, or what is wrong with its source.
type Result struct {
	Program string
	Cached  bool
	// LinkedAhead says that the linker was there before the program.
	LinkedAhead bool
	Diagnostics []Diagnostic
	// Tests are the names of the tests that the program has, in order.
	Tests   []string
	Compile time.Duration
	Link    time.Duration
	// GoCommand says why the go command built it; empty for the fast path.
	GoCommand string
	// Limit is set when the build itself went over a limit.
	Limit string
	// archives are the packages that the plan compiles and others may use.
	archives []madeArchive
}

// ErrFailed says that the build could not be done, for reasons that are ours.
var ErrFailed = errors.New("build: failed")

// Build turns files into a program. Problems of the source are diagnostics, not errors.
func (b *Builder) Build(ctx context.Context, request Request) (Result, error) {
	if problem := CheckFiles(request.Files); problem != nil {
		return Result{Diagnostics: []Diagnostic{*problem}}, nil
	}
	key := b.Key(request)
	ahead := b.takeAhead(request, key)
	if ahead == nil {
		if err := makeBuildDirs(request.Scratch); err != nil {
			return Result{}, fmt.Errorf("%w: %w", ErrFailed, err)
		}
	} else {
		defer ahead.release()
		request.Scratch, request.UID = ahead.place.Dir, ahead.place.UID
	}
	source, out := filepath.Join(request.Scratch, "src"), filepath.Join(request.Scratch, "out")
	if err := WriteFiles(source, request.Files); err != nil {
		problem := Diagnostic{Path: "go.mod", Line: 1, Column: 1, Message: "a file and a directory have the same name", Source: "module"}
		return Result{Diagnostics: []Diagnostic{problem}}, nil
	}
	plan, result, err := b.plan(request, source, out)
	if err != nil || len(result.Diagnostics) > 0 {
		return result, err
	}
	if program, ok := b.Cache.Find(key); ok {
		result.Program, result.Cached = program, true
		return result, nil
	}
	if result.GoCommand != "" {
		return b.executeGo(ctx, request, plan, result, key)
	}
	if ahead != nil {
		if done, err := b.executeAhead(ctx, ahead, plan, &result, key); done || err != nil {
			return result, err
		}
	}
	return b.execute(ctx, request, plan, result, key, out)
}

// Key names the program that a request leads to: equal requests have equal keys.
func (b *Builder) Key(request Request) string {
	return hashOf(request.Files, planVersion, toolchain.Version, b.Toolchain.Dir, fmt.Sprint(request.Test), fmt.Sprint(request.Harness), request.variant())
}

// makeBuildDirs makes what a build needs below scratch: the sources, what the tools write, and the slot's root.
func makeBuildDirs(scratch string) error {
	for _, name := range []string{"src", "out", "root"} {
		if err := os.Mkdir(filepath.Join(scratch, name), 0o755); err != nil {
			return err
		}
	}
	return nil
}

// variant tells programs of one standard library from those of another.
func (r Request) variant() string {
	if r.Std == nil {
		return ""
	}
	return r.Std.Dir
}

// plan decides what to compile in which order. Nothing of the learner's runs here.
func (b *Builder) plan(request Request, source, out string) ([]sandbox.Command, Result, error) {
	module, problems, err := readModule(source)
	if err != nil {
		return nil, Result{}, fmt.Errorf("%w: %w", ErrFailed, err)
	}
	if len(problems) > 0 {
		return nil, Result{Diagnostics: problems}, nil
	}
	target := module.packages[module.path]
	if target == nil || (!request.Test && target.name != "main") {
		problem := Diagnostic{Path: "main.go", Line: 1, Column: 1, Message: "there is no package main in the top directory to run", Source: "module"}
		return nil, Result{Diagnostics: []Diagnostic{problem}}, nil
	}
	if request.Test && len(target.tests)+len(target.xtests) == 0 {
		problem := Diagnostic{Path: "main_test.go", Line: 1, Column: 1, Message: "there are no tests yet: write a function TestXxx in a file that ends in _test.go", Source: "module"}
		return nil, Result{Diagnostics: []Diagnostic{problem}}, nil
	}
	order, problems := module.order(target, request.Test, b.Toolchain, source)
	if len(problems) > 0 {
		return nil, Result{Diagnostics: problems}, nil
	}
	if why := module.needsGoCommand(order); why != "" {
		g, err := b.newGoBuild(request, module.path)
		if err != nil {
			return nil, Result{}, fmt.Errorf("%w: %w", ErrFailed, err)
		}
		commands, tests, err := g.commands(target)
		if err != nil {
			return nil, Result{}, fmt.Errorf("%w: %w", ErrFailed, err)
		}
		return commands, Result{GoCommand: why, Tests: tests}, nil
	}
	p := planner{builder: b, request: request, source: source, out: out, archives: map[string]string{}, keys: map[string]string{}}
	return p.commands(order, target)
}

type planner struct {
	builder  *Builder
	request  Request
	source   string
	out      string
	archives map[string]string
	configs  int
	// keys name the archives of the module's packages, as far as they are kept.
	keys map[string]string
	made []madeArchive
}

func (p *planner) commands(order []*pkg, target *pkg) ([]sandbox.Command, Result, error) {
	var commands []sandbox.Command
	for _, dependency := range order[:len(order)-1] {
		command, err := p.compileOnce(dependency.importPath, dependency.dir, dependency.files, dependency.embeds, dependency.imports, "")
		if err != nil {
			return nil, Result{}, err
		}
		if command != nil {
			commands = append(commands, *command)
		}
	}
	if !p.request.Test {
		return p.program(commands, target)
	}
	return p.testProgram(commands, target)
}

func (p *planner) program(commands []sandbox.Command, target *pkg) ([]sandbox.Command, Result, error) {
	files := target.files
	if p.request.Harness {
		hidden := File{Path: harness.HiddenFileName, Content: []byte(harness.HiddenFile)}
		if err := WriteFiles(p.source, []File{hidden}); err != nil {
			return nil, Result{}, fmt.Errorf("%w: %w", ErrFailed, err)
		}
		files = append(append([]string(nil), files...), harness.HiddenFileName)
	}
	main, err := p.compile("main", target.dir, files, target.embeds, "")
	if err != nil {
		return nil, Result{}, err
	}
	link, err := p.link("main")
	return append(commands, main, link), Result{archives: p.made}, err
}

func (p *planner) testProgram(commands []sandbox.Command, target *pkg) ([]sandbox.Command, Result, error) {
	files := append(append([]string(nil), target.files...), target.tests...)
	under, err := p.compile(target.importPath, target.dir, files, target.embeds, "")
	if err != nil {
		return nil, Result{}, err
	}
	commands = append(commands, under)
	if len(target.xtests) > 0 {
		external, err := p.compile(target.importPath+"_test", target.dir, target.xtests, nil, "")
		if err != nil {
			return nil, Result{}, err
		}
		commands = append(commands, external)
	}
	const reportDir = "zz_lineage_report"
	if err := WriteFiles(p.source, []File{{Path: reportDir + "/report.go", Content: []byte(reportSource)}}); err != nil {
		return nil, Result{}, fmt.Errorf("%w: %w", ErrFailed, err)
	}
	report, err := p.compileOnce(reportPath, reportDir, []string{"report.go"}, nil, nil, p.linkConfig())
	if err != nil {
		return nil, Result{}, err
	}
	if report != nil {
		commands = append(commands, *report)
	}
	generated := filepath.Join(p.source, "zz_lineage_main", "main.go")
	if err := os.Mkdir(filepath.Dir(generated), 0o755); err != nil {
		return nil, Result{}, fmt.Errorf("%w: %w", ErrFailed, err)
	}
	tests, err := writeTestMain(p.source, target, generated)
	if err != nil {
		return nil, Result{}, fmt.Errorf("%w: %w", ErrFailed, err)
	}
	hidden := []string{"main.go"}
	if p.request.Harness {
		if err := WriteFiles(filepath.Dir(generated), []File{{Path: harness.HiddenFileName, Content: []byte(harness.HiddenFile)}}); err != nil {
			return nil, Result{}, fmt.Errorf("%w: %w", ErrFailed, err)
		}
		hidden = append(hidden, harness.HiddenFileName)
	}
	main, err := p.compile("main", "zz_lineage_main", hidden, nil, p.linkConfig())
	if err != nil {
		return nil, Result{}, err
	}
	link, err := p.link("main")
	return append(commands, main, link), Result{Tests: tests, archives: p.made}, err
}

func (p *planner) compileConfig() string {
	if p.request.Std != nil {
		return p.request.Std.CompileConfig
	}
	return p.builder.Toolchain.CompileConfig
}

func (p *planner) linkConfig() string {
	if p.request.Std != nil {
		return p.request.Std.LinkConfig
	}
	return p.builder.Toolchain.LinkConfig
}

// compile returns the command for one package and remembers its archive. base is the configuration of what it may
// import beside the learner's own packages; empty means what learners may.
func (p *planner) compile(importPath, dir string, files, embeds []string, base string) (sandbox.Command, error) {
	archive := filepath.Join(p.out, strings.ReplaceAll(importPath, "/", "_")+".a")
	if base == "" {
		base = p.compileConfig()
		if p.request.Harness && importPath == "main" {
			base = p.linkConfig()
		}
	}
	config, err := p.config(base)
	if err != nil {
		return sandbox.Command{}, err
	}
	args := []string{"-o", archive, "-p", importPath, "-lang=" + toolchain.Language, "-complete", "-c=2",
		"-trimpath", "/work=>;" + filepath.Join(p.request.Scratch, "src") + "=>", "-importcfg", config, "-pack"}
	if p.request.Std != nil {
		args = append(args, p.request.Std.CompileArgs()...)
	}
	if len(embeds) > 0 {
		embedConfig, err := writeEmbedConfig(p.source, dir, embeds, filepath.Join(p.out, "embed.json"))
		if err != nil {
			return sandbox.Command{}, err
		}
		args = append(args, "-embedcfg", embedConfig)
	}
	for _, file := range files {
		args = append(args, filepath.Join(dir, file))
	}
	p.archives[importPath] = archive
	return sandbox.Command{Path: p.builder.Toolchain.Tool("compile"), Args: args}, nil
}

func (p *planner) link(main string) (sandbox.Command, error) {
	config, err := p.config(p.linkConfig())
	if err != nil {
		return sandbox.Command{}, err
	}
	args := []string{"-o", filepath.Join(p.out, "program"), "-importcfg", config, "-buildmode=exe", "-w"}
	if p.request.Test {
		args = append(args, "-X", "testing.testBinary=1")
	}
	if p.request.Std != nil {
		args = append(args, p.request.Std.LinkArgs()...)
	}
	return sandbox.Command{Path: p.builder.Toolchain.Tool("link"), Args: append(args, p.archives[main])}, nil
}

// config returns an import configuration that has base and every archive so far.
func (p *planner) config(base string) (string, error) {
	if len(p.archives) == 0 {
		return base, nil
	}
	raw, err := os.ReadFile(base)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrFailed, err)
	}
	paths := make([]string, 0, len(p.archives))
	for importPath := range p.archives {
		paths = append(paths, importPath)
	}
	sort.Strings(paths)
	for _, importPath := range paths {
		if importPath != "main" {
			raw = fmt.Appendf(raw, "packagefile %s=%s\n", importPath, p.archives[importPath])
		}
	}
	p.configs++
	file := filepath.Join(p.out, fmt.Sprintf("import%d.cfg", p.configs))
	if err := os.WriteFile(file, raw, 0o644); err != nil {
		return "", fmt.Errorf("%w: %w", ErrFailed, err)
	}
	return file, nil
}

func (b *Builder) execute(ctx context.Context, request Request, commands []sandbox.Command, result Result, key, out string) (Result, error) {
	spec, err := b.spec(request.Scratch, request.UID)
	if err != nil {
		return result, fmt.Errorf("%w: %w", ErrFailed, err)
	}
	spec.Commands = commands
	if request.Std != nil {
		spec.Mounts = append(spec.Mounts, sandbox.Mount{Source: request.Std.Dir, Target: request.Std.Dir})
	}
	said, outcome, err := runTools(ctx, spec)
	if err != nil {
		return result, fmt.Errorf("%w: %w", ErrFailed, err)
	}
	if outcome.Cancelled {
		return result, context.Canceled
	}
	return b.conclude(result, outcome, len(commands), said, key, out)
}

// conclude says how a build ended and keeps the program of one that ended well.
func (b *Builder) conclude(result Result, outcome sandbox.Outcome, commands int, said, key, out string) (Result, error) {
	result.addTimes(outcome, commands)
	switch {
	case outcome.Failure != "":
		return result, fmt.Errorf("%w: %s", ErrFailed, outcome.Failure)
	case outcome.TimedOut:
		result.Limit = sandbox.LimitCPU
		return result, nil
	case outcome.Limit != "":
		result.Limit = outcome.Limit
		return result, nil
	case outcome.Signal != 0 || crashed(said):
		return result, fmt.Errorf("%w: a tool crashed: %s", ErrFailed, firstLineOf(said))
	case outcome.ExitCode != 0:
		result.Diagnostics = parseDiagnostics(said)
		return result, nil
	}
	var err error
	if b.Archives != nil {
		b.Archives.keep(result.archives)
	}
	result.Program, err = b.Cache.Put(key, filepath.Join(out, "program"))
	if err != nil {
		return result, fmt.Errorf("%w: %w", ErrFailed, err)
	}
	return result, nil
}

// spec describes the slot of a build whose directories are below dir.
func (b *Builder) spec(dir string, uid int) (sandbox.Spec, error) {
	source, out, scratch := filepath.Join(dir, "src"), filepath.Join(dir, "out"), filepath.Join(dir, "root")
	if uid != 0 {
		if err := os.Chown(out, uid, uid); err != nil {
			return sandbox.Spec{}, err
		}
	}
	if !b.Namespaces {
		scratch = source
	}
	mounts := []sandbox.Mount{
		{Source: b.Toolchain.GOROOT, Target: b.Toolchain.GOROOT},
		{Source: b.Toolchain.Dir, Target: b.Toolchain.Dir},
		{Source: out, Target: out, Writable: true},
	}
	if b.Archives != nil {
		mounts = append(mounts, b.Archives.mount())
	}
	return sandbox.Spec{
		// The linker keeps its own temporary files beside what it writes.
		Env:        []string{"PATH=", "HOME=/tmp", "TMPDIR=" + out, "GOROOT=" + b.Toolchain.GOROOT},
		WorkSource: source,
		ScratchDir: scratch,
		Mounts:     mounts,
		Limits: sandbox.Limits{Wall: buildWall, CPU: buildCPU, Memory: buildMemory, Processes: buildProcesses,
			OpenFiles: 512, FileSize: maxBinaryBytes, Disk: buildDisk},
		Namespaces: b.Namespaces,
		UID:        uid,
	}, nil
}

func (r *Result) addTimes(outcome sandbox.Outcome, commands int) {
	for i, took := range outcome.StepTimes {
		if i == commands-1 {
			r.Link = took
		} else {
			r.Compile += took
		}
	}
}

// runTools runs compiler and linker and returns what they said, bounded.
func runTools(ctx context.Context, spec sandbox.Spec) (string, sandbox.Outcome, error) {
	read, write, err := os.Pipe()
	if err != nil {
		return "", sandbox.Outcome{}, err
	}
	defer read.Close()
	null, err := os.Open(os.DevNull)
	if err != nil {
		write.Close()
		return "", sandbox.Outcome{}, err
	}
	defer null.Close()
	said := make(chan string, 1)
	go func() {
		text, _ := io.ReadAll(io.LimitReader(read, maxCompilerOutput))
		_, _ = io.Copy(io.Discard, read)
		said <- string(text)
	}()
	outcome, err := sandbox.Run(ctx, spec, sandbox.IO{Stdin: null, Stdout: write, Stderr: write})
	write.Close()
	return <-said, outcome, err
}

var diagnosticLine = regexp.MustCompile(`^(?:\./)?([^:\s][^:]*\.go):(\d+)(?::(\d+))?: (.*)$`)

// parseDiagnostics reads the compiler's lines; a continued one is indented by a tab.
func parseDiagnostics(said string) []Diagnostic {
	var found []Diagnostic
	for _, line := range strings.Split(strings.TrimSpace(said), "\n") {
		match := diagnosticLine.FindStringSubmatch(line)
		switch {
		case match != nil:
			column := 1
			if match[3] != "" {
				column = atoi(match[3])
			}
			found = append(found, Diagnostic{Path: inWorkspace(match[1]), Line: atoi(match[2]), Column: column, Message: match[4], Source: "compile"})
		case strings.HasPrefix(line, "\t") && len(found) > 0:
			found[len(found)-1].Message += "\n" + strings.TrimSpace(line)
		}
		if len(found) == maxDiagnostics {
			return found
		}
	}
	if len(found) == 0 {
		found = append(found, Diagnostic{Path: "main.go", Line: 1, Column: 1, Message: "the program could not be linked: " + firstLineOf(said), Source: "compile"})
	}
	return found
}

// crashed tells a tool that its runtime ended, as it does when the machine gives it no thread or memory, from one that
// says what is wrong with a program. What a learner wrote is never at the beginning of what a tool says.
func crashed(said string) bool {
	return strings.HasPrefix(said, "runtime: ") || strings.HasPrefix(said, "fatal error: ")
}

func firstLineOf(said string) string {
	first, _, _ := strings.Cut(strings.TrimSpace(said), "\n")
	return first
}

// inWorkspace keeps a //line directive of a learner from pointing readers at files that are not theirs.
func inWorkspace(name string) string {
	if filepath.IsLocal(name) {
		return name
	}
	if base := filepath.Base(name); filepath.IsLocal(base) {
		return base
	}
	return "unknown"
}
