package execution

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"

	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
)

const (
	// maxCount of a test or benchmark in one run.
	maxCount = 100
	// benchCount and benchTime are for benchmarks that say nothing: enough for an interval of 95 %, in some two seconds each.
	benchCount = 6
	benchTime  = 200 // milliseconds
	// maxBenchTime is the longest that one measurement may take, in milliseconds.
	maxBenchTime = 10_000
	// maxPrevious values of an earlier run are compared with.
	maxPrevious = 500
	// maxPattern is the longest regular expression, in bytes.
	maxPattern = 1000
)

// checkTesting refuses options that cannot be kept.
func checkTesting(start *pb.Start) error {
	o := start.Testing
	switch {
	case o == nil:
		return nil
	case !runsTests(start):
		return errors.New("only tests and benchmarks take options of tests")
	case start.Kind == pb.RunKind_RUN_KIND_CHECK && (o.Count > 1 || o.Shuffle != ""):
		return errors.New("checks of an exercise run as they are")
	case o.Count > maxCount:
		return fmt.Errorf("a test runs at most %d times in one run", maxCount)
	case o.BenchMs > maxBenchTime:
		return fmt.Errorf("one measurement of a benchmark takes at most %d s", maxBenchTime/1000)
	case len(o.Previous) > maxPrevious:
		return fmt.Errorf("at most %d series are compared with", maxPrevious)
	case o.Coverage && start.Kind != pb.RunKind_RUN_KIND_TEST:
		return errors.New("only tests count coverage")
	}
	for _, series := range o.Previous {
		if len(series.Values) > maxCount {
			return fmt.Errorf("at most %d values of a benchmark are compared with", maxCount)
		}
		for _, value := range series.Values {
			if math.IsNaN(value) || math.IsInf(value, 0) {
				return errors.New("a value to compare with is no number")
			}
		}
	}
	if o.Shuffle != "" && o.Shuffle != "on" {
		if _, err := strconv.ParseInt(o.Shuffle, 10, 64); err != nil {
			return errors.New("the order of tests is shuffled by a whole number, or by \"on\"")
		}
	}
	return nil
}

// testArguments are those of a test binary, but which tests to run. A seed is chosen here, so that it is told and not
// read out of what a program prints.
func (r *run) testArguments() []string {
	o := r.start.Testing
	var args []string
	count := o.GetCount()
	if r.start.Kind == pb.RunKind_RUN_KIND_BENCH {
		time := o.GetBenchMs()
		if time == 0 {
			time = benchTime
		}
		if count == 0 {
			count = benchCount
		}
		args = append(args, fmt.Sprintf("-test.benchtime=%dms", time))
	}
	if count > 1 {
		args = append(args, fmt.Sprintf("-test.count=%d", count))
	}
	if o.GetShuffle() != "" {
		seed, err := strconv.ParseInt(o.Shuffle, 10, 64)
		if err != nil {
			seed = randomSeed()
		}
		r.events.send(&pb.ExecuteResponse{Event: &pb.ExecuteResponse_Shuffled{Shuffled: &pb.Shuffled{Seed: seed}}})
		args = append(args, fmt.Sprintf("-test.shuffle=%d", seed))
	}
	return args
}

// randomSeed is short enough to be typed, and a number that JavaScript has.
func randomSeed() int64 {
	var raw [4]byte
	_, _ = rand.Read(raw[:]) // It does not fail.
	return int64(binary.BigEndian.Uint32(raw[:]))
}

// checkAssembly refuses a pattern that is none.
func checkAssembly(start *pb.Start) error {
	if start.Assembly == "" {
		return nil
	}
	if start.Kind != pb.RunKind_RUN_KIND_BUILD {
		return errors.New("only a build tells assembly")
	}
	return checkPattern(start.Assembly)
}

// checkPattern refuses what the testing package would refuse, before anything is built.
func checkPattern(pattern string) error {
	if len(pattern) > maxPattern {
		return errors.New("a pattern of names is too long")
	}
	if _, err := regexp.Compile(pattern); err != nil {
		return errors.New("a pattern of names is no regular expression: " + err.Error())
	}
	return nil
}
