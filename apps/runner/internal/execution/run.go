package execution

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"time"

	"lineage.dev/runner/internal/build"
	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
	"lineage.dev/runner/internal/sandbox"
	"lineage.dev/runner/internal/variant"
)

// run is one execution under way.
type run struct {
	engine *Engine
	start  *pb.Start
	stdin  <-chan []byte
	events *events
	began  time.Time
	cancel context.CancelFunc
	uid    int
	// race is the standard library of the race detector; nil in runs without it. std is the one to build with: that, the one of
	// an experiment, or nil for the toolchain's own.
	race, std *variant.Std
	// gcCycles is how many collections the runtime told of, when it was asked to.
	gcCycles uint64
}

func (r *run) perform(ctx context.Context) *pb.End {
	if r.engine.Level() == pb.IsolationLevel_ISOLATION_LEVEL_REFUSED || r.engine.Level() > r.engine.minLevel {
		return errored("this machine isolates programs less than the configured minimum, so nothing is run: " + r.engine.Probe.Lacks())
	}
	if end := r.refuse(); end != nil {
		return end
	}
	r.start = timeToFuzz(r.start)
	if _, ok := inspections[r.start.Kind]; ok {
		return r.inspect(ctx)
	}
	if r.start.Kind == pb.RunKind_RUN_KIND_CROSS {
		return r.cross(ctx)
	}
	dir, err := r.engine.scratch()
	if err != nil {
		return errored(errNoRoom.Error())
	}
	defer sandbox.RemoveAll(dir)
	if end := r.prepare(ctx); end != nil {
		return end
	}
	early := earlyLaunch{run: r, dir: dir}
	defer early.abandon()
	prepare := early.prepare
	if r.start.Sweep != nil {
		prepare = func() {} // Each of its runs has a slot of its own.
	}
	built, end := r.build(ctx, prepare)
	if end != nil {
		return end
	}
	if r.start.Sweep != nil {
		return r.sweep(ctx, built)
	}
	return r.execute(ctx, dir, built, &early)
}

// refuse answers what cannot be run at all.
func (r *run) refuse() *pb.End {
	switch r.start.Kind {
	case pb.RunKind_RUN_KIND_RUN, pb.RunKind_RUN_KIND_TEST, pb.RunKind_RUN_KIND_BENCH, pb.RunKind_RUN_KIND_CHECK,
		pb.RunKind_RUN_KIND_RACE:
	case pb.RunKind_RUN_KIND_VET, pb.RunKind_RUN_KIND_FORMAT, pb.RunKind_RUN_KIND_BUILD, pb.RunKind_RUN_KIND_CROSS:
		if len(r.start.Signals) > 0 {
			return errored("this kind of run executes nothing, so there is nothing to profile")
		}
	default:
		return errored("the runner does not know this kind of run")
	}
	if err := errors.Join(checkSignals(r.start.Signals), checkPattern(r.start.Pattern), checkTesting(r.start), checkFuzz(r.start), checkSweep(r.start), checkAssembly(r.start), checkTargets(r.start), r.engine.checkVariants(r.start)); err != nil {
		return errored(err.Error())
	}
	for name := range r.start.Env {
		if !allowedEnv[name] {
			return errored("the environment variable " + name + " cannot be set for a run")
		}
	}
	return nil
}

var allowedEnv = map[string]bool{"GOMAXPROCS": true, "GOGC": true, "GOMEMLIMIT": true, "GODEBUG": true, "GOTRACEBACK": true}

