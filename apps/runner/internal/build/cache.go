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
)

// Cache keeps programs by the hash of everything that went into them. Learners see a program read-only.
type Cache struct {
	dir string
	mu  sync.Mutex
}

// NewCache keeps programs in dir, which it makes.
func NewCache(dir string) (*Cache, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	return &Cache{dir: dir}, nil
}

// Find returns the path of a kept program.
func (c *Cache) Find(key string) (string, bool) {
	path := filepath.Join(c.dir, key)
	if _, err := os.Lstat(path); err != nil {
		return "", false
	}
	now := time.Now()
	_ = os.Chtimes(path, now, now)
	return path, true
}

var errNotProgram = errors.New("the build did not leave a program")

// Put takes the program which an untrusted build left at from: a regular file of bounded size, opened without
// following a link.
func (c *Cache) Put(key, from string) (string, error) {
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
	target, err := os.CreateTemp(c.dir, ".new-")
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
	path := filepath.Join(c.dir, key)
	if err := os.Rename(target.Name(), path); err != nil {
		return "", err
	}
	c.trim(key)
	return path, nil
}

// trim removes what was not used for longest until the rest fits.
func (c *Cache) trim(keep string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	entries, err := os.ReadDir(c.dir)
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
		if total <= maxCacheBytes {
			return
		}
		if old.name != keep && os.Remove(filepath.Join(c.dir, old.name)) == nil {
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
