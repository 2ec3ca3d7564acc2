package sandbox

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	ll "github.com/landlock-lsm/go-landlock/landlock/syscall"
	"golang.org/x/sys/unix"
)

const (
	// rootMode lets the program enter directories that it does not own.
	rootMode = 0o755
	// A slot's file system has an inode for each of so many bytes, and these at least and at most: enough for a program,
	// too few to hurt the kernel.
	bytesPerInode = 4096
	minInodes     = 4096
	maxInodes     = 16384
)

// enterNamespaces builds a minimal root on a tmpfs, moves into it and lets the old one go.
func enterNamespaces(spec Spec) error {
	unix.Umask(0o022)
	if err := unix.Sethostname([]byte("slot")); err != nil {
		return fmt.Errorf("host name: %w", err)
	}
	if err := RaiseLoopback(); err != nil {
		return fmt.Errorf("loopback: %w", err)
	}
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("private mounts: %w", err)
	}
	root := spec.ScratchDir
	if err := mountTmpfs(root, spec.Limits.Disk); err != nil {
		return fmt.Errorf("root: %w", err)
	}
	if err := populate(root, spec); err != nil {
		return err
	}
	if err := unix.Chdir(root); err != nil {
		return err
	}
	if err := unix.PivotRoot(".", "."); err != nil {
		return fmt.Errorf("pivot_root: %w", err)
	}
	if err := unix.Unmount(".", unix.MNT_DETACH); err != nil {
		return fmt.Errorf("old root: %w", err)
	}
	// The root directory itself becomes read-only; /work and /tmp are mounts of their own.
	if err := unix.Mount("", "/", "", unix.MS_REMOUNT|unix.MS_BIND|unix.MS_RDONLY|unix.MS_NOSUID|unix.MS_NODEV, ""); err != nil {
		return fmt.Errorf("read-only root: %w", err)
	}
	return unix.Chdir("/work")
}

// inodesFor is how many files and directories a slot may have whose disk has this size.
func inodesFor(size uint64) int {
	return int(min(max(size/bytesPerInode, minInodes), maxInodes))
}

