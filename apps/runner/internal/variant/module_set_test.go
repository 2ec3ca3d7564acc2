package variant

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"lineage.dev/runner/internal/toolchain"
)

var greet = ModuleSet{
	manifest: setManifest{
		Modules: map[string]setModule{"x.test/greet": {Version: "v1.2.0", Go: "1.27"}, "x.test/words": {Version: "v0.3.0", Go: "1.27.2"}, "x.test/more": {Version: "v1.0.0"}},
		Packages: map[string]setPackage{
			"x.test/greet":             {Modules: []string{"x.test/greet", "x.test/words"}},
			"x.test/words":             {Modules: []string{"x.test/words"}},
			"x.test/more":              {Modules: []string{"x.test/more"}},
			"x.test/greet/internal/by": {Modules: []string{"x.test/greet"}, Internal: true},
		},
	},
	sums: linesOf([]byte(greetSums)),
}

const greetSums = "x.test/greet v1.2.0 h1:a=\nx.test/greet v1.2.0/go.mod h1:b=\nx.test/words v0.3.0 h1:c=\nx.test/words v0.3.0/go.mod h1:d=\n" +
	"x.test/more v1.0.0 h1:e=\nx.test/more v1.0.0/go.mod h1:f=\nx.test/words v0.2.0/go.mod h1:g=\n"

func TestModuleSetIsTakenOnlyWhereTheGoCommandChoosesTheSame(t *testing.T) {
	both := map[string]string{"x.test/greet": "v1.2.0", "x.test/words": "v0.3.0"}
	all := map[string]string{"x.test/greet": "v1.2.0", "x.test/words": "v0.3.0", "x.test/more": "v1.0.0"}
	for name, test := range map[string]struct {
		wanted Wanted
		fits   bool
	}{
		"everything that is imported is required": {Wanted{Requires: both, Imports: []string{"x.test/greet"}}, true},
		"its sums are there":                      {Wanted{Requires: both, Sums: []byte(greetSums), Imports: []string{"x.test/greet"}}, true},
		"what is not imported needs one sum":      {Wanted{Requires: all, Sums: []byte("x.test/words v0.3.0 h1:c=\nx.test/words v0.3.0/go.mod h1:d=\nx.test/more v1.0.0/go.mod h1:f=\nx.test/greet v1.2.0/go.mod h1:b=\n"), Imports: []string{"x.test/words"}}, true},
		"an indirect module is not required":      {Wanted{Requires: map[string]string{"x.test/greet": "v1.2.0"}, Imports: []string{"x.test/greet"}}, false},
		"another version is required":             {Wanted{Requires: map[string]string{"x.test/greet": "v1.3.0", "x.test/words": "v0.3.0"}, Imports: []string{"x.test/words"}}, false},
		"an unknown module is required":           {Wanted{Requires: map[string]string{"x.test/words": "v0.3.0", "y.test/y": "v1.0.0"}, Imports: []string{"x.test/words"}}, false},
		"an internal package":                     {Wanted{Requires: both, Imports: []string{"x.test/greet/internal/by"}}, false},
		"a package that was not compiled":         {Wanted{Requires: both, Imports: []string{"x.test/greet/rare"}}, false},
		"a sum is missing":                        {Wanted{Requires: both, Sums: []byte("x.test/greet v1.2.0 h1:a=\n"), Imports: []string{"x.test/greet"}}, false},
		"a sum is another":                        {Wanted{Requires: map[string]string{"x.test/words": "v0.3.0"}, Sums: []byte("x.test/words v0.3.0 h1:z=\nx.test/words v0.3.0/go.mod h1:d=\n"), Imports: []string{"x.test/words"}}, false},
		"an empty go.sum":                         {Wanted{Requires: both, Sums: []byte{}, Imports: []string{"x.test/greet"}}, false},
		"a module asks for a newer release":       {Wanted{Go: "1.27.1", Requires: both, Imports: []string{"x.test/greet"}}, false},
		"a module asks for the release":           {Wanted{Go: "1.27.2", Requires: both, Imports: []string{"x.test/greet"}}, true},
	} {
		if got := greet.fits(test.wanted); got != test.fits {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestModuleSetOfAModuleGivesWayToItsNext(t *testing.T) {
	base := t.TempDir()
	configs := toolchain.Toolchain{Dir: "go", CompileConfig: filepath.Join(base, "compile"), LinkConfig: filepath.Join(base, "link")}
	archive := filepath.Join(base, "archive")
	for _, file := range []string{configs.CompileConfig, configs.LinkConfig, archive} {
		if err := os.WriteFile(file, []byte("packagefile fmt=/fmt.a\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	store := NewStore(base, &configs)
	if store.ModuleSetFor(Wanted{Imports: []string{"x.test/a"}}) != nil {
		t.Fatal("a set that nobody made")
	}
	manifest := []byte(`{"Modules":{"x.test/a":{"Version":"v1.0.0"}},"Packages":{"x.test/a":{"Modules":["x.test/a"]}}}`)
	wanted := Wanted{Requires: map[string]string{"x.test/a": "v1.0.0"}, Imports: []string{"x.test/a"}}
	packages := []listed{{ImportPath: "x.test/a", Export: archive}, {ImportPath: "x.test/internal/b", Export: archive}}
	for _, content := range []string{"one", "two"} {
		if err := store.putSet("module", content, manifest, packages, nil); err != nil {
			t.Fatal(err)
		}
		// Directories tell their times in steps.
		later := time.Now().Add(time.Duration(len(store.ModuleSets())) * time.Hour)
		if err := os.Chtimes(store.setsDir(), later, later); err != nil {
			t.Fatal(err)
		}
		set := store.ModuleSetFor(wanted)
		if set == nil || filepath.Base(set.Dir) != "module-"+content || len(store.ModuleSets()) != 1 {
			t.Fatal(set)
		}
		compile, err := os.ReadFile(set.CompileConfig)
		if want := "packagefile fmt=/fmt.a\npackagefile x.test/a=" + set.Dir + "/pkg/x.test/a.a\n"; err != nil || string(compile) != want {
			t.Fatalf("%q %v", compile, err)
		}
		if _, err := os.Stat(filepath.Join(set.Dir, "pkg/x.test/internal/b.a")); err != nil {
			t.Fatal(err)
		}
	}
}
