package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"lineage.dev/runner/internal/execution"
	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
	"lineage.dev/runner/internal/toolchain"
)

// Exit statuses of verdicts.
var verdictStatus = map[pb.Verdict]int{
	pb.Verdict_VERDICT_PASSED: 0, pb.Verdict_VERDICT_FAILED: 1, pb.Verdict_VERDICT_TIMED_OUT: 3,
	pb.Verdict_VERDICT_LIMITED: 4, pb.Verdict_VERDICT_CANCELLED: 5, pb.Verdict_VERDICT_ERRORED: 6,
}

var kinds = map[string]pb.RunKind{
	"run": pb.RunKind_RUN_KIND_RUN, "test": pb.RunKind_RUN_KIND_TEST, "bench": pb.RunKind_RUN_KIND_BENCH,
	"race": pb.RunKind_RUN_KIND_RACE, "check": pb.RunKind_RUN_KIND_CHECK, "vet": pb.RunKind_RUN_KIND_VET,
	"format": pb.RunKind_RUN_KIND_FORMAT, "build": pb.RunKind_RUN_KIND_BUILD, "cross": pb.RunKind_RUN_KIND_CROSS,
}

var signals = map[string]pb.Signal{
	"cpu": pb.Signal_SIGNAL_CPU, "heap": pb.Signal_SIGNAL_HEAP, "allocs": pb.Signal_SIGNAL_ALLOCS, "block": pb.Signal_SIGNAL_BLOCK,
	"mutex": pb.Signal_SIGNAL_MUTEX, "goroutine": pb.Signal_SIGNAL_GOROUTINE, "goroutineleak": pb.Signal_SIGNAL_GOROUTINE_LEAK,
	"trace": pb.Signal_SIGNAL_TRACE, "metrics": pb.Signal_SIGNAL_METRICS, "gctrace": pb.Signal_SIGNAL_GCTRACE,
	"schedtrace": pb.Signal_SIGNAL_SCHEDTRACE, "inittrace": pb.Signal_SIGNAL_INITTRACE,
}

// signalWords lists the names of signals.
func signalWords() string { return strings.Join(slices.Sorted(maps.Keys(signals)), ", ") }

// maxTime is the longest that a limit on time may be; the engine allows less.
const maxTime = 24 * time.Hour

type execOptions struct {
	dir, checks, kind, profile, pattern, args, stdin, artifacts, cacheDir string
	assembly, shuffle, compare, sweep, targets, fuzz, experiment, release string
	count, repeat                                                         uint
	alone, coverage                                                       bool
	wall, cpu, benchTime, fuzzTime                                        time.Duration
	memory, disk, output                                                  uint64
	processes, files                                                      uint
	json                                                                  bool
}

func execute(args []string, stdout, stderr io.Writer) int {
	options, status, done := parseExec(args, stderr)
	if done {
		return status
	}
	start, err := options.start()
	if err != nil {
		fmt.Fprintln(stderr, err)
		return statusUsage
	}
	typed, err := openInput(options.stdin)
	if err != nil {
		fmt.Fprintln(stderr, err)
		return statusUsage
	}
	defer typed.Close()
	outliveReaders()
	engine, err := execution.New(execution.Options{CacheDir: options.cacheDir})
	if err != nil {
		fmt.Fprintln(stderr, err)
		return statusErrored
	}
	defer engine.Close()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	stdin := make(chan []byte)
	fed := make(chan struct{})
	go func() {
		defer close(fed)
		defer close(stdin)
		feed(ctx, typed, stdin)
	}()
	heard := newHeard(stdout, stderr, options.artifacts)
	engine.Execute(ctx, start, stdin, heard.take)
	stop()
	<-fed
	if err := heard.finish(levelOf(engine.Probe), options.json); err != nil {
		fmt.Fprintln(stderr, err)
		return statusErrored
	}
	return verdictStatus[heard.end.GetVerdict()]
}

