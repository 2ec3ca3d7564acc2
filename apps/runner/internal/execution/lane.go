package execution

import (
	"context"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
)

const (
	// laneWait is how long a measured run waits for others to end; then it runs among them, and its result says so.
	laneWait = 10 * time.Second
	// laneHold is how long others wait for a measured run; then they start, and its result says so.
	laneHold = 10 * time.Second
	// quietCores is how much of one core others may use before figures are not to be trusted.
	quietCores = 0.2
	// userHZ is the unit of /proc/stat, fixed at 100 a second on Linux.
	userHZ = 100
)

// lane lets what is measured run alone. Everything else that uses the machine enters before and leaves after.
type lane struct {
	mu      sync.Mutex
	active  int
	taken   bool
	changed chan struct{}
	// entered counts who did, so that a measured run knows whether it was alone.
	entered uint64
	// waiting is how many wait to enter: they go before the next measured run.
	waiting int
	// announced is how many measured runs have the machine, wait for it or are about to.
	announced int
}

func newLane() *lane { return &lane{changed: make(chan struct{})} }

// enter waits while a measured run has the machine. Call leave when done.
func (l *lane) enter(ctx context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.waiting++
	defer func() { l.waiting-- }()
	for l.taken {
		if !l.wait(ctx, nil) {
			return ctx.Err()
		}
	}
	l.active++
	l.entered++
	return nil
}

func (l *lane) leave() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.active--
	l.tell()
}

// take waits for the machine to be free, for as long as it may, and keeps others out, for as long as it may. release gives
// the machine back and says whether nobody else had it meanwhile.
func (l *lane) take(ctx context.Context) (release func() bool, err error) {
	late := time.NewTimer(laneWait)
	defer late.Stop()
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.taken || l.active > 0 || l.waiting > 0 {
		if !l.wait(ctx, late.C) {
			break
		}
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if l.taken || l.active > 0 {
		// Among others: it does not keep further ones out, and counts as one of them.
		l.active++
		l.entered++
		return func() bool { l.leave(); return false }, nil
	}
	l.taken = true
	before := l.entered
	var once sync.Once
	open := func() {
		once.Do(func() {
			l.mu.Lock()
			defer l.mu.Unlock()
			l.taken = false
			l.tell()
		})
	}
	hold := time.AfterFunc(laneHold, open)
	return func() bool {
		hold.Stop()
		l.mu.Lock()
		alone := l.entered == before
		l.mu.Unlock()
		open()
		return alone
	}, nil
}

// announce says that a measured run is about to take the machine: nothing that nobody asked for may begin until it calls
// withdraw.
func (l *lane) announce() (withdraw func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.announced++
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.announced--
	}
}

func (l *lane) measures() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.announced > 0
}

// wait returns at the next change, or false when ctx or late came first. Call with the lock held.
func (l *lane) wait(ctx context.Context, late <-chan time.Time) bool {
	changed := l.changed
	l.mu.Unlock()
	defer l.mu.Lock()
	select {
	case <-changed:
		return true
	case <-ctx.Done():
	case <-late:
	}
	return false
}

func (l *lane) tell() {
	close(l.changed)
	l.changed = make(chan struct{})
}

// measured says whether a run's figures are what it is for.
func measured(start *pb.Start) bool {
	return start.Alone || start.Kind == pb.RunKind_RUN_KIND_BENCH || len(start.Signals) > 0
}

// busyTime is the CPU time that everything on the machine has used; 0 where that cannot be read.
func busyTime() time.Duration {
	raw, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0
	}
	return parseBusy(string(raw))
}

// parseBusy reads the first line of /proc/stat (proc(5)): user, nice, system, idle, iowait, irq, softirq, steal.
func parseBusy(stat string) time.Duration {
	line, _, _ := strings.Cut(stat, "\n")
	fields := strings.Fields(line)
	if len(fields) < 9 || fields[0] != "cpu" {
		return 0
	}
	ticks := uint64(0)
	for i, field := range fields[1:9] {
		n, err := strconv.ParseUint(field, 10, 53)
		if err != nil {
			return 0
		}
		if i != 3 && i != 4 {
			ticks += n
		}
	}
	return time.Duration(ticks) * time.Second / userHZ
}

// quiet says how quiet the machine was while a program that used own of CPU time ran for wall.
func quiet(alone bool, before, after, own, wall time.Duration) *pb.Quiet {
	q := &pb.Quiet{Alone: alone, Cores: uint32(runtime.NumCPU())}
	if others := after - before - own; others > 0 && wall > 0 {
		q.OtherCores = others.Seconds() / wall.Seconds()
	}
	return q
}
