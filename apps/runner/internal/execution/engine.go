// Package execution performs runs: it queues, builds, runs, watches, collects and says how each ended. Transports are
// thin adapters over Engine.Execute.
package execution

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"lineage.dev/runner/internal/build"
	"lineage.dev/runner/internal/cgroup"
	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
	"lineage.dev/runner/internal/sandbox"
	"lineage.dev/runner/internal/toolchain"
	"lineage.dev/runner/internal/variant"
)

// Options configure an Engine. Zero means the default that the field names.
type Options struct {
	// CacheDir holds what was prepared and the built programs; default toolchain.DefaultDir().
	CacheDir string
	// BuildSlots is how many builds run at once; default the number of cores.
	BuildSlots int
	// RunSlots is how many programs run at once; default 16.
	RunSlots int
	// MinLevel is the isolation below which nothing runs; default restricted.
	MinLevel pb.IsolationLevel
	// LinkersAhead is how many linkers wait for their programs; default none, which is right for one run.
	LinkersAhead int
}

// Engine runs learners' programs.
type Engine struct {
	builder *build.Builder
	// others build with other releases of Go, by version.
	others   map[string]*build.Builder
	flights  *flights
	spares   *spares
	variants *variant.Store
	work     string
	claimed  claimed
	users    *users
	groups   *cgroup.Tree
	builds   chan struct{}
	runs     chan struct{}
	lane     *lane
	uids     chan int
	Probe    sandbox.Report
	minLevel pb.IsolationLevel
	running  atomic.Int32
	built    atomic.Uint64
	close    sync.Once
	// prepareVet is done once for all who wait for it.
	prepareVet sync.Once
	// aside is work that nobody waits for; it ends when open does.
	aside   sync.WaitGroup
	open    context.Context
	closing context.CancelFunc
}

// ErrTooWeak says that the machine isolates less than the configured minimum.
var ErrTooWeak = errors.New("execution: isolation is below the configured minimum")

// New prepares an engine. The toolchain has to be prepared already.
func New(options Options) (*Engine, error) {
	if options.CacheDir == "" {
		options.CacheDir = toolchain.DefaultDir()
	}
	if options.BuildSlots <= 0 {
		options.BuildSlots = runtime.NumCPU()
	}
	if options.RunSlots <= 0 {
		options.RunSlots = 16
	}
	if options.MinLevel == 0 {
		options.MinLevel = pb.IsolationLevel_ISOLATION_LEVEL_RESTRICTED
	}
	prepared, err := toolchain.Open(options.CacheDir)
	if err != nil {
		return nil, err
	}
	claimed, err := claimWork()
	if err != nil {
		return nil, err
	}
	work := claimed.dir
	users, err := takeUsers(2*options.BuildSlots + 2*options.RunSlots + options.LinkersAhead + 8)
	if err != nil {
		return nil, errors.Join(err, claimed.release())
	}
	cache, err1 := build.NewCache(filepath.Join(options.CacheDir, "programs"), filepath.Join(work, "programs"))
	archives, err2 := build.NewArchives(filepath.Join(work, "archives"))
	if err := errors.Join(err1, err2); err != nil {
		users.release()
		return nil, errors.Join(err, claimed.release())
	}
	groups, none := cgroup.Open()
	e := &Engine{work: work, variants: variant.NewStore(options.CacheDir, prepared), minLevel: options.MinLevel,
		Probe: sandbox.Probe(work, users.probe, groups, none), groups: groups,
		builds: make(chan struct{}, options.BuildSlots), runs: make(chan struct{}, options.RunSlots), lane: newLane(),
		claimed: claimed, users: users, uids: users.slots}
	e.builder = &build.Builder{Toolchain: prepared, Cache: cache, Archives: archives, Namespaces: e.Probe.Namespaces, Groups: groups, Variants: e.variants}
	e.others = map[string]*build.Builder{}
	if other, err := toolchain.OpenRelease(options.CacheDir, toolchain.Previous); err == nil {
		also := *e.builder
		also.Toolchain, also.Variants = other, variant.NewStore(options.CacheDir, other)
		e.others[other.Version] = &also
	}
	e.open, e.closing = context.WithCancel(context.Background())
	e.spares = &spares{engine: e}
	e.flights = &flights{engine: e, under: map[string]*flight{}}
	if options.LinkersAhead > 0 && prepared.AheadLinker != "" {
		e.builder.Ahead = build.NewAhead(e.builder, options.LinkersAhead, e.place,
			func() error { return e.awaitIdle(linkerPause) })
	}
	return e, nil
}

