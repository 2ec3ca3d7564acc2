package sandbox

import (
	"bytes"
	"context"
	"os"
	"strconv"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"lineage.dev/runner/internal/cgroup"
)

const (
	// pollEvery catches an allocation of 2.5 GB/s within some 13 MB of its limit.
	pollEvery = 5 * time.Millisecond
	// pollFarEvery is for a tree that cannot reach its limits between two polls: looking at it costs a fraction of a
	// millisecond each time, which other programs could have.
	pollFarEvery = 20 * time.Millisecond
	// farMemory is what no program gets in that time.
	farMemory = 128 << 20
	// clockTick is the kernel's unit of process times (USER_HZ, fixed at 100 on Linux).
	clockTick = 10 * time.Millisecond
	// bombFor at the limit, or for so long near it while processes come and go, means a program that goes on starting some
	// though the kernel refuses them. It is a time, since looking at hundreds of processes takes many times pollEvery.
	bombFor = 500 * time.Millisecond
	// maxTree bounds how much of a fork bomb one poll looks at.
	maxTree = 4096
)

var pageSize = uint64(os.Getpagesize())

// watchdog sums what a process tree uses and says when it is too much.
type watchdog struct {
	root     int
	limits   Limits
	disk     *diskWatch
	group    *cgroup.Group
	exceeded chan struct{}

	mu       sync.Mutex
	which    string
	peak     uint64
	used     time.Duration
	tooMany  bool // a poll found the tree at its limit
	crowded  time.Duration
	polled   time.Time
	signaled bool
	// seen is the CPU time of each process at the last poll. gone is what ended processes had used, reaped what their
	// parents were told of: a process whose parent does not ask is in no count of the kernel's.
	seen         map[int]usedCPU
	gone, reaped time.Duration
	// before is the processor time of the group before the program began.
	before time.Duration
}

// usedCPU is what a process used itself, and what those used whose end it was told of.
type usedCPU struct{ own, reaped time.Duration }

func newWatchdog(root int, spec Spec, group *cgroup.Group) *watchdog {
	w := &watchdog{root: root, limits: spec.Limits, disk: newDiskWatch(spec), group: group, exceeded: make(chan struct{}), seen: map[int]usedCPU{}}
	w.programStarts()
	return w
}

// programStarts has the group's processor time count from now on: until now it was the slot's own.
func (w *watchdog) programStarts() {
	if w.group == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.before = w.group.Usage().CPU
}

// outOfMemory says whether the kernel ended something of the slot for its limit of memory.
func (w *watchdog) outOfMemory() bool { return w.group != nil && w.group.OutOfMemory() }

// crowd notes for how long the tree is at its limit of tasks. What is refused a process may end for it, so that a bomb is seen
// near its limit more often than at it: there it counts when there are processes that were not there before.
func (w *watchdog) crowd(now usage) {
	most := w.limits.Processes
	if most == 0 {
		return
	}
	began := time.Now()
	// Between two looks that are far apart it may have been otherwise.
	passed := min(began.Sub(w.polled), bombFor/4)
	first := w.polled.IsZero()
	w.polled = began
	fresh := false
	for pid := range now.each {
		_, known := w.seen[pid]
		fresh = fresh || !known
	}
	w.tooMany = w.tooMany || now.tasks >= most
	if !first && (now.tasks >= most || (fresh && now.tasks >= most*3/4)) {
		w.crowded += passed
	}
}

// unasked is the CPU time of ended processes that no live one shows.
func (w *watchdog) unasked(now map[int]usedCPU) time.Duration {
	for pid, was := range w.seen {
		is, alive := now[pid]
		if !alive {
			w.gone += was.own + was.reaped
			continue
		}
		w.reaped += max(0, is.reaped-was.reaped)
	}
	w.seen = now
	return max(0, w.gone-w.reaped)
}

func (w *watchdog) run(ctx context.Context) {
	tick := time.NewTimer(pollEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			tick.Reset(w.poll())
		}
	}
}

// poll looks once and says when to look again. Where the kernel counts and is far from a limit on memory and processes, that
// is all there is to look at: to list processes in /proc makes the kernel note each of them there, and forget it at its end,
// which on a busy machine takes longer than a small build.
func (w *watchdog) poll() time.Duration {
	if w.counted() {
		return w.judge(usage{}, w.disk.exceeded(nil, false))
	}
	tree := descendants(w.root)
	usage := usageOf(tree)
	full := w.disk.exceeded(tree[1:], false)
	w.mu.Lock()
	w.crowd(usage)
	usage.cpu += w.unasked(usage.each)
	w.mu.Unlock()
	return w.judge(usage, full)
}

