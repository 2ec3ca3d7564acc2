package execution_test

import (
	"context"
	"sync"
	"testing"

	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
)

func (h heard) stageDetail(name pb.StageName) string {
	for _, event := range h.events {
		if stage := event.GetStage(); stage != nil && stage.Name == name && stage.Finished {
			return stage.Detail
		}
	}
	return "none"
}

const helloText = "package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println(\"hello\") }\n"

func TestWhatWasBuiltAheadIsFoundByTheRun(t *testing.T) {
	for _, speculative := range []bool{false, true} {
		start := unlike(program(helloText), 0)
		said, err := engine.Build(t.Context(), start, speculative)
		if err != nil || said.Outcome != pb.BuildOutcome_BUILD_OUTCOME_BUILT {
			t.Fatal(said, err)
		}
		h := run(t, start)
		h.want(t, pb.Verdict_VERDICT_PASSED, "")
		if detail := h.stageDetail(pb.StageName_STAGE_NAME_COMPILE); detail != "cached" {
			t.Fatalf("speculative %v: compiled again: %s", speculative, detail)
		}
	}
}

func TestBuildingAheadSaysWhatIsWrong(t *testing.T) {
	said, err := engine.Build(t.Context(), program("package main\n\nfunc main() { missing() }\n"), true)
	if err != nil || said.Outcome != pb.BuildOutcome_BUILD_OUTCOME_REFUSED {
		t.Fatal(said, err)
	}
	if len(said.Diagnostics) != 1 || said.Diagnostics[0].Path != "main.go" || said.Diagnostics[0].Line != 3 {
		t.Fatal(said.Diagnostics)
	}
}

// Equal programs that are asked for at once are built once: all but one find it cached or share the one build.
func TestEqualSnapshotsAreBuiltOnce(t *testing.T) {
	start := unlike(program(helloText), 0)
	before := engine.Builds()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			said, err := engine.Build(t.Context(), start, false)
			if err != nil || said.Outcome != pb.BuildOutcome_BUILD_OUTCOME_BUILT {
				t.Error(said, err)
			}
		})
	}
	all.Wait()
	if made := engine.Builds() - before; made != 1 {
		t.Fatalf("built %d times", made)
	}
}

// One who gives up does not take the build from the others.
func TestABuildLivesAsLongAsSomebodyWaits(t *testing.T) {
	start := unlike(program(helloText), 0)
	impatient, giveUp := context.WithCancel(t.Context())
	var all sync.WaitGroup
	all.Go(func() { _, _ = engine.Build(impatient, start, false) })
	all.Go(func() {
		said, err := engine.Build(t.Context(), start, false)
		if err != nil || said.Outcome != pb.BuildOutcome_BUILD_OUTCOME_BUILT {
			t.Error(said, err)
		}
	})
	giveUp()
	all.Wait()
}

func TestTextIsVettedAside(t *testing.T) {
	suspicious := program("package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Printf(\"%d\\n\", \"text\") }\n")
	suspicious.Kind = pb.RunKind_RUN_KIND_VET
	// What vet needs is there after the first one.
	run(t, suspicious)
	said, err := engine.Build(t.Context(), suspicious, true)
	if err != nil || said.Outcome != pb.BuildOutcome_BUILD_OUTCOME_REFUSED || len(said.Diagnostics) != 1 {
		t.Fatal(said, err)
	}
	if d := said.Diagnostics[0]; d.Source != "vet" || d.Rule != "printf" || d.Line != 5 {
		t.Fatal(d)
	}
	clean := program(helloText)
	clean.Kind = suspicious.Kind
	if said, err := engine.Build(t.Context(), clean, true); err != nil || said.Outcome != pb.BuildOutcome_BUILD_OUTCOME_BUILT {
		t.Fatal(said, err)
	}
	// Asked for by nobody but the caller, it is not done ahead: a run of go vet does it.
	if said, err := engine.Build(t.Context(), clean, false); err != nil || said.Outcome != pb.BuildOutcome_BUILD_OUTCOME_DROPPED {
		t.Fatal(said, err)
	}
}
