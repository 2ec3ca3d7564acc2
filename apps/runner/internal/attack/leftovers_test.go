package attack_test

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// traces is what there is of a machine that a run could leave something in, as lines that are compared.
type traces map[string][]string

// look reads the machine. The engine's own caches of programs and packages are looked at by mode and size, what is the
// host's by content too.
func (s *scene) look() traces {
	return traces{
		"process": withoutSpare(s.processes(), func(line string) string {
			if strings.HasSuffix(line, "/lineage-slot sandbox-init ") {
				return line
			}
			return ""
		}),
		"mount":  lines("/proc/self/mountinfo"),
		"shared": append(append(lines("/proc/sysvipc/shm"), lines("/proc/sysvipc/sem")...), lines("/proc/sysvipc/msg")...),
		"socket": socketLines(),
		"host":   tree(filepath.Join(s.base, "host"), contentsAndTimes),
		"work":   withoutSpare(s.workFiles(), runDirectory.FindString),
		"place":  places(),
		"cgroup": withoutSpare(cgroups(), lastField),
	}
}

// runDirectory is where a run has its files.
var runDirectory = regexp.MustCompile(`/run-[0-9]+`)

// withoutSpare leaves out one slot that waits for the next run, which an engine may have or be about to have. What is of a
// slot, spare names; once the engine is closed there must be none (see leave).
func withoutSpare(found []string, spare func(string) string) []string {
	spares := map[string]bool{}
	var rest []string
	for _, line := range found {
		if name := spare(line); name != "" {
			spares[name] = true
			continue
		}
		rest = append(rest, line)
	}
	if len(spares) > 1 {
		return found
	}
	return rest
}

func (s *scene) workFiles() []string {
	var found []string
	for _, line := range tree(filepath.Join(s.base, "work"), namesOnly) {
		name := strings.Fields(line)[0]
		// Kept programs and packages come with every build; what was kept must not change.
		if strings.Contains(name, "/programs") || strings.Contains(name, "/archives") {
			continue
		}
		found = append(found, line)
	}
	return found
}

// keep notes the programs that every row is served from: those of the attacks and of the neighbour.
func (s *scene) keep() {
	for _, line := range tree(filepath.Join(s.base, "work"), namesOnly) {
		if name := strings.Fields(line)[0]; strings.Contains(name, "/programs/") {
			s.programs = append(s.programs, name)
		}
	}
}

// kept are the contents and modes of these programs.
func (s *scene) kept() []string {
	var found []string
	for _, name := range s.programs {
		found = append(found, tree(name, contentsOnly)...)
	}
	return found
}

// processes lists what runs in this machine besides its first process and ourselves; where the machine is not ours
// alone, what descends from us.
func (s *scene) processes() []string {
	if os.Getenv(ownMachineEnv) == "" {
		return descendants(os.Getpid())
	}
	var found []string
	entries, _ := os.ReadDir("/proc")
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil || pid == 1 || pid == os.Getpid() {
			continue
		}
		if line := processLine(pid); line != "" {
			found = append(found, line)
		}
	}
	return found
}

func descendants(pid int) []string {
	var found []string
	tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	for _, task := range tasks {
		for _, line := range lines(task) {
			for _, field := range strings.Fields(line) {
				child, _ := strconv.Atoi(field)
				if line := processLine(child); line != "" {
					found = append(append(found, line), descendants(child)...)
				}
			}
		}
	}
	return found
}

func processLine(pid int) string {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil || isThread(pid) {
		return ""
	}
	_, after, _ := strings.Cut(string(stat), ") ")
	command, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	return fmt.Sprintf("%d %.1s %s", pid, after, strings.ReplaceAll(string(command), "\x00", " "))
}

// isThread: gVisor lists some threads of other process namespaces as if they were processes.
func isThread(pid int) bool {
	for _, line := range lines(fmt.Sprintf("/proc/%d/status", pid)) {
		if group, ok := strings.CutPrefix(line, "Tgid:"); ok {
			return strings.TrimSpace(group) != strconv.Itoa(pid)
		}
	}
	return false
}

func lines(path string) []string {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	return strings.Split(strings.TrimSpace(string(raw)), "\n")
}

