package build

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

const (
	// maxBinaryBytes bounds one program; a large one of a lesson has some 20 MiB.
	maxBinaryBytes = 128 << 20
	// maxCacheBytes bounds all kept programs.
	maxCacheBytes = 1 << 30
	// maxFreshBytes bounds the programs that are kept in memory too.
	maxFreshBytes = 256 << 20
	// maxKeeping is how many programs wait to be written to disk; what comes then is kept in memory only.
	maxKeeping = 64
)

// Cache keeps programs by the hash of everything that went into them. Learners see a program read-only.
//
// A new one is put where it can be run at once and written to disk while it runs: other runners of the machine and the
// next start find it there.
type Cache struct {
	disk   *shelf
	fresh  *shelf // nil when there is no faster place
	keep   chan string
	keeper sync.WaitGroup
}

// NewCache keeps programs in dir, and new ones in fresh first unless that is empty. It makes both. Call Close.
func NewCache(dir, fresh string) (*Cache, error) {
	c := &Cache{disk: &shelf{dir: dir, most: maxCacheBytes}}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	if fresh == "" {
		return c, nil
	}
	if err := os.MkdirAll(fresh, 0o755); err != nil {
		return nil, err
	}
	c.fresh, c.keep = &shelf{dir: fresh, most: maxFreshBytes}, make(chan string, maxKeeping)
	c.keeper.Go(func() {
		for key := range c.keep {
			// A full disk costs later builds, not this one.
			_, _ = c.disk.put(key, c.fresh.path(key))
		}
	})
	return c, nil
}

// Close returns when what was built is on disk. No build may be under way.
func (c *Cache) Close() {
	if c.keep != nil {
		close(c.keep)
		c.keeper.Wait()
	}
}

// Find returns the path of a kept program.
func (c *Cache) Find(key string) (string, bool) {
	if c.fresh != nil {
		if path, ok := c.fresh.find(key); ok {
			return path, true
		}
	}
	return c.disk.find(key)
}

// Put takes the program which an untrusted build left at from: a regular file of bounded size, opened without
// following a link.
func (c *Cache) Put(key, from string) (string, error) {
	if c.fresh == nil {
		return c.disk.put(key, from)
	}
	path, err := c.fresh.put(key, from)
	if err == nil {
		select {
		case c.keep <- key:
		default:
		}
	}
	return path, err
}

// shelf is one directory of programs.
type shelf struct {
	dir  string
	most int64
	mu   sync.Mutex
}

func (s *shelf) path(key string) string { return filepath.Join(s.dir, key) }

func (s *shelf) find(key string) (string, bool) {
	path := s.path(key)
	if _, err := os.Lstat(path); err != nil {
		return "", false
	}
	now := time.Now()
	_ = os.Chtimes(path, now, now)
	return path, true
}

var errNotProgram = errors.New("the build did not leave a program")

func (s *shelf) put(key, from string) (string, error) {
	fd, err := unix.Open(from, unix.O_RDONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return "", fmt.Errorf("%w: %w", errNotProgram, err)
	}
	source := os.NewFile(uintptr(fd), from)
	defer source.Close()
	info, err := source.Stat()
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() || info.Size() > maxBinaryBytes {
		return "", errNotProgram
	}
	target, err := os.CreateTemp(s.dir, ".new-")
	if err != nil {
		return "", err
	}
	defer os.Remove(target.Name())
	if _, err := io.Copy(target, io.LimitReader(source, maxBinaryBytes)); err != nil {
		target.Close()
		return "", err
	}
	if err := errors.Join(target.Chmod(0o555), target.Close()); err != nil {
		return "", err
	}
	path := filepath.Join(s.dir, key)
	if err := os.Rename(target.Name(), path); err != nil {
		return "", err
	}
	s.trim(key)
	return path, nil
}

// trim removes what was not used for longest until the rest fits.
func (s *shelf) trim(keep string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return
	}
	type kept struct {
		name string
		used time.Time
		size int64
	}
	var all []kept
	var total int64
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil || strings.HasPrefix(entry.Name(), ".") {
			continue
		}
		all = append(all, kept{entry.Name(), info.ModTime(), info.Size()})
		total += info.Size()
	}
	sort.Slice(all, func(i, j int) bool { return all[i].used.Before(all[j].used) })
	for _, old := range all {
		if total <= s.most {
			return
		}
		if old.name != keep && os.Remove(filepath.Join(s.dir, old.name)) == nil {
			total -= old.size
		}
	}
}

// hashOf is the key of a program: every file with its name and length, and every option.
func hashOf(files []File, options ...string) string {
	sum := sha256.New()
	sorted := append([]File(nil), files...)
	sort.Slice(sorted, func(i, j int) bool { return sorted[i].Path < sorted[j].Path })
	for _, option := range options {
		fmt.Fprintf(sum, "%d:%s\n", len(option), option)
	}
	for _, file := range sorted {
		fmt.Fprintf(sum, "%d:%s %d\n", len(file.Path), file.Path, len(file.Content))
		sum.Write(file.Content)
	}
	return hex.EncodeToString(sum.Sum(nil))
}
