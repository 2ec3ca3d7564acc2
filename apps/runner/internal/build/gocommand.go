package build

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"golang.org/x/mod/modfile"

	"lineage.dev/runner/internal/harness"
	"lineage.dev/runner/internal/installed"
	"lineage.dev/runner/internal/offline"
	"lineage.dev/runner/internal/sandbox"
)

const (
	// goWall and goCPU are more than a build on the fast path has: modules of third parties are compiled too.
	goWall = 120 * time.Second
	goCPU  = 180 * time.Second
	// goDisk holds a copy of the sources; what the go command makes is below out.
	goDisk = 64 << 20
)

// errNoSelf says that this program cannot find its own file, which works for the go command inside the slot.
var errNoSelf = errors.New("build: the runner's own file is not found")

// executeGo builds with the go command, offline, in the slot. The shared build and module caches are read-only there:
// a program of ours answers the go command from them and keeps what is new in the slot's own directory, which goes with
// it. Nothing that a learner builds is seen by another.
func (b *Builder) executeGo(ctx context.Context, request Request, commands []sandbox.Command, result Result, key string) (Result, error) {
	if err := b.prepareGo(ctx, request); err != nil {
		return result, fmt.Errorf("%w: %w", ErrFailed, err)
	}
	g, err := b.newGoBuild(request, "")
	if err != nil {
		return result, fmt.Errorf("%w: %w", ErrFailed, err)
	}
	spec, err := g.spec()
	if err != nil {
		return result, fmt.Errorf("%w: %w", ErrFailed, err)
	}
	spec.Commands = commands
	said, outcome, err := runTools(ctx, spec)
	if err != nil {
		return result, fmt.Errorf("%w: %w", ErrFailed, err)
	}
	if outcome.Cancelled {
		return result, context.Canceled
	}
	failed := outcome.ExitCode != 0 || outcome.Signal != 0
	result, err = b.conclude(result, outcome, len(commands), "", key, g.out)
	// The go command links within its one step.
	result.Compile, result.Link = result.Compile+result.Link, 0
	if failed && len(result.Diagnostics) > 0 {
		result.Diagnostics = parseGoCommand(said, g.workDir)
	}
	return result, err
}

// prepareGo fills the go command's cache when that was never done.
func (b *Builder) prepareGo(ctx context.Context, request Request) error {
	perform := func() error { return b.Variants.Plain(ctx, func(string) {}) }
	if b.Variants.PlainReady() || request.Preparing == nil {
		return perform()
	}
	return request.Preparing("offline go build", perform)
}

// goBuild is one build by the go command.
type goBuild struct {
	builder *Builder
	request Request
	module  string
	self    string
	source  string
	out     string
	// workDir is the module's directory as the slot sees it.
	workDir string
	// cache is the prepared build cache.
	cache string
}

func (b *Builder) newGoBuild(request Request, modulePath string) (*goBuild, error) {
	self, err := installed.Agent()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errNoSelf, err)
	}
	g := &goBuild{builder: b, request: request, module: modulePath, self: self,
		source: filepath.Join(request.Scratch, "src"), out: filepath.Join(request.Scratch, "out"), workDir: "/work", cache: b.Variants.GoCache()}
	if !b.Namespaces {
		g.workDir = g.source
	}
	return g, nil
}

// commands returns what to run, and the names of the tests.
func (g *goBuild) commands(target *pkg) ([]sandbox.Command, []string, error) {
	tools := offline.Tools{Source: g.workDir, Module: g.module, Hidden: filepath.Join(g.out, "main"), Imports: g.linkConfig(), First: coverFile}
	if g.request.Fuzz {
		tools.Flags = []string{fuzzFlag}
	}
	if err := os.Mkdir(tools.Hidden, 0o755); err != nil {
		return nil, nil, err
	}
	if err := errors.Join(g.addGoMod(), g.addSums()); err != nil {
		return nil, nil, err
	}
	var tests []string
	args := []string{"build"}
	if g.request.Test {
		main := readTests(g.source, target)
		file := File{Path: "main.go", Content: main.source()}
		if err := WriteFiles(tools.Hidden, []File{file}); err != nil {
			return nil, nil, err
		}
		tests = main.names()
		tools.Main, tools.ReplaceMain = append(tools.Main, filepath.Join(tools.Hidden, file.Path)), true
		args = []string{"test", "-c", "-vet=off"}
	}
	if g.request.Harness {
		if err := WriteFiles(tools.Hidden, []File{{Path: harness.HiddenFileName, Content: []byte(harness.HiddenFile)}}); err != nil {
			return nil, nil, err
		}
		tools.Main = append(tools.Main, filepath.Join(tools.Hidden, harness.HiddenFileName))
	}
	config, err := g.writeTools(tools)
	if err != nil {
		return nil, nil, err
	}
	args = append(args, "-o", filepath.Join(g.out, "program"), "-toolexec", quoted(g.self, "toolexec", config), "-ldflags="+strings.Join(g.linkArgs(), " "))
	if g.request.Std != nil {
		args = append(args, g.request.Std.GoArgs()...)
	}
	return []sandbox.Command{{Path: filepath.Join(g.builder.Toolchain.GOROOT, "bin", "go"), Args: append(args, ".")}}, tests, nil
}

