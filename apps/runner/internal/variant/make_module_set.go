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
	manifest.Sums, manifest.Source = string(sums), source
	raw, err := json.Marshal(manifest)
	if err != nil {
		return err
	}
	name := "after"
	if parsed.Module != nil {
		name = hashed([]byte(parsed.Module.Mod.Path))
	}
	return s.putSet(name, hashed(raw, []byte(s.toolchain.Dir)), raw, packages)
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
	told, err := s.goCommand(ctx, dir, env, "list", "-deps", "-export", "-trimpath", "-json=ImportPath,Export,Standard,Module,Deps", "./...")
	if err != nil {
		return manifest, nil, err
	}
	var packages []listed
	moduleOf := map[string]string{}
	for decoder := json.NewDecoder(bytes.NewReader(told)); ; {
		var p listed
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return manifest, nil, err
		}
		if p.Standard || p.Export == "" || p.Module == nil || p.Module.Main {
			continue
		}
		moduleOf[p.ImportPath] = p.Module.Path
		packages = append(packages, p)
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

func internalPath(path string) bool { return slices.Contains(strings.Split(path, "/"), "internal") }

// putSet writes a set beside the one that the same module had before, and removes that.
func (s *Store) putSet(name, content string, manifest []byte, packages []listed) error {
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
	std := s.toolchain
	compile, err1 := os.ReadFile(std.CompileConfig)
	link, err2 := os.ReadFile(std.LinkConfig)
	if err := errors.Join(err1, err2, os.Chmod(staging, 0o755)); err != nil {
		return err
	}
	for _, p := range packages {
		relative := filepath.Join("pkg", filepath.FromSlash(p.ImportPath)+".a")
		if err := keepArchive(p.Export, filepath.Join(staging, relative)); err != nil {
			return err
		}
		line := fmt.Sprintf("packagefile %s=%s\n", p.ImportPath, filepath.Join(final, relative))
		link = append(link, line...)
		if !internalPath(p.ImportPath) {
			compile = append(compile, line...)
		}
	}
	for file, content := range map[string][]byte{"compile.cfg": compile, "link.cfg": link, "set.json": manifest} {
		if err := os.WriteFile(filepath.Join(staging, file), content, 0o644); err != nil {
			return err
		}
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
