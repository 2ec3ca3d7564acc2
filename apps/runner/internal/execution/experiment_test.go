package execution_test

import (
	"strings"
	"testing"

	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
)

const whichGo = "package main\n\nimport (\n\t\"fmt\"\n\t\"runtime\"\n)\n\nfunc main() { fmt.Println(runtime.Version()) }\n"

func TestAProgramIsBuiltWithAnExperimentInBothWays(t *testing.T) {
	for way, goMod := range map[string]string{"fast": "", "go build": "\ngodebug default=go1.27\n"} {
		start := unlike(program(whichGo), len(way))
		start.Files[1].Content = append(start.Files[1].Content, goMod...)
		start.GoExperiment = "nogreenteagc"
		h := perform(t, t.Context(), start, nil, nil)
		h.want(t, pb.Verdict_VERDICT_PASSED, "")
		if !strings.HasSuffix(h.out, "-X:nogreenteagc\n") {
			t.Errorf("%s: %q", way, h.out)
		}
		if by, why := h.builtBy(); by != way {
			t.Errorf("built by %q, %s", by, why)
		}
	}
	// Without it, it is another program.
	if h := run(t, program(whichGo)); strings.Contains(h.out, "X:nogreenteagc") {
		t.Error(h.out)
	}
}

func TestTestsAndProfilesRunWithAnExperiment(t *testing.T) {
	start := program(whichGo)
	start.GoExperiment, start.Signals = "nogreenteagc", []pb.Signal{pb.Signal_SIGNAL_HEAP}
	h := perform(t, t.Context(), start, nil, nil)
	h.want(t, pb.Verdict_VERDICT_PASSED, "")
	if len(h.artifacts["heap.pb.gz"]) == 0 {
		t.Error("no profile")
	}
	tests := tested(pb.RunKind_RUN_KIND_TEST, "import (\n\t\"runtime\"\n\t\"strings\"\n\t\"testing\"\n)\n\nfunc TestGo(t *testing.T) {\n\tif !strings.Contains(runtime.Version(), \"X:nogreenteagc\") {\n\t\tt.Fatal(runtime.Version())\n\t}\n}\n", nil)
	tests.GoExperiment = "nogreenteagc"
	run(t, tests).want(t, pb.Verdict_VERDICT_PASSED, "")
}

func TestOnlyExperimentsThatCanBePreparedAreTaken(t *testing.T) {
	for _, name := range []string{"nosuchthing", "nogreenteagc,arenas", "../x"} {
		start := program(whichGo)
		start.GoExperiment = name
		run(t, start).want(t, pb.Verdict_VERDICT_ERRORED, "")
	}
	race := program(whichGo)
	race.Kind, race.GoExperiment = pb.RunKind_RUN_KIND_RACE, "nogreenteagc"
	run(t, race).want(t, pb.Verdict_VERDICT_ERRORED, "")
	other := program(whichGo)
	other.GoVersion = "go1.1"
	run(t, other).want(t, pb.Verdict_VERDICT_ERRORED, "")
}
