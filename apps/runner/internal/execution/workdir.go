package execution

import (
	"os"

	"golang.org/x/sys/unix"
)

const (
	// memoryDir is a file system in memory on every Linux that has not been told otherwise.
	memoryDir = "/dev/shm"
	// leastMemory is the room without which builds would meet its end before their own limits.
	leastMemory = 1 << 30
)

// workBase is where an engine makes its directory: TMPDIR when it is set, else in memory where there is room. A build
// makes a dozen small files that live for milliseconds; on some disks each of them costs one.
func workBase() string {
	if dir := os.Getenv("TMPDIR"); dir != "" {
		return dir
	}
	var fs unix.Statfs_t
	if err := unix.Statfs(memoryDir, &fs); err != nil || fs.Type != unix.TMPFS_MAGIC {
		return os.TempDir()
	}
	// Programs are started from there.
	if fs.Flags&(unix.ST_RDONLY|unix.ST_NOEXEC) != 0 {
		return os.TempDir()
	}
	if fs.Bavail*uint64(fs.Bsize) < leastMemory || unix.Access(memoryDir, unix.W_OK|unix.X_OK) != nil {
		return os.TempDir()
	}
	return memoryDir
}
