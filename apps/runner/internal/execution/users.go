package execution

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
)

const (
	// firstUID is the first user id of slots when the agent is root: far above those of people and services.
	firstUID = 210_000
	// usersEach is how many an agent has; the probe's slot has the first.
	usersEach = 1024
	// maxAgents of one machine have users of their own at once.
	maxAgents = 64
)

// userLocks are the places for the locks of the ranges; the first that can be written is taken.
func userLocks() []string {
	return []string{"/run/lineage-runner", filepath.Join(os.TempDir(), "lineage-runner.users")}
}

var errNoUsers = fmt.Errorf("there are %d agents on this machine already, and no users left for the slots of another", maxAgents)

// users are the user ids of an engine's slots.
type users struct {
	probe int
	slots chan int
	lock  *os.File
}

// takeUsers takes a range that no other agent of the machine has: the kernel counts processes by user. When we are not
// root all slots run as ourselves.
func takeUsers(count int) (*users, error) {
	u := &users{slots: make(chan int, count)}
	if os.Getuid() != 0 {
		for range count {
			u.slots <- 0
		}
		return u, nil
	}
	if count >= usersEach {
		return nil, fmt.Errorf("at most %d slots can be had, and %d were asked for", usersEach-1, count)
	}
	first, lock, err := lockRange(userLocks())
	if err != nil {
		return nil, err
	}
	endProcessesOf(first, first+usersEach)
	u.probe, u.lock = first, lock
	for i := range count {
		u.slots <- first + 1 + i
	}
	return u, nil
}

func (u *users) release() {
	if u.lock != nil {
		u.lock.Close()
	}
}

func lockRange(places []string) (int, *os.File, error) {
	var failed error
	for _, dir := range places {
		if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
			failed = err
			continue
		}
		if info, err := os.Lstat(dir); err != nil || !info.IsDir() || ownerOf(info) != os.Getuid() {
			failed = fmt.Errorf("%s is not ours", dir)
			continue
		}
		for n := range maxAgents {
			file, err := os.OpenFile(filepath.Join(dir, fmt.Sprintf("users-%d", n)), os.O_CREATE|os.O_RDWR|syscall.O_NOFOLLOW, 0o600)
			if err != nil {
				return 0, nil, err
			}
			if tryLock(file) == nil {
				return firstUID + n*usersEach, file, nil
			}
			file.Close()
		}
		return 0, nil, errNoUsers
	}
	return 0, nil, fmt.Errorf("no place for the locks of slots' users: %w", failed)
}

// endProcessesOf ends what a killed agent's slots left: only its slots ever had these users.
func endProcessesOf(from, to int) {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return
	}
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil {
			continue
		}
		info, err := os.Stat("/proc/" + entry.Name())
		if err == nil && ownerOf(info) >= from && ownerOf(info) < to {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
	}
}
