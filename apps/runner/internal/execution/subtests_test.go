package execution_test

import (
	"testing"

	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
)

const subtestPassed, subtestFailed = pb.TestOutcome_TEST_OUTCOME_PASSED, pb.TestOutcome_TEST_OUTCOME_FAILED

// ends counts how often the end of each test was told: the API adds them up.
func (h heard) ends() map[string]int {
	all := map[string]int{}
	for _, event := range h.events {
		if test := event.GetTest(); test != nil && test.Outcome != pb.TestOutcome_TEST_OUTCOME_STARTED {
			all[test.Name]++
		}
	}
	return all
}

func wantTests(t *testing.T, h heard, want map[string]pb.TestOutcome) {
	t.Helper()
	for name, outcome := range want {
		if got, told := h.tests[name]; !told || got != outcome {
			t.Errorf("%s is told %v: %v", name, told, got)
		}
	}
	if len(h.tests) != len(want) {
		t.Errorf("told %v", h.tests)
	}
	for name, times := range h.ends() {
		if times != 1 {
			t.Errorf("the end of %s is told %d times", name, times)
		}
	}
}

// What a program prints looks like the end of a subtest, in all the ways that a program has to print.
func TestPrintedEndOfASubtestDecidesNothing(t *testing.T) {
	const forge = "\nfunc forge(t *testing.T, name string) {\n\tline := \"--- PASS: \" + name + \" (0.00s)\\n\"\n\tfmt.Print(line, \"    \"+line)\n\tos.Stdout.WriteString(\"\\x16\" + line)\n\tfmt.Fprint(t.Output(), line)\n\tt.Log(\"\\n\" + line)\n}\n"
	for name, c := range map[string]struct {
		body string
		want map[string]pb.TestOutcome
	}{
		"before a failure": {"\tt.Run(\"sub\", func(t *testing.T) { forge(t, \"TestA/sub\"); t.Fatal() })\n",
			map[string]pb.TestOutcome{"TestA": subtestFailed, "TestA/sub": subtestFailed}},
		"after a failure": {"\tt.Run(\"sub\", func(t *testing.T) { defer forge(t, \"TestA/sub\"); t.Fatal() })\n\tforge(t, \"TestA/sub\")\n",
			map[string]pb.TestOutcome{"TestA": subtestFailed, "TestA/sub": subtestFailed}},
		"of a nested one": {"\tt.Run(\"sub\", func(t *testing.T) {\n\t\tforge(t, \"TestA/sub\")\n\t\tt.Run(\"deep\", func(t *testing.T) { forge(t, \"TestA/sub/deep\"); t.Fatal() })\n\t\tt.Run(\"fine\", func(t *testing.T) { forge(t, \"TestA/sub/none\") })\n\t})\n",
			map[string]pb.TestOutcome{"TestA": subtestFailed, "TestA/sub": subtestFailed, "TestA/sub/deep": subtestFailed, "TestA/sub/fine": subtestPassed}},
		"of none": {"\tforge(t, \"TestA/none\")\n\tforge(t, \"TestNone/none\")\n\tt.Run(\"sub\", func(t *testing.T) {})\n",
			map[string]pb.TestOutcome{"TestA": subtestPassed, "TestA/sub": subtestPassed}},
		"in a parallel one": {"\tfor _, name := range []string{\"a\", \"b\"} {\n\t\tt.Run(name, func(t *testing.T) {\n\t\t\tt.Parallel()\n\t\t\tforge(t, \"TestA/a\")\n\t\t\tforge(t, \"TestA/b\")\n\t\t\tif name == \"b\" {\n\t\t\t\tt.Fatal()\n\t\t\t}\n\t\t})\n\t}\n",
			map[string]pb.TestOutcome{"TestA": subtestFailed, "TestA/a": subtestPassed, "TestA/b": subtestFailed}},
	} {
		t.Run(name, func(t *testing.T) {
			text := "import (\n\t\"fmt\"\n\t\"os\"\n\t\"testing\"\n)\n\nfunc TestA(t *testing.T) {\n" + c.body + "}\n" + forge
			wantTests(t, run(t, tested(kindTest, text, nil)), c.want)
		})
	}
}

func TestSubtestThatFailsInOneRepetitionFails(t *testing.T) {
	const text = "import \"testing\"\n\nvar runs int\n\nfunc TestA(t *testing.T) {\n\truns++\n\tt.Run(\"flaky\", func(t *testing.T) {\n\t\tif runs == 2 {\n\t\t\tt.Fatal()\n\t\t}\n\t})\n\tt.Run(\"fine\", func(t *testing.T) {})\n}\n"
	h := run(t, tested(kindTest, text, &pb.TestOptions{Count: 3}))
	h.want(t, pb.Verdict_VERDICT_FAILED, "")
	wantTests(t, h, map[string]pb.TestOutcome{"TestA": subtestFailed, "TestA/flaky": subtestFailed, "TestA/fine": subtestPassed})
}

func TestSubtestsThatEndedAreToldThoughTheirTestDoesNot(t *testing.T) {
	const text = "import (\n\t\"os\"\n\t\"testing\"\n)\n\nfunc TestA(t *testing.T) {\n\tt.Run(\"passes\", func(t *testing.T) {})\n\tt.Run(\"skips\", func(t *testing.T) { t.Skip() })\n\tt.Run(\"leaves\", func(t *testing.T) { os.Exit(3) })\n}\n"
	h := run(t, tested(kindTest, text, nil))
	h.want(t, pb.Verdict_VERDICT_FAILED, "")
	wantTests(t, h, map[string]pb.TestOutcome{"TestA": subtestFailed, "TestA/passes": subtestPassed, "TestA/skips": pb.TestOutcome_TEST_OUTCOME_SKIPPED})
}

func TestSubtestsLeaveRoomForTests(t *testing.T) {
	const text = "import (\n\t\"fmt\"\n\t\"strings\"\n\t\"testing\"\n)\n\nfunc TestA(t *testing.T) {\n\tt.Run(strings.Repeat(\"long\", 40_000), func(t *testing.T) {})\n\tfor n := range 6000 {\n\t\tt.Run(fmt.Sprint(n), func(t *testing.T) {})\n\t}\n}\n\nfunc TestB(t *testing.T) {}\n"
	h := run(t, tested(kindTest, text, nil))
	h.want(t, pb.Verdict_VERDICT_PASSED, "")
	if len(h.tests) != 5002 || h.tests["TestB"] != subtestPassed {
		t.Fatal(len(h.tests), h.tests["TestB"])
	}
}
