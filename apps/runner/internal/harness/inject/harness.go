//go:build lineage_inject

// Package harness gathers profiles inside a program and writes them to an inherited descriptor as frames:
// one byte kind, four bytes big-endian length, payload. It is linked into programs that are profiled.
//
// Kinds: c a window of the CPU profile, behind its start and its end in microseconds (eight bytes each); t a piece of the
// execution trace; g h a b m l a whole profile, of which the newest counts; s a sample of runtime/metrics; d all
// goroutines wait for one another; f all was sent that was asked for; e the program ended by itself.
package harness

import (
	"bytes"
	"encoding/binary"
	"internal/runtime/exithook"
	"os"
	"runtime"
	"runtime/pprof"
	"runtime/trace"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

type collector struct {
	mu      sync.Mutex
	to      *os.File
	orders  int
	wanted  map[string]bool
	began   time.Time
	window  bytes.Buffer
	opened  time.Time
	ended   bool
	tracing bool
	metrics *sampler
	// timers is where the runtime's timeSleepUntil begins, once it was looked for.
	timers uintptr
}

func init() {
	setting, ok := os.LookupEnv("LINEAGE_HARNESS")
	if !ok {
		return
	}
	os.Unsetenv("LINEAGE_HARNESS")
	number, list, _ := strings.Cut(setting, ";")
	fd, err := strconv.Atoi(number)
	if err != nil {
		return
	}
	c := &collector{to: os.NewFile(uintptr(fd), "profiles"), orders: fd + 1, wanted: map[string]bool{}, began: time.Now()}
	// Waiting for an order would look like work to the runtime.
	if syscall.SetNonblock(c.orders, true) != nil {
		c.orders = -1
	}
	for _, name := range strings.Split(list, ",") {
		c.wanted[name] = true
	}
	c.start()
	exithook.Add(exithook.Hook{F: c.finish, RunOnFailure: true})
	go c.loop()
}

func (c *collector) start() {
	if c.wanted["block"] {
		runtime.SetBlockProfileRate(1)
	}
	if c.wanted["mutex"] {
		runtime.SetMutexProfileFraction(1)
	}
	if c.wanted["heap"] || c.wanted["allocs"] {
		runtime.MemProfileRate = 32 << 10
	}
	if c.wanted["metrics"] {
		c.metrics = newSampler()
	}
	if c.wanted["trace"] && trace.Start(traceWriter{c}) == nil {
		c.tracing = true
	}
	c.openWindow()
}

func (c *collector) openWindow() {
	if !c.wanted["cpu"] {
		return
	}
	c.window.Reset()
	c.window.Write(make([]byte, 16)) // for the times
	c.opened = time.Now()
	if pprof.StartCPUProfile(&c.window) != nil {
		c.wanted["cpu"] = false // The program profiles itself.
	}
}

func (c *collector) closeWindow() {
	if !c.wanted["cpu"] {
		return
	}
	pprof.StopCPUProfile()
	window := c.window.Bytes()
	binary.BigEndian.PutUint64(window, uint64(c.opened.Sub(c.began).Microseconds()))
	binary.BigEndian.PutUint64(window[8:], uint64(time.Since(c.began).Microseconds()))
	c.send('c', window)
	c.opened = time.Time{}
}

var wholes = []struct {
	kind   byte
	signal string
}{{'g', "goroutine"}, {'h', "heap"}, {'a', "allocs"}, {'b', "block"}, {'m', "mutex"}, {'l', "goroutineleak"}}

// snapshot sends each profile that is no window as it is now. Looking for leaks collects garbage, so it is not done often.
func (c *collector) snapshot(leaks bool) {
	for _, whole := range wholes {
		if !c.wanted[whole.signal] || (whole.kind == 'l' && !leaks) {
			continue
		}
		if p := pprof.Lookup(whole.signal); p != nil {
			var out bytes.Buffer
			if p.WriteTo(&out, 0) == nil {
				c.send(whole.kind, out.Bytes())
			}
		}
	}
}

// finish runs on return from main and on os.Exit, after everything of the program.
func (c *collector) finish() {
	if c.tracing {
		trace.Stop()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended = true
	if c.opened != (time.Time{}) {
		c.closeWindow()
	}
	c.sample()
	// What was allocated since the last collection is in neither profile.
	if c.wanted["heap"] || c.wanted["allocs"] {
		runtime.GC()
	}
	c.snapshot(true)
	c.send('e', nil)
}

func (c *collector) send(kind byte, payload []byte) {
	head := binary.BigEndian.AppendUint32([]byte{kind}, uint32(len(payload)))
	// The reader may be gone; the program has to run on.
	_, _ = c.to.Write(append(head, payload...))
}

type traceWriter struct{ c *collector }

func (w traceWriter) Write(p []byte) (int, error) {
	head := binary.BigEndian.AppendUint32([]byte{'t'}, uint32(len(p)))
	if _, err := w.c.to.Write(append(head, p...)); err != nil {
		return 0, err
	}
	return len(p), nil
}
