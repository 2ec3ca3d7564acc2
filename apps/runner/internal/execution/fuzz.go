package execution

import (
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"

	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
	"lineage.dev/runner/internal/lines"
	"lineage.dev/runner/internal/sandbox"
)

const (
	// defaultFuzz and maxFuzz are how long inputs are generated.
	defaultFuzz = 10 * time.Second
	maxFuzz     = 5 * time.Minute
	// maxFuzzWorkers leaves cores to others.
	maxFuzzWorkers = 2
	// fuzzMinimize is how long a failing input may be made smaller.
	fuzzMinimize = 5 * time.Second
	// fuzzMargin is for what comes before and after: the seeds, the last input, and its minimizing.
	fuzzMargin = fuzzMinimize + 15*time.Second
	// fuzzFileBytes: the testing package shares a file of 100 MiB, most of it empty, with each worker.
	fuzzFileBytes = 128 << 20
	// maxFuzzLines of progress are told of one run: a line every three seconds, and what a program forges.
	maxFuzzLines = 400
	// maxInputs with which a target fails are told of one run; fuzzing ends with the first.
	maxInputs = 4
	// maxFuzzLine is more than a line of progress has.
	maxFuzzLine = 300
)

var fuzzTarget = regexp.MustCompile(`^Fuzz[\p{L}\p{N}_]{0,100}$`)

func fuzzes(start *pb.Start) bool { return start.Testing.GetFuzz() != "" }

// checkFuzz refuses what cannot be fuzzed.
func checkFuzz(start *pb.Start) error {
	o := start.Testing
	switch {
	case o.GetFuzz() == "" && o.GetFuzzMs() != 0:
		return errors.New("how long is fuzzed is said of a fuzz target")
	case o.GetFuzz() == "":
		return nil
	case start.Kind != pb.RunKind_RUN_KIND_TEST:
		return errors.New("only tests are fuzzed")
	case !fuzzTarget.MatchString(o.Fuzz):
		return errors.New("a fuzz target is named as its function is: FuzzParse")
	case time.Duration(o.FuzzMs)*time.Millisecond > maxFuzz:
		return fmt.Errorf("one target is fuzzed for at most %s", maxFuzz)
	case o.Coverage || o.Count > 1 || o.Shuffle != "" || start.Pattern != "" || needsHarness(start.Signals):
		return errors.New("a target is fuzzed by itself: once, without coverage and without profiles")
	}
	return nil
}

func fuzzTime(start *pb.Start) time.Duration {
	if ms := start.Testing.GetFuzzMs(); ms != 0 {
		return time.Duration(ms) * time.Millisecond
	}
	return defaultFuzz
}

func fuzzWorkers() int { return min(maxFuzzWorkers, runtime.NumCPU()) }

// timeToFuzz gives a run the time that it asks for: the usual limits are for programs that end by themselves.
func timeToFuzz(start *pb.Start) *pb.Start {
	if !fuzzes(start) {
		return start
	}
	start = proto.CloneOf(start)
	if start.Limits == nil {
		start.Limits = &pb.Limits{}
	}
	wall := fuzzTime(start) + fuzzMargin
	start.Limits.WallMs = uint32(wall.Milliseconds())
	start.Limits.CpuMs = uint32(wall.Milliseconds()) * uint32(fuzzWorkers()+1)
	return start
}

// roomToFuzz lets the workers share their file.
func (r *run) roomToFuzz(spec *sandbox.Spec) {
	if fuzzes(r.start) {
		spec.Limits.FileSize = max(spec.Limits.FileSize, fuzzFileBytes)
		spec.Limits.Disk = max(spec.Limits.Disk, fuzzFileBytes)
	}
}

func (r *run) fuzzArguments() []string {
	name := "^" + r.start.Testing.Fuzz + "$"
	temporary := "/tmp"
	if !r.engine.Probe.Namespaces {
		temporary = "."
	}
	return []string{"-test.run=" + name, "-test.fuzz=" + name, fmt.Sprintf("-test.fuzztime=%s", fuzzTime(r.start)),
		fmt.Sprintf("-test.fuzzminimizetime=%s", fuzzMinimize), "-test.fuzzcachedir=" + temporary + "/fuzz-cache",
		fmt.Sprintf("-test.parallel=%d", fuzzWorkers())}
}

// fuzzing follows what the testing package says about its progress. The program can print the same; it decides nothing.
type fuzzing struct {
	events *events
	target string
	lines  lines.Splitter
	told   int
}

func newFuzzing(r *run) *fuzzing {
	if !fuzzes(r.start) {
		return nil
	}
	return &fuzzing{events: r.events, target: r.start.Testing.Fuzz}
}

func (f *fuzzing) heard(data []byte) {
	if f != nil {
		f.lines.Split(data, maxFuzzLine, f.take)
	}
}

var progressLine = regexp.MustCompile(`^fuzz: elapsed: (\S{1,20}), execs: (\d{1,18}) \(\d{1,18}/sec\)(?:, new interesting: (\d{1,18}) \(total: \d{1,18}\))?$`)

func (f *fuzzing) take(line string) {
	progress, ok := parseProgress(line)
	if !ok || f.told >= maxFuzzLines {
		return
	}
	f.told++
	progress.Target, progress.Workers = f.target, uint32(fuzzWorkers())
	f.events.send(&pb.ExecuteResponse{Event: &pb.ExecuteResponse_Fuzzing{Fuzzing: progress}})
}

// parseProgress reads a line of logStats in internal/fuzz.
func parseProgress(line string) (*pb.FuzzProgress, bool) {
	match := progressLine.FindStringSubmatch(line)
	if match == nil {
		return nil, false
	}
	elapsed, err := time.ParseDuration(match[1])
	if err != nil || elapsed < 0 || elapsed > 24*time.Hour {
		return nil, false
	}
	executions, err1 := strconv.ParseUint(match[2], 10, 64)
	interesting, err2 := strconv.ParseUint("0"+match[3], 10, 64)
	return &pb.FuzzProgress{ElapsedUs: elapsed.Microseconds(), Executions: executions, Interesting: interesting}, errors.Join(err1, err2) == nil
}

var inputName = regexp.MustCompile(`^[0-9a-f]{16}$`)

// corpusHead is the first line of an input in Go's format (internal/fuzz, encVersion1).
const corpusHead = "go test fuzz v1\n"

// parseInput reads what a test binary reports of an input: its name, its size, and its text in hexadecimal unless it is
// too long to be told.
func parseInput(target string, words []string) (*pb.FuzzFailure, bool) {
	if len(words) < 2 || len(words) > 3 || !inputName.MatchString(words[0]) {
		return nil, false
	}
	size, err := strconv.ParseUint(words[1], 10, 32)
	if err != nil {
		return nil, false
	}
	failure := &pb.FuzzFailure{Target: target, SizeBytes: size, Input: &pb.SourceFile{Path: "testdata/fuzz/" + target + "/" + words[0]}}
	if len(words) == 2 {
		return failure, true
	}
	text, err := hex.DecodeString(words[2])
	if err != nil || uint64(len(text)) != size || !strings.HasPrefix(string(text), corpusHead) {
		return nil, false
	}
	failure.Input.Content = text
	return failure, true
}
