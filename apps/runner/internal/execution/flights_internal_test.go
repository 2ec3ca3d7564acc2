package execution

import (
	"context"
	"errors"
	"os"
	"sync"
	"testing"
	"time"

	"lineage.dev/runner/internal/build"
	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
)

func TestCloseWaitsForBuildsThatNobodyWaitsFor(t *testing.T) {
	e, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	// A text that was never built, so that there is a build to leave.
	text := "package main\n\nimport \"net/http\"\n\nfunc main() { println(http.StatusText(200), \"" + e.work + "\") }\n"
	closed := make(chan []byte)
	close(closed)
	e.Execute(ctx, &pb.Start{Kind: pb.RunKind_RUN_KIND_RUN, Files: []*pb.SourceFile{{Path: "main.go", Content: []byte(text)}}}, closed, func(event *pb.ExecuteResponse) error {
		if event.GetStage().GetName() == pb.StageName_STAGE_NAME_COMPILE {
			cancel()
		}
		return nil
	})
	if err := e.Close(); err != nil || len(e.builds) != 0 {
		t.Error(err, len(e.builds))
	}
	if _, err := os.Stat(e.work); !os.IsNotExist(err) {
		t.Error("the engine's files are left:", err)
	}
}

// patience is for what has to happen at once, on a machine that does much else.
const patience = 20 * time.Second

func newEngine(t *testing.T, options Options) *Engine {
	t.Helper()
	e, err := New(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

// lasting is work that lasts until it is ended or told to finish; it tells of each time that it begins.
func lasting(t *testing.T) (what work, began chan build.Request, finish func()) {
	began = make(chan build.Request, 8)
	finished := make(chan struct{})
	finish = sync.OnceFunc(func() { close(finished) })
	t.Cleanup(finish)
	return work{"lasting", func(_ *build.Builder, ctx context.Context, request build.Request) (build.Result, error) {
		began <- request
		select {
		case <-ctx.Done():
			return build.Result{}, ctx.Err()
		case <-finished:
			return build.Result{}, nil
		}
	}}, began, finish
}

func received[T any](t *testing.T, from <-chan T) (got T) {
	t.Helper()
	select {
	case got = <-from:
	case <-time.After(patience):
		t.Fatal("nothing came")
	}
	return got
}

// speculating tells how a speculative build ended.
func speculating(t *testing.T, e *Engine, request build.Request, what work) <-chan error {
	ended := make(chan error, 1)
	go func() {
		_, err := e.flights.speculate(t.Context(), request, what)
		ended <- err
	}()
	return ended
}

func textOf(name string) build.Request {
	return build.Request{Files: []build.File{{Path: "main.go", Content: []byte("package main\n\n// " + name + "\n")}}}
}

func TestASpeculativeBuildUnderWayGivesWayToOneThatHasNoSlot(t *testing.T) {
	e := newEngine(t, Options{BuildSlots: 2})
	what, began, finish := lasting(t)
	ended := speculating(t, e, textOf("typed"), what)
	received(t, began)
	go func() { _, _ = e.flights.wait(t.Context(), e.flights.join(textOf("first"), what, false)) }()
	received(t, began)
	select {
	case err := <-ended:
		t.Fatal("it was dropped though there was a slot:", err)
	default:
	}
	second := e.flights.join(textOf("second"), what, false)
	if err := received(t, ended); !errors.Is(err, errDropped) {
		t.Fatal(err)
	}
	received(t, began)
	if err := received(t, speculating(t, e, textOf("typed on"), what)); !errors.Is(err, errDropped) {
		t.Fatal("one was begun beside as many builds as there are slots:", err)
	}
	finish()
	if _, err := e.flights.wait(t.Context(), second); err != nil {
		t.Fatal(err)
	}
}

// A server that a group looks at runs for minutes; the others are told meanwhile what the compiler says.
func TestProgramsThatRunDoNotEndSpeculation(t *testing.T) {
	e := newEngine(t, Options{})
	e.runs <- struct{}{}
	defer func() { <-e.runs }()
	said, err := e.Build(t.Context(), &pb.Start{Kind: pb.RunKind_RUN_KIND_RUN, Files: []*pb.SourceFile{{Path: "main.go", Content: []byte("package main\n\nfunc main() { missing() }\n")}}}, true)
	if err != nil || said.Outcome != pb.BuildOutcome_BUILD_OUTCOME_REFUSED {
		t.Fatal(said, err)
	}
}

func TestAMeasuredRunWaitsForNothingThatNobodyAskedFor(t *testing.T) {
	e := newEngine(t, Options{})
	what, began, _ := lasting(t)
	ended := speculating(t, e, textOf("typed"), what)
	received(t, began)
	measured, err := e.share(t.Context(), true)
	if err != nil {
		t.Fatal(err)
	}
	if err := received(t, ended); !errors.Is(err, errDropped) {
		t.Fatal(err)
	}
	if err := received(t, speculating(t, e, textOf("typed meanwhile"), what)); !errors.Is(err, errDropped) {
		t.Fatal("something was begun beside a measurement:", err)
	}
	if !measured.release() {
		t.Error("it was not alone")
	}
	speculating(t, e, textOf("typed after it"), what)
	received(t, began)
}

// The lowest priority is for what nobody waits for: once somebody does, and others want the machine too, it begins anew.
func TestSpeculationIsAsideUntilSomebodyWaitsForIt(t *testing.T) {
	e := newEngine(t, Options{BuildSlots: 3})
	what, began, finish := lasting(t)
	speculating(t, e, textOf("typed"), what)
	if request := received(t, began); !request.Aside {
		t.Error("speculation has the priority of a run")
	}
	pressed := e.flights.join(textOf("typed"), what, false)
	if pressed.aside.Err() != nil {
		t.Fatal("it begins again though nobody else wants the machine")
	}
	other := e.flights.join(textOf("another group's"), what, false)
	for range 2 {
		if request := received(t, began); request.Aside {
			t.Error("somebody waits for what is done aside")
		}
	}
	finish()
	for _, one := range []*flight{pressed, other} {
		if _, err := e.flights.wait(t.Context(), one); err != nil {
			t.Error(err)
		}
	}
}
