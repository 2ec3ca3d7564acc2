// Package toolchain prepares what the fast path compiles against: the archives of the standard library, their import
// configurations, and the runner's own packages. Preparing takes tens of seconds once; using it takes none.
package toolchain

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"go/version"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"

	"lineage.dev/runner/internal/injected"
	"lineage.dev/runner/internal/linker"
)

// Version is the Go release that learners compile with; go.mod's toolchain line names the same one.
const Version = "go1.27.4"

// Language is what `-lang` is given.
const Language = "go1.27"

// Previous is the release before, which can be prepared too, for programs that ask for it.
const Previous = "go1.26.10"

// aheadLinkerFile is the name of the linker below a prepared directory.
const aheadLinkerFile = "ahead-link"

// layoutVersion rises when what Prepare writes changes.
const layoutVersion = "4"

// ErrNoRelease says that a release is none of those that can be prepared.
var ErrNoRelease = errors.New("toolchain: no such release of Go here")

// ErrNotPrepared says that `lineage-runner prepare` has to run first.
var ErrNotPrepared = errors.New("toolchain: not prepared; run `lineage-runner prepare`")

// Toolchain is a prepared Go release. All paths are absolute and readable by every user of the machine's slots.
type Toolchain struct {
	// Version is the release, Language what `-lang` is given.
	Version, Language string
	GOROOT            string
	// Dir holds everything prepared.
	Dir string
	// CompileConfig lists what learner code may import, LinkConfig everything.
	CompileConfig string
	LinkConfig    string
	// AheadLinker is a linker that can be started before there is a program to link; empty where it could not be built.
	AheadLinker string
	// ToolTags are the build tags that the release sets for its experiments and this processor.
	ToolTags []string
	// importable is the set of packages in CompileConfig.
	importable map[string]bool
	// firsts are the first elements of the standard library's paths.
	firsts map[string]bool
}

// DefaultDir is where the prepared files of this release belong for the current user.
func DefaultDir() string {
	base, err := os.UserCacheDir()
	if err != nil {
		base = os.TempDir()
	}
	return filepath.Join(base, "lineage", "runner")
}

// Tool returns the path of a tool of the release, such as compile or link.
func (t *Toolchain) Tool(name string) string {
	return filepath.Join(t.GOROOT, "pkg", "tool", runtime.GOOS+"_"+runtime.GOARCH, name)
}

// Importable says whether learner code may import a package of the standard library.
func (t *Toolchain) Importable(path string) bool { return t.importable[path] }

// SharesName says whether a package of the standard library could have the import path of one below this module.
func (t *Toolchain) SharesName(module string) bool {
	first, _, _ := strings.Cut(module, "/")
	return t.firsts[first]
}

// Packages lists what learner code may import, in order.
func (t *Toolchain) Packages() []string {
	return slices.Sorted(maps.Keys(t.importable))
}

// Prepare builds what is missing under base and returns the toolchain. Concurrent callers wait for one another.
// progress is told each step in words.
func Prepare(ctx context.Context, base string, progress func(string)) (*Toolchain, error) {
	return PrepareRelease(ctx, base, Version, progress)
}

