package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

var reading = map[string]attack{
	"read-files":     readFiles,
	"read-others":    readOthers,
	"read-processes": readProcesses,
	"environment":    environment,
	"read-memory":    readMemory,
	"write-outside":  writeOutside,
	"write-caches":   writeCaches,
	"proc-writes":    procWrites,
	"kernel-files":   kernelFiles,
	"cluster":        cluster,
}

func readFiles(args []string) {
	for _, path := range append([]string{"/etc/shadow", "/etc/machine-id", "/root/.bashrc", "/home", "/root", "/var/log", "/etc/ssl/private", "/var/run/secrets"}, args...) {
		if entries, err := os.ReadDir(path); err == nil {
			try(fmt.Sprintf("list %s with %d entries", path, len(entries)), nil)
			continue
		}
		_, err := os.ReadFile(path)
		try("read "+path, err)
	}
}

// readOthers looks for other runs, their sources and their programs, where the agent keeps them.
func readOthers(args []string) {
	for _, dir := range args {
		_, err := os.ReadDir(dir)
		try("list "+dir, err)
		found, _ := filepath.Glob(filepath.Join(dir, "*", "*"))
		for _, path := range found {
			raw, err := os.ReadFile(path)
			if err == nil && strings.Contains(string(raw), "neighbour") {
				try("read a neighbour's file "+path, nil)
			}
		}
	}
}

// others are the processes that are not the program's own. In a namespace the machine's numbers are those of its own
// threads, and the slot's first process is all that there is besides it.
func others(args []string) []string {
	if os.Getppid() == 1 {
		return []string{"1"}
	}
	return args
}

func readProcesses(args []string) {
	for _, pid := range others(args) {
		for _, name := range []string{"environ", "mem", "maps", "cwd", "root", "exe", "fd/0", "fd/3", "fd/4", "stack", "syscall", "auxv"} {
			path := filepath.Join("/proc", pid, name)
			if _, err := os.Readlink(path); err == nil {
				try("follow "+path, nil)
			}
			file, err := os.Open(path)
			if err == nil {
				_, err = file.Read(make([]byte, 16))
				file.Close()
			}
			try("read "+path, err)
		}
	}
}

// environment says every name that the program has and that nobody gave it.
func environment([]string) {
	given := map[string]bool{"PATH": true, "HOME": true, "TMPDIR": true, "USER": true, "LANG": true, "TZ": true}
	for _, setting := range os.Environ() {
		name, _, _ := strings.Cut(setting, "=")
		if !given[name] {
			try("know "+name, nil)
		}
	}
	try("know more of the environment", syscall.ENOENT)
}

func readMemory(args []string) {
	for _, pid := range others(args) {
		file, err := os.OpenFile("/proc/"+pid+"/mem", os.O_RDWR, 0)
		if err == nil {
			file.Close()
		}
		try("open the memory of "+pid, err)
	}
	for _, path := range []string{"/dev/mem", "/dev/kmem", "/dev/port", "/proc/kcore", "/proc/kallsyms"} {
		file, err := os.OpenFile(path, os.O_RDWR, 0)
		if err == nil {
			file.Close()
		}
		try("open "+path, err)
	}
}

func writeOutside(args []string) {
	for _, dir := range append([]string{"/", "/etc", "/bin", "/usr", "/dev", "/proc", "/var/tmp", "/dev/shm", "/run"}, args...) {
		path := filepath.Join(dir, "made-by-attack")
		err := os.WriteFile(path, []byte("x"), 0o644)
		try("write in "+dir, err)
	}
}

// writeCaches tries to change what others' programs are built from.
func writeCaches(args []string) {
	self, _ := os.Executable()
	try("change its own program", os.WriteFile(self, []byte("x"), 0o755))
	try("replace its own program", os.Rename("main.go", self))
	for _, path := range args {
		try("write "+path, appendTo(path))
		try("replace "+path, os.Rename("main.go", path))
		try("remove "+path, os.Remove(path))
		try("write beside "+path, os.WriteFile(path+".new", []byte("x"), 0o644))
	}
}

func procWrites([]string) {
	for _, path := range []string{
		"/proc/sys/kernel/core_pattern", "/proc/sys/kernel/hostname", "/proc/sys/kernel/modprobe", "/proc/sys/vm/drop_caches",
		"/proc/sys/net/ipv4/ip_forward", "/proc/sys/fs/binfmt_misc/register", "/proc/sysrq-trigger", "/proc/self/oom_score_adj",
		"/proc/1/oom_score_adj", "/proc/self/uid_map", "/proc/self/setgroups", "/proc/self/loginuid", "/proc/self/clear_refs",
		"/proc/self/mem", "/proc/sys/user/max_user_namespaces", "/proc/self/coredump_filter",
	} {
		try("write "+path, appendTo(path))
	}
}

func kernelFiles([]string) {
	for _, path := range []string{
		"/sys/kernel/uevent_helper", "/sys/fs/cgroup/cgroup.procs", "/sys/fs/cgroup/memory/cgroup.procs", "/sys/kernel/debug",
		"/sys/power/state", "/sys/firmware", "/proc/kmsg", "/proc/kcore", "/proc/keys", "/sys/kernel/security", "/proc/acpi",
	} {
		file, err := os.OpenFile(path, os.O_RDWR, 0)
		if err == nil {
			_, err = file.Read(make([]byte, 1))
			file.Close()
		}
		try("open "+path, err)
	}
}

// cluster looks for what a pod would have.
func cluster([]string) {
	for _, name := range []string{"KUBERNETES_SERVICE_HOST", "KUBERNETES_PORT", "AWS_SESSION_TOKEN", "GOOGLE_APPLICATION_CREDENTIALS"} {
		if _, set := os.LookupEnv(name); set {
			try("know "+name, nil)
		}
	}
	_, err := os.ReadFile("/var/run/secrets/kubernetes.io/serviceaccount/token")
	try("read the service account's token", err)
	began := time.Now()
	try("reach the metadata service", dial("tcp", "169.254.169.254:80"))
	try("reach the cluster", dial("tcp", "10.96.0.1:443"))
	if time.Since(began) > 2*time.Second {
		try("wait for an answer", nil)
	}
}
