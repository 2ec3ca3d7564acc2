package execution

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"lineage.dev/runner/internal/build"
	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
	"lineage.dev/runner/internal/variant"
)

// maxTargets of one run.
const maxTargets = 16

// checkTargets refuses what cannot be built for.
func checkTargets(start *pb.Start) error {
	cross := start.Kind == pb.RunKind_RUN_KIND_CROSS
	switch {
	case !cross && len(start.Targets) > 0:
		return errors.New("only a run that builds for other systems names them")
	case cross && (len(start.Targets) == 0 || len(start.Targets) > maxTargets):
		return fmt.Errorf("a program is built for 1 to %d systems in one run", maxTargets)
	}
	for i, t := range start.Targets {
		target := variant.Target{OS: t.Goos, Arch: t.Goarch}
		if !slices.Contains(variant.Targets, target) {
			return fmt.Errorf("this runner does not build for %s", valid(target.String()))
		}
		if slices.ContainsFunc(start.Targets[:i], func(other *pb.Target) bool { return other.Goos == t.Goos && other.Goarch == t.Goarch }) {
			return fmt.Errorf("%s is named twice", target)
		}
	}
	return nil
}

// cross builds for one system after the other, each in a slot of its own. Nothing of the snapshot is executed.
func (r *run) cross(ctx context.Context) *pb.End {
	queued := time.Now()
	leave, err := r.engine.buildTurn(ctx)
	if err != nil {
		return cancelled()
	}
	defer leave()
	r.events.stage(pb.StageName_STAGE_NAME_QUEUE, true, time.Since(queued), "")
	r.events.stage(pb.StageName_STAGE_NAME_COMPILE, false, 0, "go build")
	began := time.Now()
	said := map[build.Diagnostic]bool{}
	var failed []string
	for _, t := range r.start.Targets {
		target := variant.Target{OS: t.Goos, Arch: t.Goarch}
		made, err := r.crossFor(ctx, target)
		switch {
		case ctx.Err() != nil:
			return cancelled()
		case err != nil:
			return errored(fmt.Sprintf("building for %s could not be done: %s", target, err))
		}
		built := made.Limit == "" && len(made.Diagnostics) == 0
		told := &pb.CrossBuilt{Target: t, Built: built, SizeBytes: uint64(made.Size), Format: made.Format, Static: made.Static, Libraries: made.Libraries, BuildUs: made.Took.Microseconds(), Limit: made.Limit}
		for _, d := range made.Diagnostics {
			wire := wireDiagnostic(d)
			wire.Path, wire.Message = valid(wire.Path), valid(wire.Message)
			told.Diagnostics = append(told.Diagnostics, wire)
			if !said[d] { // What is wrong for all systems is said once beside its line.
				said[d] = true
				r.events.diagnostic(wireDiagnostic(d))
			}
		}
		for i, name := range told.Libraries {
			told.Libraries[i] = valid(name)
		}
		r.events.send(&pb.ExecuteResponse{Event: &pb.ExecuteResponse_CrossBuilt{CrossBuilt: told}})
		if !built {
			failed = append(failed, target.String())
		}
	}
	r.events.stage(pb.StageName_STAGE_NAME_COMPILE, true, time.Since(began), "go build")
	if len(failed) > 0 {
		return &pb.End{Verdict: pb.Verdict_VERDICT_FAILED, ExitCode: 1, Reason: "it could not be built for " + strings.Join(failed, ", ")}
	}
	return &pb.End{Verdict: pb.Verdict_VERDICT_PASSED}
}

func (r *run) crossFor(ctx context.Context, target variant.Target) (build.Crossed, error) {
	place, err := r.engine.place()
	if err != nil {
		return build.Crossed{}, errNoRoom
	}
	defer place.Release()
	told := time.Now()
	compiling := func(done, of int) {
		if time.Since(told) < progressEvery && done < of {
			return
		}
		told = time.Now()
		r.events.stage(pb.StageName_STAGE_NAME_PREPARE, false, 0, fmt.Sprintf("%s %d/%d", target, done, of))
	}
	return r.engine.builder.Cross(ctx, build.Request{Files: sources(r.start.Files), Scratch: place.Dir, UID: place.UID, Preparing: r.preparing}, target, compiling)
}

// progressEvery so often it is told how far preparing is.
const progressEvery = 500 * time.Millisecond
