package variant

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lineage.dev/runner/internal/toolchain"
)

func TestMachineWithoutCCompilerIsToldWhatToInstall(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	store := NewStore(t.TempDir(), &toolchain.Toolchain{Dir: "go", GOROOT: t.TempDir()})
	_, err := store.Race(context.Background(), func(string) {})
	if !errors.Is(err, ErrNoRace) || !strings.Contains(err.Error(), "install gcc") || store.RaceReady() {
		t.Fatal(err)
	}
}

func TestLibrariesOfAProgramAreFoundWithTheirOwn(t *testing.T) {
	for _, program := range []string{"/bin/true", "/usr/bin/true"} {
		if _, err := os.Stat(program); err != nil {
			continue
		}
		libraries, err := neededBy(program)
		if err != nil || len(libraries) < 2 {
			t.Fatal(libraries, err)
		}
		for _, library := range libraries {
			if !filepath.IsAbs(library) {
				t.Error(library)
			}
		}
	}
}

func TestStepThatFailedIsTriedAgain(t *testing.T) {
	store := NewStore(t.TempDir(), &toolchain.Toolchain{Dir: "go"})
	broken := errors.New("broken")
	if err := store.once("step", func() error { return broken }); !errors.Is(err, broken) || store.ready("step") {
		t.Fatal(err)
	}
	done := 0
	for range 2 {
		if err := store.once("step", func() error { done++; return nil }); err != nil || done != 1 {
			t.Fatal(err, done)
		}
	}
}

func TestStepDoesNotWaitForAnother(t *testing.T) {
	store := NewStore(t.TempDir(), &toolchain.Toolchain{Dir: "go"})
	if err := store.once("long", func() error {
		return store.once("short", func() error { return nil })
	}); err != nil || !store.ready("short") {
		t.Error(err)
	}
}