func (g *goBuild) writeTools(tools offline.Tools) (string, error) {
	raw, err := json.Marshal(tools)
	if err != nil {
		return "", err
	}
	config := filepath.Join(g.out, "toolexec.json")
	return config, os.WriteFile(config, raw, 0o644)
}

// addGoMod makes a module of files without a go.mod, and gives one without a go line the release's language, as the fast
// path takes them.
func (g *goBuild) addGoMod() error {
	file := filepath.Join(g.source, "go.mod")
	raw, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		raw = []byte("module " + defaultModulePath + "\n")
	} else if err != nil {
		return err
	}
	parsed, err := modfile.ParseLax("go.mod", raw, nil)
	if err != nil || parsed.Go != nil {
		return nil // What is wrong with it was said before.
	}
	return os.WriteFile(file, fmt.Appendf(raw, "\ngo %s\n", strings.TrimPrefix(g.builder.Toolchain.Language, "go")), 0o644)
}

// addSums gives a module without a go.sum the sums of what was prepared: the versions that it may require are those.
func (g *goBuild) addSums() error {
	file := filepath.Join(g.source, "go.sum")
	if _, err := os.Stat(file); err == nil {
		return nil
	}
	sums := g.builder.Variants.Sums()
	if sums == nil {
		return nil
	}
	return os.WriteFile(file, sums, 0o644)
}

func (g *goBuild) linkConfig() string {
	if g.request.Std != nil {
		return g.request.Std.LinkConfig
	}
	return g.builder.Toolchain.LinkConfig
}

func (g *goBuild) linkArgs() []string {
	args := []string{"-w"}
	if g.request.Std != nil {
		for _, arg := range g.request.Std.LinkArgs() {
			if arg != "-race" { // The go command says that itself.
				args = append(args, arg)
			}
		}
	}
	return args
}

// spec describes the slot. Its environment is fixed: neither the machine's nor the module's can change what is built.
func (g *goBuild) spec() (sandbox.Spec, error) {
	spec, err := g.builder.specOf(g.request)
	if err != nil {
		return spec, err
	}
	bin := filepath.Join(g.out, "bin")
	if err := os.Mkdir(bin, 0o755); err != nil {
		return spec, err
	}
	variants := g.builder.Variants
	spec.Env = []string{
		"PATH=" + bin, "HOME=" + filepath.Join(g.out, "home"), "TMPDIR=" + g.out, "GOTMPDIR=" + g.out,
		"GOROOT=" + g.builder.Toolchain.GOROOT, "GOPATH=" + filepath.Join(g.out, "go"), "GOCACHE=" + filepath.Join(g.out, "unused-cache"),
		"GOCACHEPROG=" + quoted(g.self, "cacheprog", g.cache, filepath.Join(g.out, "cache")),
		"GOMODCACHE=" + variants.Modules(),
		"GOTOOLCHAIN=local", "GOPROXY=off", "GOSUMDB=off", "GOVCS=*:off", "GOENV=off", "GOWORK=off", "GO111MODULE=on", "GOAUTH=off",
		"GOFLAGS=-buildvcs=false -trimpath",
	}
	spec.Mounts = append(spec.Mounts, sandbox.Mount{Source: g.self, Target: g.self}, sandbox.Mount{Source: variants.Dir(), Target: variants.Dir()})
	spec.Limits.Wall, spec.Limits.CPU, spec.Limits.Disk = goWall, goCPU, goDisk
	spec.Env = append(spec.Env, g.request.Std.Env()...)
	if !g.request.Std.Race() {
		spec.Env = append(spec.Env, "CGO_ENABLED=0")
	} else {
		// The go command asks the C compiler who it is, to tell what was made by it; nothing is compiled with it here.
		spec.Env = append(spec.Env, "CGO_ENABLED=1", "CC=gcc", offline.CompilerWordsEnv+"="+g.request.Std.CompilerWords())
		if err := os.Symlink(g.self, filepath.Join(bin, offline.CompilerName)); err != nil {
			return spec, err
		}
	}
	return spec, nil
}

