package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"syscall"
	"time"
	"unsafe"
)

var resources = map[string]attack{
	"fork-bomb":         forkBomb,
	"fork-and-leave":    forkAndLeave,
	"thread-bomb":       threadBomb,
	"goroutine-bomb":    goroutineBomb,
	"heap-bomb":         heapBomb,
	"mmap-bomb":         mmapBomb,
	"stack-bomb":        stackBomb,
	"stack-limit":       stackLimit,
	"reserve-much":      reserveMuch,
	"memory-in-parts":   memoryInParts,
	"hold":              hold,
	"memory-file-bomb":  memoryFileBomb,
	"shared-bomb":       sharedMemoryBomb,
	"shared-file-bomb":  sharedFileBomb,
	"secret-memory":     func([]string) { try("make secret memory", call(sysMemfdSecret, 0)) },
	"page-table-bomb":   pageTableBomb,
	"lock-memory":       lockMemory,
	"never-reaped-bomb": neverReaped,
}

func forkBomb([]string) {
	for {
		_, _ = itself(nil, "fork-bomb")
	}
}

// forkAndLeave is a chain: each process starts the next and is gone before anybody has looked.
func forkAndLeave([]string) {
	_, _ = itself(&syscall.SysProcAttr{Setsid: true}, "fork-and-leave")
	os.Exit(0)
}

// neverReaped lets its children end without anybody asking how.
func neverReaped([]string) {
	for {
		if process, err := itself(nil, "nothing"); err == nil {
			_ = process.Release()
		}
	}
}

func threadBomb([]string) {
	for {
		go func() {
			runtime.LockOSThread()
			var never syscall.Timespec
			never.Sec = 3600
			_ = syscall.Nanosleep(&never, nil)
		}()
		time.Sleep(50 * time.Microsecond)
	}
}

func goroutineBomb([]string) {
	never := make(chan int)
	for {
		go func() {
			var room [1024]byte
			room[0] = 1
			<-never
			_ = room
		}()
	}
}

var kept [][]byte

func heapBomb([]string) {
	debug.SetGCPercent(-1)
	for {
		block := make([]byte, 4<<20)
		touch(block)
		kept = append(kept, block)
	}
}

func touch(block []byte) {
	for i := 0; i < len(block); i += 4096 {
		block[i] = 1
	}
}

func mmapBomb([]string) {
	for {
		block, err := syscall.Mmap(-1, 0, 4<<20, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
		if err == nil {
			touch(block)
		}
	}
}

func deeper(n int) int {
	var room [4096]byte
	room[n%4096] = byte(n)
	return deeper(n+1) + int(room[(n+1)%4096])
}

func stackBomb([]string) { deeper(0) }

func stackLimit([]string) { debug.SetMaxStack(8 << 20); deeper(0) }

// reserveMuch takes address space that is never used: that is what every Go program does, and costs nothing.
func reserveMuch([]string) {
	if _, err := syscall.Mmap(-1, 0, 1<<38, syscall.PROT_NONE, syscall.MAP_ANON|syscall.MAP_PRIVATE|syscall.MAP_NORESERVE); err != nil {
		panic(err)
	}
}

// memoryInParts spreads what is too much over processes none of which has too much.
func memoryInParts([]string) {
	for range 12 {
		_, _ = itself(nil, "hold", "12")
	}
	fmt.Println("started")
	forever()
}

func hold(args []string) {
	megabytes, _ := strconv.Atoi(args[0])
	block := make([]byte, megabytes<<20)
	touch(block)
	kept = append(kept, block)
	forever()
}

// memoryFileBomb writes to files that are memory and that no directory and no resident page shows.
func memoryFileBomb([]string) {
	block := make([]byte, 1<<20)
	for {
		name := []byte("x\x00")
		fd, err := result(sysMemfdCreate, uintptr(unsafe.Pointer(&name[0])), 0)
		if err != nil {
			try("make a file of memory", err)
			return
		}
		for range 7 {
			if _, err := syscall.Write(int(fd), block); err != nil {
				break
			}
		}
	}
}

func sharedMemoryBomb([]string) {
	const size = 4 << 20
	for {
		id, err := result(syscall.SYS_SHMGET, 0, size, 0o1600)
		if err != nil {
			try("make a shared segment", err)
			return
		}
		at, err := result(syscall.SYS_SHMAT, id, 0, 0)
		if err != nil {
			try("attach a shared segment", err)
			return
		}
		for offset := 0; offset < size; offset += 4096 {
			*(*byte)(pointer(at, offset)) = 1
		}
		_ = call(syscall.SYS_SHMDT, at)
	}
}

func pointer(at uintptr, offset int) unsafe.Pointer {
	return unsafe.Add(*(*unsafe.Pointer)(unsafe.Pointer(&at)), offset)
}

func sharedFileBomb([]string) {
	file, err := os.Create("/dev/shm/bomb")
	for err == nil {
		_, err = file.Write(make([]byte, 1<<20))
	}
	try("write to shared memory", err)
}

// pageTableBomb touches one page in each two megabytes: the kernel's tables then take as much as the pages.
func pageTableBomb([]string) {
	const step = 2 << 20
	for {
		block, err := syscall.Mmap(-1, 0, 256*step, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE|syscall.MAP_NORESERVE)
		if err != nil {
			try("map more", err)
			return
		}
		_ = call(syscall.SYS_MADVISE, uintptr(unsafe.Pointer(&block[0])), uintptr(len(block)), 15) // No huge pages.
		for offset := 0; offset < len(block); offset += step {
			block[offset] = 1
		}
	}
}

func lockMemory([]string) {
	block, err := syscall.Mmap(-1, 0, 8<<20, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		panic(err)
	}
	try("lock eight megabytes", syscall.Mlock(block))
	try("lock everything", syscall.Mlockall(syscall.MCL_CURRENT|syscall.MCL_FUTURE))
}
