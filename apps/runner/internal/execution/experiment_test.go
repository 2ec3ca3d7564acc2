package execution_test

import (
	"strings"
	"testing"

	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
	"lineage.dev/runner/internal/toolchain"
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

// TestFilesAreChosenByTheGoOfTheRun has a file for each side of what differs between the releases and their experiments.
func TestFilesAreChosenByTheGoOfTheRun(t *testing.T) {
	files := []*pb.SourceFile{source("main.go", "package main\n\nfunc main() { println(green, json, release) }\n")}
	for name, tag := range map[string]string{"green": "goexperiment.greenteagc", "json": "goexperiment.jsonv2", "release": "go1.27"} {
		for side, line := range map[string]string{"with": tag, "without": "!" + tag} {
			files = append(files, source(name+"_"+side+".go", "//go:build "+line+"\n\npackage main\n\nconst "+name+" = \""+side+"\"\n"))
		}
	}
	for name, c := range map[string]struct {
		version, experiment, language, want string
	}{
		"pinned":                {"", "", "1.27", "with with with\n"},
		"without an experiment": {"", "nogreenteagc", "1.27", "without with with\n"},
		"the release before":    {toolchain.Previous, "", "1.26", "with without without\n"},
	} {
		for way, goMod := range map[string]string{"fast": "", "go build": "\ngodebug default=go" + c.language + "\n"} {
			goMod := source("go.mod", "module lesson\n\ngo "+c.language+"\n"+goMod)
			start := unlike(&pb.Start{Kind: kindRun, Files: append([]*pb.SourceFile{goMod}, files...)}, len(way))
			start.GoVersion, start.GoExperiment = c.version, c.experiment
			h := perform(t, t.Context(), start, nil, nil)
			if by, why := h.builtBy(); h.err != c.want || by != way {
				t.Errorf("%s: %q, built by %q, %s %v", name, h.err, by, why, h.diagnostics)
			}
		}
	}
}
