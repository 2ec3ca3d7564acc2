package variant

import (
	"bytes"
	"encoding/json"
	"go/version"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// ModuleSet is what one Fetch prepared: packages of third parties, compiled, and the versions of their modules. A learner's
// module that requires the same versions is compiled and linked against it without the go command.
type ModuleSet struct {
	// Dir holds its archives and configurations.
	Dir string
	// CompileConfig lists what learner code may import, the standard library among it; LinkConfig everything.
	CompileConfig string
	LinkConfig    string
	// RaceCompileConfig and RaceLinkConfig are the same for the race detector; only where Race.
	RaceCompileConfig string
	RaceLinkConfig    string

	manifest setManifest
	sums     map[string]bool
}

type setManifest struct {
	// Source tells from what it was made; see sourceOf.
	Source string
	// Modules is the whole build list but the set's own module, by path.
	Modules map[string]setModule
	// Packages are those that are compiled, by import path.
	Packages map[string]setPackage
	// Sums is the set's go.sum.
	Sums string
	// Race says that the packages are there for the race detector too.
	Race bool `json:",omitempty"`
}

type setModule struct {
	Version string
	// Go is the language that the module asks for, such as "1.24.0"; may be empty.
	Go string
}

type setPackage struct {
	// Modules are the modules of the package and of everything that it imports.
	Modules []string
	// Internal packages can be imported by their own modules only.
	Internal bool `json:",omitempty"`
}

// Wanted is what decides whether a learner's module can be built with a set.
type Wanted struct {
	// Go is the version of its go line; empty means the release's own.
	Go string
	// Requires are the versions in its go.mod, by module path.
	Requires map[string]string
	// Sums is its go.sum; nil when it has none.
	Sums []byte
	// Imports are its imports of other modules.
	Imports []string
	// Race asks for a set for the race detector.
	Race bool
}

// ModuleSets are what Fetch prepared, in no order that matters.
func (s *Store) ModuleSets() []*ModuleSet {
	s.sets.Lock()
	defer s.sets.Unlock()
	info, err := os.Stat(s.setsDir())
	if err != nil {
		return nil
	}
	if s.sets.read.Equal(info.ModTime()) {
		return s.sets.known
	}
	s.sets.read, s.sets.known = info.ModTime(), nil
	entries, err := os.ReadDir(s.setsDir())
	if err != nil {
		return nil
	}
	for _, entry := range entries {
		if set, err := openSet(filepath.Join(s.setsDir(), entry.Name())); err == nil {
			s.sets.known = append(s.sets.known, set)
		}
	}
	return s.sets.known
}

// sets are those that were read when their directory had this time.
type sets struct {
	sync.Mutex
	read  time.Time
	known []*ModuleSet
}

func (s *Store) setsDir() string { return filepath.Join(s.dir, "module-sets") }

// ModuleSetFor returns a set with which the go command would build the same program; nil when there is none.
func (s *Store) ModuleSetFor(wanted Wanted) *ModuleSet {
	if len(wanted.Imports) == 0 {
		return nil
	}
	for _, set := range s.ModuleSets() {
		if set.fits(wanted) {
			return set
		}
	}
	return nil
}

// Has says whether learner code that is built with this set may import a package.
func (m *ModuleSet) Has(path string) bool {
	found, ok := m.manifest.Packages[path]
	return ok && !found.Internal
}

// fits says whether minimal version selection comes to the set's versions for everything that is imported: each of its
// modules is required in that version, as `go mod tidy` writes it, and no requirement differs from the set, whose list
// is already closed under what its modules require.
func (m *ModuleSet) fits(wanted Wanted) bool {
	if wanted.Race && !m.manifest.Race {
		return false
	}
	needed := map[string]bool{}
	for _, path := range wanted.Imports {
		if !m.Has(path) {
			return false
		}
		for _, module := range m.manifest.Packages[path].Modules {
			needed[module] = true
		}
	}
	for path, required := range wanted.Requires {
		if m.manifest.Modules[path].Version != required {
			return false
		}
	}
	sums := linesOf(wanted.Sums)
	for path := range needed {
		module := m.manifest.Modules[path]
		if _, required := wanted.Requires[path]; !required {
			return false
		}
		if wanted.Go != "" && version.Compare("go"+module.Go, "go"+wanted.Go) > 0 {
			return false
		}
	}
	return wanted.Sums == nil || m.summed(wanted.Requires, needed, sums)
}

// summed says whether a go.sum has, of these modules, what the go command looks for and what is true.
func (m *ModuleSet) summed(requires map[string]string, needed, sums map[string]bool) bool {
	for line := range m.sums {
		path, rest, _ := strings.Cut(line, " ")
		named, _, _ := strings.Cut(rest, " ")
		at, isGoMod := strings.CutSuffix(named, "/go.mod")
		if requires[path] == at && (isGoMod || needed[path]) && !sums[line] {
			return false
		}
	}
	return true
}

// Module is one module of a set. Sum is its hash in go.sum.
type Module struct {
	Path, Version, Sum string
}

// ModulesOf lists the modules of what these packages need, in the order of their paths.
func (m *ModuleSet) ModulesOf(imports []string) []Module {
	needed := map[string]bool{}
	for _, path := range imports {
		for _, module := range m.manifest.Packages[path].Modules {
			needed[module] = true
		}
	}
	sums := map[string]string{}
	for line := range m.sums {
		if fields := strings.Fields(line); len(fields) == 3 {
			sums[fields[0]+" "+fields[1]] = fields[2]
		}
	}
	modules := make([]Module, 0, len(needed))
	for _, path := range slices.Sorted(maps.Keys(needed)) {
		version := m.manifest.Modules[path].Version
		modules = append(modules, Module{Path: path, Version: version, Sum: sums[path+" "+version]})
	}
	return modules
}

func openSet(dir string) (*ModuleSet, error) {
	raw, err := os.ReadFile(filepath.Join(dir, "set.json"))
	if err != nil {
		return nil, err
	}
	set := &ModuleSet{Dir: dir, CompileConfig: filepath.Join(dir, "compile.cfg"), LinkConfig: filepath.Join(dir, "link.cfg"),
		RaceCompileConfig: filepath.Join(dir, "race-compile.cfg"), RaceLinkConfig: filepath.Join(dir, "race-link.cfg")}
	if err := json.Unmarshal(raw, &set.manifest); err != nil {
		return nil, err
	}
	set.sums = linesOf([]byte(set.manifest.Sums))
	return set, nil
}

func linesOf(text []byte) map[string]bool {
	lines := map[string]bool{}
	for line := range bytes.Lines(text) {
		if line = bytes.TrimSpace(line); len(line) > 0 {
			lines[string(line)] = true
		}
	}
	return lines
}
