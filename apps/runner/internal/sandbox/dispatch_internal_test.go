package sandbox

import (
	"strings"
	"testing"
)

func TestKnowsWhetherASlotProgramFits(t *testing.T) {
	for _, field := range []string{"Commands", "Wall", "AheadInput", "peak"} {
		if !strings.Contains(layout(), field) {
			t.Errorf("the layout does not tell of %s: %s", field, layout())
		}
	}
	if strings.Contains(layout(), "Groups") {
		t.Error("the layout tells of what is not sent")
	}
	for said, want := range map[string]int{layout(): 0, "another": statusFailed} {
		if exit, ours := Dispatch([]string{"sandbox-fits", said}); exit != want || !ours {
			t.Errorf("%.20q: exit %d, ours %v", said, exit, ours)
		}
	}
	if _, ours := Dispatch([]string{"exec"}); ours {
		t.Error("a command of the agent was taken for a slot's")
	}
}