// PrepareRelease is Prepare for Version or Previous. Programs of Previous have no harness, and their linker is the release's.
func PrepareRelease(ctx context.Context, base, release string, progress func(string)) (*Toolchain, error) {
	if release != Version && release != Previous {
		return nil, fmt.Errorf("%w: %s", ErrNoRelease, release)
	}
	dir := filepath.Join(base, key(release))
	if t, err := open(dir, release); err == nil {
		return t, nil
	}
	if err := os.MkdirAll(base, 0o755); err != nil {
		return nil, err
	}
	unlock, err := lock(filepath.Join(base, "prepare.lock"))
	if err != nil {
		return nil, err
	}
	defer unlock()
	if t, err := open(dir, release); err == nil {
		return t, nil
	}
	staging, err := os.MkdirTemp(base, "staging-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(staging)
	if err := os.Chmod(staging, 0o755); err != nil {
		return nil, err
	}
	if err := build(ctx, release, staging, dir, progress); err != nil {
		return nil, err
	}
	// What an earlier, unreadable layout left at this name gives way.
	if err := os.RemoveAll(dir); err != nil {
		return nil, err
	}
	if err := os.Rename(staging, dir); err != nil {
		return nil, err
	}
	return open(dir, release)
}

// Open returns what Prepare made earlier, or ErrNotPrepared.
func Open(base string) (*Toolchain, error) { return OpenRelease(base, Version) }

// OpenRelease is Open for Version or Previous.
func OpenRelease(base, release string) (*Toolchain, error) {
	return open(filepath.Join(base, key(release)), release)
}

func key(release string) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{layoutVersion, linker.Version, release, runtime.GOARCH, injected.Source()}, "\x00")))
	return release + "-" + hex.EncodeToString(sum[:6])
}

type manifest struct {
	GOROOT     string   `json:"goroot"`
	Importable []string `json:"importable"`
	// AheadLinker says that there is one.
	AheadLinker bool `json:"aheadLinker"`
}

func open(dir, release string) (*Toolchain, error) {
	raw, err := os.ReadFile(filepath.Join(dir, "manifest.json"))
	if err != nil {
		return nil, ErrNotPrepared
	}
	var m manifest
	if err := json.Unmarshal(raw, &m); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotPrepared, err)
	}
	if _, err := os.Stat(m.GOROOT); err != nil {
		return nil, ErrNotPrepared // The module cache was cleaned.
	}
	toolTags, err := toolTagsOf(m.GOROOT)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotPrepared, err)
	}
	t := &Toolchain{
		Version: release, ToolTags: toolTags, Language: version.Lang(release), GOROOT: m.GOROOT, Dir: dir,
		CompileConfig: filepath.Join(dir, "compile.cfg"),
		LinkConfig:    filepath.Join(dir, "link.cfg"),
		importable:    make(map[string]bool, len(m.Importable)),
		firsts:        map[string]bool{"internal": true, "vendor": true, "cmd": true},
	}
	if m.AheadLinker {
		t.AheadLinker = filepath.Join(dir, aheadLinkerFile)
	}
	for _, path := range m.Importable {
		t.importable[path] = true
		first, _, _ := strings.Cut(path, "/")
		t.firsts[first] = true
	}
	return t, nil
}

// toolTagsOf asks the go command of a release, under the settings that builds have. It takes some milliseconds.
func toolTagsOf(goroot string) ([]string, error) {
	cmd := exec.Command(filepath.Join(goroot, "bin", "go"), "list", "-f", "{{join context.ToolTags \"\\n\"}}", "unsafe")
	// A cache is asked for, and none is made.
	cmd.Env = []string{"GOROOT=" + goroot, "GOTOOLCHAIN=local", "GOENV=off", "GO111MODULE=off", "GOCACHE=" + filepath.Join(goroot, "no-cache"),
		"GOOS=" + runtime.GOOS, "GOARCH=" + runtime.GOARCH}
	said, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("the build tags of a release: %w", err)
	}
	return strings.Fields(string(said)), nil
}

// goCommand runs the go command of the pinned release, whatever the environment says about toolchains.
func goCommand(ctx context.Context, release, dir string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOTOOLCHAIN="+release, "GOFLAGS=", "GOWORK=off", "CGO_ENABLED=0",
		"GOOS="+runtime.GOOS, "GOARCH="+runtime.GOARCH, "GOTELEMETRY=off")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go %s: %w: %s", args[0], err, strings.TrimSpace(stderr.String()))
	}
	return out, nil
}

// lock takes an advisory lock that the kernel releases when this process ends, however it ends.
func lock(path string) (func(), error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX); err != nil {
		file.Close()
		return nil, err
	}
	return func() { file.Close() }, nil
}
