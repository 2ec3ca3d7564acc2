package execution

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestMeasuredRunWaitsForOthersAndKeepsThemOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, ctx := newLane(), t.Context()
		if err := l.enter(ctx); err != nil {
			t.Fatal(err)
		}
		var order []string
		done := make(chan bool)
		go func() {
			release, err := l.take(ctx)
			if err != nil {
				t.Error(err)
			}
			order = append(order, "measured")
			time.Sleep(time.Second)
			order = append(order, "measured ended")
			done <- release()
		}()
		time.Sleep(time.Second)
		order = append(order, "first ended")
		l.leave()
		synctest.Wait()
		if err := l.enter(ctx); err != nil {
			t.Fatal(err)
		}
		order = append(order, "second")
		l.leave()
		if alone := <-done; !alone || len(order) != 4 || order[0] != "first ended" || order[1] != "measured" || order[3] != "second" {
			t.Fatal(alone, order)
		}
	})
}

func TestNobodyWaitsForEverAndTheResultSaysSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, ctx := newLane(), t.Context()
		release, err := l.take(ctx)
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		if err := l.enter(ctx); err != nil || time.Since(began) != laneHold {
			t.Fatal(err, time.Since(began))
		}
		second, err := l.take(ctx)
		if err != nil || time.Since(began) != laneHold+laneWait {
			t.Fatal(err, time.Since(began))
		}
		if second() || release() {
			t.Fatal("they were not alone")
		}
		l.leave()
		third, err := l.take(ctx)
		if err != nil || !third() {
			t.Fatal("the lane is free again", err)
		}
	})
}

func TestWhoWaitsForTheLaneCanGiveUp(t *testing.T) {
	l := newLane()
	release, err := l.take(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := l.enter(ctx); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if _, err := l.take(ctx); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if !release() {
		t.Fatal("nobody else entered")
	}
}

func TestOthersAreWhatTheMachineDidBesideTheProgram(t *testing.T) {
	const stat = "cpu  100 10 40 5000 70 3 7 0 0 0\ncpu0 1 1 1 1\n"
	if got := parseBusy(stat); got != 1600*time.Millisecond {
		t.Fatal(got)
	}
	if parseBusy("") != 0 || parseBusy("cpu a b c d e f g h") != 0 {
		t.Fatal("what cannot be read is 0")
	}
	if q := quiet(true, 10*time.Second, 14*time.Second, 3*time.Second, 2*time.Second); q.OtherCores != 0.5 || !q.Alone {
		t.Fatal(q)
	}
}
