package execution_test

import (
	"slices"
	"testing"

	"github.com/google/pprof/profile"

	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
)

// cumulative is what each function and what it called have of one type of a profile's values.
func cumulative(t *testing.T, p *profile.Profile, kind string) map[string]int64 {
	t.Helper()
	at := slices.IndexFunc(p.SampleType, func(s *profile.ValueType) bool { return s.Type == kind })
	if at < 0 {
		t.Fatalf("no %s in %v", kind, p.SampleType)
	}
	all := map[string]int64{}
	for _, sample := range p.Sample {
		seen := map[string]bool{}
		for _, location := range sample.Location {
			for _, line := range location.Line {
				if name := line.Function.Name; !seen[name] {
					seen[name] = true
					all[name] += sample.Value[at]
				}
			}
		}
	}
	return all
}

// contended waits for a channel in one function, holds a lock that another wants in a second, and allocates in a third what
// nobody keeps.
const contended = `package main

import (
	"sync"
	"time"
)

const nap = 100 * time.Millisecond

var (
	lock    sync.Mutex
	dropped []byte
)

func await(told chan bool) { <-told }

func hold(held chan bool) {
	lock.Lock()
	held <- true
	time.Sleep(nap)
	lock.Unlock()
}

func want() {
	lock.Lock()
	lock.Unlock()
}

func forget() {
	for range 1024 {
		dropped = make([]byte, 32<<10)
	}
	dropped = nil
}

func main() {
	told := make(chan bool)
	go func() {
		time.Sleep(nap)
		told <- true
	}()
	await(told)
	held := make(chan bool)
	var group sync.WaitGroup
	group.Go(func() { hold(held) })
	<-held
	want()
	group.Wait()
	forget()
}
`

func TestProfilesOfWaitingAndAllocatingNameWhoDoes(t *testing.T) {
	const atLeast, allocated = 50_000_000, 16 << 20 // nanoseconds of a nap of 100 ms, bytes of 32 MiB
	for name, c := range map[string]struct {
		signal    pb.Signal
		kind      string
		who, none []string
		least     int64
	}{
		"block":  {pb.Signal_SIGNAL_BLOCK, "delay", []string{"main.await", "main.want"}, []string{"main.forget"}, atLeast},
		"mutex":  {pb.Signal_SIGNAL_MUTEX, "delay", []string{"main.hold"}, []string{"main.await", "main.want", "main.forget"}, atLeast},
		"allocs": {pb.Signal_SIGNAL_ALLOCS, "alloc_space", []string{"main.forget"}, []string{"main.await", "main.want"}, allocated},
	} {
		t.Run(name, func(t *testing.T) {
			start := program(contended)
			start.Signals = []pb.Signal{c.signal}
			h := run(t, start)
			h.want(t, pb.Verdict_VERDICT_PASSED, "")
			if len(h.artifacts) != 1 || h.cut(name+".pb.gz") {
				t.Fatalf("given %d profiles, cut %v", len(h.artifacts), h.cut(name+".pb.gz"))
			}
			all := cumulative(t, mustParse(t, h.artifacts[name+".pb.gz"]), c.kind)
			for _, function := range c.who {
				if all[function] < c.least {
					t.Errorf("%s has %d: %v", function, all[function], all)
				}
			}
			for _, function := range c.none {
				if all[function] >= c.least {
					t.Errorf("%s has %d, though it does nothing of the kind", function, all[function])
				}
			}
		})
	}
}

func TestTestsAndBenchmarksAreProfiled(t *testing.T) {
	const text = "import \"testing\"\n\nvar sum int\n\nfunc work() {\n\tfor i := range 200_000_000 {\n\t\tsum += i % 7\n\t}\n}\n\n" +
		"func TestWorks(t *testing.T) {\n\twork()\n\tt.Run(\"more\", func(t *testing.T) { work() })\n}\n\nfunc BenchmarkWork(b *testing.B) {\n\tfor b.Loop() {\n\t\twork()\n\t}\n}\n"
	for name, kind := range map[string]pb.RunKind{"test": kindTest, "bench": pb.RunKind_RUN_KIND_BENCH} {
		t.Run(name, func(t *testing.T) {
			start := tested(kind, text, nil)
			if kind == pb.RunKind_RUN_KIND_BENCH {
				start.Testing = &pb.TestOptions{BenchMs: 100, Count: 1}
			}
			start.Signals = []pb.Signal{pb.Signal_SIGNAL_CPU, pb.Signal_SIGNAL_ALLOCS}
			h := run(t, start)
			h.want(t, pb.Verdict_VERDICT_PASSED, "")
			all := cumulative(t, mustParse(t, h.artifacts["cpu.pb.gz"]), "cpu")
			if all["lesson.work"] < 50_000_000 || h.cut("cpu.pb.gz") || len(h.artifacts["allocs.pb.gz"]) == 0 {
				t.Fatalf("cut %v, %v", h.cut("cpu.pb.gz"), all)
			}
			if kind == kindTest && (h.tests["TestWorks"] != subtestPassed || h.tests["TestWorks/more"] != subtestPassed) {
				t.Fatal(h.tests)
			}
		})
	}
}
