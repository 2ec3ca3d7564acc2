package build

import (
	"fmt"
	"os"
	"path"
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
	for _, own := range testPackages {
		if err := WriteFiles(p.source, []File{{Path: own.file(), Content: []byte(own.source)}}); err != nil {
			return nil, Result{}, fmt.Errorf("%w: %w", ErrFailed, err)
		}
		command, err := p.compileOnce(own.importPath, path.Dir(own.file()), []string{path.Base(own.file())}, nil, own.imports, p.against.link)
		if err != nil {
			return nil, Result{}, err
		}
		if command != nil {
			commands = append(commands, *command)
		}
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
	main, err := p.compile("main", "zz_lineage_main", hidden, nil, p.against.link)
	if err != nil {
		return nil, Result{}, err
	}
	link, err := p.link("main")
	return append(commands, main, link), Result{Tests: tests, archives: p.made, steps: p.steps}, err
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
	args := []string{"-o", archive, "-p", importPath, "-lang=" + p.builder.Toolchain.Language, "-complete", "-c=2",
		"-trimpath", "/work=>;" + filepath.Join(p.request.Scratch, "src") + "=>", "-importcfg", config, "-pack"}
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
	return sandbox.Command{Path: p.builder.Toolchain.Tool("link"), Args: append(args, p.archives[main])}, nil
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
