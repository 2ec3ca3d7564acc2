package execution_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
)

const fuzzed = `import (
	"strings"
	"testing"
)

func reverse(s string) string {
	var out strings.Builder
	for i := len(s) - 1; i >= 0; i-- {
		out.WriteByte(s[i])
	}
	if len(s) > 3 && s[0] == 'k' && s[1] == 'e' && s[2] == 'y' {
		return "no"
	}
	return out.String()
}

func FuzzReverse(f *testing.F) {
	f.Add("hello")
	f.Fuzz(func(t *testing.T, s string) {
		if reverse(reverse(s)) != s {
			t.Errorf("%q", s)
		}
	})
}

func FuzzNothing(f *testing.F) {
	f.Fuzz(func(t *testing.T, n int) {})
}
`

// told is what a run says about fuzzing.
func (h heard) fuzzed() (progress []*pb.FuzzProgress, failures []*pb.FuzzFailure) {
	for _, event := range h.events {
		if p := event.GetFuzzing(); p != nil {
			progress = append(progress, p)
		}
		if f := event.GetFuzzFailure(); f != nil {
			failures = append(failures, f)
		}
	}
	return progress, failures
}

func fuzzStart(goMod string, options *pb.TestOptions) *pb.Start {
	start := tested(pb.RunKind_RUN_KIND_TEST, fuzzed, options)
	start.Files[0] = source("go.mod", fmt.Sprintf("module lesson\n\ngo 1.27\n%s\n// %d %d\n", goMod, os.Getpid(), time.Now().UnixNano()))
	return start
}

func TestFuzzingFindsAnInputInBothWaysAndTellsItsText(t *testing.T) {
	for way, goMod := range map[string]string{"fast": "", "go build": "\ngodebug default=go1.27\n"} {
		start := fuzzStart(goMod, &pb.TestOptions{Fuzz: "FuzzReverse", FuzzMs: 60_000})
		h := run(t, start)
		h.want(t, pb.Verdict_VERDICT_FAILED, "")
		if by, why := h.builtBy(); by != way {
			t.Errorf("built by %q, %s", by, why)
		}
		_, failures := h.fuzzed()
		if len(failures) != 1 || !strings.HasPrefix(failures[0].Input.Path, "testdata/fuzz/FuzzReverse/") || !strings.HasPrefix(string(failures[0].Input.Content), "go test fuzz v1\nstring(") {
			t.Fatalf("%s: %v %v\n%s", way, failures, h.end, h.out)
		}
		if h.tests["FuzzReverse"] != pb.TestOutcome_TEST_OUTCOME_FAILED || !strings.Contains(h.end.Reason, "FuzzReverse") {
			t.Error(h.tests, h.end)
		}
		// Added to the workspace, it fails without fuzzing.
		again := tested(pb.RunKind_RUN_KIND_TEST, fuzzed, nil)
		again.Files = append(again.Files, failures[0].Input)
		run(t, again).want(t, pb.Verdict_VERDICT_FAILED, "")
	}
}

func TestFuzzingEndsInTimeAndTellsItsProgress(t *testing.T) {
	h := run(t, fuzzStart("", &pb.TestOptions{Fuzz: "FuzzNothing", FuzzMs: 3500}))
	h.want(t, pb.Verdict_VERDICT_PASSED, "")
	progress, failures := h.fuzzed()
	if len(progress) == 0 || progress[len(progress)-1].Executions == 0 || progress[0].Workers == 0 || len(failures) != 0 {
		t.Fatal(progress, failures, h.err)
	}
	if h.tests["FuzzNothing"] != pb.TestOutcome_TEST_OUTCOME_PASSED || h.tests["FuzzReverse"] != pb.TestOutcome_TEST_OUTCOME_UNSPECIFIED {
		t.Fatal(h.tests)
	}
}

func TestWhatCannotBeFuzzedIsRefused(t *testing.T) {
	missing := run(t, fuzzStart("", &pb.TestOptions{Fuzz: "FuzzMissing", FuzzMs: 100}))
	missing.want(t, pb.Verdict_VERDICT_FAILED, "")
	if !strings.Contains(missing.end.Reason, "no fuzz target FuzzMissing") {
		t.Error(missing.end)
	}
	for _, options := range []*pb.TestOptions{{FuzzMs: 5}, {Fuzz: "TestA"}, {Fuzz: "FuzzA|FuzzB"}, {Fuzz: "FuzzA", FuzzMs: 300_001}, {Fuzz: "FuzzA", Coverage: true}, {Fuzz: "FuzzA", Count: 2}} {
		run(t, fuzzStart("", options)).want(t, pb.Verdict_VERDICT_ERRORED, "")
	}
	bench := fuzzStart("", &pb.TestOptions{Fuzz: "FuzzNothing"})
	bench.Kind = pb.RunKind_RUN_KIND_BENCH
	run(t, bench).want(t, pb.Verdict_VERDICT_ERRORED, "")
}