// counted asks the kernel, and says whether that is enough for now: it is not for files that processes hold open.
func (w *watchdog) counted() bool {
	if w.group == nil {
		return false
	}
	now := w.group.Usage()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.used = max(w.used, now.CPU-w.before)
	hidden := w.disk != nil && w.disk.hidden
	return !hidden && w.limits.far(usage{resident: now.Memory, tasks: now.Tasks})
}

func (w *watchdog) judge(usage usage, full bool) time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.peak = max(w.peak, usage.resident)
	w.used = max(w.used, usage.cpu)
	switch {
	case w.signaled:
		return pollFarEvery
	case w.limits.Memory > 0 && usage.resident > w.limits.Memory:
		w.which = LimitMemory
		if w.crowded > 0 { // It is the number of processes that takes the memory.
			w.which = LimitPids
		}
	case w.limits.CPU > 0 && w.used > w.limits.CPU:
		w.which = LimitCPU
	case w.limits.Processes > 0 && (usage.processes >= w.limits.Processes || w.crowded >= bombFor):
		w.which = LimitPids
	case full:
		w.which = LimitDisk
	case w.limits.far(usage):
		return pollFarEvery
	default:
		return pollEvery
	}
	w.signaled = true
	close(w.exceeded)
	return pollFarEvery
}

// far says whether a tree that uses this cannot reach its limits on memory and processes before one looks again.
func (l Limits) far(u usage) bool {
	return (l.Memory == 0 || u.resident+farMemory < l.Memory) && (l.Processes == 0 || 2*u.tasks < l.Processes)
}

func (w *watchdog) limit() string         { w.mu.Lock(); defer w.mu.Unlock(); return w.which }
func (w *watchdog) peakMemory() uint64    { w.mu.Lock(); defer w.mu.Unlock(); return w.peak }
func (w *watchdog) cpu() time.Duration    { w.mu.Lock(); defer w.mu.Unlock(); return w.used }
func (w *watchdog) sawProcessLimit() bool { w.mu.Lock(); defer w.mu.Unlock(); return w.tooMany }

type usage struct {
	resident  uint64
	cpu       time.Duration
	processes int
	tasks     int
	each      map[int]usedCPU
}

// usageOf sums a tree whose first element is its root. That is sandbox-init, and counts only by the CPU of children whose
// end it was told of.
func usageOf(tree []int) usage {
	total := usage{each: make(map[int]usedCPU, len(tree))}
	for i, pid := range tree {
		addProcess(&total, pid, i == 0)
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
	used := usedCPU{own: processorTime(pid, ticks(fields[11])+ticks(fields[12])), reaped: ticks(fields[13]) + ticks(fields[14])}
	total.cpu += used.reaped
	if isInit {
		total.each[pid] = usedCPU{reaped: used.reaped}
		if os.Getuid() != 0 { // It then is the program's user, and the kernel counts its threads with the rest.
			total.tasks += int(number(fields[17]))
		}
		return
	}
	total.each[pid] = used
	total.cpu += used.own
	total.processes++
	total.tasks += int(number(fields[17]))
	total.resident += number(fields[21]) * pageSize
}

// processorTime is what all threads of a process used, by its own clock (clock_getcpuclockid(3)): what /proc says is rounded
// down to ticks, so that processes of less than one would be free of charge. counted is what /proc says.
func processorTime(pid int, counted time.Duration) time.Duration {
	const processClock = 2
	var used unix.Timespec
	if err := unix.ClockGettime(int32(^pid<<3|processClock), &used); err != nil {
		return counted
	}
	return max(counted, time.Duration(used.Nano()))
}

func ticks(field []byte) time.Duration { return time.Duration(number(field)) * clockTick }

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
			child := int(number(field))
			if listsThreads() && isThread(child) {
				continue
			}
			found = append(found, child)
		}
	}
	return found
}

// listsThreads: gVisor lists some threads of other process namespaces as if they were processes, which would count several times.
var listsThreads = sync.OnceValue(func() bool { return gvisor().Holds })

func isThread(pid int) bool {
	said, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	if err != nil {
		return false
	}
	for line := range bytes.Lines(said) {
		if group, ok := bytes.CutPrefix(line, []byte("Tgid:")); ok {
			return int(number(bytes.TrimSpace(group))) != pid
		}
	}
	return false
}

// endSlot asks for the end of everything of a slot. In a process namespace the kernel does it with the first process;
// elsewhere that process does it, since only it can reach all of them at once; see ending.
func endSlot(root int, namespaces bool) {
	signal := syscall.SIGTERM
	if namespaces {
		signal = syscall.SIGKILL
	}
	// An error means that it is gone already.
	_ = syscall.Kill(root, signal)
}

// killTree is for a first process that does not end: what descends from it is killed until only that is left.
func killTree(root int) {
	for range endRounds {
		tree := descendants(root)
		if len(tree) <= 1 {
			break
		}
		for _, pid := range tree[1:] {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
	}
	_ = syscall.Kill(root, syscall.SIGKILL)
}
