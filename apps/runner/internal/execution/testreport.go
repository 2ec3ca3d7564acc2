package execution

import (
	"bufio"
	"bytes"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
)

const (
	// maxTestOutput is what is kept of the output of one test.
	maxTestOutput = 64 << 10
	// maxTests bounds how many tests one run may report, and how many subtests.
	maxTests = 5000
	// maxTestsOutput is what is kept of the output of all tests.
	maxTestsOutput = 16 << 20
)

// testReport hears of tests in two ways: on a descriptor behind a secret word, which decides of tests and of subtests, and
// in what the binary prints, which only adds words. A program that reads the word out of its own memory can still forge
// every outcome, as it can change those of package testing there; what only prints can forge words, and no test.
type testReport struct {
	word   string
	names  []string
	events *events
	// once says that each test runs once, so that it is over when it has ended.
	once bool

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
	// subtests has the names of those that ended below a test, in the order in which they first did; subtotal counts all.
	subtests map[string][]string
	subtotal int
	// told is what was told of each test so far.
	told map[string]telling

	// of what is printed
	rest    []byte
	current string
	done    bool
	outputs map[string][]byte
	kept    int // bytes of outputs
	// ending is the test whose end was printed last; what follows may be words of it, or of its subtests.
	ending string
	// whole are those whose words are all there.
	whole map[string]bool
}

// telling is what was told of a test: its outcome, and how many bytes of its output.
type telling struct {
	outcome pb.TestOutcome
	output  int
}

func newTestReport(word string, events *events) *testReport {
	return &testReport{word: word, events: events, outcomes: map[string]pb.TestOutcome{},
		took: map[string]int64{}, ran: map[string]uint32{}, outputs: map[string][]byte{}, subtests: map[string][]string{},
		told: map[string]telling{}, whole: map[string]bool{}}
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
	before, known := t.outcomes[name]
	if !known && !t.take(name) {
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
	t.tellEnded(name)
}

// take keeps a name that was not heard before, where there is room. A program has any number of subtests, and who has found
// the word can say any number of names: neither leaves no room for the others. A subtest is one of a test that has begun.
func (t *testReport) take(name string) bool {
	top, _, sub := strings.Cut(name, "/")
	if !sub {
		return len(t.outcomes)-t.subtotal < maxTests
	}
	if _, began := t.outcomes[top]; !began || t.subtotal >= maxTests {
		return false
	}
	t.subtests[top] = append(t.subtests[top], name)
	t.subtotal++
	return true
}

// tellEnded tells of a test as soon as its outcome was reported and all its words were printed. What is printed decides
// only when that is, and at the end everything is told that was not.
func (t *testReport) tellEnded(name string) {
	outcome := t.outcomes[name]
	if _, told := t.told[name]; told || !t.once || !t.whole[name] || !slices.Contains(t.names, name) {
		return
	}
	if outcome == pb.TestOutcome_TEST_OUTCOME_UNSPECIFIED || outcome == pb.TestOutcome_TEST_OUTCOME_STARTED {
		return
	}
	t.tell(name, outcome)
}

// tell tells of a test, after its subtests, what was not told before. Those that ended below one that did not are told too.
func (t *testReport) tell(name string, outcome pb.TestOutcome) {
	for _, sub := range t.subtests[name] {
		t.tellOne(sub, t.outcomes[sub])
	}
	t.tellOne(name, outcome)
}

// tellOne tells the rest of the output: whoever hears adds it up. Who has found the word can report another outcome later,
// which counts; who prints what looks like a test's end can have words after it.
func (t *testReport) tellOne(name string, outcome pb.TestOutcome) {
	output := t.outputs[name]
	if t.told[name] == (telling{outcome, len(output)}) {
		return
	}
	t.events.test(&pb.TestEvent{Name: name, Outcome: outcome, DurationUs: t.took[name], Output: string(output[t.told[name].output:]), Attempt: t.ran[name]})
	t.told[name] = telling{outcome, len(output)}
}

var (
	runLine  = regexp.MustCompile(`^=== (?:RUN|NAME|CONT)\s+(\S+)\s*$`)
	doneLine = regexp.MustCompile(`^\s*--- (?:PASS|FAIL|SKIP): (\S+) \([0-9.]+s\)\s*$`)
)

// heard follows what the binary prints, to give each test its words.
func (t *testReport) heard(data []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
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
		t.followed(match[1])
		t.current = match[1]
		return
	}
	if match := doneLine.FindStringSubmatch(line); match != nil {
		t.followed(match[1])
		t.current, t.done = match[1], true
		if !strings.Contains(match[1], "/") {
			t.ending = match[1]
		}
		return
	}
	// The word about all tests follows the last one's end, and is no word of that test.
	summary := t.done && (line == "PASS" || line == "FAIL")
	t.done = false
	if summary {
		t.followed("")
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

// followed hears that words of another test begin: if that is no subtest of the one whose end was printed, those of that one
// are all there.
func (t *testReport) followed(by string) {
	if top, _, _ := strings.Cut(by, "/"); t.ending == "" || top == t.ending || len(t.whole) >= maxTests {
		return
	}
	t.whole[t.ending] = true
	t.tellEnded(t.ending)
	t.ending = ""
}

// conclude tells of each test what was not told before, and says whether all that had to run passed, and whether none failed.
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
		t.tell(name, outcome)
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
