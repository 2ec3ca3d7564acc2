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

// Kit is what one Fetch prepared: packages of third parties, compiled, and the versions of their modules. A learner's
// module that requires the same versions is compiled and linked against it without the go command.
type Kit struct {
	// Dir holds its archives and configurations.
	Dir string
	// CompileConfig lists what learner code may import, the standard library among it; LinkConfig everything.
	CompileConfig string
	LinkConfig    string

	manifest kitManifest
	sums     map[string]bool
}

type kitManifest struct {
	// Source tells from what it was made; see sourceOf.
	Source string
	// Modules is the whole build list but the kit's own module, by path.
	Modules map[string]kitModule
	// Packages are those that are compiled, by import path.
	Packages map[string]kitPackage
	// Sums is the kit's go.sum.
	Sums string
}

type kitModule struct {
	Version string
	// Go is the language that the module asks for, such as "1.24.0"; may be empty.
	Go string
}

type kitPackage struct {
	// Modules are the modules of the package and of everything that it imports.
	Modules []string
	// Internal packages can be imported by their own modules only.
	Internal bool `json:",omitempty"`
}

// Wanted is what decides whether a learner's module can be built with a kit.
type Wanted struct {
	// Go is the version of its go line; empty means the release's own.
	Go string
	// Requires are the versions in its go.mod, by module path.
	Requires map[string]string
	// Sums is its go.sum; nil when it has none.
	Sums []byte
	// Imports are its imports of other modules.
	Imports []string
}

// Kits are what Fetch prepared, in no order that matters.
func (s *Store) Kits() []*Kit {
	s.kits.Lock()
	defer s.kits.Unlock()
	info, err := os.Stat(s.kitsDir())
	if err != nil {
		return nil
	}
	if s.kits.read.Equal(info.ModTime()) {
		return s.kits.known
	}
	s.kits.read, s.kits.known = info.ModTime(), nil
	entries, err := os.ReadDir(s.kitsDir())
	if err != nil {
		return nil
	}
	for _, entry := range entries {
		if kit, err := openKit(filepath.Join(s.kitsDir(), entry.Name())); err == nil {
			s.kits.known = append(s.kits.known, kit)
		}
	}
	return s.kits.known
}

// kits are those that were read when their directory had this time.
type kits struct {
	sync.Mutex
	read  time.Time
	known []*Kit
}

func (s *Store) kitsDir() string { return filepath.Join(s.dir, "kits") }

// KitFor returns a kit with which the go command would build the same program; nil when there is none.
func (s *Store) KitFor(wanted Wanted) *Kit {
	if len(wanted.Imports) == 0 {
		return nil
	}
	for _, kit := range s.Kits() {
		if kit.fits(wanted) {
			return kit
		}
	}
	return nil
}

// Has says whether learner code that is built with this kit may import a package.
func (k *Kit) Has(path string) bool {
	found, ok := k.manifest.Packages[path]
	return ok && !found.Internal
}

// fits says whether minimal version selection comes to the kit's versions for everything that is imported: each of its
// modules is required in that version, as `go mod tidy` writes it, and no requirement differs from the kit, whose list
// is already closed under what its modules require.
func (k *Kit) fits(wanted Wanted) bool {
	needed := map[string]bool{}
	for _, path := range wanted.Imports {
		if !k.Has(path) {
			return false
		}
		for _, module := range k.manifest.Packages[path].Modules {
			needed[module] = true
		}
	}
	for path, required := range wanted.Requires {
		if k.manifest.Modules[path].Version != required {
			return false
		}
	}
	sums := linesOf(wanted.Sums)
	for path := range needed {
		module := k.manifest.Modules[path]
		if _, required := wanted.Requires[path]; !required {
			return false
		}
		if wanted.Go != "" && version.Compare("go"+module.Go, "go"+wanted.Go) > 0 {
			return false
		}
	}
	return wanted.Sums == nil || k.summed(wanted.Requires, needed, sums)
}

// summed says whether a go.sum has, of these modules, what the go command looks for and what is true.
func (k *Kit) summed(requires map[string]string, needed, sums map[string]bool) bool {
	for line := range k.sums {
		path, rest, _ := strings.Cut(line, " ")
		named, _, _ := strings.Cut(rest, " ")
		at, isGoMod := strings.CutSuffix(named, "/go.mod")
		if requires[path] == at && (isGoMod || needed[path]) && !sums[line] {
			return false
		}
	}
	return true
}

// Module is one module of a kit. Sum is its hash in go.sum.
type Module struct {
	Path, Version, Sum string
}

// ModulesOf lists the modules of what these packages need, in the order of their paths.
func (k *Kit) ModulesOf(imports []string) []Module {
	needed := map[string]bool{}
	for _, path := range imports {
		for _, module := range k.manifest.Packages[path].Modules {
			needed[module] = true
		}
	}
	sums := map[string]string{}
	for line := range k.sums {
		if fields := strings.Fields(line); len(fields) == 3 {
			sums[fields[0]+" "+fields[1]] = fields[2]
		}
	}
	modules := make([]Module, 0, len(needed))
	for _, path := range slices.Sorted(maps.Keys(needed)) {
		version := k.manifest.Modules[path].Version
		modules = append(modules, Module{Path: path, Version: version, Sum: sums[path+" "+version]})
	}
	return modules
}

func openKit(dir string) (*Kit, error) {
	raw, err := os.ReadFile(filepath.Join(dir, "kit.json"))
	if err != nil {
		return nil, err
	}
	kit := &Kit{Dir: dir, CompileConfig: filepath.Join(dir, "compile.cfg"), LinkConfig: filepath.Join(dir, "link.cfg")}
	if err := json.Unmarshal(raw, &kit.manifest); err != nil {
		return nil, err
	}
	kit.sums = linesOf([]byte(kit.manifest.Sums))
	return kit, nil
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
