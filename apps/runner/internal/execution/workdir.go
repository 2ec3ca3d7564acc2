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
	if err := unix.Statfs(memoryDir, &fs); err != nil || fs.Type != unix.TMPFS_MAGIC || fs.Flags&unix.ST_RDONLY != 0 {
		return os.TempDir()
	}
	if fs.Bavail*uint64(fs.Bsize) < leastMemory || unix.Access(memoryDir, unix.W_OK|unix.X_OK) != nil {
		return os.TempDir()
	}
	return memoryDir
}

// executable says whether programs can be started from the file system of dir.
func executable(dir string) bool {
	var fs unix.Statfs_t
	return unix.Statfs(dir, &fs) == nil && fs.Flags&unix.ST_NOEXEC == 0
}