func (r *run) build(ctx context.Context, begun func()) (build.Result, *pb.End) {
	request, problems := buildRequest(r.start)
	if len(problems) > 0 {
		return build.Result{}, r.refused(problems)
	}
	request.Std, request.Preparing = r.std, r.preparing
	result, err := r.engine.flights.build(ctx, request, func(queued time.Duration) {
		r.events.stage(pb.StageName_STAGE_NAME_QUEUE, true, queued, "")
		r.events.stage(pb.StageName_STAGE_NAME_COMPILE, false, 0, "")
		begun()
	})
	if request.Cover && err == nil && len(result.Diagnostics) > 0 {
		// Counters move columns: what is wrong is said of the text as it is.
		request.Cover = false
		result, err = r.engine.flights.build(ctx, request, func(time.Duration) {})
	}
	switch {
	case ctx.Err() != nil:
		return result, cancelled()
	case err != nil:
		return result, errored("the build could not be done: " + err.Error())
	case result.Limit != "":
		return result, &pb.End{Verdict: pb.Verdict_VERDICT_LIMITED, Limit: result.Limit, ExitCode: -1, Reason: "compiling took more than the limit on " + result.Limit}
	case len(result.Diagnostics) > 0:
		return result, r.refused(result.Diagnostics)
	}
	if target := r.start.Testing.GetFuzz(); target != "" && !slices.Contains(result.Tests, target) {
		return result, &pb.End{Verdict: pb.Verdict_VERDICT_FAILED, ExitCode: 1, Reason: "there is no fuzz target " + valid(target) + " in the top directory"}
	}
	detail := "fast"
	if result.Cached {
		detail = "cached"
	} else if result.GoCommand != "" {
		detail = "go build"
	}
	r.events.built(result.Compile, detail, result.GoCommand)
	if result.LinkedAhead {
		detail = "ahead"
	}
	r.events.stage(pb.StageName_STAGE_NAME_LINK, true, result.Link, detail)
	return result, nil
}

// buildRequest says what to build for a run, or why nothing is built.
func buildRequest(start *pb.Start) (build.Request, []build.Diagnostic) {
	files := sources(start.Files)
	if start.Kind == pb.RunKind_RUN_KIND_CHECK {
		files = withoutTests(files)
		if problems := build.CheckGraded(files); len(problems) > 0 {
			return build.Request{}, problems
		}
		files = append(files, sources(start.CheckFiles)...)
	}
	return build.Request{Files: files, Test: runsTests(start), Harness: needsHarness(start.Signals), Cover: covers(start), Fuzz: fuzzes(start), Release: start.GoVersion}, nil
}

func (r *run) refused(problems []build.Diagnostic) *pb.End {
	for _, p := range problems {
		r.events.diagnostic(wireDiagnostic(p))
	}
	return &pb.End{Verdict: pb.Verdict_VERDICT_FAILED, ExitCode: 1, Reason: "the program did not compile"}
}

func (r *run) execute(ctx context.Context, dir string, built build.Result, early *earlyLaunch) *pb.End {
	l, err := early.take(ctx)
	if ctx.Err() != nil {
		return cancelled()
	}
	if err != nil {
		return errored("the slot could not be made: " + err.Error())
	}
	turn, err := r.engine.share(ctx, measured(r.start))
	if err != nil {
		return cancelled()
	}
	r.events.stage(pb.StageName_STAGE_NAME_RUN, false, 0, "")
	noisy := r.engine.running.Add(1) > 1
	defer r.engine.running.Add(-1)
	p, err := l.start(ctx, built)
	quiet := turn.leave(p)
	if err != nil {
		return errored("the slot could not be made: " + err.Error())
	}
	r.events.stage(pb.StageName_STAGE_NAME_RUN, true, p.outcome.Wall, "")
	p.said.conclude()
	if p.benchmarks != nil {
		p.benchmarks.tell(r.events, r.start.Testing.GetPrevious())
	}
	if p.counters != nil {
		p.counters.tell(r.events, built.Covered)
		p.counters.close()
	}
	r.collect(p)
	end := p.verdict(r, built)
	end.WallUs = p.outcome.Wall.Microseconds()
	if p.said.records != nil {
		r.gcCycles = p.said.records.cycles
	}
	end.Noisy, end.Quiet = noisy || r.engine.running.Load() > 1, quiet
	if quiet != nil {
		end.Noisy = !quiet.Alone || quiet.OtherCores > quietCores
	}
	return end
}

