//go:build lineage_inject

package harness

import (
	"bytes"
	"io"
	"math"
	"os"
	"reflect"
	"runtime"
	"runtime/metrics"
	"runtime/pprof"
	"unsafe"
)

// maxStacks bounds what is read of all goroutines' stacks: with more, the program is left alone.
const maxStacks = 16 << 20

// looksIdle says that no goroutine but this one runs, could run, or is in the kernel.
func looksIdle() bool {
	samples := []metrics.Sample{{Name: "/sched/goroutines/running:goroutines"}, {Name: "/sched/goroutines/runnable:goroutines"},
		{Name: "/sched/goroutines/not-in-go:goroutines"}}
	metrics.Read(samples)
	for i, most := range []uint64{1, 0, 0} {
		if samples[i].Value.Kind() != metrics.KindUint64 || samples[i].Value.Uint64() > most {
			return false
		}
	}
	return true
}

// allAsleep says whether nothing in the program can ever wake another part of it. The runtime itself finds that out only
// when nothing of the harness is there. No CPU profile may be open: it has a timer. idle counts how often in a row the
// program looked idle.
func (c *collector) allAsleep(idle int) bool {
	if !c.tracing {
		if nextTimer(&c.timers) != math.MaxInt64 {
			return false
		}
		_, asleep := sleepers(false)
		return asleep
	}
	// Tracing has a timer of its own, behind which the program's cannot be told. What the collector calls leaked waits for
	// something that no timer and no global variable leads to. Each look is a collection, so there are few.
	if idle%idleLooks != 2 {
		return false
	}
	if _, asleep := sleepers(false); !asleep {
		return false
	}
	if p := pprof.Lookup("goroutineleak"); p == nil || p.WriteTo(io.Discard, 0) != nil {
		return false
	}
	_, asleep := sleepers(true)
	return asleep
}

// idleLooks of a traced program that waits, one is a look for leaks.
const idleLooks = 8

// endAsleep ends the program as the runtime would have.
func (c *collector) endAsleep() {
	stacks, _ := sleepers(false)
	c.send('d', nil)
	_, _ = os.Stderr.WriteString("fatal error: all goroutines are asleep - deadlock!\n\n" + string(stacks))
	os.Exit(2)
}

// asleepFor are the runtime's words for waits that only another goroutine ends, and for its own idle workers.
var asleepFor = map[string]bool{
	"chan receive": true, "chan receive (nil chan)": true, "chan send": true, "chan send (nil chan)": true,
	"select": true, "select (no cases)": true, "semacquire": true, "sync.Cond.Wait": true, "sync.Mutex.Lock": true,
	"sync.RWMutex.RLock": true, "sync.RWMutex.Lock": true, "sync.WaitGroup.Wait": true,
	"trace reader (blocked)": true, "finalizer wait": true, "cleanup wait": true, "force gc (idle)": true, "GC worker (idle)": true,
	"GC sweep wait": true, "GC scavenge wait": true, "GOMAXPROCS updater (idle)": true,
}

// sleepers returns the stacks of all goroutines but our own, and whether each of them is asleep (with leaked: for ever).
func sleepers(leaked bool) ([]byte, bool) {
	buffer := make([]byte, 64<<10)
	n := runtime.Stack(buffer, true)
	for n == len(buffer) {
		if len(buffer) >= maxStacks {
			return nil, false
		}
		buffer = make([]byte, 4*len(buffer))
		n = runtime.Stack(buffer, true)
	}
	asleep := true
	var kept [][]byte
	// This goroutine comes first.
	for _, block := range bytes.Split(bytes.TrimSpace(buffer[:n]), []byte("\n\n"))[1:] {
		_, rest, _ := bytes.Cut(block, []byte(" ["))
		state, _, _ := bytes.Cut(rest, []byte("]"))
		state, _, _ = bytes.Cut(state, []byte(","))
		word, isLeaked := bytes.CutSuffix(state, []byte(" (leaked)"))
		if string(word) == "trace reader (blocked)" {
			continue
		}
		kept = append(kept, block)
		asleep = asleep && asleepFor[string(word)] && (isLeaked || !leaked)
	}
	return append(bytes.Join(kept, []byte("\n\n")), '\n'), asleep && len(kept) > 0
}

// nextTimer is when the next timer fires; math.MaxInt64 when there is none, and 0 when that cannot be known. It asks the
// runtime's timeSleepUntil, which is not exported: it is found by its name, and a release without it says 0.
func nextTimer(entry *uintptr) int64 {
	if *entry == 0 {
		if *entry = findTimeSleepUntil(); *entry == 0 {
			return 0
		}
	}
	return (*(*func() int64)(unsafe.Pointer(&entry)))()
}

// textReach is how far from a known function of the runtime the other one may lie; the runtime has about 500 kB of code.
const textReach = 1 << 20

func findTimeSleepUntil() uintptr {
	near := reflect.ValueOf(runtime.GC).Pointer()
	for distance := uintptr(0); distance < textReach; distance += 16 {
		for _, at := range [2]uintptr{near + distance, near - distance} {
			f := runtime.FuncForPC(at)
			if f != nil && f.Entry() == at && f.Name() == "runtime.timeSleepUntil" {
				return at
			}
		}
	}
	return 0
}
