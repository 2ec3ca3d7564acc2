package execution

import (
	"context"
	"errors"
	"time"

	"lineage.dev/runner/internal/build"
	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
	"lineage.dev/runner/internal/sandbox"
	"lineage.dev/runner/internal/variant"
)

// raceExitStatus is what the race detector makes of a program's end when it reported something.
const raceExitStatus = 66

// raceSettings: the detector waits a second at the end for reports of other threads; a tenth does for a lesson.
const raceSettings = "GORACE=atexit_sleep_ms=100"

// prepare makes what this run needs and few do, once.
func (r *run) prepare(ctx context.Context) *pb.End {
	if r.start.Kind != pb.RunKind_RUN_KIND_RACE {
		return r.prepareExperiment(ctx)
	}
	perform := func() (err error) {
		r.race, err = r.engine.variants.Race(ctx, func(string) {})
		r.std = r.race
		return err
	}
	err := error(nil)
	if r.engine.variants.RaceReady() {
		err = perform()
	} else {
		err = r.preparing("race detector", perform)
	}
	switch {
	case ctx.Err() != nil:
		return cancelled()
	case errors.Is(err, variant.ErrNoRace):
		return errored(err.Error())
	case err != nil:
		return errored("the race detector could not be prepared: " + err.Error())
	}
	return nil
}

// preparing tells that a run waits for what is made once.
func (r *run) preparing(what string, perform func() error) error {
	began := time.Now()
	r.events.stage(pb.StageName_STAGE_NAME_PREPARE, false, 0, what)
	if err := perform(); err != nil {
		return err
	}
	r.events.stage(pb.StageName_STAGE_NAME_PREPARE, true, time.Since(began), what)
	return nil
}

// tests says whether this run is of a test binary.
func (r *run) tests() bool { return runsTests(r.start) }

func runsTests(start *pb.Start) bool {
	switch start.Kind {
	case pb.RunKind_RUN_KIND_RUN:
		return false
	case pb.RunKind_RUN_KIND_RACE:
		return start.Pattern != "" || !build.HasMain(sources(start.Files))
	default:
		return true
	}
}

// addRace gives a program with the race detector what it loads: the C library of the machine.
func (r *run) addRace(spec *sandbox.Spec) {
	if r.race == nil {
		return
	}
	spec.FixedAddresses = true
	spec.Env = append(spec.Env, raceSettings)
	for _, library := range r.race.Libraries {
		spec.Mounts = append(spec.Mounts, sandbox.Mount{Source: library, Target: library})
	}
}
