//go:build ignore

// Package testrun runs the tests of a test binary and reports each outcome to a descriptor, behind a word that only it
// knows. What a test prints decides nothing.
package testrun

import (
	"internal/runtime/exithook"
	"os"
	"reflect"
	"strconv"
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
	m := testing.MainStart(testdeps.TestDeps{}, tests, b.Benchmarks, nil, nil)
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
	say("finished " + strconv.Itoa(code))
	os.Exit(code)
}

func watched(test testing.InternalTest) testing.InternalTest {
	name, f := test.Name, test.F
	return testing.InternalTest{Name: name, F: func(t *testing.T) {
		say("started " + name)
		began := time.Now()
		t.Cleanup(func() {
			outcome := "passed"
			if t.Failed() {
				outcome = "failed"
			} else if t.Skipped() {
				outcome = "skipped"
			}
			say(outcome + " " + name + " " + strconv.FormatInt(time.Since(began).Microseconds(), 10))
		})
		f(t)
	}}
}

func say(line string) {
	report.Lock()
	defer report.Unlock()
	if report.to != nil {
		_, _ = report.to.WriteString(report.word + " " + line + "\n")
	}
}
