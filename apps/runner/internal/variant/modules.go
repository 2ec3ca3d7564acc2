package variant

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
)

// fetchEnv are the settings of whoever prepares that decide where modules come from and how they are checked.
var fetchEnv = []string{"GOPROXY", "GOSUMDB", "GONOSUMDB", "GONOPROXY", "GOPRIVATE", "GOINSECURE", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY",
	"http_proxy", "https_proxy", "no_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR", "GIT_SSL_CAINFO"}

// Fetch downloads the modules that the module in dir requires, and compiles what its packages import. Learners' modules
// can then require the same versions. dir is an operator's: its go.mod and go.sum decide, and are not changed. When nothing
// in it has changed since, nothing is done.
func (s *Store) Fetch(ctx context.Context, dir string, progress func(string)) error {
	if err := s.Plain(ctx, progress); err != nil {
		return err
	}
	unlock, err := s.lockStep("modules")
	if err != nil {
		return err
	}
	defer unlock()
	source, err := s.sourceOf(dir)
	if err != nil || s.madeFrom(source) {
		return err
	}
	env := []string{"GOFLAGS=-modcacherw"}
	for _, name := range fetchEnv {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		} else if name == "GOPROXY" {
			env = append(env, "GOPROXY=https://proxy.golang.org,direct")
		}
	}
	progress("fetching modules")
	if _, err := s.goCommand(ctx, dir, env, "mod", "download"); err != nil {
		return err
	}
	progress("compiling modules")
	// The standard library is named so that the go command sees it used: it trims from its cache what is not.
	packages := []string{"build", "-trimpath", "std"}
	if found, _ := filepath.Glob(filepath.Join(dir, "*.go")); len(found) > 0 {
		packages = append(packages, "./...")
	}
	if _, err := s.goCommand(ctx, dir, env, packages...); err != nil {
		return err
	}
	if s.RaceReady() {
		raced := append([]string{"build", "-race", "-tags", cacheTags}, packages[1:]...)
		if _, err := s.goCommand(ctx, dir, append(env, "CGO_ENABLED=1", "CC=gcc"), raced...); err != nil {
			return err
		}
	}
	if err := s.keepSums(filepath.Join(dir, "go.sum")); err != nil || len(packages) == 3 {
		return err
	}
	progress("writing archives and import configurations")
	return s.makeSet(ctx, dir, source, env)
}

// setVersion rises when what a set has changes: sets are then made anew.
const setVersion = "2"

// sourceOf names everything in dir that Fetch looks at, and what it would make of it here.
func (s *Store) sourceOf(dir string) (string, error) {
	parts := [][]byte{fmt.Append(nil, s.RaceReady(), setVersion)}
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return "", err
	}
	for _, name := range append(names, filepath.Join(dir, "go.mod"), filepath.Join(dir, "go.sum")) {
		raw, err := os.ReadFile(name)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return "", err
		}
		parts = append(parts, []byte(filepath.Base(name)), raw)
	}
	return hashed(parts...), nil
}

// madeFrom says whether there is a set of exactly this.
func (s *Store) madeFrom(source string) bool {
	return slices.ContainsFunc(s.ModuleSets(), func(set *ModuleSet) bool { return set.manifest.Source == source })
}

// Sums is the go.sum of everything that was fetched; nil before the first Fetch.
func (s *Store) Sums() []byte {
	raw, err := os.ReadFile(s.sumsFile())
	if err != nil {
		return nil
	}
	return raw
}

func (s *Store) sumsFile() string { return filepath.Join(s.dir, "go.sum") }

func (s *Store) keepSums(from string) error {
	raw, err := os.ReadFile(from)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	lines := map[string]bool{}
	for line := range strings.Lines(string(s.Sums()) + "\n" + string(raw)) {
		if line = strings.TrimSpace(line); line != "" {
			lines[line] = true
		}
	}
	sorted := make([]string, 0, len(lines))
	for line := range lines {
		sorted = append(sorted, line)
	}
	sort.Strings(sorted)
	var all bytes.Buffer
	for _, line := range sorted {
		fmt.Fprintln(&all, line)
	}
	return os.WriteFile(s.sumsFile(), all.Bytes(), 0o644)
}
