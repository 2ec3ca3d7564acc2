package execution

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"lineage.dev/runner/internal/build"
	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
	"lineage.dev/runner/internal/sandbox"
)

const (
	maxSweepValues = 16
	maxSweepRepeat = 10
	// maxSweepRuns of one sweep: each is a run with limits of its own.
	maxSweepRuns = 64
	// maxSweepArgument is the longest value that is an argument, in bytes.
	maxSweepArgument = 100
)

// sweepVariables are the parameters that are variables of the environment, with the values that the runtime reads.
var sweepVariables = map[pb.SweepParameter]struct {
	name  string
	value *regexp.Regexp
}{
	pb.SweepParameter_SWEEP_PARAMETER_GOMAXPROCS: {"GOMAXPROCS", regexp.MustCompile(`^[1-9]\d{0,2}$`)},
	pb.SweepParameter_SWEEP_PARAMETER_GOGC:       {"GOGC", regexp.MustCompile(`^(off|\d{1,5})$`)},
	pb.SweepParameter_SWEEP_PARAMETER_GOMEMLIMIT: {"GOMEMLIMIT", regexp.MustCompile(`^(off|\d{1,13}(B|KiB|MiB|GiB|TiB)?)$`)},
}

// checkSweep refuses what is no comparable set of runs.
func checkSweep(start *pb.Start) error {
	s := start.Sweep
	if s == nil {
		return nil
	}
	variable, known := sweepVariables[s.Parameter]
	known = known || s.Parameter == pb.SweepParameter_SWEEP_PARAMETER_ARGUMENT
	runs := len(s.Values) * int(max(1, min(s.Repeat, maxSweepRepeat)))
	switch {
	case start.Kind != pb.RunKind_RUN_KIND_RUN:
		return errors.New("only a program can be run over a parameter")
	case !known:
		return errors.New("the runner does not know what to vary")
	case len(s.Values) == 0 || len(s.Values) > maxSweepValues || s.Repeat > maxSweepRepeat || runs > maxSweepRuns:
		return fmt.Errorf("a parameter has between 1 and %d values, each run at most %d times, and at most %d runs in all", maxSweepValues, maxSweepRepeat, maxSweepRuns)
	case needsHarness(start.Signals):
		return errors.New("runs over a parameter are compared as they are: of signals they take only the runtime's own lines")
	}
	for _, value := range s.Values {
		if variable.value != nil && !variable.value.MatchString(value) {
			return fmt.Errorf("%s cannot be %q", variable.name, valid(value))
		}
		if len(value) > maxSweepArgument || strings.ContainsRune(value, 0) {
			return fmt.Errorf("an argument has at most %d bytes, and none of them is 0", maxSweepArgument)
		}
	}
	return nil
}

// sweep runs the program once for each value, one after the other, each in a slot of its own and alone.
func (r *run) sweep(ctx context.Context, built build.Result) *pb.End {
	total := &pb.End{Verdict: pb.Verdict_VERDICT_PASSED, Quiet: &pb.Quiet{Alone: true}}
	for _, value := range r.start.Sweep.Values {
		for attempt := range max(1, r.start.Sweep.Repeat) {
			end, cycles := r.point(ctx, built, value)
			if end.Verdict == pb.Verdict_VERDICT_ERRORED || end.Verdict == pb.Verdict_VERDICT_CANCELLED {
				return end
			}
			r.events.send(&pb.ExecuteResponse{Event: &pb.ExecuteResponse_SweepPoint{SweepPoint: &pb.SweepPoint{
				Value: value, Attempt: attempt + 1, Verdict: end.Verdict, ExitCode: end.ExitCode, WallUs: end.WallUs, CpuUs: end.CpuUs,
				PeakMemoryBytes: end.PeakMemoryBytes, GcCycles: cycles, Reason: end.Reason,
			}}})
			addPoint(total, end, value)
		}
	}
	return total
}

// point is one run of a sweep.
func (r *run) point(ctx context.Context, built build.Result, value string) (end *pb.End, gcCycles uint64) {
	dir, err := r.engine.scratch()
	if err != nil {
		return errored(errNoRoom.Error()), 0
	}
	defer sandbox.RemoveAll(dir)
	point := *r
	point.start = proto.CloneOf(r.start)
	point.start.Sweep, point.start.Alone = nil, true
	if variable, ok := sweepVariables[r.start.Sweep.Parameter]; ok {
		env := maps.Clone(point.start.Env)
		if env == nil {
			env = map[string]string{}
		}
		env[variable.name] = value
		point.start.Env = env
	} else {
		point.start.Args = append(slices.Clone(point.start.Args), value)
	}
	early := earlyLaunch{run: &point, dir: dir}
	defer early.abandon()
	end = point.execute(ctx, dir, built, &early)
	return end, point.gcCycles
}

// addPoint makes the end of a sweep of the ends of its runs: it has passed when all have, and was as quiet as the worst.
func addPoint(total, end *pb.End, value string) {
	if total.Verdict == pb.Verdict_VERDICT_PASSED && end.Verdict != pb.Verdict_VERDICT_PASSED {
		total.Verdict, total.Limit, total.ExitCode, total.ExitSignal = end.Verdict, end.Limit, end.ExitCode, end.ExitSignal
		total.Reason = fmt.Sprintf("with %s: %s", valid(value), end.Reason)
	}
	total.CpuUs += end.CpuUs
	total.PeakMemoryBytes = max(total.PeakMemoryBytes, end.PeakMemoryBytes)
	total.StdoutBytes += end.StdoutBytes
	total.StderrBytes += end.StderrBytes
	total.Noisy = total.Noisy || end.Noisy
	if q := end.Quiet; q != nil {
		total.Quiet.Alone = total.Quiet.Alone && q.Alone
		total.Quiet.OtherCores = max(total.Quiet.OtherCores, q.OtherCores)
		total.Quiet.Cores = q.Cores
	}
}
