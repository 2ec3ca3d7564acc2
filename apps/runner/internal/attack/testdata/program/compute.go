package main

import (
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"time"
	"unsafe"
)

var compute = map[string]attack{
	"nothing":          func([]string) {},
	"spin":             func([]string) { spin() },
	"spin-on-all":      spinOnAll,
	"spin-in-threads":  spinInThreads,
	"spin-in-children": spinInChildren,
	"spin-briefly":     spinBriefly,
	"raise-priority":   raisePriority,
	"sleep":            func([]string) { forever() },
	"ignore-signals":   ignoreSignals,
	"rearm-signals":    rearmSignals,
	"stop-itself":      stopItself,
	"deaf-stop":        deafStop,
}

func spin() {
	for {
	}
}

func spinOnAll([]string) {
	for range 8 * runtime.NumCPU() {
		go spin()
	}
	spin()
}

func spinInThreads([]string) {
	for range 24 {
		go func() { runtime.LockOSThread(); spin() }()
	}
	spin()
}

// spinInChildren uses the processor in processes that end before their use is counted, and asks for no status.
func spinInChildren([]string) {
	signal.Ignore(syscall.SIGCHLD)
	for {
		for range 4 {
			_, _ = itself(nil, "spin-briefly")
		}
		time.Sleep(60 * time.Millisecond)
	}
}

func spinBriefly([]string) {
	for began := time.Now(); time.Since(began) < 100*time.Millisecond; {
	}
}

func raisePriority([]string) {
	priority, err := syscall.Getpriority(syscall.PRIO_PROCESS, 0)
	if err == nil { // The kernel says 20 minus the nice value.
		if priority >= 20 {
			try("have the priority of the server", nil)
		}
		try("be nicer to itself", syscall.Setpriority(syscall.PRIO_PROCESS, 0, 20-priority-1))
	}
	try("take the highest priority", syscall.Setpriority(syscall.PRIO_PROCESS, 0, -20))
	one := int32(1)
	try("become a real-time process", call(syscall.SYS_SCHED_SETSCHEDULER, 0, 1, uintptr(unsafe.Pointer(&one))))
	attr := [14]uint32{56, 6, 0, 0, 0, 0, 1e6, 0, 2e6, 0, 2e6, 0}
	try("get a deadline", call(sysSchedSetattr, 0, uintptr(unsafe.Pointer(&attr)), 0))
	try("be first at the disk", call(sysIoprioSet, 1, 0, 1<<13))
}

func ignoreSignals([]string) {
	signal.Ignore()
	forever()
}

func rearmSignals([]string) {
	heard := make(chan os.Signal, 1)
	for {
		signal.Notify(heard)
		<-heard
	}
}

func stopItself([]string) {
	_ = syscall.Kill(os.Getpid(), syscall.SIGSTOP)
	forever()
}

// deafStop stops in a child, so that what waits for the child waits for ever.
func deafStop([]string) {
	process, err := itself(nil, "stop-itself")
	if err != nil {
		panic(err)
	}
	_, _ = process.Wait()
	forever()
}
