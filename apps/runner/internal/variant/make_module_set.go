package variant

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"

	"lineage.dev/runner/internal/toolchain"
)

// listed is a package as `go list -json` tells it.
type listed struct {
	ImportPath string
	Export     string
	Standard   bool
	Module     *struct {
		Path, Version, GoVersion string
		Main                     bool
	}
	Deps []string
}

// makeSet keeps what the packages of dir import, which is compiled already, and the versions of all modules. A module
// that replaces others has no set: its learners' modules take the go command.
func (s *Store) makeSet(ctx context.Context, dir, source string, env []string) error {
	goMod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		return err
	}
	parsed, err := modfile.Parse("go.mod", goMod, nil)
	if err != nil || len(parsed.Replace)+len(parsed.Exclude) > 0 {
		return err
	}
	manifest, packages, err := s.listSet(ctx, dir, env)
	if err != nil {
		return err
	}
	sums, err := os.ReadFile(filepath.Join(dir, "go.sum"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	manifest.Sums, manifest.Source, manifest.Race = string(sums), source, s.RaceReady()
	var raced []listed
	if manifest.Race {
		if raced, err = s.listPackages(ctx, dir, append(slices.Clone(env), "CGO_ENABLED=1", "CC=gcc"), "-race", "-tags", cacheTags); err != nil {
			return err
		}
	}
	raw, err := json.Marshal(manifest)
	if err != nil {
		return err
	}
	name := "after"
	if parsed.Module != nil {
		name = hashed([]byte(parsed.Module.Mod.Path))
	}
	return s.putSet(name, hashed(raw, []byte(s.toolchain.Dir)), raw, packages, raced)
}

func (s *Store) listSet(ctx context.Context, dir string, env []string) (setManifest, []listed, error) {
	manifest := setManifest{Modules: map[string]setModule{}, Packages: map[string]setPackage{}}
	versions, err := s.goCommand(ctx, dir, env, "list", "-m", "-f", "{{if not .Main}}{{.Path}} {{.Version}} {{.GoVersion}}{{end}}", "all")
	if err != nil {
		return manifest, nil, err
	}
	for line := range strings.Lines(string(versions)) {
		if words := strings.Fields(line); len(words) >= 2 {
			module := setModule{Version: words[1]}
			if len(words) > 2 {
				module.Go = words[2]
			}
			manifest.Modules[words[0]] = module
		}
	}
	packages, err := s.listPackages(ctx, dir, env)
	if err != nil {
		return manifest, nil, err
	}
	moduleOf := map[string]string{}
	for _, p := range packages {
		moduleOf[p.ImportPath] = p.Module.Path
	}
	for _, p := range packages {
		modules := []string{moduleOf[p.ImportPath]}
		for _, dep := range p.Deps {
			if path, ok := moduleOf[dep]; ok {
				modules = append(modules, path)
			}
		}
		slices.Sort(modules)
		manifest.Packages[p.ImportPath] = setPackage{Modules: slices.Compact(modules), Internal: internalPath(p.ImportPath)}
	}
	return manifest, packages, nil
}

// listPackages lists what the packages of dir import of other modules, with the archives in the go command's cache.
func (s *Store) listPackages(ctx context.Context, dir string, env []string, flags ...string) ([]listed, error) {
	args := append([]string{"list", "-deps", "-export", "-trimpath"}, flags...)
	told, err := s.goCommand(ctx, dir, env, append(args, "-json=ImportPath,Export,Standard,Module,Deps", "./...")...)
	if err != nil {
		return nil, err
	}
	var packages []listed
	for decoder := json.NewDecoder(bytes.NewReader(told)); ; {
		var p listed
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return packages, nil
		} else if err != nil {
			return nil, err
		}
		if !p.Standard && p.Export != "" && p.Module != nil && !p.Module.Main {
			packages = append(packages, p)
		}
	}
}

func internalPath(path string) bool { return slices.Contains(strings.Split(path, "/"), "internal") }

// putSet writes a set beside the one that the same module had before, and removes that.
func (s *Store) putSet(name, content string, manifest []byte, packages, raced []listed) error {
	final := filepath.Join(s.setsDir(), name+"-"+content)
	if _, err := openSet(final); err == nil {
		return nil
	}
	if err := os.MkdirAll(s.setsDir(), 0o755); err != nil {
		return err
	}
	staging, err := os.MkdirTemp(s.dir, "set-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(staging)
	if err := os.Chmod(staging, 0o755); err != nil {
		return err
	}
	if err := writeSet(staging, final, "", s.toolchain.CompileConfig, s.toolchain.LinkConfig, packages); err != nil {
		return err
	}
	if len(raced) > 0 {
		std := s.raceStd()
		if err := writeSet(staging, final, "race-", std.CompileConfig, std.LinkConfig, raced); err != nil {
			return err
		}
	}
	if err := os.WriteFile(filepath.Join(staging, "set.json"), manifest, 0o644); err != nil {
		return err
	}
	before, err := filepath.Glob(filepath.Join(s.setsDir(), name+"-*"))
	if err != nil {
		return err
	}
	if err := os.Rename(staging, final); err != nil {
		return err
	}
	for _, old := range before {
		err = errors.Join(err, os.RemoveAll(old))
	}
	return err
}

// writeSet keeps the archives of packages below staging, and configurations that have them beside a standard library's.
func writeSet(staging, final, prefix, compileConfig, linkConfig string, packages []listed) error {
	compile, err1 := os.ReadFile(compileConfig)
	link, err2 := os.ReadFile(linkConfig)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	for _, p := range packages {
		relative := filepath.Join(prefix+"pkg", filepath.FromSlash(p.ImportPath)+".a")
		if err := keepArchive(p.Export, filepath.Join(staging, relative)); err != nil {
			return err
		}
		line := fmt.Sprintf("packagefile %s=%s\n", p.ImportPath, filepath.Join(final, relative))
		link = append(link, line...)
		if !internalPath(p.ImportPath) {
			compile = append(compile, line...)
		}
	}
	return errors.Join(os.WriteFile(filepath.Join(staging, prefix+"compile.cfg"), compile, 0o644),
		os.WriteFile(filepath.Join(staging, prefix+"link.cfg"), link, 0o644))
}

// keepArchive keeps a file of the go command's cache, which is trimmed: its content needs no second place on the disk.
func keepArchive(from, to string) error {
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	if os.Link(from, to) == nil {
		return nil
	}
	return toolchain.CopyFile(from, to)
}

func hashed(parts ...[]byte) string {
	sum := sha256.New()
	for _, part := range parts {
		fmt.Fprintf(sum, "%d:", len(part))
		sum.Write(part)
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}
