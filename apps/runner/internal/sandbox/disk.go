package sandbox

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	// diskEvery is how often a slot's files are added up at most; adding them up takes at most an eighth of the time.
	diskEvery = 20 * time.Millisecond
	diskShare = 8
	// maxDepth of directories. Each level costs whoever walks through them more.
	maxDepth = 128
	// blockSize is the unit in which stat(2) counts.
	blockSize = 512
)

// sharedAnonymous is how the kernel calls memory that is shared and belongs to no file: it counts as memory.
const sharedAnonymous = "/dev/zero"

// diskWatch adds up the files of a slot outside of a file system of its own: those in its directories, and those that its
// processes hold open or mapped though no directory shows them any more.
type diskWatch struct {
	dirs  []string
	limit uint64
	// hidden says that files without a name count too. With a mount namespace they may lie in the slot's own file systems.
	hidden bool
	next   time.Time
}

// newDiskWatch returns nil where the slot can write to nothing but file systems of its own, which have the limit.
func newDiskWatch(spec Spec) *diskWatch {
	var dirs []string
	if !spec.Namespaces {
		dirs = append(dirs, spec.ScratchDir)
	}
	for _, mount := range spec.Mounts {
		if mount.Writable {
			dirs = append(dirs, mount.Source)
		}
	}
	if len(dirs) == 0 || spec.Limits.Disk == 0 {
		return nil
	}
	return &diskWatch{dirs: dirs, limit: spec.Limits.Disk, hidden: !spec.Namespaces}
}

// exceeded says whether the files of the slot are too many or too large. now is false for a look that may be left out.
func (d *diskWatch) exceeded(tree []int, now bool) bool {
	began := time.Now()
	if d == nil || (!now && began.Before(d.next)) {
		return false
	}
	sum := diskSum{limit: d.limit, counted: map[inode]bool{}}
	for _, dir := range d.dirs {
		sum.addDirectory(dir)
	}
	if d.hidden {
		for _, pid := range tree {
			sum.addHidden(pid)
		}
	}
	d.next = time.Now().Add(max(diskEvery, diskShare*time.Since(began)))
	return sum.over
}

type diskSum struct {
	limit   uint64
	bytes   uint64
	files   int
	over    bool
	counted map[inode]bool
}

// inode tells a file from all others: its number alone does so within one file system only.
type inode struct{ device, number uint64 }

// add counts a file once, however many names it has; each name counts as a file.
func (s *diskSum) add(stat *syscall.Stat_t) {
	s.files++
	if at := (inode{stat.Dev, stat.Ino}); !s.counted[at] {
		s.counted[at] = true
		s.bytes += uint64(stat.Blocks) * blockSize
	}
	s.over = s.over || s.bytes > s.limit || s.files > inodesFor(s.limit)
}

var errOver = errors.New("over the limit")

// addDirectory walks without following links. What is in a directory that we may not read, counts as too much: its owner
// closed it, and no program of a lesson does.
func (s *diskSum) addDirectory(dir string) {
	_ = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			s.over = s.over || errors.Is(err, fs.ErrPermission)
			return nil // It is gone already.
		}
		info, err := entry.Info()
		if err != nil {
			return nil
		}
		if stat, ok := info.Sys().(*syscall.Stat_t); ok {
			s.add(stat)
		}
		if strings.Count(path[len(dir):], "/") > maxDepth {
			s.over = true
		}
		if s.over {
			return errOver
		}
		return nil
	})
}

// addHidden counts the deleted files that a process holds open or mapped.
func (s *diskSum) addHidden(pid int) {
	base := "/proc/" + strconv.Itoa(pid)
	for _, list := range []string{"/fd", "/map_files"} {
		entries, err := os.ReadDir(base + list)
		if err != nil {
			continue
		}
		for _, entry := range entries {
			var stat syscall.Stat_t
			if syscall.Stat(base+list+"/"+entry.Name(), &stat) == nil && stat.Nlink == 0 && stat.Mode&syscall.S_IFMT == syscall.S_IFREG && stat.Blocks > 0 {
				s.add(&stat)
			}
		}
	}
	s.addMapped(base)
}

// addMapped is for agents without the privilege to look into map_files: the list of mappings says how long they are.
func (s *diskSum) addMapped(base string) {
	if os.Getuid() == 0 {
		return
	}
	maps, err := os.ReadFile(base + "/maps")
	if err != nil {
		return
	}
	for line := range strings.Lines(string(maps)) {
		if !strings.HasSuffix(line, " (deleted)\n") {
			continue
		}
		fields := strings.Fields(line)
		from, to, _ := strings.Cut(fields[0], "-")
		first, err1 := strconv.ParseUint(from, 16, 64)
		last, err2 := strconv.ParseUint(to, 16, 64)
		if err1 == nil && err2 == nil && last > first && len(fields) > 5 && strings.HasPrefix(fields[5], "/") && fields[5] != sharedAnonymous {
			s.bytes += last - first
		}
	}
	s.over = s.over || s.bytes > s.limit
}

// RemoveAll removes a directory in which a slot's program could do what it liked: closed directories, and ones deeper than
// a path or a stack can be. Links are removed and not followed.
func RemoveAll(dir string) error {
	if os.RemoveAll(dir) == nil {
		return nil
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	if err := flatten(root); err != nil {
		return err
	}
	return os.RemoveAll(dir)
}

// flatten empties a directory: what is in a directory of it moves up until none has another in it.
func flatten(root *os.Root) error {
	moved := 0
	for {
		entries, err := fs.ReadDir(root.FS(), ".")
		if err != nil || len(entries) == 0 {
			return err
		}
		for _, entry := range entries {
			if !entry.IsDir() {
				if err := root.Remove(entry.Name()); err != nil {
					return err
				}
				continue
			}
			// Closed by its owner, who is us: what the agent cannot open it cannot empty.
			if err := root.Chmod(entry.Name(), 0o700); err != nil {
				return err
			}
			inner, err := fs.ReadDir(root.FS(), entry.Name())
			if err != nil {
				return err
			}
			for _, below := range inner {
				moved++
				from := entry.Name() + "/" + below.Name()
				if below.IsDir() {
					if err := root.Chmod(from, 0o700); err != nil { // To be moved, a directory has to be writable.
						return err
					}
				}
				if err := root.Rename(from, ".lineage-removed-"+strconv.Itoa(moved)); err != nil {
					return err
				}
			}
			if err := root.Remove(entry.Name()); err != nil {
				return err
			}
		}
	}
}
