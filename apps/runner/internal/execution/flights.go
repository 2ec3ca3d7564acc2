package execution

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"time"

	"lineage.dev/runner/internal/build"
)

// errDropped says that a speculative build gave way to a real one.
var errDropped = errors.New("execution: the machine is needed for a run")

// flights share builds: of equal snapshots, whoever asks for them, one is built. A build ends early when nobody waits
// for it any more.
type flights struct {
	engine *Engine
	mu     sync.Mutex
	under  map[string]*flight
	// idle is the only speculative build that may be under way; it is that until somebody presses Run.
	idle *flight
	// behind is what was begun so and is waited for now. It still has the lowest priority, which costs nothing while the
	// machine does nothing else.
	behind *flight
	// flying are the builds that have not ended, also those that nobody waits for any more.
	flying sync.WaitGroup
}

type flight struct {
	key     string
	request build.Request
	what    work
	done    chan struct{}
	cancel  context.CancelFunc
	waiting int
	// again ends work that is done aside, which then begins anew with the priority of what somebody waits for.
	aside context.Context
	again context.CancelFunc
	// begun is closed when the build has its slot; queued is how long it waited for it.
	begun  chan struct{}
	queued time.Duration
	result build.Result
	err    error
}

// work is what a flight does with the files of a request, in a place of its own.
type work struct {
	// name tells flights of equal files apart.
	name    string
	perform func(*build.Builder, context.Context, build.Request) (build.Result, error)
}

var (
	building = work{"build", (*build.Builder).Build}
	vetting  = work{"vet", func(b *build.Builder, ctx context.Context, request build.Request) (build.Result, error) {
		found, err := b.Vet(ctx, request)
		return build.Result{Diagnostics: found.Diagnostics, Limit: found.Limit}, err
	}}
)

// build returns the program of a request, or ctx's error when that ended first. begun is told how long the build
// waited for its slot.
func (f *flights) build(ctx context.Context, request build.Request, begun func(time.Duration)) (build.Result, error) {
	joined := f.join(request, building, false)
	select {
	case <-joined.begun:
	case <-joined.done:
	case <-ctx.Done():
	}
	// Again, for a build that was quick is both begun and done.
	select {
	case <-joined.begun:
		begun(joined.queued)
	default:
	}
	return f.wait(ctx, joined)
}

// speculate works when the machine has nothing else to do, and returns errDropped when it has or gets something.
func (f *flights) speculate(ctx context.Context, request build.Request, what work) (build.Result, error) {
	joined := f.join(request, what, true)
	if joined == nil {
		return build.Result{}, errDropped
	}
	return f.wait(ctx, joined)
}

func (f *flights) join(request build.Request, what work, speculative bool) *flight {
	key := what.name + " " + f.engine.builderOf(request).Key(request)
	f.mu.Lock()
	defer f.mu.Unlock()
	if under := f.under[key]; under != nil {
		under.waiting++
		if !speculative && f.idle == under {
			f.idle, f.behind = nil, under
			if len(f.engine.builds) > 1 || len(f.engine.runs) >= runtime.NumCPU() {
				f.hurry()
			}
		}
		return under
	}
	if speculative && (f.idle != nil || !f.engine.spared()) {
		return nil
	}
	ctx, cancel := context.WithCancel(context.Background())
	request.Aside = speculative
	started := &flight{key: key, request: request, what: what, begun: make(chan struct{}), done: make(chan struct{}), cancel: cancel, waiting: 1}
	f.under[key] = started
	if speculative {
		started.aside, started.again = context.WithCancel(ctx)
		f.idle = started
	} else {
		f.hurry()
		f.dropIdle()
	}
	f.flying.Go(func() { f.fly(ctx, started) })
	return started
}

// speculates says whether a speculative build has a slot.
func (f *flights) speculates() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.idle == nil {
		return false
	}
	select {
	case <-f.idle.begun:
		return true
	default:
		return false
	}
}

// dropIdle ends the speculative build when a real one would have to wait for its slot. Call with the lock held.
func (f *flights) dropIdle() {
	if len(f.engine.builds) >= cap(f.engine.builds) {
		f.drop()
	}
}

// makeRoom ends the speculative build: a run is to be measured.
func (f *flights) makeRoom() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.drop()
}

// hurry begins a build anew that others would push aside. Call with the lock held.
func (f *flights) hurry() {
	if f.behind != nil {
		f.behind.again()
		f.behind = nil
	}
}

func (f *flights) drop() {
	if f.idle == nil {
		return
	}
	f.idle.err = errDropped
	f.forget(f.idle)
	f.idle.cancel()
	f.idle = nil
}

// forget keeps others from joining. Call with the lock held.
func (f *flights) forget(of *flight) {
	if f.under[of.key] == of {
		delete(f.under, of.key)
	}
}

func (f *flights) wait(ctx context.Context, joined *flight) (build.Result, error) {
	select {
	case <-joined.done:
		return joined.result, joined.err
	case <-ctx.Done():
		f.mu.Lock()
		defer f.mu.Unlock()
		joined.waiting--
		if joined.waiting == 0 {
			f.forget(joined)
			joined.cancel()
		}
		return build.Result{}, ctx.Err()
	}
}

func (f *flights) fly(ctx context.Context, flying *flight) {
	began := time.Now()
	begun := sync.OnceFunc(func() {
		flying.queued = time.Since(began)
		close(flying.begun)
	})
	result, err := f.work(ctx, flying, begun)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.forget(flying)
	if f.idle == flying {
		f.idle = nil
	}
	if f.behind == flying {
		f.behind = nil
	}
	if flying.err == nil {
		flying.result, flying.err = result, err
	}
	flying.cancel()
	close(flying.done)
}

// work does a flight's work, a second time when it was begun aside and is in a hurry now: without a privilege a priority
// cannot be raised again.
func (f *flights) work(ctx context.Context, flying *flight, begun func()) (build.Result, error) {
	request := flying.request
	if request.Aside {
		result, err := f.engine.workAlone(flying.aside, request, flying.what, begun)
		if flying.aside.Err() == nil || ctx.Err() != nil {
			return result, err
		}
		request.Aside = false
	}
	return f.engine.workAlone(ctx, request, flying.what, begun)
}

// workAlone waits for a build's turn and works in a directory of its own.
func (e *Engine) workAlone(ctx context.Context, request build.Request, what work, begun func()) (build.Result, error) {
	leave, err := e.buildTurn(ctx)
	if err != nil {
		return build.Result{}, err
	}
	defer leave()
	begun()
	e.built.Add(1)
	place, err := e.place()
	if err != nil {
		return build.Result{}, errNoRoom
	}
	defer place.Release()
	request.Scratch, request.UID = place.Dir, place.UID
	request.Crowded = len(e.builds) >= runtime.NumCPU()
	result, err := what.perform(e.builderOf(request), ctx, request)
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	return result, err
}

var errNoRoom = errors.New("the runner has no room for another run; free disk space on its machine")
