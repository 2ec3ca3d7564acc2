package main

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"unsafe"
)

var privileges = map[string]attack{
	"become-another": becomeAnother,
	"set-uid-file":   setUIDFile,
	"capabilities":   capabilities,
	"limits":         raiseLimits,
	"machine-tools":  machineTools,
}

func becomeAnother([]string) {
	try("become root", syscall.Setreuid(-1, 4711))
	try("become another user", syscall.Setuid(4711))
	try("become another group", syscall.Setgid(4711))
	try("join groups", syscall.Setgroups([]int{4711}))
	_ = syscall.Setfsuid(4711) // It says the user that it was, whether it became another or not.
	if fs, _, _ := syscall.RawSyscall(syscall.SYS_SETFSUID, ^uintptr(0), 0, 0); int(fs) == 4711 {
		try("be another for files", nil)
	}
}

// setUIDFile makes a program that would run as whoever owns it, and runs it.
func setUIDFile([]string) {
	self, _ := os.Executable()
	raw, err := os.ReadFile(self)
	if err == nil {
		err = os.WriteFile("copy", raw, 0o755)
	}
	if err != nil {
		try("copy itself", err)
	}
	_ = os.Chmod("copy", 0o4755|os.ModeSetuid)
	if set, err := os.ReadFile("/proc/self/status"); err == nil && !strings.Contains(string(set), "NoNewPrivs:\t1") {
		try("gain privileges", nil)
	}
	try("gain privileges", syscall.EPERM)
}

func capabilities([]string) {
	const bounding, ambient = 24, 3
	for _, what := range []uintptr{7, 21} { // CAP_SETUID, CAP_SYS_ADMIN
		if value, err := result(syscall.SYS_PRCTL, bounding-1, what); err == nil && value == 1 {
			try("keep a capability within reach", nil)
		}
	}
	header := [2]uint32{0x20080522, 0}
	data := [6]uint32{^uint32(0), ^uint32(0), ^uint32(0), 0xff, 0xff, 0xff}
	try("take capabilities", call(syscall.SYS_CAPSET, uintptr(unsafe.Pointer(&header)), uintptr(unsafe.Pointer(&data))))
	var held [6]uint32
	if err := call(syscall.SYS_CAPGET, uintptr(unsafe.Pointer(&header)), uintptr(unsafe.Pointer(&held))); err == nil && held[0]|held[1]|held[3]|held[4] != 0 /* effective, permitted */ {
		try("have capabilities", nil)
	}
}

func raiseLimits([]string) {
	for name, resource := range map[string]int{"core": syscall.RLIMIT_CORE, "open files": syscall.RLIMIT_NOFILE, "file size": syscall.RLIMIT_FSIZE, "cpu": syscall.RLIMIT_CPU} {
		try("raise the limit on "+name, syscall.Setrlimit(resource, &syscall.Rlimit{Cur: 1 << 40, Max: 1 << 40}))
	}
}

// machineTools are programs of the machine, with which one would go on.
func machineTools([]string) {
	for _, tool := range []string{"/bin/sh", "/bin/su", "/usr/bin/sudo", "/usr/bin/python3", "/bin/mount", "/usr/bin/unshare", "/sbin/insmod", "/bin/busybox"} {
		out, err := exec.Command(tool, "-c", "id").CombinedOutput()
		if err != nil && len(bytes.TrimSpace(out)) > 0 {
			err = nil // It ran.
		}
		try("run "+tool, err)
	}
}
