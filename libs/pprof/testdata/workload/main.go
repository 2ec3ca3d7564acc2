// Command workload does a little of everything that Go profiles show, and writes one profile of each kind into the
// folder that is its argument: recursion (direct and mutual), inlined calls, generics, closures, methods, goroutines
// that wait, a mutex that is fought over, memory that stays and memory that goes.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"sort"
	"strings"
	"sync"
	"time"
)

func fibonacci(n int) int {
	if n < 2 {
		return n
	}
	return fibonacci(n-1) + fibonacci(n-2)
}

func even(n int) bool {
	if n == 0 {
		return true
	}
	return odd(n - 1)
}

func odd(n int) bool {
	if n == 0 {
		return false
	}
	return even(n - 1)
}

// small is inlined into middle, middle into its callers.
func small(x uint64) uint64 { return x*6364136223846793005 + 1442695040888963407 }

func middle(x uint64) uint64 { return small(small(x) ^ x>>17) }

func churn(rounds int) uint64 {
	x := uint64(rounds)
	for range rounds {
		x = middle(x)
	}
	return x
}

func sum[T int | float64](values []T) (total T) {
	for _, value := range values {
		total += value
	}
	return total
}

type ledger struct {
	mu      sync.Mutex
	entries map[string]int
}

func (l *ledger) add(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range 200 {
		l.entries[key] += i
	}
}

func burn(until time.Time) (kept float64) {
	values := make([]float64, 4096)
	for time.Now().Before(until) {
		kept += float64(fibonacci(22)) + float64(churn(20000)%7) + sum(values)
		if even(20000) {
			kept++
		}
		words := strings.Fields(strings.Repeat("a profile of words ", 500))
		sort.Slice(words, func(i, j int) bool { return words[i] < words[j] })
	}
	return kept
}

type tree struct{ left, right *tree }

func grow(depth int) *tree {
	if depth == 0 {
		return &tree{}
	}
	return &tree{left: grow(depth - 1), right: grow(depth - 1)}
}

func contend(l *ledger, ready chan<- int) {
	for i := range 300 {
		l.add(fmt.Sprint("key", i%5))
		if i%50 == 0 {
			ready <- i
		}
	}
}

func parked(release <-chan struct{}, depth int) {
	if depth > 0 {
		parked(release, depth-1)
		return
	}
	<-release
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "workload:", err)
		os.Exit(1)
	}
}

func write(dir, name string) {
	file, err := os.Create(filepath.Join(dir, name+".pb.gz"))
	must(err)
	must(pprof.Lookup(name).WriteTo(file, 0))
	must(file.Close())
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: workload <folder>")
		os.Exit(2)
	}
	dir := os.Args[1]
	runtime.MemProfileRate = 4096
	runtime.SetBlockProfileRate(1)
	runtime.SetMutexProfileFraction(1)

	cpu, err := os.Create(filepath.Join(dir, "cpu.pb.gz"))
	must(err)
	must(pprof.StartCPUProfile(cpu))
	kept := burn(time.Now().Add(1500 * time.Millisecond))
	pprof.StopCPUProfile()
	must(cpu.Close())

	root := grow(14)
	shared := &ledger{entries: map[string]int{}}
	ready := make(chan int)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() { contend(shared, ready) })
	}
	go func() { group.Wait(); close(ready) }()
	for range ready {
		time.Sleep(100 * time.Microsecond)
	}
	release := make(chan struct{})
	for i := range 12 {
		go parked(release, i%4)
	}
	time.Sleep(50 * time.Millisecond)
	runtime.GC()
	for _, name := range []string{"heap", "allocs", "goroutine", "mutex", "block"} {
		write(dir, name)
	}
	close(release)
	fmt.Println(kept, root != nil)
}
