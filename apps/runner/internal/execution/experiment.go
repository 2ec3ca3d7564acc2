package execution

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
	"lineage.dev/runner/internal/toolchain"
	"lineage.dev/runner/internal/variant"
)

// checkVariants refuses what this runner cannot prepare: to leave it out would give another answer than was asked for.
func (e *Engine) checkVariants(start *pb.Start) error {
	other := start.GoVersion != "" && start.GoVersion != toolchain.Version
	switch {
	case other && e.others[start.GoVersion] == nil:
		return errors.New("this runner has prepared no Go but " + strings.Join(e.GoVersions(), " and "))
	case other && (start.GoExperiment != "" || needsHarness(start.Signals)):
		return errors.New("profiles and experiments are of " + toolchain.Version + " alone")
	case !other && start.GoExperiment == "":
		return nil
	}
	switch start.Kind {
	case pb.RunKind_RUN_KIND_RUN, pb.RunKind_RUN_KIND_TEST, pb.RunKind_RUN_KIND_BENCH:
	default:
		return errors.New("other releases and experiments of Go are for programs, tests and benchmarks")
	}
	if other {
		return nil
	}
	if !slices.Contains(e.variants.Experiments(), start.GoExperiment) {
		return fmt.Errorf("%w: %s", variant.ErrNoExperiment, valid(start.GoExperiment))
	}
	return nil
}

// prepareExperiment gives the run the standard library that its experiment needs.
func (r *run) prepareExperiment(ctx context.Context) *pb.End {
	name := r.start.GoExperiment
	if name == "" {
		return nil
	}
	told := time.Now()
	progress := func(done, of int) {
		if time.Since(told) >= progressEvery {
			told = time.Now()
			r.events.stage(pb.StageName_STAGE_NAME_PREPARE, false, 0, fmt.Sprintf("%s %d/%d", name, done, of))
		}
	}
	perform := func() (err error) {
		r.std, err = r.engine.variants.Experiment(ctx, name, progress)
		return err
	}
	err := error(nil)
	if r.engine.variants.ExperimentReady(name) {
		err = perform()
	} else {
		err = r.preparing("standard library with "+name, perform)
	}
	switch {
	case ctx.Err() != nil:
		return cancelled()
	case err != nil:
		return errored("the experiment could not be prepared: " + err.Error())
	}
	return nil
}
