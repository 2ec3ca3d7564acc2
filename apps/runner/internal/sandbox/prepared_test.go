package sandbox

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestSlotThatCouldNotBeMadeSaysWhyWhenItGetsItsOrder(t *testing.T) {
	slot, err := Prepare(Spec{ScratchDir: "/nowhere", Limits: Limits{Wall: time.Minute}}, IO{})
	if err != nil {
		t.Fatal(err)
	}
	for !slot.Lost() {
		time.Sleep(time.Millisecond)
	}
	outcome, err := slot.Run(t.Context(), Order{Commands: []Command{{Path: "/bin/program"}}})
	if err != nil || !strings.Contains(outcome.Failure, "/nowhere") {
		t.Errorf("%+v, %v", outcome, err)
	}
	<-slot.Gone()
}

func TestSlotThatWasClosedTakesNoOrder(t *testing.T) {
	slot, err := Prepare(Spec{ScratchDir: t.TempDir(), Limits: Limits{Wall: time.Minute}}, IO{})
	if err != nil {
		t.Fatal(err)
	}
	if slot.Lost() {
		t.Error("lost though nothing ended it")
	}
	slot.Close()
	if outcome, err := slot.Run(t.Context(), Order{}); !errors.Is(err, ErrUnavailable) {
		t.Errorf("%+v, %v", outcome, err)
	}
}
