package execution

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"lineage.dev/runner/internal/cgroup"
	"lineage.dev/runner/internal/sandbox"
)

const (
	// workPrefix begins the name of an agent's directory below the temporary one.
	workPrefix = "lineage-runner-"
	// lockName is the file in such a directory that its agent holds locked for as long as it lives.
	lockName = "lock"
	// makingFor is how long a directory without a lock is left alone: its agent may be about to make it.
	makingFor = 24 * time.Hour
)

// claimed is a directory whose lock the kernel gives up when we end, however we end.
type claimed struct {
	dir  string
	lock *os.File
}

// claimWork makes an agent's directory, and removes what killed agents of our user left.
func claimWork() (claimed, error) {
	base := workBase()
	removeAbandoned(base, workPrefix)
	if temporary := os.TempDir(); temporary != base {
		removeAbandoned(temporary, workPrefix)
	}
	dir, err := os.MkdirTemp(base, workPrefix)
	if err != nil {
		return claimed{}, err
	}
	c, err := claim(dir)
	if err != nil {
		return claimed{}, errors.Join(err, os.RemoveAll(dir))
	}
	// A slot's user has to reach the directory of its run.
	return c, os.Chmod(dir, 0o711)
}

// socketPrefix begins the name of the directory that a server makes for an agent's socket.
const socketPrefix = "lineage-agent-"

// ClaimSocket marks the directory of an agent's socket as used for as long as this process lives, and removes those
// beside it whose agents and servers were killed. A directory with another name is its maker's business.
func ClaimSocket(socket string) error {
	dir := filepath.Dir(socket)
	if !strings.HasPrefix(filepath.Base(dir), socketPrefix) {
		return nil
	}
	c, err := claim(dir)
	if err != nil {
		return err
	}
	// Never closed: the kernel gives the lock up with the process.
	keepOpen(c.lock)
	removeAbandoned(filepath.Dir(dir), socketPrefix)
	return nil
}

// keepOpen lets a descriptor outlive its file object.
func keepOpen(file *os.File) {
	_, _ = unix.FcntlInt(file.Fd(), unix.F_DUPFD_CLOEXEC, 0) // Without it the lock ends sooner, and nothing else.
}

// ProbeMachine says how well this machine isolates, without an engine.
func ProbeMachine() (sandbox.Report, error) {
	work, err := claimWork()
	if err != nil {
		return sandbox.Report{}, err
	}
	users, err := takeUsers(1)
	if err != nil {
		return sandbox.Report{}, errors.Join(err, work.release())
	}
	defer users.release()
	groups, none := cgroup.Open()
	defer groups.Close()
	report := sandbox.Probe(work.dir, users.probe, groups, none)
	return report, work.release()
}

// claim locks a directory that exists.
func claim(dir string) (claimed, error) {
	lock, err := os.OpenFile(filepath.Join(dir, lockName), os.O_CREATE|os.O_RDWR|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return claimed{}, err
	}
	if err := tryLock(lock); err != nil {
		lock.Close()
		return claimed{}, fmt.Errorf("%s is used by another agent: %w", dir, err)
	}
	return claimed{dir: dir, lock: lock}, nil
}

func (c claimed) release() error {
	err := sandbox.RemoveAll(c.dir)
	return errors.Join(err, c.lock.Close())
}

func tryLock(file *os.File) error {
	return syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
}

// removeAbandoned removes directories of this prefix whose agent is gone. Only our own user's are looked at: in a shared temporary
// directory anybody can make one with such a name.
func removeAbandoned(base, prefix string) {
	entries, err := os.ReadDir(base)
	if err != nil {
		return
	}
	for _, entry := range entries {
		if entry.IsDir() && strings.HasPrefix(entry.Name(), prefix) {
			removeIfAbandoned(filepath.Join(base, entry.Name()))
		}
	}
}

func removeIfAbandoned(dir string) {
	info, err := os.Lstat(dir)
	if err != nil || !info.IsDir() || ownerOf(info) != os.Getuid() {
		return
	}
	lock, err := os.OpenFile(filepath.Join(dir, lockName), os.O_RDWR|syscall.O_NOFOLLOW, 0)
	if err != nil {
		// Not locked yet, or left before it could be.
		if errors.Is(err, os.ErrNotExist) && time.Since(info.ModTime()) > makingFor {
			_ = sandbox.RemoveAll(dir)
		}
		return
	}
	defer lock.Close()
	if tryLock(lock) == nil {
		_ = sandbox.RemoveAll(dir) // What cannot be removed, the next agent tries again.
	}
}

func ownerOf(info os.FileInfo) int {
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		return int(stat.Uid)
	}
	return -1
}
