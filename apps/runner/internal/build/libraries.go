package build

import (
	"strings"

	"golang.org/x/mod/modfile"

	"lineage.dev/runner/internal/sandbox"
	"lineage.dev/runner/internal/variant"
)

// libraries are what a build compiles and links against, beside the learner's own packages.
type libraries struct {
	// compile lists what learner code may import, link everything.
	compile, link string
	// dir and more hold what is not the toolchain's own; empty when there is nothing.
	dir, more string
}

// against returns the libraries of a build: those of the request's standard library, of a set, or the toolchain's own.
func (b *Builder) against(request Request, set *variant.ModuleSet) libraries {
	switch {
	case request.Std.Race() && set != nil:
		return libraries{set.RaceCompileConfig, set.RaceLinkConfig, set.Dir, request.Std.Dir}
	case request.Std != nil:
		return libraries{request.Std.CompileConfig, request.Std.LinkConfig, request.Std.Dir, ""}
	case set != nil:
		return libraries{set.CompileConfig, set.LinkConfig, set.Dir, ""}
	default:
		return libraries{compile: b.Toolchain.CompileConfig, link: b.Toolchain.LinkConfig}
	}
}

func (l libraries) mounts() []sandbox.Mount {
	var mounts []sandbox.Mount
	for _, dir := range []string{l.dir, l.more} {
		if dir != "" {
			mounts = append(mounts, sandbox.Mount{Source: dir, Target: dir})
		}
	}
	return mounts
}

// moduleSetFor returns the set that has these imports of other modules, when the go command would choose the same versions;
// else nil.
func (b *Builder) moduleSetFor(request Request, imports map[string]bool) *variant.ModuleSet {
	if len(imports) == 0 || (request.Std != nil && !request.Std.Race()) {
		return nil
	}
	var goMod, goSum []byte
	for _, file := range request.Files {
		switch {
		case file.Path == "go.mod":
			goMod = file.Content
		case file.Path == "go.sum":
			goSum = append([]byte{}, file.Content...)
		case strings.HasPrefix(file.Path, "vendor/"):
			return nil
		}
	}
	parsed, err := modfile.ParseLax("go.mod", goMod, nil)
	if err != nil || parsed.Go == nil || !plain(parsed) {
		return nil
	}
	wanted := variant.Wanted{Go: parsed.Go.Version, Requires: map[string]string{}, Sums: goSum}
	for _, require := range parsed.Require {
		if _, twice := wanted.Requires[require.Mod.Path]; twice {
			return nil
		}
		wanted.Requires[require.Mod.Path] = require.Mod.Version
	}
	for path := range imports {
		wanted.Imports = append(wanted.Imports, path)
	}
	wanted.Race = request.Std.Race()
	return b.Variants.ModuleSetFor(wanted)
}

// plain says whether a go.mod has nothing but what decides no version in another way than its requirements do.
func plain(file *modfile.File) bool {
	for _, statement := range file.Syntax.Stmt {
		var verb string
		switch s := statement.(type) {
		case *modfile.Line:
			verb = s.Token[0]
		case *modfile.LineBlock:
			verb = s.Token[0]
		default:
			continue
		}
		switch verb {
		case "module", "go", "toolchain", "require":
		default:
			return false
		}
	}
	return true
}
