// Package linker builds a linker that can be started before there is a program to link. It is the pinned release's own
// cmd/link with a few edits: told to, it loads the standard library's packages first and finds out what every program with
// them reaches, which together is more than half of a small link's time, and then waits for its order. What it writes is
// what the release's linker writes; without `-ahead` it is that, on a heap of large pages.
package linker

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Version changes with everything here that goes into the linker.
const Version = "4"

//go:embed ahead
var sources embed.FS

// Build compiles the linker of the release at goroot to the file out. scratch is an empty directory of ours.
func Build(ctx context.Context, goroot, scratch, out string) error {
	root := filepath.Join(scratch, "goroot")
	if err := mirror(goroot, root, "src/cmd/link/internal/ld", "src/cmd/link/internal/loader", "src/runtime/mem_linux.go"); err != nil {
		return fmt.Errorf("linker: %w", err)
	}
	src := filepath.Join(root, "src")
	for _, name := range []string{"ld", "loader"} {
		source, err := sources.ReadFile("ahead/" + name + ".go.txt")
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(src, "cmd", "link", "internal", name, "lineage.go"), source, 0o644); err != nil {
			return err
		}
	}
	for _, e := range edits {
		if err := e.apply(src); err != nil {
			return fmt.Errorf("linker: %w", err)
		}
	}
	cmd := exec.CommandContext(ctx, filepath.Join(root, "bin", "go"), "build", "-trimpath", "-o", out, "cmd/link")
	cmd.Dir = scratch
	cmd.Env = append(os.Environ(), "GOROOT="+root, "GOTOOLCHAIN=local", "GOFLAGS=", "GOWORK=off", "CGO_ENABLED=0", "GOTELEMETRY=off", "GO111MODULE=")
	if said, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("linker: %w: %s", err, bytes.TrimSpace(said))
	}
	return nil
}

func (e edit) apply(src string) error {
	path := filepath.Join(src, filepath.FromSlash(e.file))
	raw, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if bytes.Count(raw, []byte(e.old)) != 1 {
		return fmt.Errorf("%s is not what the edits are made for: %q", e.file, firstLine(e.old))
	}
	return os.WriteFile(path, bytes.Replace(raw, []byte(e.old), []byte(e.new), 1), 0o644)
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return line
}

// mirror makes target look like source by links, with the directories and files in copied as copies that may be edited. An
// overlay would do, were the release not in the module cache, of which the go command accepts none.
func mirror(source, target string, copied ...string) error {
	if err := os.MkdirAll(target, 0o755); err != nil {
		return err
	}
	entries, err := os.ReadDir(source)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		from, to := filepath.Join(source, entry.Name()), filepath.Join(target, entry.Name())
		var below []string
		whole := false
		for _, path := range copied {
			first, rest, more := strings.Cut(path, "/")
			switch {
			case first != entry.Name():
			case more:
				below = append(below, rest)
			default:
				whole = true
			}
		}
		switch {
		case whole && entry.IsDir():
			err = copyDir(from, to)
		case whole:
			err = copyFile(from, to)
		case len(below) > 0:
			err = mirror(from, to, below...)
		default:
			err = os.Symlink(from, to)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func copyDir(from, to string) error {
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}
	entries, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if entry.IsDir() {
			continue // Test data.
		}
		if err := copyFile(filepath.Join(from, entry.Name()), filepath.Join(to, entry.Name())); err != nil {
			return err
		}
	}
	return nil
}

func copyFile(from, to string) error {
	raw, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, raw, 0o644)
}
