package main

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

var descriptors = map[string]attack{
	"descriptors":  tooManyDescriptors,
	"pipe-buffers": pipeBuffers,
	"pair-buffers": pairBuffers,
	"kernel-lists": kernelLists,
	"watch-files":  watchFiles,
	"inherited":    inherited,
}

func tooManyDescriptors([]string) {
	for range 1 << 20 {
		file, err := os.Open(os.DevNull)
		if err != nil {
			try("open more files than allowed", err)
			return
		}
		held = append(held, file)
	}
	try("open a million files", nil)
}

// pipeBuffers fills pipes, whose contents are the kernel's memory and no process's.
func pipeBuffers([]string) {
	block := make([]byte, 1<<20)
	for {
		var ends [2]int
		if err := syscall.Pipe2(ends[:], syscall.O_NONBLOCK); err != nil {
			if errors.Is(err, syscall.EMFILE) {
				try("hold more pipes", err)
				return
			}
			panic(err)
		}
		_ = call(syscall.SYS_FCNTL, uintptr(ends[1]), 1031, 1<<20) // F_SETPIPE_SZ
		_, _ = syscall.Write(ends[1], block)
	}
}

func pairBuffers([]string) {
	block := make([]byte, 1<<16)
	for {
		ends, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_NONBLOCK, 0)
		if err != nil {
			try("hold more sockets", err)
			return
		}
		for {
			if _, err := syscall.Write(ends[0], block); err != nil {
				break
			}
		}
	}
}

func kernelLists([]string) {
	for range 1 << 20 {
		fd, err := syscall.EpollCreate1(0)
		if err != nil {
			try("make more of the kernel's lists", err)
			return
		}
		for range 8 {
			event := syscall.EpollEvent{Events: syscall.EPOLLIN}
			_ = syscall.EpollCtl(fd, syscall.EPOLL_CTL_ADD, 0, &event)
		}
	}
}

// watchFiles asks to be told what happens in directories that it may not read.
func watchFiles(args []string) {
	fd, err := syscall.InotifyInit()
	if err != nil {
		try("watch files", err)
		return
	}
	for _, dir := range args {
		_, err := syscall.InotifyAddWatch(fd, dir, syscall.IN_ALL_EVENTS)
		try("watch "+dir, err)
	}
}

// inherited looks for descriptors that nobody gave it.
func inherited([]string) {
	for fd := 3; fd < 256; fd++ {
		var stat syscall.Stat_t
		if syscall.Fstat(fd, &stat) != nil {
			continue
		}
		// The runtime's own: its poller and what wakes it.
		if name, _ := os.Readlink(fmt.Sprint("/proc/self/fd/", fd)); name == "anon_inode:[eventpoll]" || name == "anon_inode:[eventfd]" {
			continue
		}
		if stat.Mode&syscall.S_IFMT == 0 {
			continue
		}
		try(fmt.Sprintf("use descriptor %d of mode %o", fd, stat.Mode), nil)
	}
	try("use what it did not open", syscall.EBADF)
}