// place gives a slot that is made ahead a directory and a user of its own.
func (e *Engine) place() (build.Place, error) {
	dir, err := e.scratch()
	if err != nil {
		return build.Place{}, err
	}
	uid := <-e.uids
	return build.Place{Dir: dir, UID: uid, Release: func() {
		_ = sandbox.RemoveAll(dir) // What stays is below the engine's own directory, which goes with it.
		e.uids <- uid
	}}, nil
}

// Level is how well this machine isolates.
func (e *Engine) Level() pb.IsolationLevel { return level(e.Probe) }

func level(report sandbox.Report) pb.IsolationLevel {
	switch {
	case report.Full():
		return pb.IsolationLevel_ISOLATION_LEVEL_FULL
	case report.Restricted():
		return pb.IsolationLevel_ISOLATION_LEVEL_RESTRICTED
	default:
		return pb.IsolationLevel_ISOLATION_LEVEL_REFUSED
	}
}

// GoVersions lists the releases that programs can be built with, the pinned one first.
func (e *Engine) GoVersions() []string {
	return append([]string{toolchain.Version}, slices.Sorted(maps.Keys(e.others))...)
}

// builderOf is who builds a request.
func (e *Engine) builderOf(request build.Request) *build.Builder {
	if other := e.others[request.Release]; other != nil {
		return other
	}
	return e.builder
}

// Slots returns how many builds and runs may happen at once.
func (e *Engine) Slots() (builds, runs int) { return cap(e.builds), cap(e.runs) }

// SettleAhead returns when the linkers and the slot that runs so far asked for are there. No run may be under way.
func (e *Engine) SettleAhead() {
	e.spares.work.Wait()
	if e.builder.Ahead != nil {
		e.builder.Ahead.Settle()
	}
}

// Builds is how many builds were begun so far.
func (e *Engine) Builds() uint64 { return e.built.Load() }

// Close removes the engine's files. No run may be under way.
func (e *Engine) Close() error {
	var err error
	e.close.Do(func() {
		e.closing()
		e.aside.Wait()
		e.flights.flying.Wait()
		if e.builder.Ahead != nil {
			e.builder.Ahead.Close()
		}
		e.spares.close()
		e.builder.Cache.Close()
		e.groups.Close()
		err = e.claimed.release()
		e.users.release()
	})
	return err
}

// Emit takes one event of a run. An error ends the run: nobody listens any more.
type Emit func(*pb.ExecuteResponse) error

// Execute performs one run. Events get their sequence numbers here; the last one is always End. stdin delivers what
// is typed and is closed by its sender. Cancelling ctx cancels the run.
func (e *Engine) Execute(ctx context.Context, start *pb.Start, stdin <-chan []byte, emit Emit) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	r := &run{engine: e, start: start, stdin: stdin, events: newEvents(emit, cancel), began: time.Now(), cancel: cancel}
	end := r.perform(ctx)
	end.WallUs = time.Since(r.began).Microseconds()
	r.events.end(end)
}

func (e *Engine) acquire(ctx context.Context, slots chan struct{}) error {
	select {
	case slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (e *Engine) scratch() (string, error) {
	dir, err := os.MkdirTemp(e.work, "run-")
	if err != nil {
		return "", fmt.Errorf("make a slot's directory: %w", err)
	}
	return dir, os.Chmod(dir, 0o711)
}
