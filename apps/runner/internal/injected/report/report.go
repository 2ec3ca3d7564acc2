//go:build ignore

// Package report takes the secret word with which a test binary marks what it reports. The runtime initialises packages
// whose imports are ready in the order of their paths: with no import but syscall, and a path before "os", this one comes
// before any package of a learner that can open a file.
package report

import "syscall"

// FD is where to report, -1 when nobody listens. Word goes before every line; package testrun takes it away.
var (
	FD   = -1
	Word string
)

func init() {
	text, ok := syscall.Getenv("LINEAGE_REPORT")
	_ = syscall.Unsetenv("LINEAGE_REPORT")
	if !ok || text == "" {
		return
	}
	fd := 0
	for _, digit := range text {
		if digit < '0' || digit > '9' {
			return
		}
		fd = fd*10 + int(digit-'0')
	}
	var word [64]byte
	n, err := syscall.Read(fd+1, word[:])
	_ = syscall.Close(fd + 1)
	if err != nil || n < 2 {
		return
	}
	FD, Word = fd, string(word[:n-1])
}