// visibleBin is where a slot with namespaces sees its program.
const visibleBin = "/bin"

// baseEnv is the whole environment of a plain run, with the directory that it may write to.
func baseEnv(temporary string) []string {
	return []string{"PATH=", "HOME=" + temporary, "TMPDIR=" + temporary, "USER=learner", "LANG=C.UTF-8", "TZ=UTC"}
}

// spec describes the slot in which the program runs.
func (l *launch) spec(dir string) (sandbox.Spec, error) {
	r := l.run
	source, root := filepath.Join(dir, "files"), filepath.Join(dir, "root")
	l.bin = filepath.Join(dir, "bin")
	for _, made := range []string{source, root, l.bin} {
		if err := os.Mkdir(made, 0o755); err != nil {
			return sandbox.Spec{}, err
		}
	}
	// Check files are part of the binary and never files of the slot.
	if err := build.WriteFiles(source, sources(r.start.Files)); err != nil {
		return sandbox.Spec{}, err
	}
	// A name of the slot, so that the program learns nothing about the machine's directories.
	scratch, visible := root, visibleBin
	if !r.engine.Probe.Namespaces {
		scratch, visible = source, l.bin
		if r.uid != 0 {
			if err := os.Chown(source, r.uid, r.uid); err != nil {
				return sandbox.Spec{}, err
			}
		}
	}
	l.visible = filepath.Join(visible, "program")
	temporary := "/tmp"
	if !r.engine.Probe.Namespaces {
		temporary = source // It is all that the slot may write to.
	}
	env := baseEnv(temporary)
	for name, value := range environment(r.start) {
		env = append(env, name+"="+value)
	}
	spec := sandbox.Spec{
		Env:        env,
		WorkSource: source,
		ScratchDir: scratch,
		Mounts:     []sandbox.Mount{{Source: l.bin, Target: visible}},
		Limits:     limitsOf(r.start.Limits),
		Namespaces: r.engine.Probe.Namespaces,
		UID:        r.uid,
		Groups:     r.engine.groups,
	}
	r.addRace(&spec)
	r.roomToFuzz(&spec)
	return spec, nil
}

func (r *run) arguments() []string {
	if !r.tests() {
		return r.start.Args
	}
	switch r.start.Kind {
	case pb.RunKind_RUN_KIND_TEST, pb.RunKind_RUN_KIND_CHECK, pb.RunKind_RUN_KIND_RACE:
		args := append([]string{"-test.v=true", "-test.paniconexit0=false"}, r.testArguments()...)
		if fuzzes(r.start) {
			return append(args, r.fuzzArguments()...)
		}
		if r.start.Pattern != "" {
			args = append(args, "-test.run="+r.start.Pattern)
		}
		return args
	case pb.RunKind_RUN_KIND_BENCH:
		pattern := r.start.Pattern
		if pattern == "" {
			pattern = "."
		}
		return append([]string{"-test.run=^$", "-test.benchmem", "-test.bench=" + pattern}, r.testArguments()...)
	default:
		return r.start.Args
	}
}

func sources(files []*pb.SourceFile) []build.File {
	out := make([]build.File, 0, len(files))
	for _, file := range files {
		out = append(out, build.File{Path: file.Path, Content: file.Content})
	}
	return out
}

// withoutTests leaves a learner's own tests out of a graded build: a TestMain there would decide about it.
func withoutTests(files []build.File) []build.File {
	kept := files[:0:0]
	for _, file := range files {
		if match, _ := filepath.Match("*_test.go", filepath.Base(file.Path)); !match {
			kept = append(kept, file)
		}
	}
	return kept
}

func errored(reason string) *pb.End {
	return &pb.End{Verdict: pb.Verdict_VERDICT_ERRORED, ExitCode: -1, Reason: reason}
}

func cancelled() *pb.End {
	return &pb.End{Verdict: pb.Verdict_VERDICT_CANCELLED, ExitCode: -1, Reason: "the run was stopped"}
}
