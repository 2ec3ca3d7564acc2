package build

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"lineage.dev/runner/internal/cgroup"
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
	// planVersion rises when what is generated into programs, or which files are taken, changes: kept programs are then built anew.
	planVersion = "9"
	// maxDiagnostics is how many problems are worth showing at once.
	maxDiagnostics = 50
)

// Builder compiles and links in slots.
type Builder struct {
	Toolchain  *toolchain.Toolchain
	Cache      *Cache
	Namespaces bool
	// Groups are for the slots; nil means none.
	Groups *cgroup.Tree
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
	// Cover counts how often each block of the module's packages runs. Tests only.
	Cover bool
	// Fuzz compiles the module's packages so that fuzzing sees which code an input reaches. Tests only.
	Fuzz    bool
	Scratch string
	UID     int
	// Crowded says that others build at the same time: what the tools do side by side would then cost all of them.
	Crowded bool
	// Aside says that nobody waits for it: its tools get what the machine has left.
	Aside bool
	// Release is the Go to build with, of those that are prepared; empty for the pinned one. The builder is chosen by it.
	Release string
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
	Tests []string
	// Covered are the files that count, when that was asked for.
	Covered []CoveredFile
	Compile time.Duration
	Link    time.Duration
	// GoCommand says why the go command built it; empty for the fast path.
	GoCommand string
	// Limit is set when the build itself went over a limit.
	Limit string
	// archives are the packages that the plan compiles and others may use.
	archives []madeArchive
	// steps are the commands of the plan that compile the learner's packages.
	steps []step
	// against is what the plan compiles and links against.
	against libraries
	// apart is what the linker that was started ahead takes instead of the plan's package main; nil when there is none.
	apart *apartMain
}

// ErrFailed says that the build could not be done, for reasons that are ours.
var ErrFailed = errors.New("build: failed")

// Build turns files into a program. Problems of the source are diagnostics, not errors.
func (b *Builder) Build(ctx context.Context, request Request) (Result, error) {
	if problem := CheckFiles(request.Files); problem != nil {
		return Result{Diagnostics: []Diagnostic{*problem}}, nil
	}
	key := b.Key(request)
	if kept, ok := b.kept(request, key); ok {
		return kept, nil
	}
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
	plan, result, err := b.plan(ctx, request, source, out, ahead != nil)
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
	if ahead != nil && ahead.against == result.against {
		if done, err := b.executeAhead(ctx, request, ahead, plan, &result, key); done || err != nil {
			return result, err
		}
	}
	return b.execute(ctx, request, plan, result, key, out)
}

// kept returns a program that was built before. Which tests a test binary has, its source says.
func (b *Builder) kept(request Request, key string) (Result, bool) {
	program, ok := b.Cache.Find(key)
	return Result{Program: program, Cached: true}, ok && !request.Test
}

// Key names the program that a request leads to: equal requests have equal keys.
func (b *Builder) Key(request Request) string {
	return hashOf(request.Files, planVersion, b.Toolchain.Version, b.Toolchain.Dir, fmt.Sprint(request.Test), fmt.Sprint(request.Harness), fmt.Sprint(request.Cover), fmt.Sprint(request.Fuzz), request.variant())
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

// noMain says that there is no program.
const noMain = "there is no package main in the top directory to run"

// plan decides what to compile in which order. Nothing of the learner's runs here.
func (b *Builder) plan(ctx context.Context, request Request, source, out string, ahead bool) ([]sandbox.Command, Result, error) {
	module, problems, err := readModule(source, b.Toolchain, request.Std)
	if err != nil {
		return nil, Result{}, fmt.Errorf("%w: %w", ErrFailed, err)
	}
	if len(problems) > 0 {
		return nil, Result{Diagnostics: problems}, nil
	}
	target := module.packages[module.path]
	if problem := module.refused(request.Test, b.Toolchain); problem != nil {
		return nil, Result{Diagnostics: []Diagnostic{*problem}}, nil
	}
	if target != nil && target.problem != nil {
		return nil, Result{Diagnostics: []Diagnostic{*target.problem}}, nil
	}
	if target == nil || (!request.Test && target.name != "main") {
		problem := Diagnostic{Path: "main.go", Line: 1, Column: 1, Message: noMain, Source: "module"}
		return nil, Result{Diagnostics: []Diagnostic{problem}}, nil
	}
	if request.Test && len(target.tests)+len(target.xtests) == 0 {
		problem := Diagnostic{Path: "main_test.go", Line: 1, Column: 1, Message: "there are no tests yet: write a function TestXxx in a file that ends in _test.go", Source: "module"}
		return nil, Result{Diagnostics: []Diagnostic{problem}}, nil
	}
	if request.Test {
		if problems := checkTests(source, target); len(problems) > 0 {
			return nil, Result{Diagnostics: problems}, nil
		}
	}
	order, problems := module.order(target, request.Test, b.Toolchain, source)
	if len(problems) > 0 {
		return nil, Result{Diagnostics: problems}, nil
	}
	var covered []CoveredFile
	if request.Cover {
		if covered, err = b.cover(ctx, request, order, source, out); err != nil {
			return nil, Result{}, fmt.Errorf("%w: %w", ErrFailed, err)
		}
	}
	set := b.moduleSetFor(request, module.outside)
	if why := module.needsGoCommand(order, set != nil); why != "" {
		g, err := b.newGoBuild(request, module.path)
		if err != nil {
			return nil, Result{}, fmt.Errorf("%w: %w", ErrFailed, err)
		}
		commands, tests, err := g.commands(target)
		if err != nil {
			return nil, Result{}, fmt.Errorf("%w: %w", ErrFailed, err)
		}
		return commands, Result{GoCommand: why, Tests: tests, Covered: covered}, nil
	}
	p := planner{builder: b, request: request, ahead: ahead, module: module, set: set, against: b.against(request, set), source: source, out: out, archives: map[string]string{}, keys: map[string]string{}}
	commands, result, err := p.commands(order, target)
	result.against, result.Covered = p.against, covered
	return commands, result, err
}

func (b *Builder) execute(ctx context.Context, request Request, commands []sandbox.Command, result Result, key, out string) (Result, error) {
	spec, err := b.specOf(request)
	if err != nil {
		return result, fmt.Errorf("%w: %w", ErrFailed, err)
	}
	spec.Commands = commands
	if result.GoCommand == "" {
		spec.Env = append(spec.Env, "GOGC=off", toolMemory)
		if request.Crowded {
			spec.Env = append(spec.Env, "GOMAXPROCS=1")
		}
	}
	spec.Env = append(spec.Env, request.Std.Env()...)
	spec.Mounts = append(spec.Mounts, result.against.mounts()...)
	said, outcome, err := runTools(ctx, spec)
	if err != nil {
		return result, fmt.Errorf("%w: %w", ErrFailed, err)
	}
	if outcome.Cancelled {
		return result, context.Canceled
	}
	said = b.othersToo(ctx, request, commands, result, outcome, said)
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

// toolMemory bounds the heap of a tool, which collects no garbage below it: it is over before that would be worth it.
const toolMemory = "GOMEMLIMIT=1GiB"

// specOf describes the slot of a request's tools.
func (b *Builder) specOf(request Request) (sandbox.Spec, error) {
	spec, err := b.spec(request.Scratch, request.UID)
	spec.Aside = request.Aside
	return spec, err
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
		Groups:     b.Groups,
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
