package execution_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
)

// tested is a module of tests with options.
func tested(kind pb.RunKind, text string, options *pb.TestOptions) *pb.Start {
	return &pb.Start{Kind: kind, Testing: options, Files: []*pb.SourceFile{source("go.mod", "module lesson\n\ngo 1.27\n"), source("lesson_test.go", "package lesson\n\n"+text)}}
}

func TestTestsRunAsOftenAndInTheOrderThatIsAskedFor(t *testing.T) {
	var text strings.Builder
	text.WriteString("import \"testing\"\n\nvar runs int\n\nfunc TestFlaky(t *testing.T) {\n\tif runs++; runs == 2 {\n\t\tt.Fatal()\n\t}\n}\n")
	for i := range 12 {
		fmt.Fprintf(&text, "\nfunc TestN%d(t *testing.T) { println(%d) }\n", i, i)
	}
	options := &pb.TestOptions{Count: 3, Shuffle: "on"}
	first := run(t, tested(pb.RunKind_RUN_KIND_TEST, text.String(), options))
	first.want(t, pb.Verdict_VERDICT_FAILED, "")
	if first.tests["TestFlaky"] != pb.TestOutcome_TEST_OUTCOME_FAILED || first.tests["TestN3"] != pb.TestOutcome_TEST_OUTCOME_PASSED {
		t.Fatal(first.tests)
	}
	var seed *pb.Shuffled
	ended := map[string]uint32{}
	for _, event := range first.events {
		if event.GetShuffled() != nil {
			seed = event.GetShuffled()
		}
		if test := event.GetTest(); test != nil && test.Outcome != pb.TestOutcome_TEST_OUTCOME_STARTED {
			ended[test.Name] = test.Attempt
		}
	}
	if seed == nil || ended["TestFlaky"] != 3 || len(ended) != 13 {
		t.Fatal(seed, ended)
	}
	again := run(t, tested(pb.RunKind_RUN_KIND_TEST, text.String(), &pb.TestOptions{Count: 3, Shuffle: fmt.Sprint(seed.Seed)}))
	if again.err != first.err || first.err == "" {
		t.Fatal("the same seed gave another order")
	}
}

func TestBenchmarksAreToldWithTheirWorth(t *testing.T) {
	const text = "import (\n\t\"testing\"\n\t\"time\"\n)\n\nfunc BenchmarkNap(b *testing.B) {\n\tfor b.Loop() {\n\t\ttime.Sleep(2 * time.Millisecond)\n\t}\n\tb.ReportMetric(7, \"naps/op\")\n}\n"
	options := &pb.TestOptions{BenchMs: 20, Previous: []*pb.BenchmarkValues{{Name: "BenchmarkNap", Unit: "sec/op", Values: []float64{9, 9.1, 9.2, 9.3, 9.4, 9.5}}}}
	h := run(t, tested(pb.RunKind_RUN_KIND_BENCH, text, options))
	h.want(t, pb.Verdict_VERDICT_PASSED, "")
	told := map[string]*pb.Benchmark{}
	for _, event := range h.events {
		if b := event.GetBenchmark(); b != nil {
			told[b.Unit] = b
		}
	}
	nap := told["sec/op"]
	if nap == nil || len(nap.Values) != 6 || nap.Center < 0.002 || nap.Low > nap.Center || nap.High < nap.Center || nap.Confidence < 0.95 {
		t.Fatal(told)
	}
	if c := nap.Comparison; c == nil || !c.Differs || c.Change > -0.5 || told["B/op"] == nil || told["B/op"].Comparison != nil || told["naps/op"].Center != 7 {
		t.Fatal(told)
	}
	if h.end.Quiet == nil || h.end.Quiet.Cores == 0 || !h.end.SelfReported {
		t.Fatal(h.end)
	}
}

func TestOptionsOfTestsThatCannotBeKeptAreRefused(t *testing.T) {
	const text = "import \"testing\"\n\nfunc TestA(t *testing.T) {}\n"
	for name, start := range map[string]*pb.Start{
		"a program":        {Kind: pb.RunKind_RUN_KIND_RUN, Files: program("package main\n\nfunc main() {}\n").Files, Testing: &pb.TestOptions{Count: 2}},
		"too often":        tested(pb.RunKind_RUN_KIND_TEST, text, &pb.TestOptions{Count: 101}),
		"no seed":          tested(pb.RunKind_RUN_KIND_TEST, text, &pb.TestOptions{Shuffle: "well"}),
		"a long benchmark": tested(pb.RunKind_RUN_KIND_BENCH, text, &pb.TestOptions{BenchMs: 10_001}),
		"another Go":       {Kind: pb.RunKind_RUN_KIND_RUN, GoVersion: "go1.2.3", Files: program("package main\n\nfunc main() {}\n").Files},
		"an experiment":    {Kind: pb.RunKind_RUN_KIND_RUN, GoExperiment: "nosuchthing", Files: program("package main\n\nfunc main() {}\n").Files},
		"no pattern":       {Kind: pb.RunKind_RUN_KIND_TEST, Pattern: "(", Files: tested(pb.RunKind_RUN_KIND_TEST, text, nil).Files},
		"a repeated check": {Kind: pb.RunKind_RUN_KIND_CHECK, Files: program("package main\n\nfunc main() {}\n").Files, Testing: &pb.TestOptions{Count: 2}},
	} {
		t.Run(name, func(t *testing.T) {
			if h := run(t, start); h.end.Verdict != pb.Verdict_VERDICT_ERRORED || h.end.Reason == "" || len(h.events) != 1 {
				t.Fatal(h.end, len(h.events))
			}
		})
	}
}

