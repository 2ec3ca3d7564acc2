package build

import (
	"testing"
	"time"

	"lineage.dev/runner/internal/sandbox"
)

func TestOnlyAFailedLinkIsDoneAgain(t *testing.T) {
	const compiles = 2
	steps := func(n int) []time.Duration { return make([]time.Duration, n) }
	for name, c := range map[string]struct {
		outcome sandbox.Outcome
		again   bool
	}{
		"all went well":            {sandbox.Outcome{StepTimes: steps(3)}, false},
		"the first compile failed": {sandbox.Outcome{StepTimes: steps(1), ExitCode: 2}, false},
		"the last compile failed":  {sandbox.Outcome{StepTimes: steps(2), ExitCode: 2}, false},
		"the link failed":          {sandbox.Outcome{StepTimes: steps(3), ExitCode: 2}, true},
		"the link was killed":      {sandbox.Outcome{StepTimes: steps(3), Signal: 9}, true},
		"the slot failed":          {sandbox.Outcome{Failure: "no room"}, true},
	} {
		if again := needsReleasesLinker(c.outcome, compiles); again != c.again {
			t.Errorf("%s: again %v", name, again)
		}
	}
}
