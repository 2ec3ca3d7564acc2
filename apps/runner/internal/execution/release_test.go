package execution_test

import (
	"strings"
	"testing"

	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
	"lineage.dev/runner/internal/toolchain"
)

// withPrevious is a program for a module that the release before can build.
func withPrevious(text, goMod string) *pb.Start {
	return &pb.Start{Kind: pb.RunKind_RUN_KIND_RUN, GoVersion: toolchain.Previous, Files: []*pb.SourceFile{source("go.mod", "module lesson\n\ngo 1.26\n"+goMod), source("main.go", text)}}
}

func TestAProgramIsBuiltWithTheReleaseBeforeInBothWays(t *testing.T) {
	for way, goMod := range map[string]string{"fast": "", "go build": "\ngodebug default=go1.26\n"} {
		start := unlike(withPrevious(whichGo, goMod), len(way))
		start.GoVersion = toolchain.Previous
		h := perform(t, t.Context(), start, nil, nil)
		h.want(t, pb.Verdict_VERDICT_PASSED, "")
		if by, why := h.builtBy(); h.out != toolchain.Previous+"\n" || by != way {
			t.Errorf("%q, built by %q, %s", h.out, by, why)
		}
	}
	tests := withPrevious("package main\n\nfunc main() {}\n", "")
	tests.Kind = pb.RunKind_RUN_KIND_TEST
	tests.Files = append(tests.Files, source("main_test.go", "package main\n\nimport (\n\t\"runtime\"\n\t\"testing\"\n)\n\nfunc TestGo(t *testing.T) {\n\tif runtime.Version() != \""+toolchain.Previous+"\" {\n\t\tt.Fatal(runtime.Version())\n\t}\n}\n"))
	h := run(t, tests)
	h.want(t, pb.Verdict_VERDICT_PASSED, "")
	if h.tests["TestGo"] != pb.TestOutcome_TEST_OUTCOME_PASSED {
		t.Error(h.tests)
	}
}

func TestTheReleaseBeforeHasItsOwnBuildTagsAndLanguage(t *testing.T) {
	start := withPrevious("package main\n\nfunc main() { println(name) }\n", "")
	start.Files = append(start.Files, source("new.go", "//go:build go1.27\n\npackage main\n\nconst name = \"new\"\n"), source("old.go", "//go:build !go1.27\n\npackage main\n\nconst name = \"old\"\n"))
	h := run(t, start)
	h.want(t, pb.Verdict_VERDICT_PASSED, "")
	if h.err != "old\n" {
		t.Error(h.err)
	}
	newer := program(whichGo)
	newer.GoVersion = toolchain.Previous
	h = run(t, newer)
	h.want(t, pb.Verdict_VERDICT_FAILED, "")
	if len(h.diagnostics) != 1 || !strings.Contains(h.diagnostics[0].Message, "asks for Go 1.27, and programs are built with "+toolchain.Previous) {
		t.Error(h.diagnostics)
	}
}

func TestWhatTheReleaseBeforeHasNotIsRefused(t *testing.T) {
	for name, change := range map[string]func(*pb.Start){
		"profile":    func(s *pb.Start) { s.Signals = []pb.Signal{pb.Signal_SIGNAL_CPU} },
		"experiment": func(s *pb.Start) { s.GoExperiment = "nogreenteagc" },
		"race":       func(s *pb.Start) { s.Kind = pb.RunKind_RUN_KIND_RACE },
		"vet":        func(s *pb.Start) { s.Kind = pb.RunKind_RUN_KIND_VET },
		"another":    func(s *pb.Start) { s.GoVersion = "go1.25.1" },
	} {
		start := withPrevious(whichGo, "")
		change(start)
		if h := run(t, start); h.end.Verdict != pb.Verdict_VERDICT_ERRORED {
			t.Errorf("%s: %v", name, h.end)
		}
	}
}
