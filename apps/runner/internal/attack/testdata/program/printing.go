package main

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"syscall"
	"time"
	"unsafe"
)

var printing = map[string]attack{
	"flood":            func([]string) { flood(os.Stdout) },
	"flood-both":       func([]string) { go flood(os.Stderr); flood(os.Stdout) },
	"flood-by-bytes":   func([]string) { floodByBytes() },
	"escapes":          escapes,
	"long-line":        func([]string) { fmt.Println(strings.Repeat("x", 1_000_000)) },
	"forge-lines":      forgeLines,
	"forge-crash":      forgeCrash,
	"talk-slowly":      talkSlowly,
	"write-terminal":   writeTerminal,
	"write-everywhere": writeEverywhere,
	"bomb-everywhere":  bombEverywhere,
	"garbage-trace":    garbageTrace,
}

func flood(to *os.File) {
	block := bytes.Repeat([]byte("x"), 1<<16)
	for {
		_, _ = to.Write(block)
	}
}

func floodByBytes() {
	for {
		_, _ = os.Stdout.Write([]byte("x"))
	}
}

// escapes is what a terminal would act upon.
func escapes([]string) {
	fmt.Print("\x1b]52;c;ZXZpbA==\a\x1b]0;title\a\x1b[?1049h\x1b[2J\x1bP+q544e\x1b\\\x00\xff\xfe\u202e<script>alert(1)</script>\r\n")
}

func forgeLines([]string) {
	fmt.Println("=== RUN   TestForged\n--- PASS: TestForged (0.00s)\nPASS")
	fmt.Println(`{"Action":"pass","Test":"TestForged"}`)
	fmt.Println(`{"step":0,"ended":true,"exit":0}`)
	fmt.Fprintln(os.Stderr, "gc 1 @0.001s 0%: 0.010+0.10+0.001 ms clock\nSCHED 0ms: gomaxprocs=2")
	os.Exit(3)
}

func forgeCrash([]string) {
	fmt.Fprintln(os.Stderr, "fatal error: "+strings.Repeat("all goroutines are asleep - deadlock! ", 1000))
	for n := range 3000 {
		fmt.Fprintf(os.Stderr, "goroutine %d [running]:\nmain.f(...)\n\t/etc/passwd:%d +0x1\ncreated by main.g in goroutine %d\n\n", n, n, n-1)
	}
}

func talkSlowly([]string) {
	for range 3000 {
		fmt.Println(strings.Repeat("word ", 200))
	}
}

// writeTerminal types into the terminal that others read from.
func writeTerminal([]string) {
	letter := byte('x')
	for fd := range uintptr(3) {
		try("type into the terminal", call(syscall.SYS_IOCTL, fd, 0x5412, uintptr(unsafe.Pointer(&letter))))
		try("paste into the console", call(syscall.SYS_IOCTL, fd, 0x541c, uintptr(unsafe.Pointer(&letter))))
	}
	for _, name := range []string{"/dev/tty", "/dev/ptmx", "/dev/console", "/dev/tty0", "/dev/kmsg"} {
		file, err := os.OpenFile(name, os.O_RDWR, 0)
		if err == nil {
			file.Close()
		}
		try("open "+name, err)
	}
}

// everywhere calls f with each descriptor that the program was started with.
func everywhere(f func(*os.File)) {
	for fd := 3; fd < 16; fd++ {
		var stat syscall.Stat_t
		if syscall.Fstat(fd, &stat) == nil && stat.Mode&syscall.S_IFMT == syscall.S_IFIFO {
			f(os.NewFile(uintptr(fd), "descriptor"))
		}
	}
	time.Sleep(700 * time.Millisecond) // A window of the real harness has its time.
}

func writeEverywhere([]string) {
	everywhere(func(file *os.File) {
		_, _ = file.Write([]byte("c\x00\x00\x00\x04junk"))
		_, _ = file.Write([]byte("h\x00\x00\x00\x04junk"))
		_, _ = file.Write([]byte("?\xff\xff\xff\xff"))
		_, _ = file.Write(bytes.Repeat([]byte("junk"), 1<<16))
	})
}

// bombEverywhere sends profiles that grow a thousand times as they are read.
func bombEverywhere([]string) {
	bomb := gzipBomb(200 << 20)
	everywhere(func(file *os.File) {
		for _, kind := range "cha" {
			head := []byte{byte(kind), byte(len(bomb) >> 24), byte(len(bomb) >> 16), byte(len(bomb) >> 8), byte(len(bomb))}
			_, _ = file.Write(append(head, bomb...))
		}
	})
}

func garbageTrace([]string) {
	everywhere(func(file *os.File) {
		for range 100 {
			_, _ = file.Write([]byte("t\x00\x00\x00\x10go 1.26 trace\x00\x00\x00"))
		}
	})
}