// quoted joins a command as the go command splits it. Paths of ours have no quotes of both kinds.
func quoted(words ...string) string {
	out := make([]string, len(words))
	for i, word := range words {
		out[i] = word
		if strings.ContainsAny(word, " \t") {
			out[i] = "'" + word + "'"
		}
	}
	return strings.Join(out, " ")
}

var (
	goModLine   = regexp.MustCompile(`^(?:\./)?go\.mod:(\d+)(?::(\d+))?: (.*)$`)
	missingLine = regexp.MustCompile(`(?:no required module provides package|cannot find module providing package|cannot find package "\."?|package) (\S+?)[;:]? (?:to add it:|import lookup disabled.*|is not in std.*|module lookup disabled.*)?`)
)

// fromHere is how the go command shortens names of files, also within what the compiler says; the compiler alone has no dot.
var fromHere = regexp.MustCompile(`(?m)(^|[\s(])\./(\S+\.go:\d)`)

// parseGoCommand reads what the go command says: the compiler's lines as they are, and its own, which have no file, as
// of go.mod.
func parseGoCommand(said, workDir string) []Diagnostic {
	said = fromHere.ReplaceAllString(strings.ReplaceAll(said, workDir+"/", ""), "$1$2")
	var compiler, own []string
	for line := range strings.Lines(said) {
		line = strings.TrimRight(line, "\r\n")
		switch {
		case strings.HasPrefix(line, "# "):
		case strings.HasPrefix(line, "\t") && len(compiler) == 0:
			own = append(own, line)
		case diagnosticLine.MatchString(line) || strings.HasPrefix(line, "\t"):
			compiler = append(compiler, line)
		case strings.TrimSpace(line) != "":
			own = append(own, line)
		}
	}
	if len(compiler) > 0 {
		found := parseDiagnostics(strings.Join(compiler, "\n"))
		for i := range found {
			found[i] = reworded(found[i])
		}
		return found
	}
	if len(own) > 0 && linkerLine.MatchString(own[0]) {
		return parseDiagnostics(strings.Join(own, "\n"))
	}
	return goCommandProblems(own)
}

// linkerLine is how the linker's complaints begin, which name no file.
var linkerLine = regexp.MustCompile(`^link: |^runtime\.main_main|: relocation target | duplicated definition of symbol `)

// reworded says in our words what the go command says of an import that cannot be had.
func reworded(d Diagnostic) Diagnostic {
	if strings.Contains(d.Message, "to add it:") || strings.Contains(d.Message, "lookup disabled") || strings.Contains(d.Message, "missing go.sum entry") {
		if match := missingLine.FindStringSubmatch(d.Message); match != nil {
			d.Message = fmt.Sprintf("package %q is not available here: its module is neither in the vendor directory nor among those that the runner has prepared", match[1])
		} else {
			first, _, _ := strings.Cut(d.Message, "\n")
			d.Message = "this module is not available here: " + first
		}
		d.Source = "module"
	}
	return d
}

// excludedLine follows "package … imports …" when every file of a package needs cgo or another system.
var excludedLine = regexp.MustCompile(`imports (\S+): build constraints exclude all Go files`)

func goCommandProblems(lines []string) []Diagnostic {
	if match := excludedLine.FindStringSubmatch(strings.Join(lines, "\n")); match != nil {
		message := fmt.Sprintf("package %q cannot be built here: all its files need cgo or another system", match[1])
		return []Diagnostic{{Path: "go.mod", Line: 1, Column: 1, Message: message, Source: "module"}}
	}
	var found []Diagnostic
	for _, line := range lines {
		match := goModLine.FindStringSubmatch(strings.TrimPrefix(line, "go: "))
		switch {
		case len(found) == maxDiagnostics:
			return found
		case match != nil:
			found = append(found, Diagnostic{Path: "go.mod", Line: atoi(match[1]), Column: max(1, atoi(match[2])), Message: match[3], Source: "module"})
		case strings.HasPrefix(line, "\t") && len(found) > 0:
			found[len(found)-1].Message += "\n" + strings.TrimSpace(line)
		default:
			found = append(found, Diagnostic{Path: "go.mod", Line: 1, Column: 1, Message: strings.TrimPrefix(strings.TrimSpace(line), "go: "), Source: "module"})
		}
	}
	if len(found) == 0 {
		found = append(found, Diagnostic{Path: "go.mod", Line: 1, Column: 1, Message: "the program could not be built", Source: "module"})
	}
	return found
}
