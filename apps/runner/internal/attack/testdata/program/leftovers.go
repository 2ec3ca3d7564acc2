package main

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"unsafe"
)

// leftovers come in pairs: what one run leaves, the next looks for.
var leftovers = map[string]attack{
	"leave-files":   leaveFiles,
	"find-files":    findFiles,
	"leave-shared":  leaveShared,
	"find-shared":   findShared,
	"leave-queue":   leaveQueue,
	"find-queue":    findQueue,
	"leave-key":     func(args []string) { keys(args) },
	"hold-socket":   holdSocket,
	"find-socket":   func([]string) { try("reach another run's abstract socket", dial("unix", "@attack-left")) },
	"lock-shared":   lockShared,
	"residence":     residence,
	"leave-message": leaveMessage,
}

var sharedPlaces = []string{"/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue", "/run/lock", "/run", "/dev", "/work", "."}

func leaveFiles([]string) {
	for _, dir := range sharedPlaces {
		_ = os.WriteFile(filepath.Join(dir, "attack-left"), []byte("left"), 0o666)
	}
}

func findFiles([]string) {
	for _, dir := range sharedPlaces {
		_, err := os.ReadFile(filepath.Join(dir, "attack-left"))
		try("find what another run left in "+dir, err)
	}
}

const sharedKey = 0x4c494e45

func leaveShared([]string) {
	_, err := result(syscall.SYS_SHMGET, sharedKey, 4096, 0o1666)
	leave("shared memory", err)
	_, err = result(syscall.SYS_SEMGET, sharedKey, 1, 0o1666)
	leave("a semaphore", err)
}

func leave(what string, err error) { fmt.Println("leave", what+":", err) }

func leaveMessage([]string) {
	id, err := result(syscall.SYS_MSGGET, sharedKey, 0o1666)
	if err == nil {
		message := [2]uint64{1, 42}
		err = call(syscall.SYS_MSGSND, id, uintptr(unsafe.Pointer(&message)), 8, 0o4000)
	}
	leave("a message", err)
}

func findShared([]string) {
	try("find shared memory", call(syscall.SYS_SHMGET, sharedKey, 4096, 0o666))
	try("find a semaphore", call(syscall.SYS_SEMGET, sharedKey, 1, 0o666))
	try("find a queue", call(syscall.SYS_MSGGET, sharedKey, 0o666))
}

func leaveQueue([]string) {
	name := []byte("attack-left\x00")
	leave("a message queue", call(sysMqOpen, uintptr(unsafe.Pointer(&name[0])), 0o102, 0o666, 0))
}

func findQueue([]string) {
	name := []byte("attack-left\x00")
	try("find a message queue", call(sysMqOpen, uintptr(unsafe.Pointer(&name[0])), 2, 0, 0))
}

func holdSocket([]string) {
	listener, err := net.Listen("unix", "@attack-left")
	if err == nil {
		defer listener.Close()
	}
	fmt.Println("listening")
	_, _ = os.Stdin.Read(make([]byte, 1))
}

// lockShared locks what all runs read: a lock that another could ask for is a way to speak.
func lockShared(args []string) {
	self, _ := os.Executable()
	for _, path := range append(args, self) {
		file, err := os.Open(path)
		if err == nil {
			err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		}
		try("lock "+path, err)
	}
}

// residence asks which pages of a shared file somebody has read lately.
func residence([]string) {
	self, _ := os.Executable()
	file, err := os.Open(self)
	if err != nil {
		try("open its own program", err)
		return
	}
	block, err := syscall.Mmap(int(file.Fd()), 0, 4096, syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		try("map its own program", err)
		return
	}
	var pages [1]byte
	try("ask which pages of a file are in memory", call(syscall.SYS_MINCORE, uintptr(unsafe.Pointer(&block[0])), 4096, uintptr(unsafe.Pointer(&pages))))
}
