//go:build lineage_inject

// Package harness gathers profiles inside a program and writes them to an inherited descriptor as frames:
// one byte kind, four bytes big-endian length, payload. It is linked into programs that are profiled.
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
	"time"
)

// cpuWindow is how much of a CPU profile a program that is killed can lose.
const cpuWindow = 500 * time.Millisecond

type collector struct {
	mu      sync.Mutex
	to      *os.File
	window  bytes.Buffer
	wanted  map[string]bool
	ended   bool
	tracing bool
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
	c := &collector{to: os.NewFile(uintptr(fd), "profiles"), wanted: map[string]bool{}}
	for _, name := range strings.Split(list, ",") {
		c.wanted[name] = true
	}
	c.start()
	exithook.Add(exithook.Hook{F: c.finish, RunOnFailure: true})
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
	if c.wanted["trace"] && trace.Start(traceWriter{c}) == nil {
		c.tracing = true
	}
	if c.wanted["cpu"] && pprof.StartCPUProfile(&c.window) == nil {
		go c.rotate()
	}
}

// rotate sends what was sampled so far and begins a new window, so that a killed program keeps its earlier ones.
func (c *collector) rotate() {
	for {
		time.Sleep(cpuWindow)
		c.mu.Lock()
		if c.ended {
			c.mu.Unlock()
			return
		}
		c.closeWindow()
		c.window.Reset()
		if pprof.StartCPUProfile(&c.window) != nil {
			c.mu.Unlock()
			return
		}
		c.mu.Unlock()
	}
}

func (c *collector) closeWindow() {
	pprof.StopCPUProfile()
	c.send('c', c.window.Bytes())
}

// finish runs on return from main and on os.Exit, after everything of the program.
func (c *collector) finish() {
	if c.tracing {
		trace.Stop()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended = true
	if c.wanted["cpu"] {
		c.closeWindow()
	}
	for _, lookup := range []struct {
		kind   byte
		signal string
	}{{'g', "goroutine"}, {'h', "heap"}, {'a', "allocs"}, {'b', "block"}, {'m', "mutex"}} {
		if !c.wanted[lookup.signal] {
			continue
		}
		if lookup.signal == "heap" {
			runtime.GC()
		}
		if p := pprof.Lookup(lookup.signal); p != nil {
			var out bytes.Buffer
			if p.WriteTo(&out, 0) == nil {
				c.send(lookup.kind, out.Bytes())
			}
		}
	}
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