// socketLines are the sockets that somebody can reach: named ones and ports.
func socketLines() []string {
	var found []string
	for _, line := range lines("/proc/net/unix") {
		if fields := strings.Fields(line); len(fields) > 7 {
			found = append(found, "unix "+fields[7])
		}
	}
	for _, family := range []string{"tcp", "tcp6", "udp", "udp6", "raw"} {
		for _, line := range lines("/proc/net/" + family) {
			// 0A is listening; a closed connection may still be waiting for its time to pass.
			if fields := strings.Fields(line); len(fields) > 3 && (fields[3] == "0A" || fields[3] == "07") {
				found = append(found, family+" "+fields[1])
			}
		}
	}
	sort.Strings(found)
	return found
}

// How much of each file a listing says; kinds, modes and owners always.
const (
	namesOnly = iota
	contentsOnly
	contentsAndTimes
)

// tree lists a directory.
func tree(root string, depth int) []string {
	var found []string
	_ = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			found = append(found, path+" "+err.Error())
			return nil
		}
		info, err := entry.Info()
		if err != nil {
			return nil
		}
		line := fmt.Sprintf("%s %s", path, info.Mode())
		if stat, ok := info.Sys().(*syscall.Stat_t); ok {
			line += fmt.Sprintf(" %d:%d", stat.Uid, stat.Gid)
		}
		if depth >= contentsOnly && info.Mode().IsRegular() {
			raw, _ := os.ReadFile(path)
			line += fmt.Sprintf(" %d %x", info.Size(), sha256.Sum256(raw))
		}
		if depth >= contentsAndTimes {
			line += fmt.Sprint(" ", info.ModTime().UnixNano())
		}
		found = append(found, line)
		return nil
	})
	return found
}

// places are where programs everywhere leave things.
func places() []string {
	if os.Getenv(ownMachineEnv) == "" {
		return nil
	}
	var found []string
	for _, dir := range []string{"/var/tmp", "/dev/shm", "/dev/mqueue", "/run/lock", "/"} {
		entries, _ := os.ReadDir(dir)
		for _, entry := range entries {
			found = append(found, filepath.Join(dir, entry.Name()))
		}
	}
	return found
}

// lastField of a line of cgroups is the process.
func lastField(line string) string { return line[strings.LastIndexByte(line, ' ')+1:] }

// cgroups are those of ours that still have somebody in them beside the threads by which the agent starts slots.
func cgroups() []string {
	var found []string
	_ = filepath.WalkDir("/sys/fs/cgroup", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Name() == "cgroup.procs" && strings.Contains(path, "lineage-slot") {
			for _, pid := range lines(path) {
				if pid != "" && pid != strconv.Itoa(os.Getpid()) {
					found = append(found, path+" "+pid)
				}
			}
		}
		return nil
	})
	return found
}

// difference says what is there now and was not before, and what is gone of the host's files.
func difference(before, now traces) []string {
	var found []string
	for kind := range now {
		was := map[string]int{}
		for _, line := range before[kind] {
			was[line]++
		}
		for _, line := range now[kind] {
			if was[line]--; was[line] < 0 {
				found = append(found, "left "+kind+": "+line)
			}
		}
		for line, times := range was {
			// Of what else the machine has, something may end meanwhile.
			if times > 0 && (kind == "host" || kind == "place") {
				found = append(found, "gone "+kind+": "+line)
			}
		}
	}
	sort.Strings(found)
	return found
}

// steady looks until it sees the same twice: the engine may be about to make the slot that waits for the next run.
func (s *scene) steady() traces {
	for before := s.look(); ; {
		now := s.look()
		if len(difference(before, now)) == 0 {
			return now
		}
		before = now
	}
}

// settled is difference once the kernel has buried what was killed.
func (s *scene) settled(before traces) []string {
	var found []string
	looks := 100
	if underGvisor() { // Its processes take longer to be gone.
		looks = 250
	}
	for range looks {
		if found = difference(before, s.look()); len(found) == 0 {
			return nil
		}
		time.Sleep(20 * time.Millisecond)
	}
	return found[:min(len(found), 12)]
}
