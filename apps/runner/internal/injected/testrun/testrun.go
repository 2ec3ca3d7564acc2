//go:build ignore

// Package testrun runs the tests of a test binary and reports each outcome to a descriptor, behind a word that only it
// knows. What a test prints decides nothing.
package testrun

import (
	"internal/runtime/exithook"
	"io"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/internal/testdeps"
	"time"

	said "lineage.dev/report"
)

// Binary is what a test binary has.
type Binary struct {
	ImportPath string
	Tests      []testing.InternalTest
	Benchmarks []testing.InternalBenchmark
	Fuzz       []testing.InternalFuzzTarget
	// Examples are those that say what they print.
	Examples []testing.InternalExample
	// TestMain is the learner's own; nil when there is none.
	TestMain func(*testing.M)
}

var report struct {
	sync.Mutex
	to   *os.File
	word string
}

func init() {
	if said.FD >= 0 {
		report.to, report.word = os.NewFile(uintptr(said.FD), "report"), said.Word
		said.Word = ""
	}
}

// Main does not return.
func Main(b Binary) {
	testdeps.ImportPath = b.ImportPath
	tests := make([]testing.InternalTest, 0, len(b.Tests))
	for _, test := range b.Tests {
		tests = append(tests, watched(test))
	}
	fuzz := make([]testing.InternalFuzzTarget, 0, len(b.Fuzz))
	for _, target := range b.Fuzz {
		fuzz = append(fuzz, testing.InternalFuzzTarget{Name: target.Name, Fn: func(f *testing.F) { watch(f, target.Name); target.Fn(f) }})
	}
	watchInputs()
	examples := make([]testing.InternalExample, 0, len(b.Examples))
	for _, example := range b.Examples {
		examples = append(examples, compared(example))
	}
	m := testing.MainStart(testdeps.TestDeps{}, tests, b.Benchmarks, fuzz, examples)
	if b.TestMain == nil {
		end(m.Run())
	}
	// Most end the program themselves, after all tests have run.
	exithook.Add(exithook.Hook{F: func() {
		if reflect.ValueOf(m).Elem().FieldByName("numRun").Int() > 0 {
			say("finished 0")
		}
	}})
	b.TestMain(m)
	end(int(reflect.ValueOf(m).Elem().FieldByName("exitCode").Int()))
}

func end(code int) {
	tellInputs()
	say("finished " + strconv.Itoa(code))
	os.Exit(code)
}

// inputs are where fuzzing writes what fails, and what was there before; no target when nothing is fuzzed.
var inputs struct {
	target string
	before map[string]bool
}

// maxInputBytes of an input are told: a line of the report has twice as many.
const maxInputBytes = 24 << 10

// watchInputs remembers which inputs there are before fuzzing finds more.
func watchInputs() {
	for _, arg := range os.Args {
		if pattern, ok := strings.CutPrefix(arg, "-test.fuzz="); ok {
			inputs.target = strings.Trim(pattern, "^$")
		}
	}
	if inputs.target == "" || report.to == nil {
		return
	}
	inputs.before = map[string]bool{}
	for _, name := range inputNames() {
		inputs.before[name] = true
	}
	exithook.Add(exithook.Hook{F: tellInputs, RunOnFailure: true})
}

func inputNames() (names []string) {
	entries, _ := os.ReadDir("testdata/fuzz/" + inputs.target)
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

// tellInputs says, once, with what the target fails. Whoever reads it has no other way to the files of a slot.
func tellInputs() {
	if inputs.before == nil {
		return
	}
	for _, name := range inputNames() {
		if inputs.before[name] {
			continue
		}
		text, err := os.ReadFile("testdata/fuzz/" + inputs.target + "/" + name)
		if err != nil {
			continue
		}
		size := len(text)
		if size > maxInputBytes {
			text = nil
		}
		const digits = "0123456789abcdef"
		hex := make([]byte, 0, 2*len(text))
		for _, b := range text {
			hex = append(hex, digits[b>>4], digits[b&15])
		}
		say("input " + name + " " + strconv.Itoa(size) + " " + string(hex))
	}
	inputs.before = nil
}

func watched(test testing.InternalTest) testing.InternalTest {
	return testing.InternalTest{Name: test.Name, F: func(t *testing.T) { watch(t, test.Name); test.F(t) }}
}

// watch says how a test or a fuzz target ends, and each of its subtests.
func watch(t testing.TB, name string) {
	say("started " + name)
	hearSubtests(t, name)
	began := time.Now()
	t.Cleanup(func() {
		outcome := "passed"
		if t.Failed() {
			outcome = "failed"
		} else if t.Skipped() {
			outcome = "skipped"
		}
		ended(outcome, name, began)
	})
}

func ended(outcome, name string, began time.Time) {
	say(outcome + " " + name + " " + strconv.FormatInt(time.Since(began).Microseconds(), 10))
}

// compared hears what an example prints, says whether that is what it has to, and hands it on to package testing, which
// compares it too and tells nobody but standard output.
func compared(example testing.InternalExample) testing.InternalExample {
	run := example.F
	example.F = func() {
		say("started " + example.Name)
		began := time.Now()
		given := os.Stdout
		read, write, err := os.Pipe()
		if err != nil {
			panic(err)
		}
		os.Stdout = write
		heard := make(chan string)
		go func() {
			all, _ := io.ReadAll(read)
			heard <- string(all)
		}()
		outcome := "failed"
		defer func() { ended(outcome, example.Name, began) }()
		defer func() {
			os.Stdout = given
			_ = write.Close()
			said := <-heard
			_, _ = io.WriteString(given, said)
			// Where it panicked, the process ends.
			if broken := recover(); broken != nil {
				panic(broken)
			}
			if settled(said, example.Unordered) == settled(example.Output, example.Unordered) {
				outcome = "passed"
			}
		}()
		run()
	}
	return example
}

func settled(printed string, unordered bool) string {
	printed = strings.TrimSpace(printed)
	if !unordered {
		return printed
	}
	lines := strings.Split(printed, "\n")
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func say(line string) {
	report.Lock()
	defer report.Unlock()
	if report.to != nil {
		_, _ = report.to.WriteString(report.word + " " + line + "\n")
	}
}
