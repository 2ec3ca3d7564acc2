package variant

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// maxCrossBytes bounds what is compiled of the standard library for other systems. All of it for one takes some 200 MB;
// a lesson uses a quarter of it.
const maxCrossBytes = 2 << 30

// Target is a system that programs can be built for.
type Target struct{ OS, Arch string }

func (t Target) String() string { return t.OS + "/" + t.Arch }

// Targets are the systems that can be asked for.
var Targets = []Target{
	{"linux", "amd64"}, {"linux", "arm64"}, {"linux", "386"}, {"linux", "riscv64"}, {"darwin", "amd64"}, {"darwin", "arm64"},
	{"windows", "amd64"}, {"windows", "arm64"}, {"freebsd", "amd64"}, {"js", "wasm"}, {"wasip1", "wasm"},
}

// native says whether a target is this machine, whose standard library Plain has compiled.
func (t Target) native() bool { return t.OS == runtime.GOOS && t.Arch == runtime.GOARCH }

// CrossCache is the go command's build cache for a target.
func (s *Store) CrossCache(t Target) string {
	if t.native() {
		return s.GoCache()
	}
	return filepath.Join(s.crossDir(t), "go-build")
}

func (s *Store) crossDir(t Target) string { return filepath.Join(s.dir, "cross", t.OS+"-"+t.Arch) }

// CrossReady says whether Cross has nothing left to do.
func (s *Store) CrossReady(t Target, packages []string) bool {
	if t.native() {
		return s.PlainReady()
	}
	have := s.crossHave(t)
	now := time.Now()
	_ = os.Chtimes(s.crossDir(t), now, now) // Used: what is used is kept longest.
	return !slices.ContainsFunc(packages, func(path string) bool { return !have[path] })
}

// Cross compiles packages of the standard library for a target, and what they import; one that the target has not is left
// out. progress is told how many are compiled, of how many.
func (s *Store) Cross(ctx context.Context, t Target, packages []string, progress func(done, of int)) error {
	if t.native() {
		return s.Plain(ctx, func(string) {})
	}
	dir := s.crossDir(t)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	unlock, err := lock(filepath.Join(s.dir, "cross", t.OS+"-"+t.Arch+".lock"))
	if err != nil {
		return err
	}
	defer unlock()
	have := s.crossHave(t)
	missing := slices.DeleteFunc(slices.Clone(packages), func(path string) bool { return have[path] })
	if len(missing) == 0 {
		return nil
	}
	env := []string{"GOOS=" + t.OS, "GOARCH=" + t.Arch, "GOCACHE=" + s.CrossCache(t)}
	listed, err := s.goCommand(ctx, s.dir, env, append([]string{"list", "-e", "-deps", "-f", "{{if and .GoFiles (not .DepsErrors)}}{{.ImportPath}}{{end}}"}, missing...)...)
	if err != nil {
		return err
	}
	there := strings.Fields(string(listed))
	wanted := slices.DeleteFunc(missing, func(path string) bool { return !slices.Contains(there, path) })
	if len(wanted) > 0 {
		if err := s.goVerbose(ctx, env, progress, len(there), append([]string{"build", "-v", "-trimpath"}, wanted...)...); err != nil {
			return err
		}
	}
	// What the target has not is known too: it is not looked for again.
	for _, path := range slices.Concat(there, packages) {
		have[path] = true
	}
	if err := s.keepCrossHave(t, have); err != nil {
		return err
	}
	return s.trimCross(t)
}

// goVerbose runs the go command and tells how many packages it has named.
func (s *Store) goVerbose(ctx context.Context, env []string, progress func(done, of int), of int, args ...string) error {
	read, write, err := os.Pipe()
	if err != nil {
		return err
	}
	defer read.Close()
	said := make(chan string)
	go func() {
		var all bytes.Buffer
		done := 0
		for scanner := bufio.NewScanner(read); scanner.Scan(); {
			fmt.Fprintln(&all, scanner.Text())
			if done < of {
				done++
			}
			progress(done, of)
		}
		said <- all.String()
	}()
	cmd := s.command(ctx, s.dir, env, args...)
	cmd.Stderr = write
	err = s.perform(cmd)
	_ = write.Close()
	if words := <-said; err != nil {
		return fmt.Errorf("go %s: %w: %s", args[0], err, firstLines(words))
	}
	return nil
}

func (s *Store) crossHave(t Target) map[string]bool {
	have := map[string]bool{}
	raw, err := os.ReadFile(filepath.Join(s.crossDir(t), "packages"))
	if err == nil {
		for _, path := range strings.Fields(string(raw)) {
			have[path] = true
		}
	}
	return have
}

func (s *Store) keepCrossHave(t Target, have map[string]bool) error {
	var text strings.Builder
	for path := range have {
		fmt.Fprintln(&text, path)
	}
	file := filepath.Join(s.crossDir(t), "packages")
	if err := os.WriteFile(file+".new", []byte(text.String()), 0o644); err != nil {
		return err
	}
	return os.Rename(file+".new", file)
}

// trimCross removes the targets that were not used for longest until the rest fits; never the one in use.
func (s *Store) trimCross(keep Target) error {
	type used struct {
		dir  string
		at   time.Time
		size int64
	}
	entries, err := os.ReadDir(filepath.Join(s.dir, "cross"))
	if err != nil {
		return err
	}
	var all []used
	var total int64
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil || !entry.IsDir() {
			continue
		}
		one := used{dir: filepath.Join(s.dir, "cross", entry.Name()), at: info.ModTime()}
		_ = filepath.WalkDir(one.dir, func(_ string, d fs.DirEntry, err error) error {
			if err == nil && d.Type().IsRegular() {
				if info, err := d.Info(); err == nil {
					one.size += info.Size()
				}
			}
			return nil
		})
		all, total = append(all, one), total+one.size
	}
	slices.SortFunc(all, func(a, b used) int { return cmp.Compare(a.at.UnixNano(), b.at.UnixNano()) })
	for _, old := range all {
		if total <= maxCrossBytes {
			break
		}
		if old.dir == s.crossDir(keep) {
			continue
		}
		// First what says that it is there: a build that comes now has it compiled again.
		err = errors.Join(err, os.Remove(filepath.Join(old.dir, "packages")), os.RemoveAll(old.dir))
		total -= old.size
	}
	return err
}
