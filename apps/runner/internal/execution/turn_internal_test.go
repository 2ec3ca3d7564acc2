package execution

import (
	"context"
	"errors"
	"testing"
)

func TestBuildThatIsGivenUpWhileAMeasuredRunHasTheMachineGivesItsSlotBack(t *testing.T) {
	e := &Engine{builds: make(chan struct{}, 1), lane: newLane()}
	release, err := e.lane.take(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	given, giveUp := context.WithCancel(t.Context())
	giveUp()
	// Which of the two it was kept from by, its context or the lane, is the runtime's choice.
	for range 100 {
		if _, err := e.buildTurn(given); !errors.Is(err, context.Canceled) || len(e.builds) != 0 {
			t.Fatal(err, len(e.builds))
		}
	}
	if alone := release(); !alone {
		t.Error("a build that was given up has run")
	}
	leave, err := e.buildTurn(t.Context())
	if err != nil || len(e.builds) != 1 || e.lane.active != 1 {
		t.Fatal(err, len(e.builds), e.lane.active)
	}
	leave()
	if len(e.builds) != 0 || e.lane.active != 0 {
		t.Error(len(e.builds), e.lane.active)
	}
}
