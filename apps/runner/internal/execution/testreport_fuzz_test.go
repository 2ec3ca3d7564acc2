package execution

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
)

const fuzzWord = "word"

func FuzzTestReportIsBoundedAndAddsNothing(f *testing.F) {
	f.Add("=== RUN   TestA\nsaid\n--- PASS: TestA (0.00s)\nPASS\n", "word started TestA\nword passed TestA 12\nword finished 0\n")
	f.Add("=== RUN   TestA/x\n    --- FAIL: TestA/x (9999999999.99s)\n", "word failed TestA -1\nother passed TestB\n")
	f.Add("\xff\xfe\x00\n=== NAME  \n--- SKIP:  (s)\n", "word passed\nword finished x\n")
	f.Add(strings.Repeat("=== RUN T\n", 100), strings.Repeat("word passed T 99999999999999999999\n", 100))
	f.Add("--- PASS: TestA/x (0.00s)\n", "word started TestA\nword passed TestA/y 1\nword failed TestA/y 1\nword passed TestB/z 1\nword passed TestA 2\n")
	f.Fuzz(func(t *testing.T, printed, said string) {
		told := map[string]bool{}
		report := newTestReport(fuzzWord, newEvents(func(event *pb.ExecuteResponse) error {
			if test := event.GetTest(); test != nil {
				told[test.Name] = true
				if !utf8.ValidString(test.Name) || !utf8.ValidString(test.Output) || len(test.Output) > 4*maxTestOutput {
					t.Fatalf("%q with %d bytes of output", test.Name, len(test.Output))
				}
				if utf8.ValidString(said) && !strings.Contains(said, test.Name) && test.Outcome != pb.TestOutcome_TEST_OUTCOME_MISSING {
					t.Fatalf("%q is told, of which nobody said anything behind the word", test.Name)
				}
			}
			return nil
		}, func() {}))
		report.expect([]string{"TestA"})
		report.read(strings.NewReader(said))
		for _, part := range bytes.SplitAfter([]byte(printed), []byte("-")) {
			report.heard(part)
		}
		passed, _ := report.conclude([]string{"TestA"})
		if passed && !strings.Contains(said, fuzzWord) {
			t.Fatal("a test passed of which nobody said so behind the word")
		}
		if len(told) > 3*maxTests {
			t.Fatalf("%d names", len(told))
		}
	})
}

// A flood of short lines must cost what its bytes cost, and what is kept of it must be bounded.
func TestFloodOfLinesInTestsIsBounded(t *testing.T) {
	report := newTestReport(fuzzWord, newEvents(func(*pb.ExecuteResponse) error { return nil }, func() {}))
	report.heard([]byte("=== RUN   TestA\n"))
	block := bytes.Repeat([]byte("\n"), 32<<10)
	for range 64 * maxTestOutput / len(block) {
		report.heard(block)
	}
	if kept := len(report.outputs["TestA"]); kept == 0 || kept > maxTestOutput {
		t.Fatalf("%d bytes are kept", kept)
	}
	names := strings.Builder{}
	names.WriteString(fuzzWord + " started TestA\n")
	for n := range 4 * maxTests {
		fmt.Fprintf(&names, "%s passed TestA/%d 1\n", fuzzWord, n)
	}
	for n := range 4 * maxTests {
		names.WriteString(fuzzWord + " passed Test" + strings.Repeat("x", n%50) + string(rune('a'+n%26)) + strings.Repeat("y", n/500) + " 1\n")
	}
	report.read(strings.NewReader(names.String()))
	if tests := len(report.outcomes) - report.subtotal; report.subtotal != maxTests || tests < 2 || tests > maxTests {
		t.Fatalf("%d subtests and %d tests are kept", report.subtotal, tests)
	}
}

func TestOutcomesAreToldOnceUnlessTheyChange(t *testing.T) {
	var told []string
	report := newTestReport(fuzzWord, newEvents(func(event *pb.ExecuteResponse) error {
		told = append(told, event.GetTest().Name+" "+event.GetTest().Outcome.String())
		return nil
	}, func() {}))
	report.once = true
	report.expect([]string{"TestA", "TestB", "TestC"})
	report.read(strings.NewReader("word passed TestA 1\nword passed TestB 1\nword passed TestForged 1\nword passed TestC 1\n"))
	// Of the last one it is not known whether that was all.
	report.heard([]byte("--- PASS: TestA (0.00s)\n--- PASS: TestB (0.00s)\n--- PASS: TestForged (0.00s)\n--- PASS: TestC (0.00s)\n"))
	want := []string{"TestA TEST_OUTCOME_PASSED", "TestB TEST_OUTCOME_PASSED"}
	if !slices.Equal(told, want) {
		t.Fatalf("told %q, not %q", told, want)
	}
	report.read(strings.NewReader("word failed TestB 1\n"))
	if _, noneFailed := report.conclude(nil); noneFailed {
		t.Fatal("a failure was passed over")
	}
	want = append(want, "TestB TEST_OUTCOME_FAILED", "TestC TEST_OUTCOME_PASSED")
	if !slices.Equal(told, want) {
		t.Fatalf("told %q, not %q", told, want)
	}
}

func TestWordsAfterAForgedEndAreNotLost(t *testing.T) {
	said := ""
	report := newTestReport(fuzzWord, newEvents(func(event *pb.ExecuteResponse) error {
		said += event.GetTest().Outcome.String() + " " + event.GetTest().Output
		return nil
	}, func() {}))
	report.once = true
	report.expect([]string{"TestA"})
	report.heard([]byte("=== RUN   TestA\nbefore\n--- PASS: TestA (0.00s)\nPASS\n"))
	report.read(strings.NewReader("word failed TestA 1\n"))
	report.heard([]byte("after\n--- FAIL: TestA (0.00s)\nFAIL\n"))
	report.conclude(nil)
	if want := "TEST_OUTCOME_FAILED before\nTEST_OUTCOME_FAILED after\n"; said != want {
		t.Fatalf("said %q, not %q", said, want)
	}
}
