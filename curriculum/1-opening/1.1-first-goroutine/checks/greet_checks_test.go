package main

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// patience bounds only how long a failing check waits; a passing one never waits for time.
const patience = 5 * time.Second

func plain(name string) string { return name + "\n" }

func manyNames(n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("name-%03d", i)
	}
	return names
}

// gatedWriter holds every write back until its gate opens.
type gatedWriter struct {
	gate    chan struct{}
	written atomic.Int32
}

func (w *gatedWriter) Write(line []byte) (int, error) {
	<-w.gate
	w.written.Add(1)
	return len(line), nil
}

// In a synctest bubble time stands still until every goroutine is blocked, so an hour of patience costs nothing and a
// Greet that sleeps instead of waiting has no chance to be lucky.
func TestReturnsAfterTheLastLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out := &gatedWriter{gate: make(chan struct{})}
		var returned atomic.Bool
		go func() {
			Greet(out, []string{"ada"}, plain)
			returned.Store(true)
		}()
		time.Sleep(time.Hour)
		synctest.Wait()
		early := returned.Load()
		close(out.gate)
		synctest.Wait()
		if early {
			t.Fatal("Greet returned while its line was still waiting to be written")
		}
		if !returned.Load() || out.written.Load() != 1 {
			t.Fatalf("the line could be written: Greet returned is %v, lines written %d", returned.Load(), out.written.Load())
		}
	})
}

// carefulWriter notices when two writes are under way at once, and gives others every chance to be.
type carefulWriter struct {
	inside   atomic.Int32
	overlaps atomic.Int32
	mu       sync.Mutex
	text     strings.Builder
}

func (w *carefulWriter) Write(line []byte) (int, error) {
	if w.inside.Add(1) > 1 {
		w.overlaps.Add(1)
	}
	for range 20 {
		runtime.Gosched()
	}
	w.mu.Lock()
	w.text.Write(line)
	w.mu.Unlock()
	w.inside.Add(-1)
	return len(line), nil
}

func (w *carefulWriter) lines() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return strings.Fields(w.text.String())
}

func TestEveryNameIsGreetedOnce(t *testing.T) {
	out := &carefulWriter{}
	names := manyNames(200)
	Greet(out, names, plain)
	counts := map[string]int{}
	for _, line := range out.lines() {
		counts[line]++
	}
	for _, name := range names {
		if counts[name] != 1 {
			t.Fatalf("%s was written %d times by the time Greet returned", name, counts[name])
		}
	}
}

func TestWritesDoNotOverlap(t *testing.T) {
	out := &carefulWriter{}
	names := manyNames(200)
	Greet(out, names, plain)
	for began := time.Now(); len(out.lines()) < len(names) && time.Since(began) < patience; {
		time.Sleep(time.Millisecond)
	}
	if n := out.overlaps.Load(); n > 0 {
		t.Fatalf("%d writes began while another was under way", n)
	}
	if got := len(out.lines()); got != len(names) {
		t.Fatalf("%d of %d lines were written", got, len(names))
	}
}

func TestNamesAreComposedAtTheSameTime(t *testing.T) {
	const n = 8
	var arrived atomic.Int32
	all := make(chan struct{})
	var late atomic.Int32
	compose := func(name string) string {
		if arrived.Add(1) == n {
			close(all)
		}
		select {
		case <-all:
		case <-time.After(patience):
			late.Add(1)
		}
		return name + "\n"
	}
	returned := make(chan struct{})
	go func() {
		defer close(returned)
		Greet(&carefulWriter{}, manyNames(n), compose)
	}()
	select {
	case <-all:
	case <-time.After(patience):
		t.Fatalf("only %d of %d names were being composed at the same time", arrived.Load(), n)
	}
	<-returned
	if late.Load() > 0 {
		t.Fatalf("%d names had to wait for another to finish", late.Load())
	}
}

func TestNothingIsLeftRunning(t *testing.T) {
	before := runtime.NumGoroutine()
	for range 20 {
		Greet(&carefulWriter{}, manyNames(10), plain)
	}
	began := time.Now()
	for runtime.NumGoroutine() > before && time.Since(began) < patience {
		time.Sleep(time.Millisecond)
	}
	if left := runtime.NumGoroutine() - before; left > 0 {
		t.Fatalf("%d goroutines are still there after Greet returned", left)
	}
}
