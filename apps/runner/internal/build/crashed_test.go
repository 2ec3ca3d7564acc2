package build

import (
	"errors"
	"testing"

	"lineage.dev/runner/internal/sandbox"
)

func TestACrashOfAToolIsNotTheLearnersFault(t *testing.T) {
	b := &Builder{}
	failed := sandbox.Outcome{ExitCode: 2}
	said := "runtime: may need to increase max user processes (ulimit -u)\nfatal error: newosproc\n"
	if _, err := b.conclude(Result{}, failed, 2, said, "", ""); !errors.Is(err, ErrFailed) {
		t.Errorf("a crash: %v", err)
	}
	if _, err := b.conclude(Result{}, sandbox.Outcome{Signal: 9}, 2, "", "", ""); !errors.Is(err, ErrFailed) {
		t.Errorf("a signal: %v", err)
	}
	result, err := b.conclude(Result{}, failed, 2, "main.go:3:1: syntax error\n", "", "")
	if err != nil || len(result.Diagnostics) != 1 || result.Diagnostics[0].Line != 3 {
		t.Errorf("a mistake: %v %v", result.Diagnostics, err)
	}
}
