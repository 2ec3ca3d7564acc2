package build

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sort"

	"lineage.dev/runner/internal/harness"
	"lineage.dev/runner/internal/sandbox"
	"lineage.dev/runner/internal/variant"
)

// planner turns the packages of one build into commands.
type planner struct {
	builder *Builder
	request Request
	// ahead says that there is a linker that was started ahead.
	ahead   bool
	against libraries
	module  *module
	// set has what the module imports of others; nil when that is nothing.
	set      *variant.ModuleSet
	source   string
	out      string
	archives map[string]string
	configs  int
	// keys name the archives of the module's packages, as far as they are kept.
	keys  map[string]string
	made  []madeArchive
	steps []step
}

func (p *planner) commands(order []*pkg, target *pkg) ([]sandbox.Command, Result, error) {
	var commands []sandbox.Command
	for _, one := range order {
		var command *sandbox.Command
		var err error
		needs := one.imports
		switch {
		case one != target:
			command, err = p.compileOnce(one.importPath, one.dir, one.files, one.embeds, one.imports, "")
		case p.request.Test:
			command, err = p.underTest(target)
			needs = slices.Concat(target.imports, target.testDeps)
		}
		if err != nil {
			return nil, Result{}, err
		}
		if command != nil {
			p.steps = append(p.steps, step{command: len(commands), path: one.importPath, needs: needs})
			commands = append(commands, *command)
		}
	}
	if !p.request.Test {
		return p.program(commands, target)
	}
	return p.testProgram(commands, target)
}

// underTest compiles the tested package with its own tests; nil when it has external ones only.
func (p *planner) underTest(target *pkg) (*sandbox.Command, error) {
	// What imports it is compiled against this and is no use to other builds.
	p.keys[target.importPath] = ""
	files := slices.Concat(target.files, target.tests)
	if len(files) == 0 {
		return nil, nil
	}
	command, err := p.compile(target.importPath, target.dir, files, slices.Concat(target.embeds, target.testEmbeds), "")
	return &command, err
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
	p.steps = append(p.steps, step{command: len(commands), path: "main", needs: target.imports})
	main, err := p.compile("main", target.dir, files, target.embeds, "")
	if err != nil {
		return nil, Result{}, err
	}
	link, err := p.link("main")
	return append(commands, main, link), Result{archives: p.made, steps: p.steps}, err
}

func (p *planner) testProgram(commands []sandbox.Command, target *pkg) ([]sandbox.Command, Result, error) {
	if len(target.xtests) > 0 {
		external, err := p.compile(target.importPath+"_test", target.dir, target.xtests, target.xtestEmbeds, "")
		if err != nil {
			return nil, Result{}, err
		}
		p.steps = append(p.steps, step{command: len(commands), path: target.importPath + "_test", needs: target.xtestDeps})
		commands = append(commands, external)
	}
	main := readTests(p.source, target)
	result := Result{Tests: main.names(), archives: p.made, steps: p.steps}
	var err error
	if p.ahead {
		if result.apart, err = p.mainApart(main); err != nil {
			return nil, Result{}, err
		}
	}
	files, err := p.writeMain("zz_lineage_main", main)
	if err != nil {
		return nil, Result{}, err
	}
	compile, err := p.compile("main", "zz_lineage_main", files, nil, p.against.link)
	if err != nil {
		return nil, Result{}, err
	}
	link, err := p.link("main")
	return append(commands, compile, link), result, err
}

// writeMain writes the generated package main of a test binary into dir and returns the names of its files.
func (p *planner) writeMain(dir string, main testMain) ([]string, error) {
	names := []string{"main.go"}
	files := []File{{Path: filepath.Join(dir, "main.go"), Content: main.source()}}
	if p.request.Harness {
		names = append(names, harness.HiddenFileName)
		files = append(files, File{Path: filepath.Join(dir, harness.HiddenFileName), Content: []byte(harness.HiddenFile)})
	}
	if err := WriteFiles(p.source, files); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFailed, err)
	}
	return names, nil
}

// apartMain is a main package of a test binary that was compiled without the learner's packages. Only the linker that is
// started ahead can use it: it has to be told which packages to add.
type apartMain struct {
	archive string
	// made is there when the archive is not kept yet: what compiles it, and as what to keep it.
	made *madeApart
	// packages are the learner's.
	packages []string
}

type madeApart struct {
	command sandbox.Command
	archive madeArchive
}

// insteadOfMain replaces the last of a plan's compiles, which is that of package main.
func (a *apartMain) insteadOfMain(compiles []sandbox.Command) []sandbox.Command {
	rest := slices.Clone(compiles[:len(compiles)-1])
	if a.made != nil {
		rest = append(rest, a.made.command)
	}
	return rest
}

