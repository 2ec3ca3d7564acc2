package linker_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"lineage.dev/runner/internal/linker"
	"lineage.dev/runner/internal/toolchain"
)

// prepare returns the pinned release with everything that is made of it.
func prepare(t *testing.T) *toolchain.Toolchain {
	t.Helper()
	say := func(step string) { fmt.Fprintln(os.Stderr, step) }
	prepared, err := toolchain.Prepare(context.Background(), toolchain.DefaultDir(), say)
	if err != nil {
		t.Fatal(err)
	}
	return prepared
}

func TestThePinnedReleaseTakesTheEdits(t *testing.T) {
	if prepare(t).AheadLinker == "" {
		t.Fatal("the linker was not built; run `lineage-runner prepare` and read why")
	}
}

func TestWithoutAheadItIsTheReleasesLinker(t *testing.T) {
	prepared := prepare(t)
	dir := t.TempDir()
	source := filepath.Join(dir, "main.go")
	if err := os.WriteFile(source, []byte("package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println(\"hello\") }\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	object := filepath.Join(dir, "main.a")
	tool(t, prepared.Tool("compile"), "-o", object, "-p", "main", "-complete", "-importcfg", prepared.CompileConfig, "-pack", source)
	var programs [2][]byte
	for i, link := range []string{prepared.Tool("link"), prepared.AheadLinker} {
		program := filepath.Join(dir, fmt.Sprint("program", i))
		tool(t, link, "-o", program, "-importcfg", prepared.LinkConfig, "-buildmode=exe", "-w", object)
		raw, err := os.ReadFile(program)
		if err != nil {
			t.Fatal(err)
		}
		programs[i] = raw
	}
	if !bytes.Equal(programs[0], programs[1]) {
		t.Fatal("the two programs differ")
	}
}

func TestAnotherReleaseIsRefused(t *testing.T) {
	goroot := t.TempDir()
	for _, dir := range []string{"ld", "loader"} {
		at := filepath.Join(goroot, "src", "cmd", "link", "internal", dir)
		if err := os.MkdirAll(at, 0o755); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"main.go", "lib.go", "loader.go"} {
			if err := os.WriteFile(filepath.Join(at, name), []byte("package "+dir+"\n"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	out := filepath.Join(t.TempDir(), "link")
	if err := linker.Build(t.Context(), goroot, t.TempDir(), out); err == nil {
		t.Fatal("a release that is not the one the edits are made for was accepted")
	}
}

func tool(t *testing.T, path string, args ...string) {
	t.Helper()
	if said, err := exec.CommandContext(t.Context(), path, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v: %s", filepath.Base(path), err, said)
	}
}
