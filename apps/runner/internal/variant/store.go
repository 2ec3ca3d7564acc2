// Package variant prepares, when they are first needed, what a plain run does not use: the go command's own build cache,
// the standard library built for the race detector, and modules of third parties. All of it is made outside of slots from
// trusted sources, and read-only to whatever runs in one.
package variant

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"

	"lineage.dev/runner/internal/sandbox"
	"lineage.dev/runner/internal/toolchain"
)

// layoutVersion rises when what is prepared here changes.
const layoutVersion = "2"

// cacheTags keep the standard library free of cgo but for the race detector, so that programs need no C library of
// their own choice.
const cacheTags = "netgo,osusergo"

// Store is where variants of one toolchain are kept. Several processes may share it.
type Store struct {
	dir       string
	toolchain *toolchain.Toolchain
	sets      sets
	// aside says that preparing gives way to everything else on the machine.
	aside bool
}

// NewStore keeps variants below base. Nothing is prepared yet.
func NewStore(base string, t *toolchain.Toolchain) *Store {
	return &Store{dir: filepath.Join(base, filepath.Base(t.Dir)+"-variants-"+layoutVersion), toolchain: t}
}

// Aside is the same store for somebody who does not wait: it prepares at the lowest priority.
func (s *Store) Aside() *Store { return &Store{dir: s.dir, toolchain: s.toolchain, aside: true} }

// Dir holds everything that this store has prepared.
func (s *Store) Dir() string { return s.dir }

// GoCache is the go command's build cache, which holds the prepared standard libraries.
func (s *Store) GoCache() string { return filepath.Join(s.dir, "go-build") }

// Modules is the module cache. It has what Fetch put there, and may not exist.
func (s *Store) Modules() string { return filepath.Join(s.dir, "modules") }

// Plain prepares the build cache for offline `go build` and `go test`.
func (s *Store) Plain(ctx context.Context, progress func(string)) error {
	return s.once("plain", func() error {
		progress("compiling the standard library for the go command")
		_, err := s.goCommand(ctx, s.dir, nil, "build", "-trimpath", "std")
		return err
	})
}

// Vet prepares, beside Plain, what go vet knows of the standard library: without it every vet would find it out anew.
func (s *Store) Vet(ctx context.Context, progress func(string)) error {
	if err := s.Plain(ctx, progress); err != nil {
		return err
	}
	return s.once("vet", func() error {
		progress("vetting the standard library")
		dir, err := os.MkdirTemp(s.dir, "vet-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		var source bytes.Buffer
		source.WriteString("package everything\n\nimport (\n")
		for _, path := range s.toolchain.Packages() {
			fmt.Fprintf(&source, "\t_ %q\n", path)
		}
		source.WriteString(")\n")
		goMod := "module everything\n\ngo " + strings.TrimPrefix(s.toolchain.Language, "go") + "\n"
		err1 := os.WriteFile(filepath.Join(dir, "go.mod"), []byte(goMod), 0o644)
		err2 := os.WriteFile(filepath.Join(dir, "everything.go"), source.Bytes(), 0o644)
		if err := errors.Join(err1, err2); err != nil {
			return err
		}
		_, err = s.goCommand(ctx, dir, nil, "vet", "-trimpath", ".")
		return err
	})
}

// VetReady says whether Vet has nothing left to do.
func (s *Store) VetReady() bool { return s.ready("vet") }

// PlainReady says whether Plain has nothing left to do.
func (s *Store) PlainReady() bool { return s.ready("plain") }

func (s *Store) ready(step string) bool {
	_, err := os.Stat(filepath.Join(s.dir, step+".done"))
	return err == nil
}

// once performs a step that was never finished. Concurrent callers of the same step, in other processes too, wait for one
// another; those of others do not, for somebody's first vet is not to wait for modules that an operator has compiled.
func (s *Store) once(step string, perform func() error) error {
	if s.ready(step) {
		return nil
	}
	if err := os.MkdirAll(s.dir, 0o755); err != nil {
		return err
	}
	unlock, err := s.lockStep(step)
	if err != nil {
		return err
	}
	defer unlock()
	if s.ready(step) {
		return nil
	}
	if err := perform(); err != nil {
		return err
	}
	// Written last: a step with this file is whole.
	return os.WriteFile(filepath.Join(s.dir, step+".done"), nil, 0o644)
}

// goCommand runs the pinned go command itself, with nothing of the environment that could change what it makes.
func (s *Store) goCommand(ctx context.Context, dir string, env []string, args ...string) ([]byte, error) {
	cmd := s.command(ctx, dir, env, args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := s.perform(cmd); err != nil {
		return nil, fmt.Errorf("go %s: %w: %s", args[0], err, firstLines(stderr.String()))
	}
	return stdout.Bytes(), nil
}

func (s *Store) command(ctx context.Context, dir string, env []string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, filepath.Join(s.toolchain.GOROOT, "bin", "go"), args...)
	cmd.Dir = dir
	cmd.Env = append([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + s.dir, "GOROOT=" + s.toolchain.GOROOT, "GOCACHE=" + s.GoCache(),
		"GOMODCACHE=" + s.Modules(), "GOTOOLCHAIN=local", "GOENV=off", "GOWORK=off", "GOFLAGS=", "GOPROXY=off", "GOTELEMETRY=off",
		"CGO_ENABLED=0", "GOOS=" + runtime.GOOS, "GOARCH=" + runtime.GOARCH,
	}, env...)
	return cmd
}

// perform runs a command to its end.
func (s *Store) perform(cmd *exec.Cmd) error {
	if err := cmd.Start(); err != nil {
		return err
	}
	if s.aside {
		// Where it is refused the preparation takes its share of the machine, and nothing else is different.
		_ = syscall.Setpriority(syscall.PRIO_PROCESS, cmd.Process.Pid, sandbox.AsideNice)
	}
	return cmd.Wait()
}

// maxSaid is how much of a tool's complaint an operator is shown.
const maxSaid = 600

func firstLines(said string) string {
	said = strings.TrimSpace(said)
	if len(said) > maxSaid {
		said = said[:maxSaid] + " …"
	}
	return said
}

func (s *Store) lockStep(step string) (unlock func(), err error) {
	return lock(filepath.Join(s.dir, step+".lock"))
}

// lock takes an advisory lock that the kernel releases when this process ends, however it ends.
func lock(path string) (func(), error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return func() { file.Close() }, nil
}