// mainApart returns the main package that the linker started ahead can take; nil when there is none.
func (p *planner) mainApart(main testMain) (*apartMain, error) {
	const dir = "zz_lineage_apart"
	main, ok := main.apart()
	if !ok || p.builder.Archives == nil {
		return nil, nil
	}
	files, err := p.writeMain(dir, main)
	if err != nil {
		return nil, err
	}
	apart := &apartMain{packages: main.packages()}
	key := p.archiveKey("main", dir, files, nil, nil)
	if kept, ok := p.builder.Archives.shelf.find(key); ok {
		apart.archive = kept
		return apart, nil
	}
	apart.archive = filepath.Join(p.out, "apart.a")
	// Not -complete: the learner's functions have no body here.
	args := append([]string{"-o", apart.archive}, p.compileArgs("main", p.against.link)...)
	for _, file := range files {
		args = append(args, filepath.Join(dir, file))
	}
	command := sandbox.Command{Path: p.builder.Toolchain.Tool("compile"), Args: args}
	apart.made = &madeApart{command, madeArchive{key: key, path: apart.archive}}
	return apart, nil
}

// fuzzFlag makes the compiler count which code an input reaches (fuzzInstrumentFlags in cmd/go/internal/work).
const fuzzFlag = "-d=libfuzzer"

// compile returns the command for one package and remembers its archive. base is the configuration of what it may
// import beside the learner's own packages; empty means what learners may.
func (p *planner) compile(importPath, dir string, files []string, embeds []embedding, base string) (sandbox.Command, error) {
	archive := p.archiveFile(importPath)
	var flags []string
	if base == "" {
		base = p.against.compile
		if p.request.Fuzz {
			flags = append(flags, fuzzFlag)
		}
		if p.request.Harness && importPath == "main" {
			base = p.against.link
		}
	}
	config, err := p.config(base)
	if err != nil {
		return sandbox.Command{}, err
	}
	args := append([]string{"-o", archive, "-complete"}, p.compileArgs(importPath, config)...)
	args = append(args, flags...)
	if p.request.Std != nil {
		args = append(args, p.request.Std.CompileArgs()...)
	}
	if len(embeds) > 0 {
		p.configs++
		embedConfig := filepath.Join(p.out, fmt.Sprintf("embed%d.json", p.configs))
		if err := writeEmbedConfig(p.source, dir, embeds, embedConfig); err != nil {
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

// compileArgs are those of every compile; config is the import configuration.
func (p *planner) compileArgs(importPath, config string) []string {
	return []string{"-p", importPath, "-lang=" + p.builder.Toolchain.Language, "-c=2",
		"-trimpath", "/work=>;" + filepath.Join(p.request.Scratch, "src") + "=>", "-importcfg", config, "-pack"}
}

// archiveFile names the archive of a package. The linker that was started ahead knows where that of package main will be.
func (p *planner) archiveFile(importPath string) string {
	if importPath == "main" {
		return filepath.Join(p.out, "main.a")
	}
	return filepath.Join(p.out, fmt.Sprintf("package%d.a", len(p.archives)))
}

func (p *planner) link(main string) (sandbox.Command, error) {
	config, err := p.config(p.against.link, p.modInfoLine())
	if err != nil {
		return sandbox.Command{}, err
	}
	args := []string{"-o", filepath.Join(p.out, "program"), "-importcfg", config, "-buildmode=exe", "-w", "-X", "runtime.defaultGOROOT="}
	if p.request.Test {
		args = append(args, "-X", "testing.testBinary=1")
	}
	if p.request.Std != nil {
		args = append(args, p.request.Std.LinkArgs()...)
	}
	return sandbox.Command{Path: p.linker(), Args: append(args, p.archives[main])}, nil
}

// linker is ours where it can be, which links as the release's own does and faster. After the one that was started ahead it
// is the release's: then something is not as ours expects.
func (p *planner) linker() string {
	if own := p.builder.Toolchain.AheadLinker; own != "" && !p.ahead && p.request.Std == nil {
		return own
	}
	return p.builder.Toolchain.Tool("link")
}

// config returns an import configuration that has base, every archive so far, and more lines.
func (p *planner) config(base string, more ...string) (string, error) {
	if len(p.archives)+len(more) == 0 {
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
	for _, line := range more {
		raw = append(raw, line...)
	}
	p.configs++
	file := filepath.Join(p.out, fmt.Sprintf("import%d.cfg", p.configs))
	if err := os.WriteFile(file, raw, 0o644); err != nil {
		return "", fmt.Errorf("%w: %w", ErrFailed, err)
	}
	return file, nil
}