func mountTmpfs(at string, size uint64) error {
	options := fmt.Sprintf("size=%d,nr_inodes=%d,mode=0755", size, inodesFor(size))
	return unix.Mount("tmpfs", at, "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, options)
}

func populate(root string, spec Spec) error {
	for _, dir := range []string{"work", "tmp", "dev", "proc", "etc", "bin"} {
		if err := os.MkdirAll(filepath.Join(root, dir), rootMode); err != nil {
			return err
		}
	}
	for _, dir := range []string{"work", "tmp"} {
		at := filepath.Join(root, dir)
		if err := mountTmpfs(at, spec.Limits.Disk); err != nil {
			return fmt.Errorf("%s: %w", dir, err)
		}
		if err := os.Chown(at, spec.UID, spec.UID); err != nil {
			return err
		}
	}
	if spec.WorkSource != "" {
		if err := copyTree(spec.WorkSource, filepath.Join(root, "work"), spec.UID); err != nil {
			return fmt.Errorf("work files: %w", err)
		}
	}
	for _, device := range []string{"null", "zero", "urandom", "random"} {
		if err := bind("/dev/"+device, filepath.Join(root, "dev", device), true); err != nil {
			return fmt.Errorf("/dev/%s: %w", device, err)
		}
	}
	for _, mount := range spec.Mounts {
		if err := bind(mount.Source, filepath.Join(root, mount.Target), mount.Writable); err != nil {
			return fmt.Errorf("%s: %w", mount.Target, err)
		}
	}
	if err := writeEtc(filepath.Join(root, "etc")); err != nil {
		return err
	}
	return mountProc(filepath.Join(root, "proc"))
}

// mountProc makes what the kernel says of the slot's processes visible. Where a container hides parts of its /proc the kernel
// refuses a new one; then it is the container's, of which a program may follow links (its own executable) and open nothing,
// see readableRoot. Without Landlock, which closes it, there is none: Go programs live without.
func mountProc(at string) error {
	if unix.Mount("proc", at, "proc", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, "") == nil {
		return nil
	}
	if version, err := ll.LandlockGetABIVersion(); err != nil || version < 1 {
		return nil
	}
	// What hides its parts comes with it.
	if err := unix.Mount("/proc", at, "", unix.MS_BIND|unix.MS_REC, ""); err != nil {
		return fmt.Errorf("/proc: %w", err)
	}
	return nil
}

// procIsOurs says whether /proc counts processes as the slot does.
func procIsOurs() bool {
	number, err := os.Readlink("/proc/self")
	return err == nil && number == strconv.Itoa(os.Getpid())
}

// bind makes source visible at target. A bind mount takes its flags only in a second step.
func bind(source, target string, writable bool) error {
	info, err := os.Stat(source)
	if err != nil {
		return err
	}
	if err := makeTarget(target, info.IsDir()); err != nil {
		return err
	}
	if err := unix.Mount(source, target, "", unix.MS_BIND, ""); err != nil {
		return err
	}
	flags := uintptr(unix.MS_REMOUNT | unix.MS_BIND | unix.MS_NOSUID)
	if !writable {
		flags |= unix.MS_RDONLY | unix.MS_NODEV
	}
	// In a user namespace flags that the host locked cannot be cleared: keep them.
	var fs unix.Statfs_t
	if err := unix.Statfs(target, &fs); err == nil {
		flags |= uintptr(fs.Flags) & (unix.MS_NODEV | unix.MS_NOEXEC | unix.MS_NOATIME | unix.MS_NODIRATIME | unix.MS_RELATIME)
	}
	return unix.Mount("", target, "", flags, "")
}

func makeTarget(target string, dir bool) error {
	if dir {
		return os.MkdirAll(target, rootMode)
	}
	if err := os.MkdirAll(filepath.Dir(target), rootMode); err != nil {
		return err
	}
	file, err := os.OpenFile(target, os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	return file.Close()
}

func writeEtc(dir string) error {
	files := map[string]string{
		"passwd":        "learner:x:1000:1000:learner:/work:/bin/false\n",
		"group":         "learner:x:1000:\n",
		"hosts":         "127.0.0.1 localhost\n::1 localhost\n",
		"nsswitch.conf": "hosts: files\n",
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o444); err != nil {
			return err
		}
	}
	return nil
}

// copyTree copies regular files and directories; anything else in a source directory of ours would be a defect.
func copyTree(source, target string, uid int) error {
	return filepath.WalkDir(source, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(source, path)
		if err != nil || relative == "." {
			return err
		}
		to := filepath.Join(target, relative)
		if entry.IsDir() {
			if err := os.Mkdir(to, rootMode); err != nil {
				return err
			}
		} else if err := copyFile(path, to); err != nil {
			return err
		}
		return os.Lchown(to, uid, uid)
	})
}

// putFiles writes files below dir, as the program's own.
func putFiles(dir string, files []File, uid int) error {
	for _, file := range files {
		if !filepath.IsLocal(filepath.FromSlash(file.Path)) {
			return fmt.Errorf("%q is not below the working directory", file.Path)
		}
		at := dir
		parts := strings.Split(file.Path, "/")
		for _, part := range parts[:len(parts)-1] {
			at = filepath.Join(at, part)
			if err := os.Mkdir(at, rootMode); errors.Is(err, fs.ErrExist) {
				continue
			} else if err != nil {
				return err
			}
			if err := os.Lchown(at, uid, uid); err != nil {
				return err
			}
		}
		at = filepath.Join(at, parts[len(parts)-1])
		if err := os.WriteFile(at, file.Content, 0o644); err != nil {
			return err
		}
		if err := os.Lchown(at, uid, uid); err != nil {
			return err
		}
	}
	return nil
}

func copyFile(from, to string) error {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer source.Close()
	target, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	if _, err := io.Copy(target, source); err != nil {
		target.Close()
		return err
	}
	return target.Close()
}
