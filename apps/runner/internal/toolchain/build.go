package toolchain

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"go/version"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"lineage.dev/runner/internal/injected"
	"lineage.dev/runner/internal/linker"
)

// build fills staging; final is where it will lie, which the import configurations have to name.
func build(ctx context.Context, release, staging, final string, progress func(string)) error {
	progress("fetching Go " + release)
	root, err := goCommand(ctx, release, staging, "env", "GOROOT")
	if err != nil {
		return err
	}
	goroot := strings.TrimSpace(string(root))
	progress("compiling the standard library")
	if _, err := goCommand(ctx, release, staging, "build", "-trimpath", "std"); err != nil {
		return err
	}
	const format = "{{if .Export}}{{.ImportPath}}={{.Export}}{{end}}"
	listed, err := goCommand(ctx, release, staging, "list", "-trimpath", "-export", "-f", format, "std")
	if err != nil {
		return err
	}
	progress("writing archives and import configurations")
	importable, err := writeArchives(staging, final, listed)
	if err != nil {
		return err
	}
	ahead := false
	own := injected.ForTests()
	if release == Version {
		own = injected.All()
	}
	if err := compileInjected(ctx, own, release, goroot, staging, final); err != nil {
		return err
	}
	if release == Version {
		progress("compiling the linker that is started ahead")
		if ahead, err = buildAheadLinker(ctx, goroot, staging); err != nil {
			progress("programs are linked by the release's own linker, which is slower: " + err.Error())
		}
	}
	raw, err := json.Marshal(manifest{GOROOT: goroot, Importable: importable, AheadLinker: ahead})
	if err != nil {
		return err
	}
	// Written last: a directory with a manifest is whole.
	return os.WriteFile(filepath.Join(staging, "manifest.json"), raw, 0o644)
}

func buildAheadLinker(ctx context.Context, goroot, staging string) (bool, error) {
	scratch := filepath.Join(staging, "linker")
	if err := os.Mkdir(scratch, 0o755); err != nil {
		return false, err
	}
	defer os.RemoveAll(scratch)
	if err := linker.Build(ctx, goroot, scratch, filepath.Join(staging, aheadLinkerFile)); err != nil {
		return false, err
	}
	return true, nil
}

func writeArchives(staging, final string, listed []byte) ([]string, error) {
	var compile, link bytes.Buffer
	var importable []string
	scanner := bufio.NewScanner(bytes.NewReader(listed))
	for scanner.Scan() {
		path, export, ok := strings.Cut(scanner.Text(), "=")
		if !ok {
			continue
		}
		relative := filepath.Join("pkg", filepath.FromSlash(path)+".a")
		if err := CopyFile(export, filepath.Join(staging, relative)); err != nil {
			return nil, err
		}
		line := fmt.Sprintf("packagefile %s=%s\n", path, filepath.Join(final, relative))
		link.WriteString(line)
		if !internalPath(path) {
			compile.WriteString(line)
			importable = append(importable, path)
		}
	}
	if err := scanner.Err(); err != nil {
		return nil, err
	}
	link.WriteString(injected.ImportConfig(final))
	if err := os.WriteFile(filepath.Join(staging, "link.cfg"), link.Bytes(), 0o644); err != nil {
		return nil, err
	}
	return importable, os.WriteFile(filepath.Join(staging, "compile.cfg"), compile.Bytes(), 0o644)
}

// internalPath reports packages which learner code may not import; the compiler itself would let it.
func internalPath(path string) bool {
	for _, part := range strings.Split(path, "/") {
		if part == "internal" || part == "vendor" {
			return true
		}
	}
	return false
}

// compileInjected compiles packages of the runner's own. They use internals of the runtime, so it is done against
// everything, once, here; learner code only links them.
func compileInjected(ctx context.Context, packages []injected.Package, release, goroot, staging, final string) error {
	config, err := os.ReadFile(filepath.Join(staging, "link.cfg"))
	if err != nil {
		return err
	}
	here := filepath.Join(staging, "injected.cfg")
	if err := os.WriteFile(here, bytes.ReplaceAll(config, []byte(final), []byte(staging)), 0o644); err != nil {
		return err
	}
	t := Toolchain{GOROOT: goroot}
	return injected.Compile(staging, packages, []string{"-lang=" + version.Lang(release), "-importcfg", here}, func(args ...string) error {
		if out, err := exec.CommandContext(ctx, t.Tool("compile"), args...).CombinedOutput(); err != nil {
			return fmt.Errorf("%w: %s", err, out)
		}
		return nil
	})
}

// CopyFile copies a file and makes the directories above the copy.
func CopyFile(from, to string) error {
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer source.Close()
	target, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	if _, err := io.Copy(target, source); err != nil {
		target.Close()
		return err
	}
	return target.Close()
}
