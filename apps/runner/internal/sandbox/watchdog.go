package sandbox

import (
	"bytes"
	"context"
	"os"
	"strconv"
	"sync"
	"syscall"
	"time"
)

const (
	// pollEvery catches an allocation of 2.5 GB/s within some 13 MB of its limit.
	pollEvery = 5 * time.Millisecond
	// clockTick is the kernel's unit of process times (USER_HZ, fixed at 100 on Linux).
	clockTick = 10 * time.Millisecond
	// bombPolls at the limit mean a program that goes on starting processes though the kernel refuses them.
	bombPolls = 100
	// maxTree bounds how much of a fork bomb one poll looks at.
	maxTree = 4096
)

var pageSize = uint64(os.Getpagesize())

// watchdog sums what a process tree uses and says when it is too much.
type watchdog struct {
	root     int
	limits   Limits
	exceeded chan struct{}

	mu       sync.Mutex
	which    string
	peak     uint64
	used     time.Duration
	tooMany  int // polls that found the tree at its limit
	signaled bool
}

func newWatchdog(root int, limits Limits) *watchdog {
	return &watchdog{root: root, limits: limits, exceeded: make(chan struct{})}
}

func (w *watchdog) run(ctx context.Context) {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			w.poll()
		}
	}
}

func (w *watchdog) poll() {
	usage := treeUsage(w.root)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.peak = max(w.peak, usage.resident)
	w.used = max(w.used, usage.cpu)
	if w.limits.Processes > 0 && usage.tasks >= w.limits.Processes {
		w.tooMany++
	}
	switch {
	case w.signaled:
		return
	case w.limits.Memory > 0 && usage.resident > w.limits.Memory:
		w.which = LimitMemory
	case w.limits.CPU > 0 && usage.cpu > w.limits.CPU:
		w.which = LimitCPU
	case w.limits.Processes > 0 && (usage.processes >= w.limits.Processes || w.tooMany >= bombPolls):
		w.which = LimitPids
	default:
		return
	}
	w.signaled = true
	close(w.exceeded)
}

func (w *watchdog) limit() string         { w.mu.Lock(); defer w.mu.Unlock(); return w.which }
func (w *watchdog) peakMemory() uint64    { w.mu.Lock(); defer w.mu.Unlock(); return w.peak }
func (w *watchdog) cpu() time.Duration    { w.mu.Lock(); defer w.mu.Unlock(); return w.used }
func (w *watchdog) sawProcessLimit() bool { w.mu.Lock(); defer w.mu.Unlock(); return w.tooMany > 0 }

type usage struct {
	resident  uint64
	cpu       time.Duration
	processes int
	tasks     int
}

// treeUsage sums the descendants of root. root itself (sandbox-init) counts only by the CPU of children it has reaped.
func treeUsage(root int) usage {
	var total usage
	for _, pid := range descendants(root) {
		addProcess(&total, pid, pid == root)
	}
	return total
}

// addProcess reads /proc/PID/stat; a process that is gone adds nothing. Fields after the name, from proc(5):
// utime, stime, cutime, cstime are 12..15 after the state, threads 18, rss 22 (pages), counting from 1 at the state.
func addProcess(total *usage, pid int, isInit bool) {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return
	}
	after := bytes.LastIndexByte(stat, ')')
	if after < 0 {
		return
	}
	fields := bytes.Fields(stat[after+1:])
	if len(fields) < 22 {
		return
	}
	own := number(fields[11]) + number(fields[12])
	reaped := number(fields[13]) + number(fields[14])
	total.cpu += time.Duration(reaped) * clockTick
	if isInit {
		if os.Getuid() != 0 { // It then is the program's user, and the kernel counts its threads with the rest.
			total.tasks += int(number(fields[17]))
		}
		return
	}
	total.cpu += time.Duration(own) * clockTick
	total.processes++
	total.tasks += int(number(fields[17]))
	total.resident += number(fields[21]) * pageSize
}

func number(field []byte) uint64 {
	n, err := strconv.ParseUint(string(field), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// descendants lists root and everything below it, breadth first.
func descendants(root int) []int {
	tree := []int{root}
	for i := 0; i < len(tree) && len(tree) < maxTree; i++ {
		tree = append(tree, children(tree[i])...)
	}
	return tree
}

func children(pid int) []int {
	tasks, err := os.ReadDir("/proc/" + strconv.Itoa(pid) + "/task")
	if err != nil {
		return nil
	}
	var found []int
	for _, task := range tasks {
		list, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/task/" + task.Name() + "/children")
		if err != nil {
			continue
		}
		for _, field := range bytes.Fields(list) {
			found = append(found, int(number(field)))
		}
	}
	return found
}

// killTree ends everything of a slot. In a PID namespace the kernel does it with the first process; elsewhere what a
// process started before it died is adopted by sandbox-init, so the tree is killed until only that is left.
func killTree(root int, namespaces bool) {
	if !namespaces {
		for range 1000 {
			tree := descendants(root)
			if len(tree) <= 1 {
				break
			}
			for _, pid := range tree[1:] {
				_ = syscall.Kill(pid, syscall.SIGKILL)
			}
		}
	}
	// An error means that it is gone already.
	_ = syscall.Kill(root, syscall.SIGKILL)
}
