package execution

import (
	"fmt"

	"golang.org/x/sys/unix"

	"lineage.dev/runner/internal/build"
	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
	"lineage.dev/runner/internal/sandbox"
)

// verdict decides from what the agent itself saw; nothing that a program prints can change it.
func (p *process) verdict(r *run, built build.Result) *pb.End {
	o := p.outcome
	end := &pb.End{
		ExitCode: int32(o.ExitCode), CpuUs: o.CPU.Microseconds(), PeakMemoryBytes: o.PeakMemory,
		StdoutBytes: p.out.total, StderrBytes: p.err.total,
	}
	if o.Signal != 0 {
		end.ExitSignal, end.ExitCode = unix.SignalName(unix.Signal(o.Signal)), -1
	}
	if len(o.StepTimes) == 0 { // It was ended before it could say a status.
		end.ExitCode = -1
	}
	required, noneFailed := true, true
	if p.report != nil {
		required, noneFailed = p.report.conclude(r.start.RequiredTests)
		// Tests share a process with what they test: in principle it can lie about them.
		end.SelfReported = true
	}
	switch {
	case p.flooded:
		end.Verdict, end.Limit = pb.Verdict_VERDICT_LIMITED, sandbox.LimitOutput
		end.Reason = fmt.Sprintf("the program wrote more than %d MiB", outputLimit(r.start.Limits)>>20)
	case o.Limit != "":
		end.Verdict, end.Limit, end.Reason = pb.Verdict_VERDICT_LIMITED, o.Limit, limitReason(o.Limit, limitsOf(r.start.Limits))
	case o.TimedOut:
		end.Verdict = pb.Verdict_VERDICT_TIMED_OUT
		end.Reason = fmt.Sprintf("the program was still running after %s", limitsOf(r.start.Limits).Wall)
	case o.Cancelled:
		end.Verdict, end.Reason = pb.Verdict_VERDICT_CANCELLED, "the run was stopped"
	case o.Failure != "":
		end.Verdict, end.Reason = pb.Verdict_VERDICT_ERRORED, "the slot failed: "+o.Failure
	case o.Signal != 0:
		end.Verdict, end.Reason = pb.Verdict_VERDICT_FAILED, "the program was ended by "+end.ExitSignal
	case p.asleep():
		end.Verdict, end.AllAsleep, end.Reason = pb.Verdict_VERDICT_FAILED, true, "all goroutines were asleep: each waited for another (found by the runner, since profiling hides it from the Go runtime)"
	case r.race != nil && o.ExitCode == raceExitStatus:
		end.Verdict, end.Reason = pb.Verdict_VERDICT_FAILED, "the race detector found a data race"
	case p.report != nil && p.report.inputs > 0:
		end.Verdict, end.Reason = pb.Verdict_VERDICT_FAILED, "fuzzing found an input with which "+p.report.fuzz+" fails"
	case o.ExitCode != 0:
		end.Verdict, end.Reason = pb.Verdict_VERDICT_FAILED, fmt.Sprintf("the program exited with status %d", o.ExitCode)
	case !required:
		end.Verdict, end.Reason = pb.Verdict_VERDICT_FAILED, "not every check that had to run has passed"
	case p.report != nil && r.start.Kind != pb.RunKind_RUN_KIND_BENCH && (!noneFailed || !p.report.finished):
		end.Verdict, end.Reason = pb.Verdict_VERDICT_FAILED, "the tests did not run to their end"
	default:
		end.Verdict = pb.Verdict_VERDICT_PASSED
	}
	return end
}

// deadlockExitStatus is the runtime's for a fatal error.
const deadlockExitStatus = 2

// asleep says whether the harness found a deadlock and ended the program for it. A program that forges this has ended itself.
func (p *process) asleep() bool {
	return p.gathering != nil && p.outcome.ExitCode == deadlockExitStatus && p.gathering.Collected().Asleep
}

func limitReason(limit string, l sandbox.Limits) string {
	switch limit {
	case sandbox.LimitMemory:
		return fmt.Sprintf("the program used more than %d MiB of memory", l.Memory>>20)
	case sandbox.LimitCPU:
		return fmt.Sprintf("the program used more than %s of CPU time", l.CPU)
	case sandbox.LimitPids:
		return fmt.Sprintf("the program had more than %d processes and threads", l.Processes)
	case sandbox.LimitDisk:
		return fmt.Sprintf("the program filled its %d MiB of disk", l.Disk>>20)
	default:
		return "the program went over its limit on " + limit
	}
}
