package execution

import (
	"bufio"
	"bytes"
	"io"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
)

const (
	// maxTestOutput is what is kept of the output of one test.
	maxTestOutput = 64 << 10
	// maxTests bounds how many tests and subtests one run may report.
	maxTests = 5000
	// maxTestsOutput is what is kept of the output of all tests.
	maxTestsOutput = 16 << 20
)

// testReport hears of tests in two ways: on a descriptor behind a secret word, which decides, and in what the binary
// prints, which only adds subtests and words.
type testReport struct {
	word   string
	names  []string
	events *events

	mu       sync.Mutex
	outcomes map[string]pb.TestOutcome
	took     map[string]int64
	// ran counts how often each test ended.
	ran      map[string]uint32
	finished bool
	exit     int
	// fuzz is the target whose failing inputs are told; inputs counts them.
	fuzz   string
	inputs int

	// of what is printed
	rest    []byte
	current string
	done    bool
	outputs map[string][]byte
	kept    int // bytes of outputs
	sub     map[string]bool
}

func newTestReport(word string, events *events) *testReport {
	return &testReport{word: word, events: events, outcomes: map[string]pb.TestOutcome{},
		took: map[string]int64{}, ran: map[string]uint32{}, outputs: map[string][]byte{}, sub: map[string]bool{}}
}

// expect names the tests of the program, in order. Call it before the program is started.
func (t *testReport) expect(names []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.names = names
}

var outcomeWords = map[string]pb.TestOutcome{
	"started": pb.TestOutcome_TEST_OUTCOME_STARTED, "passed": pb.TestOutcome_TEST_OUTCOME_PASSED,
	"failed": pb.TestOutcome_TEST_OUTCOME_FAILED, "skipped": pb.TestOutcome_TEST_OUTCOME_SKIPPED,
}

// read takes the secret channel until it closes. Lines without the word are somebody else's.
func (t *testReport) read(from io.Reader) {
	scanner := bufio.NewScanner(from)
	scanner.Buffer(make([]byte, 4096), 64<<10)
	for scanner.Scan() {
		fields := strings.Fields(scanner.Text())
		if len(fields) < 3 || fields[0] != t.word {
			continue
		}
		t.heed(fields[1], fields[2], fields[3:])
	}
	_, _ = io.Copy(io.Discard, from)
}

func (t *testReport) heed(what, name string, rest []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if what == "finished" {
		code, err := strconv.Atoi(name)
		t.finished, t.exit = err == nil, code
		return
	}
	if what == "input" {
		if failure, ok := parseInput(t.fuzz, append([]string{name}, rest...)); ok && t.fuzz != "" && t.inputs < maxInputs {
			t.inputs++
			t.events.send(&pb.ExecuteResponse{Event: &pb.ExecuteResponse_FuzzFailure{FuzzFailure: failure}})
		}
		return
	}
	outcome, ok := outcomeWords[what]
	if !ok {
		return
	}
	// Who has found the word can say any number of names.
	before, known := t.outcomes[name]
	if !known && len(t.outcomes) >= maxTests {
		return
	}
	if outcome == pb.TestOutcome_TEST_OUTCOME_STARTED {
		if !known {
			t.events.test(&pb.TestEvent{Name: name, Outcome: outcome})
		}
	} else {
		t.ran[name]++
	}
	// Of a test that runs several times, one that failed counts.
	if before != pb.TestOutcome_TEST_OUTCOME_FAILED {
		t.outcomes[name] = outcome
	}
	if len(rest) > 0 {
		if micros, err := strconv.ParseInt(rest[0], 10, 64); err == nil {
			t.took[name] += micros
		}
	}
}

var (
	runLine  = regexp.MustCompile(`^=== (?:RUN|NAME|CONT)\s+(\S+)\s*$`)
	doneLine = regexp.MustCompile(`^\s*--- (PASS|FAIL|SKIP): (\S+) \(([0-9.]+)s\)\s*$`)
)

// heard follows what the binary prints, to give each test its words and to learn of subtests.
func (t *testReport) heard(data []byte) {
	t.rest = append(t.rest, data...)
	rest := t.rest
	for {
		at := bytes.IndexByte(rest, '\n')
		if at < 0 {
			break
		}
		t.line(string(rest[:at]))
		rest = rest[at+1:]
	}
	if len(rest) > maxTestOutput {
		rest = nil
	}
	// What is left moves to the front, once for all lines.
	t.rest = append(t.rest[:0], rest...)
}

func (t *testReport) line(line string) {
	if match := runLine.FindStringSubmatch(line); match != nil {
		t.current = match[1]
		return
	}
	if match := doneLine.FindStringSubmatch(line); match != nil {
		t.current, t.done = match[2], true
		t.subtest(match)
		return
	}
	// The word about all tests follows the last one's end, and is no word of that test.
	summary := t.done && (line == "PASS" || line == "FAIL")
	t.done = false
	if summary {
		return
	}
	if t.current == "" || t.kept+len(line) >= maxTestsOutput {
		return
	}
	output, known := t.outputs[t.current]
	if len(output)+len(line) < maxTestOutput && (known || len(t.outputs) < maxTests) {
		t.outputs[t.current] = append(append(output, line...), '\n')
		t.kept += len(line) + 1
	}
}

func (t *testReport) subtest(match []string) {
	if !strings.Contains(match[2], "/") || len(t.sub) >= maxTests || t.sub[match[2]] {
		return
	}
	t.sub[match[2]] = true
	seconds, err := time.ParseDuration(match[3] + "s")
	if err != nil {
		seconds = 0
	}
	outcome := map[string]pb.TestOutcome{"PASS": pb.TestOutcome_TEST_OUTCOME_PASSED, "FAIL": pb.TestOutcome_TEST_OUTCOME_FAILED, "SKIP": pb.TestOutcome_TEST_OUTCOME_SKIPPED}[match[1]]
	t.events.test(&pb.TestEvent{Name: match[2], Outcome: outcome, DurationUs: seconds.Microseconds(), Output: string(t.outputs[match[2]])})
}

// conclude sends the outcome of each test and says whether all that had to run passed, and whether none failed.
func (t *testReport) conclude(required []string) (allRequired, noneFailed bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	noneFailed = true
	for _, name := range t.names {
		outcome, ran := t.outcomes[name]
		switch {
		case !ran:
			continue
		case outcome == pb.TestOutcome_TEST_OUTCOME_STARTED: // It took the program with it.
			outcome = pb.TestOutcome_TEST_OUTCOME_FAILED
			t.outcomes[name] = outcome
		}
		noneFailed = noneFailed && outcome != pb.TestOutcome_TEST_OUTCOME_FAILED
		t.events.test(&pb.TestEvent{Name: name, Outcome: outcome, DurationUs: t.took[name], Output: string(t.outputs[name]), Attempt: t.ran[name]})
	}
	allRequired = true
	for _, name := range required {
		outcome, ran := t.outcomes[name]
		if !ran {
			t.events.test(&pb.TestEvent{Name: name, Outcome: pb.TestOutcome_TEST_OUTCOME_MISSING})
		}
		allRequired = allRequired && outcome == pb.TestOutcome_TEST_OUTCOME_PASSED
	}
	return allRequired, noneFailed
}