func TestMeasuredRunIsAloneThoughOthersArePressed(t *testing.T) {
	measured := program("package main\n\nimport \"time\"\n\nfunc main() {\n\tprintln(\"measured\")\n\ttime.Sleep(600 * time.Millisecond)\n}\n")
	measured.Alone = true
	other := make(chan heard, 1)
	h := perform(t, t.Context(), measured, nil, func(event *pb.ExecuteResponse) {
		if strings.Contains(string(event.GetOutput().GetData()), "measured") {
			go func() { other <- run(t, program("package main\n\nfunc main() { println(\"other\") }\n")) }()
		}
	})
	h.want(t, pb.Verdict_VERDICT_PASSED, "")
	second := <-other
	second.want(t, pb.Verdict_VERDICT_PASSED, "")
	if h.end.Quiet == nil || !h.end.Quiet.Alone || second.end.Quiet != nil {
		t.Fatal(h.end, second.end)
	}
}

func TestExamplesAndSeedsOfFuzzTargetsAreTests(t *testing.T) {
	const text = "import (\n\t\"fmt\"\n\t\"testing\"\n)\n\nfunc TestPlain(t *testing.T) {}\n\n" +
		"func ExampleRight() {\n\tfmt.Println(\"a\")\n\t// Output: a\n}\n\n" +
		"func ExampleWrong() {\n\tfmt.Println(\"--- PASS: ExampleWrong (0.00s)\\nPASS\")\n\t// Output: b\n}\n\n" +
		"func ExampleAnyOrder() {\n\tfmt.Println(\"2\")\n\tfmt.Println(\"1\")\n\t// Unordered output:\n\t// 1\n\t// 2\n}\n\n" +
		"func ExampleUnrun() { panic(\"it says nothing about what it prints\") }\n\n" +
		"func FuzzRight(f *testing.F) {\n\tf.Add(3)\n\tf.Fuzz(func(t *testing.T, n int) {})\n}\n\n" +
		"func FuzzWrong(f *testing.F) {\n\tf.Add(3)\n\tf.Add(4)\n\tf.Fuzz(func(t *testing.T, n int) {\n\t\tif n == 4 {\n\t\t\tt.Fatal(n)\n\t\t}\n\t})\n}\n"
	h := run(t, tested(pb.RunKind_RUN_KIND_TEST, text, nil))
	h.want(t, pb.Verdict_VERDICT_FAILED, "")
	const passed, failed = pb.TestOutcome_TEST_OUTCOME_PASSED, pb.TestOutcome_TEST_OUTCOME_FAILED
	for name, want := range map[string]pb.TestOutcome{
		"TestPlain": passed, "ExampleRight": passed, "ExampleWrong": failed, "ExampleAnyOrder": passed, "FuzzRight": passed, "FuzzWrong": failed,
		"FuzzWrong/seed#0": passed, "FuzzWrong/seed#1": failed,
	} {
		if got, told := h.tests[name]; !told || got != want {
			t.Errorf("%s is %v", name, got)
		}
	}
	if len(h.tests) != 9 {
		t.Error(h.tests)
	}
	one := tested(pb.RunKind_RUN_KIND_TEST, text, nil)
	one.Pattern = "^(ExampleRight|FuzzRight)$"
	h = run(t, one)
	h.want(t, pb.Verdict_VERDICT_PASSED, "")
	if len(h.tests) != 3 || h.tests["ExampleRight"] != passed {
		t.Error(h.tests)
	}
}

func TestFuzzTargetThatIsNotThereIsNamed(t *testing.T) {
	const text = "import \"testing\"\n\nfunc TestA(t *testing.T) {}\n"
	h := run(t, tested(pb.RunKind_RUN_KIND_TEST, text, &pb.TestOptions{Fuzz: "FuzzA"}))
	if h.end.Verdict != pb.Verdict_VERDICT_FAILED || !strings.Contains(h.end.Reason, "there is no fuzz target FuzzA") {
		t.Fatal(h.end)
	}
}

// The second test does not go on before the first one's outcome was told, with all that it printed.
func TestOutcomesAreToldWhileOtherTestsRun(t *testing.T) {
	const text = "import (\n\t\"fmt\"\n\t\"testing\"\n)\n\n" +
		"func TestFirst(t *testing.T) {\n\tfmt.Println(\"words\")\n\tt.Run(\"part\", func(t *testing.T) { t.Log(\"of a part\") })\n}\n\n" +
		"func TestWaits(t *testing.T) {\n\tvar word string\n\tif fmt.Scan(&word); word != \"on\" {\n\t\tt.Fatal(word)\n\t}\n}\n"
	stdin := make(chan []byte, 1)
	var told []string
	h := perform(t, t.Context(), tested(pb.RunKind_RUN_KIND_TEST, text, nil), stdin, func(event *pb.ExecuteResponse) {
		test := event.GetTest()
		if test == nil || test.Outcome != pb.TestOutcome_TEST_OUTCOME_PASSED {
			return
		}
		told = append(told, test.Name)
		if test.Name == "TestFirst" {
			if test.Output != "words\n" {
				t.Errorf("it said %q", test.Output)
			}
			stdin <- []byte("on\n")
		}
	})
	h.want(t, pb.Verdict_VERDICT_PASSED, "")
	if want := []string{"TestFirst/part", "TestFirst", "TestWaits"}; !slices.Equal(told, want) {
		t.Fatalf("told %q, not %q", told, want)
	}
}
