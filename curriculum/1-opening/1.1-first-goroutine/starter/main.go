package main

import (
	"bytes"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
)

// attempts is how often the same call is observed: rare outcomes need many tries.
const attempts = 1000

// paper is a writer that can be read while others write to it.
type paper struct {
	mu    sync.Mutex
	lines bytes.Buffer
}

func (p *paper) Write(line []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.lines.Write(line)
}

func (p *paper) text() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.lines.String()
}

func main() {
	fmt.Printf("%s on %s/%s, GOMAXPROCS %d\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.GOMAXPROCS(0))
	for _, rounds := range []int{0, 10_000, 100_000, 1_000_000} {
		observe([]string{"ada"}, rounds)
	}
	observe([]string{"ada", "lin", "sam"}, 100_000)
}

var sink int

// linger is what a main function might still be doing after Greet: a little arithmetic, and no waiting.
func linger(rounds int) {
	sum := sink
	for i := range rounds {
		sum = sum*31 + i
	}
	sink = sum
}

// observe calls Greet again and again, and counts what was on the paper when main had lingered. A main function that
// returned then would have ended the program: what is missing here would never have appeared.
func observe(names []string, rounds int) {
	seen := map[string]int{}
	for range attempts {
		p := &paper{}
		Greet(p, names, func(name string) string { return name + "\n" })
		linger(rounds)
		seen[strings.Join(strings.Fields(p.text()), " ")]++
	}
	outcomes := make([]string, 0, len(seen))
	for outcome := range seen {
		outcomes = append(outcomes, outcome)
	}
	slices.SortFunc(outcomes, func(a, b string) int {
		if d := seen[b] - seen[a]; d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	fmt.Printf("\n%d goroutine(s), then %d rounds of arithmetic, %d attempts: what had appeared\n", len(names), rounds, attempts)
	for _, outcome := range outcomes {
		shown := outcome
		if shown == "" {
			shown = "(nothing)"
		}
		fmt.Printf("%6d  %-14s %s\n", seen[outcome], shown, strings.Repeat("#", (seen[outcome]*40+attempts-1)/attempts))
	}
}
