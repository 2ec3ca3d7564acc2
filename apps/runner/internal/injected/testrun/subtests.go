//go:build ignore

package testrun

import (
	"io"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"
	"unsafe"
)

// maxNameBytes of a subtest's name are told: a line of the report has room for many more.
const maxNameBytes = 2 << 10

// subtests takes the place of a test's own field w, to which package testing writes the end of each subtest when it ends
// (common.flushToParent). No other test has it, and where tests are verbose nothing that a test logs passes through it:
// those words go to standard output at once. So each line is package testing's own.
type subtests struct {
	to     io.Writer
	prefix string
}

// hearSubtests of tests that are not verbose would be to hear what they log as well, so those are not heard.
func hearSubtests(t testing.TB, name string) {
	of := reflect.ValueOf(t).Elem()
	if of.FieldByName("chatty").IsNil() {
		return
	}
	w := (*io.Writer)(unsafe.Pointer(of.FieldByName("w").UnsafeAddr()))
	*w = &subtests{to: *w, prefix: name + "/"}
}

// Write is given the end of one subtest and, indented below it, those of its own subtests. What else is written there, as by
// a fuzz target that failed, does not begin so.
func (s *subtests) Write(p []byte) (int, error) {
	for line := range strings.Lines(string(p)) {
		if !s.tell(strings.TrimSuffix(strings.TrimLeft(line, " "), "\n")) {
			break
		}
	}
	return s.to.Write(p)
}

var ends = map[string]string{"PASS": "passed", "FAIL": "failed", "SKIP": "skipped"}

// tell takes a line such as "--- PASS: TestA/b (0.01s)". Names have no spaces: package testing rewrites them.
func (s *subtests) tell(line string) bool {
	words := strings.Split(line, " ")
	if len(words) != 4 || words[0] != "---" || !strings.HasPrefix(words[2], s.prefix) {
		return false
	}
	outcome, known := ends[strings.TrimSuffix(words[1], ":")]
	took, err := time.ParseDuration(strings.Trim(words[3], "()"))
	if !known || err != nil {
		return false
	}
	if len(words[2]) <= maxNameBytes {
		say(outcome + " " + words[2] + " " + strconv.FormatInt(took.Microseconds(), 10))
	}
	return true
}
