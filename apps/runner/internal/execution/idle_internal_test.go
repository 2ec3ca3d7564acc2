package execution

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func idleAfter(t *testing.T, e *Engine, pause time.Duration) time.Duration {
	t.Helper()
	began := time.Now()
	if err := e.awaitIdle(pause); err != nil {
		t.Fatal(err)
	}
	return time.Since(began)
}

func TestWhatIsMadeAheadWaitsForAnIdleMachineButNotForEver(t *testing.T) {
	for name, slots := range map[string]func(*Engine) chan struct{}{
		"a build":   func(e *Engine) chan struct{} { return e.builds },
		"a program": func(e *Engine) chan struct{} { return e.runs },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e := &Engine{builds: make(chan struct{}, 2), runs: make(chan struct{}, 1), lane: newLane(), flights: &flights{}, open: t.Context()}
				if waited := idleAfter(t, e, sparePause); waited != sparePause {
					t.Error("on an idle machine", waited)
				}
				slots(e) <- struct{}{}
				time.AfterFunc(sparePause+time.Millisecond, func() { <-slots(e) })
				if waited := idleAfter(t, e, sparePause); waited != 2*sparePause {
					t.Error("on a machine that becomes idle", waited)
				}
				slots(e) <- struct{}{}
				if waited := idleAfter(t, e, sparePause); waited != idlePatience {
					t.Error("on a busy machine", waited)
				}
			})
		})
	}
}

func TestNothingIsMadeAheadWhileBuildsMayWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := &Engine{builds: make(chan struct{}, 2), runs: make(chan struct{}, 1), lane: newLane(), flights: &flights{}, open: t.Context()}
		e.builds <- struct{}{}
		e.builds <- struct{}{}
		crowd := 2 * idlePatience
		time.AfterFunc(crowd+time.Millisecond, func() { <-e.builds })
		if waited := idleAfter(t, e, sparePause); waited != crowd+sparePause {
			t.Error(waited)
		}
	})
}

// It would be measured too.
func TestNothingIsMadeAheadBesideAMeasurement(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := &Engine{builds: make(chan struct{}, 2), runs: make(chan struct{}, 1), lane: newLane(), flights: &flights{}, open: t.Context()}
		measured, err := e.share(t.Context(), true)
		if err != nil {
			t.Fatal(err)
		}
		e.runs <- struct{}{}
		lasts := 2 * idlePatience
		time.AfterFunc(lasts+time.Millisecond, func() {
			measured.release()
			<-e.runs
		})
		if waited := idleAfter(t, e, sparePause); waited != lasts+sparePause {
			t.Error(waited)
		}
	})
}

func TestWhatIsMadeAheadDoesNotWaitForWhatNobodyAskedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begun := make(chan struct{})
		e := &Engine{builds: make(chan struct{}, 2), runs: make(chan struct{}, 1), lane: newLane(), flights: &flights{idle: &flight{begun: begun}}, open: t.Context()}
		e.builds <- struct{}{}
		if waited := idleAfter(t, e, sparePause); waited != idlePatience {
			t.Error("a speculative build that waits for its slot has none", waited)
		}
		close(begun)
		if waited := idleAfter(t, e, sparePause); waited != sparePause {
			t.Error("beside a speculative build", waited)
		}
		e.builds <- struct{}{}
		time.AfterFunc(sparePause+time.Millisecond, func() { <-e.builds })
		if waited := idleAfter(t, e, sparePause); waited != 2*sparePause {
			t.Error("beside a build that was asked for", waited)
		}
	})
}

func TestNothingIsMadeAheadForAnEngineThatCloses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := &Engine{builds: make(chan struct{}, 1), runs: make(chan struct{}, 1), lane: newLane(), flights: &flights{}}
		e.open, e.closing = context.WithCancel(t.Context())
		e.spares = &spares{engine: e}
		if e.spares.take(limitsOf(nil)) != nil {
			t.Fatal("a spare was there before it was made")
		}
		e.closing()
		began := time.Now()
		e.spares.close()
		if time.Since(began) != 0 || e.spares.ready != nil {
			t.Error("closing waited for", time.Since(began))
		}
		if err := e.awaitIdle(sparePause); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
}
