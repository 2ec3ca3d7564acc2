package execution_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/pprof/profile"

	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
)

// working is a program that remembers, works and then does what end says. It remembers first: a run whose time is up while it
// still works, on a busy machine, has something of both to keep.
func working(imports, end string) *pb.Start {
	return program("package main\n\nimport (\n" + imports + ")\n\nvar kept [][]byte\n\nfunc work() (n int) {\n\tfor range 512 {\n\t\tkept = append(kept, make([]byte, 32<<10))\n\t}\n\tfor i := 0; i < 400_000_000; i++ {\n\t\tn += i % 7\n\t}\n\treturn n\n}\n\nfunc main() {\n\tprintln(work())\n\tprintln(\"worked\")\n" + end + "}\n")
}

func mustParse(t *testing.T, raw []byte) *profile.Profile {
	t.Helper()
	parsed, err := profile.Parse(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func names(p *profile.Profile) string {
	var all []string
	for _, function := range p.Function {
		all = append(all, function.Name)
	}
	return strings.Join(all, " ")
}

func TestWhateverEndsAProgramWhatWasGatheredIsKept(t *testing.T) {
	const sleep = "\ttime.Sleep(time.Second)\n"
	for name, c := range map[string]struct {
		imports, end string
		limits       *pb.Limits
		verdict      pb.Verdict
		limit        string
		cut          bool
	}{
		"return":          {verdict: pb.Verdict_VERDICT_PASSED},
		"exit":            {imports: "\t\"os\"\n", end: "\tos.Exit(3)\n", verdict: pb.Verdict_VERDICT_FAILED},
		"panic":           {imports: "\t\"time\"\n", end: sleep + "\tpanic(\"enough\")\n", verdict: pb.Verdict_VERDICT_FAILED, cut: true},
		"panic elsewhere": {imports: "\t\"time\"\n", end: sleep + "\tgo panic(\"enough\")\n\tselect {}\n", verdict: pb.Verdict_VERDICT_FAILED, cut: true},
		"fatal error":     {imports: "\t\"sync\"\n\t\"time\"\n", end: sleep + "\tvar mu sync.Mutex\n\tmu.Unlock()\n", verdict: pb.Verdict_VERDICT_FAILED, cut: true},
		"kill":            {imports: "\t\"os\"\n\t\"syscall\"\n\t\"time\"\n", end: sleep + "\tsyscall.Kill(os.Getpid(), syscall.SIGKILL)\n", verdict: pb.Verdict_VERDICT_FAILED, cut: true},
		"deadlock":        {end: "\t<-make(chan int)\n", verdict: pb.Verdict_VERDICT_FAILED},
		"timeout":         {imports: "\t\"time\"\n", end: "\ttime.Sleep(time.Hour)\n", limits: &pb.Limits{WallMs: 2000}, verdict: pb.Verdict_VERDICT_TIMED_OUT},
		"CPU limit":       {end: "\tfor {\n\t}\n", limits: &pb.Limits{CpuMs: 1500}, verdict: pb.Verdict_VERDICT_LIMITED, limit: "cpu", cut: true},
		"memory limit":    {end: "\tfor {\n\t\tkept = append(kept, make([]byte, 64<<10))\n\t\twork()\n\t}\n", limits: &pb.Limits{MemoryBytes: 96 << 20}, verdict: pb.Verdict_VERDICT_LIMITED, limit: "memory", cut: true},
	} {
		t.Run(name, func(t *testing.T) {
			start := working(c.imports, c.end)
			start.Limits = c.limits
			start.Signals = []pb.Signal{pb.Signal_SIGNAL_CPU, pb.Signal_SIGNAL_HEAP, pb.Signal_SIGNAL_GOROUTINE, pb.Signal_SIGNAL_TRACE, pb.Signal_SIGNAL_METRICS}
			h := run(t, start)
			h.want(t, c.verdict, c.limit)
			for _, kept := range []string{"cpu.pb.gz", "heap.pb.gz", "goroutine.pb.gz"} {
				if len(h.artifacts[kept]) == 0 {
					t.Fatalf("%s is not there: %v", kept, h.end)
				}
			}
			if p := mustParse(t, h.artifacts["cpu.pb.gz"]); !strings.Contains(names(p), "main.work") {
				t.Errorf("the profile does not know of the work: %s", names(p))
			}
			if p := mustParse(t, h.artifacts["heap.pb.gz"]); !strings.Contains(names(p), "main.work") {
				t.Errorf("the heap profile does not know of the work: %s", names(p))
			}
			if !bytes.HasPrefix(h.artifacts["trace.out"], []byte("go 1.")) {
				t.Error("no trace")
			}
			if h.cut("cpu.pb.gz") != c.cut || len(h.samples()) == 0 {
				t.Errorf("cut %v instead of %v, %d samples", h.cut("cpu.pb.gz"), c.cut, len(h.samples()))
			}
		})
	}
}

func TestCancelledRunGivesWhatItGathered(t *testing.T) {
	start := working("\t\"time\"\n", "\ttime.Sleep(time.Hour)\n")
	start.Signals = []pb.Signal{pb.Signal_SIGNAL_CPU, pb.Signal_SIGNAL_GOROUTINE}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	h := perform(t, ctx, start, nil, func(event *pb.ExecuteResponse) {
		if strings.Contains(string(event.GetOutput().GetData()), "worked") {
			cancel()
		}
	})
	h.want(t, pb.Verdict_VERDICT_CANCELLED, "")
	if p := mustParse(t, h.artifacts["cpu.pb.gz"]); !strings.Contains(names(p), "main.work") || h.cut("cpu.pb.gz") {
		t.Fatalf("cut or without the work: %s", names(p))
	}
}

func (h heard) cut(artifact string) bool {
	for _, event := range h.events {
		if end := event.GetArtifactEnd(); end.GetName() == artifact {
			return end.Truncated
		}
	}
	return false
}

func (h heard) samples() (all []*pb.MetricsSample) {
	for _, event := range h.events {
		all = append(all, event.GetMetrics().GetSamples()...)
	}
	return all
}

func TestAllAsleepProgramIsFoundThoughItIsProfiled(t *testing.T) {
	cpu, trace := []pb.Signal{pb.Signal_SIGNAL_CPU, pb.Signal_SIGNAL_METRICS}, []pb.Signal{pb.Signal_SIGNAL_TRACE}
	for name, c := range map[string]struct {
		text    string
		signals []pb.Signal
	}{
		"a channel":           {"func main() {\n\tc := make(chan int)\n\tgo func() { c <- 1; <-c }()\n\t<-c\n\tc <- 2\n\t<-c\n}\n", cpu},
		"a global wait group": {"import \"sync\"\n\nvar all sync.WaitGroup\n\nfunc main() {\n\tall.Add(1)\n\tall.Wait()\n}\n", cpu},
		"two locks":           {"import \"sync\"\n\nfunc main() {\n\tvar a, b sync.Mutex\n\ta.Lock()\n\tb.Lock()\n\tgo func() { b.Lock(); a.Unlock() }()\n\ta.Lock()\n}\n", cpu},
		"a channel, traced":   {"func main() {\n\tc := make(chan int)\n\tgo func() { c <- 1; <-c }()\n\t<-c\n\tc <- 2\n\t<-c\n}\n", trace},
		"after a timer":       {"import \"time\"\n\nfunc main() {\n\t<-time.After(700 * time.Millisecond)\n\tselect {}\n}\n", cpu},
	} {
		t.Run(name, func(t *testing.T) {
			start := program("package main\n\n" + c.text)
			start.Signals = c.signals
			h := run(t, start)
			h.want(t, pb.Verdict_VERDICT_FAILED, "")
			if !h.end.AllAsleep || h.end.ExitCode != 2 || !strings.Contains(h.end.Reason, "all goroutines were asleep") {
				t.Fatal(h.end)
			}
			if !strings.HasPrefix(h.err, "fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 [") || strings.Contains(h.err, "harness") {
				t.Fatal(h.err)
			}
			crash := h.crash()
			if crash == nil || crash.Kind != "fatal error" || len(crash.Goroutines) == 0 {
				t.Fatal(crash)
			}
		})
	}
}

func TestProgramThatWaitsForSomethingIsNotAsleep(t *testing.T) {
	for name, text := range map[string]string{
		"a timer":          "import \"time\"\n\nfunc main() {\n\t<-time.After(2500 * time.Millisecond)\n}\n",
		"a deadline":       "import (\n\t\"context\"\n\t\"time\"\n)\n\nfunc main() {\n\tctx, cancel := context.WithTimeout(context.Background(), 2500*time.Millisecond)\n\tdefer cancel()\n\t<-ctx.Done()\n}\n",
		"a sleeper":        "import \"time\"\n\nfunc main() {\n\tdone := make(chan bool)\n\tgo func() { time.Sleep(2500 * time.Millisecond); close(done) }()\n\t<-done\n}\n",
		"a connection":     "import (\n\t\"net\"\n\t\"time\"\n)\n\nfunc main() {\n\tl, err := net.Listen(\"tcp\", \"127.0.0.1:0\")\n\tif err != nil {\n\t\tpanic(err)\n\t}\n\tgo func() { c, _ := net.Dial(\"tcp\", l.Addr().String()); time.Sleep(2500 * time.Millisecond); c.Close() }()\n\tc, _ := l.Accept()\n\tc.Read(make([]byte, 1))\n}\n",
		"what is typed":    "import (\n\t\"bufio\"\n\t\"os\"\n)\n\nfunc main() {\n\tlines := make(chan string)\n\tgo func() { l, _ := bufio.NewReader(os.Stdin).ReadString('\\n'); lines <- l }()\n\t<-lines\n}\n",
		"a caught signal":  "import (\n\t\"os\"\n\t\"os/signal\"\n\t\"syscall\"\n)\n\nfunc main() {\n\tcaught := make(chan os.Signal, 1)\n\tsignal.Notify(caught, syscall.SIGTERM)\n\tgo func() { <-make(chan int) }()\n\tfor range 25 {\n\t\tsyscall.Select(0, nil, nil, nil, &syscall.Timeval{Usec: 100000})\n\t}\n\tsyscall.Kill(os.Getpid(), syscall.SIGTERM)\n\t<-caught\n}\n",
		"long computation": "import \"time\"\n\nfunc main() {\n\tdone := make(chan int)\n\tgo func() {\n\t\tn := 0\n\t\tfor began := time.Now(); time.Since(began) < 2500*time.Millisecond; {\n\t\t\tfor i := range 10_000_000 {\n\t\t\t\tn += i\n\t\t\t}\n\t\t}\n\t\tdone <- n\n\t}()\n\t<-done\n}\n",
	} {
		for _, signals := range [][]pb.Signal{{pb.Signal_SIGNAL_CPU}, {pb.Signal_SIGNAL_TRACE}} {
			t.Run(name+" "+signals[0].String(), func(t *testing.T) {
				start := program("package main\n\n" + text)
				start.Signals = signals
				typed := make(chan []byte)
				go func() {
					defer close(typed)
					<-time.After(2500 * time.Millisecond) // What the test is about is that nothing happens meanwhile.
					if name == "what is typed" {
						typed <- []byte("go on\n")
					}
				}()
				h := perform(t, context.Background(), start, typed, nil)
				h.want(t, pb.Verdict_VERDICT_PASSED, "")
			})
		}
	}
}

func TestGoroutinesThatLeakAreFoundAtTheEnd(t *testing.T) {
	start := program("package main\n\nimport \"time\"\n\nfunc leak() { <-make(chan int) }\n\nfunc main() {\n\tfor range 3 {\n\t\tgo leak()\n\t}\n\ttime.Sleep(300 * time.Millisecond)\n}\n")
	start.Signals = []pb.Signal{pb.Signal_SIGNAL_GOROUTINE_LEAK}
	h := run(t, start)
	h.want(t, pb.Verdict_VERDICT_PASSED, "")
	leaked := mustParse(t, h.artifacts["goroutineleak.pb.gz"])
	if len(leaked.Sample) != 1 || leaked.Sample[0].Value[0] != 3 || !strings.Contains(names(leaked), "main.leak") {
		t.Fatal(leaked)
	}
}

func TestLinesOfTheRuntimeAreToldAsRecordsWithoutTheHarness(t *testing.T) {
	// The line of a collection may be half written when the collection is over.
	plain := program("package main\n\nimport (\n\t\"runtime\"\n\t\"time\"\n)\n\nfunc main() {\n\tprintln(\"gc 9 of mine\")\n\truntime.GC()\n\ttime.Sleep(400 * time.Millisecond)\n\truntime.GC()\n\ttime.Sleep(100 * time.Millisecond)\n}\n")
	run(t, plain)
	start := program(string(plain.Files[1].Content))
	start.Env = map[string]string{"GODEBUG": "madvdontneed=1"}
	start.Signals = []pb.Signal{pb.Signal_SIGNAL_GCTRACE, pb.Signal_SIGNAL_SCHEDTRACE, pb.Signal_SIGNAL_INITTRACE}
	h := run(t, start)
	h.want(t, pb.Verdict_VERDICT_PASSED, "")
	var all pb.RuntimeRecords
	for _, event := range h.events {
		if r := event.GetRecords(); r != nil {
			all.Gc, all.Sched, all.Inits = append(all.Gc, r.Gc...), append(all.Sched, r.Sched...), append(all.Inits, r.Inits...)
		}
		if stage := event.GetStage(); stage.GetName() == pb.StageName_STAGE_NAME_COMPILE && stage.Finished && stage.Detail != "cached" {
			t.Error("it was built anew:", stage.Detail)
		}
	}
	if len(all.Gc) != 2 || !all.Gc[1].Forced || all.Gc[0].Procs == 0 || len(all.Sched) < 3 || all.Sched[0].Gomaxprocs == 0 || len(all.Inits) == 0 {
		t.Fatal(len(all.Gc), len(all.Sched), len(all.Inits), h.err)
	}
	if !strings.Contains(h.err, "gc 9 of mine\n") || !strings.Contains(h.err, "SCHED ") {
		t.Fatal("standard error is not as it was printed:", h.err)
	}
}

func TestWindowsAndMetricsComeWhileTheProgramRuns(t *testing.T) {
	start := program("package main\n\nimport \"time\"\n\nfunc work() {\n\tfor began := time.Now(); time.Since(began) < 200*time.Millisecond; {\n\t}\n}\n\nfunc main() {\n\tfor range 8 {\n\t\twork()\n\t}\n\tprintln(\"worked\")\n}\n")
	start.Signals = []pb.Signal{pb.Signal_SIGNAL_CPU, pb.Signal_SIGNAL_METRICS}
	ended, windows, samples := false, 0, 0
	perform(t, context.Background(), start, nil, func(event *pb.ExecuteResponse) {
		ended = ended || event.GetStage().GetName() == pb.StageName_STAGE_NAME_RUN && event.GetStage().Finished
		if window := event.GetWindow(); window != nil && !ended {
			if windows++; window.Number != uint32(windows) || window.Signal != "cpu" || window.ToUs < window.FromUs || mustParse(t, window.Profile) == nil {
				t.Error(window)
			}
		}
		if !ended {
			samples += len(event.GetMetrics().GetSamples())
		}
	})
	if windows < 3 || samples < 3 {
		t.Fatalf("%d windows and %d samples while it ran", windows, samples)
	}
}

func (h heard) batches() (all []*pb.TraceBatch) {
	for _, event := range h.events {
		if batch := event.GetTrace(); batch != nil {
			all = append(all, batch)
		}
	}
	return all
}

func TestTraceIsToldAsSpansOfTheWorkspacesLines(t *testing.T) {
	start := program("package main\n\nimport \"time\"\n\nfunc answer(questions chan int, answers chan int) {\n\tfor question := range questions {\n\t\tanswers <- question + 1\n\t}\n\tclose(answers)\n}\n\nfunc main() {\n\tquestions, answers := make(chan int), make(chan int)\n\tgo answer(questions, answers)\n\tfor n := range 50 {\n\t\tquestions <- n\n\t\t<-answers\n\t\ttime.Sleep(time.Millisecond)\n\t}\n\tclose(questions)\n\t<-answers\n}\n")
	start.Signals = []pb.Signal{pb.Signal_SIGNAL_TRACE}
	h := run(t, start)
	h.want(t, pb.Verdict_VERDICT_PASSED, "")
	waits, named, tiles := map[uint32]int{}, map[string]*pb.TraceGoroutine{}, 0
	for _, batch := range h.batches() {
		tiles += len(batch.Tiles)
		for _, span := range batch.Spans {
			if span.At.GetInWorkspace() && span.At.Path == "main.go" && span.Reason == "chan receive" {
				waits[span.At.Line]++
			}
		}
		for _, goroutine := range batch.Goroutines {
			named[goroutine.Function] = goroutine
		}
	}
	if waits[6] < 10 || tiles == 0 {
		t.Fatal(waits, tiles)
	}
	if g := named["main.answer"]; g == nil || g.CreatedBy.GetLine() != 14 || !g.CreatedBy.InWorkspace || g.CreatedIn != 1 {
		t.Fatal(named)
	}
	if !bytes.HasPrefix(h.artifacts["trace.out"], []byte("go 1.")) {
		t.Fatal("no trace")
	}
}

func TestForgedTraceTakesNothingElseWithIt(t *testing.T) {
	start := working("\t\"os\"\n", "\tfor range 100 {\n\t\tos.NewFile(3, \"frames\").WriteString(\"t\\x00\\x00\\x00\\x10go 1.26 trace\\x00\\x00\\x00\" + \"t\\x00\\x00\\x00\\x04\\xff\\xff\\xff\\xff\")\n\t}\n")
	start.Signals = []pb.Signal{pb.Signal_SIGNAL_CPU, pb.Signal_SIGNAL_TRACE}
	h := run(t, start)
	h.want(t, pb.Verdict_VERDICT_PASSED, "")
	if p := mustParse(t, h.artifacts["cpu.pb.gz"]); !strings.Contains(names(p), "main.work") {
		t.Fatal(names(p))
	}
}