func parseExec(args []string, stderr io.Writer) (o execOptions, status int, done bool) {
	f := flag.NewFlagSet("exec", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.StringVar(&o.dir, "dir", "", "the module to run")
	f.StringVar(&o.checks, "checks", "", "for check: the files of the exercise's checks")
	f.StringVar(&o.kind, "kind", "run", "run, test, bench, race, check, vet, format, build or cross")
	f.StringVar(&o.profile, "profile", "", "signals, with commas: "+signalWords())
	f.StringVar(&o.pattern, "pattern", "", "tests or benchmarks to run")
	f.UintVar(&o.count, "count", 0, "how often each test or benchmark runs; once, and six times for benchmarks")
	f.StringVar(&o.shuffle, "shuffle", "", "on, or the seed of an order of tests")
	f.BoolVar(&o.coverage, "coverage", false, "for test: tell how often each block of the module's code ran")
	f.StringVar(&o.fuzz, "fuzz", "", "for test: generate inputs for this fuzz target")
	f.DurationVar(&o.fuzzTime, "fuzztime", 0, "for how long; 10s by default")
	f.DurationVar(&o.benchTime, "benchtime", 0, "how long one measurement of a benchmark takes; 200ms by default")
	f.StringVar(&o.compare, "compare", "", "what an earlier exec --json of benchmarks wrote, to compare with")
	f.StringVar(&o.release, "go", "", "the release to build with, of those that are prepared: "+toolchain.Version+" or "+toolchain.Previous)
	f.StringVar(&o.experiment, "experiment", "", "a setting of GOEXPERIMENT, such as nogreenteagc")
	f.StringVar(&o.targets, "targets", "", "for cross: systems as GOOS/GOARCH, with commas")
	f.StringVar(&o.assembly, "assembly", "", "for build: tell the assembly of functions with such names instead of remarks")
	f.StringVar(&o.sweep, "sweep", "", "run over a parameter: GOGC=50,100,off, GOMAXPROCS=1,2, GOMEMLIMIT=…, or arg=10,100 for a last argument")
	f.UintVar(&o.repeat, "repeat", 1, "how often each value of --sweep is run")
	f.BoolVar(&o.alone, "alone", false, "run while nothing else does; benchmarks and runs with --profile do so anyway")
	f.StringVar(&o.args, "args", "", "arguments of the program, with spaces")
	f.StringVar(&o.stdin, "stdin", "", "file that the program reads")
	f.StringVar(&o.artifacts, "artifacts", "", "where profiles are put; a new temporary directory by default")
	f.StringVar(&o.cacheDir, "cache-dir", "", "where prepared files are")
	f.DurationVar(&o.wall, "wall", 0, "limit on the time by the clock")
	f.DurationVar(&o.cpu, "cpu", 0, "limit on CPU time")
	f.Uint64Var(&o.memory, "memory", 0, "limit on memory, in bytes")
	f.Uint64Var(&o.disk, "disk", 0, "limit on disk, in bytes")
	f.Uint64Var(&o.output, "output", 0, "limit on output, in bytes")
	f.UintVar(&o.processes, "processes", 0, "limit on processes and threads")
	f.UintVar(&o.files, "files", 0, "limit on open files")
	f.BoolVar(&o.json, "json", false, "end with one line of JSON")
	status, done = parse(f, args, stderr)
	return o, status, done
}

func (o execOptions) start() (*pb.Start, error) {
	kind, ok := kinds[o.kind]
	if !ok {
		return nil, fmt.Errorf("--kind %q is not one of run, test, bench, race, check, vet, format, build", o.kind)
	}
	if o.dir == "" {
		return nil, fmt.Errorf("--dir is needed: the directory of the module to run")
	}
	if (o.checks != "") != (kind == pb.RunKind_RUN_KIND_CHECK) {
		return nil, fmt.Errorf("--kind check needs --checks, the directory of the exercise's checks, and no other kind takes it")
	}
	limits, err := o.limits()
	if err != nil {
		return nil, err
	}
	wanted, err := o.signals()
	if err != nil {
		return nil, err
	}
	files, err := readTree(o.dir)
	if err != nil {
		return nil, err
	}
	start := &pb.Start{
		RunId: "exec", Kind: kind, Files: files, Signals: wanted, Pattern: o.pattern, Args: strings.Fields(o.args),
		Limits: limits, Alone: o.alone, Assembly: o.assembly, GoExperiment: o.experiment, GoVersion: o.release,
	}
	if start.Testing, err = o.testing(); err != nil {
		return nil, err
	}
	for target := range strings.SplitSeq(o.targets, ",") {
		if goos, goarch, ok := strings.Cut(target, "/"); ok {
			start.Targets = append(start.Targets, &pb.Target{Goos: goos, Goarch: goarch})
		} else if target != "" {
			return nil, fmt.Errorf("--targets %q is no GOOS/GOARCH", target)
		}
	}
	if start.Sweep, err = o.swept(); err != nil {
		return nil, err
	}
	if kind != pb.RunKind_RUN_KIND_CHECK {
		return start, nil
	}
	if start.CheckFiles, err = readTree(o.checks); err != nil {
		return nil, err
	}
	start.RequiredTests = testNames(start.CheckFiles)
	return start, nil
}

// testing returns nil when no option of tests was given.
func (o execOptions) testing() (*pb.TestOptions, error) {
	if o.count == 0 && o.shuffle == "" && o.benchTime == 0 && o.compare == "" && !o.coverage && o.fuzz == "" && o.fuzzTime == 0 {
		return nil, nil
	}
	if o.count > math.MaxInt32 || o.benchTime < 0 || o.benchTime > maxTime || o.fuzzTime < 0 || o.fuzzTime > maxTime {
		return nil, fmt.Errorf("--count, --benchtime or --fuzztime is out of bounds")
	}
	options := &pb.TestOptions{Count: uint32(o.count), Shuffle: o.shuffle, BenchMs: uint32(o.benchTime.Milliseconds()), Coverage: o.coverage,
		Fuzz: o.fuzz, FuzzMs: uint32(o.fuzzTime.Milliseconds())}
	if o.compare == "" {
		return options, nil
	}
	raw, err := os.ReadFile(o.compare)
	if err != nil {
		return nil, fmt.Errorf("--compare cannot be read: %w", err)
	}
	if options.Previous, err = benchmarksOf(raw); err != nil {
		return nil, fmt.Errorf("--compare is not what exec --json wrote: %w", err)
	}
	return options, nil
}

var sweepParameters = map[string]pb.SweepParameter{
	"GOMAXPROCS": pb.SweepParameter_SWEEP_PARAMETER_GOMAXPROCS, "GOGC": pb.SweepParameter_SWEEP_PARAMETER_GOGC,
	"GOMEMLIMIT": pb.SweepParameter_SWEEP_PARAMETER_GOMEMLIMIT, "arg": pb.SweepParameter_SWEEP_PARAMETER_ARGUMENT,
}

// swept returns nil without --sweep; the engine knows what values are good for.
func (o execOptions) swept() (*pb.Sweep, error) {
	if o.sweep == "" {
		return nil, nil
	}
	name, values, _ := strings.Cut(o.sweep, "=")
	parameter, ok := sweepParameters[name]
	if !ok || values == "" || o.repeat > math.MaxInt32 {
		return nil, fmt.Errorf("--sweep %q is not GOMAXPROCS, GOGC, GOMEMLIMIT or arg with values, as in GOGC=50,100", o.sweep)
	}
	return &pb.Sweep{Parameter: parameter, Values: strings.Split(values, ","), Repeat: uint32(o.repeat)}, nil
}

// benchmarksOf reads the last line of what exec --json wrote.
func benchmarksOf(raw []byte) ([]*pb.BenchmarkValues, error) {
	lines := bytes.Split(bytes.TrimSpace(raw), []byte("\n"))
	var earlier struct {
		Events []struct {
			Benchmark *struct {
				Name, Unit string
				Values     []float64
			}
		}
	}
	if err := json.Unmarshal(lines[len(lines)-1], &earlier); err != nil {
		return nil, err
	}
	var all []*pb.BenchmarkValues
	for _, event := range earlier.Events {
		if b := event.Benchmark; b != nil {
			all = append(all, &pb.BenchmarkValues{Name: b.Name, Unit: b.Unit, Values: b.Values})
		}
	}
	return all, nil
}

// limits refuses what the contract cannot carry; the engine bounds what is too much.
func (o execOptions) limits() (*pb.Limits, error) {
	for name, limit := range map[string]time.Duration{"wall": o.wall, "cpu": o.cpu} {
		if limit != 0 && (limit < time.Millisecond || limit > maxTime) {
			return nil, fmt.Errorf("--%s is between 1ms and %s", name, maxTime)
		}
	}
	if o.processes > math.MaxInt32 || o.files > math.MaxInt32 {
		return nil, fmt.Errorf("--processes and --files are counts below two thousand million")
	}
	return &pb.Limits{
		WallMs: uint32(o.wall.Milliseconds()), CpuMs: uint32(o.cpu.Milliseconds()), MemoryBytes: o.memory,
		DiskBytes: o.disk, OutputBytes: o.output, Processes: uint32(o.processes), OpenFiles: uint32(o.files),
	}, nil
}

func (o execOptions) signals() ([]pb.Signal, error) {
	var wanted []pb.Signal
	for _, name := range strings.FieldsFunc(o.profile, func(c rune) bool { return c == ',' }) {
		one, ok := signals[name]
		if !ok {
			return nil, fmt.Errorf("--profile %q is not one of %s", name, signalWords())
		}
		wanted = append(wanted, one)
	}
	return wanted, nil
}

// openInput opens what the program reads: nothing without a path.
func openInput(path string) (*os.File, error) {
	if path == "" {
		path = os.DevNull
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("--stdin cannot be read: %w", err)
	}
	return file, nil
}

// feed hands a file to the program in pieces.
func feed(ctx context.Context, from io.Reader, to chan<- []byte) {
	for {
		piece := make([]byte, 16<<10)
		n, err := from.Read(piece)
		if n > 0 {
			select {
			case to <- piece[:n]:
			case <-ctx.Done():
				return
			}
		}
		if err != nil {
			return
		}
	}
}
