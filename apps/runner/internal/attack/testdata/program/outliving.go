package main

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

var outliving = map[string]attack{
	"daemon":            daemon,
	"daemon-in-between": func([]string) { _, _ = itself(&syscall.SysProcAttr{Setsid: true}, "daemon-at-last"); os.Exit(0) },
	"daemon-at-last":    func([]string) { signal.Ignore(); forever() },
	"daemon-with-pipes": func([]string) { _, _ = itself(&syscall.SysProcAttr{Setsid: true}, "daemon-at-last") },
	"daemon-many":       daemonMany,
	"daemon-chain":      daemonChain,
	"chain":             chain,
	"chain-and-wait":    func(args []string) { daemonChain(args); fmt.Println("started"); forever() },
	"group-change":      groupChange,
}

// daemon forks twice with sessions of their own and leaves.
func daemon([]string) {
	process, err := itself(&syscall.SysProcAttr{Setsid: true}, "daemon-in-between")
	if err == nil {
		_, _ = process.Wait()
	}
}

func daemonMany([]string) {
	for range 12 {
		_, _ = itself(&syscall.SysProcAttr{Setsid: true}, "daemon-at-last")
	}
}

// daemonChain leaves a chain behind in which each process lives for a moment only: a list of processes that is read
// one by one shows none of it.
func daemonChain([]string) {
	for range 4 {
		_, _ = itself(&syscall.SysProcAttr{Setsid: true}, "chain")
	}
	time.Sleep(30 * time.Millisecond)
}

func chain([]string) {
	signal.Ignore()
	_, _ = itself(&syscall.SysProcAttr{Setsid: true}, "chain")
	os.Exit(0)
}

func groupChange([]string) {
	_, _ = itself(&syscall.SysProcAttr{Setpgid: true}, "daemon-at-last")
	_ = syscall.Setpgid(0, 0)
}
