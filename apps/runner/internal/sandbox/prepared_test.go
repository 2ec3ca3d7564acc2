package sandbox

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

// ended says whether a child of ours has ended; we have not asked how yet.
func ended(t *testing.T, pid int) bool {
	t.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := bytes.Cut(stat, []byte(") "))
	return bytes.HasPrefix(after, []byte("Z"))
}

func TestSlotThatCouldNotBeMadeSaysWhyWhenItGetsItsOrder(t *testing.T) {
	slot, err := Prepare(Spec{ScratchDir: "/nowhere", Limits: Limits{Wall: time.Minute}}, IO{})
	if err != nil {
		t.Fatal(err)
	}
	for !ended(t, slot.cmd.Process.Pid) {
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
	slot.Close()
	if outcome, err := slot.Run(t.Context(), Order{}); !errors.Is(err, ErrUnavailable) {
		t.Errorf("%+v, %v", outcome, err)
	}
}
