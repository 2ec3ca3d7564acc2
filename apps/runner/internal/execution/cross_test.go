package execution_test

import (
	"strings"
	"testing"

	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
)

func crossed(text string, targets ...string) *pb.Start {
	start := program(text)
	start.Kind = pb.RunKind_RUN_KIND_CROSS
	for _, target := range targets {
		goos, goarch, _ := strings.Cut(target, "/")
		start.Targets = append(start.Targets, &pb.Target{Goos: goos, Goarch: goarch})
	}
	return start
}

func (h heard) crossBuilt() map[string]*pb.CrossBuilt {
	built := map[string]*pb.CrossBuilt{}
	for _, event := range h.events {
		if b := event.GetCrossBuilt(); b != nil {
			built[b.Target.Goos+"/"+b.Target.Goarch] = b
		}
	}
	return built
}

func TestAProgramIsBuiltForOtherSystems(t *testing.T) {
	h := run(t, crossed("package main\n\nimport \"os\"\n\nfunc main() { os.Exit(0) }\n", "linux/amd64", "windows/amd64", "wasip1/wasm"))
	h.want(t, pb.Verdict_VERDICT_PASSED, "")
	for target, want := range map[string]struct {
		format string
		static bool
	}{"linux/amd64": {"ELF", true}, "windows/amd64": {"PE", false}, "wasip1/wasm": {"wasm", true}} {
		b := h.crossBuilt()[target]
		if b == nil || !b.Built || b.Format != want.format || b.Static != want.static || b.SizeBytes < 500_000 || b.BuildUs <= 0 {
			t.Errorf("%s: %v", target, b)
		}
	}
}

func TestWhatCannotBeBuiltForASystemSaysWhy(t *testing.T) {
	start := crossed("package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println(name) }\n", "linux/amd64", "wasip1/wasm")
	start.Files = append(start.Files, source("name_linux.go", "package main\n\nconst name = \"linux\"\n"))
	h := run(t, start)
	h.want(t, pb.Verdict_VERDICT_FAILED, "")
	built := h.crossBuilt()
	if !built["linux/amd64"].GetBuilt() || built["wasip1/wasm"].GetBuilt() || len(built["wasip1/wasm"].GetDiagnostics()) != 1 {
		t.Fatal(built)
	}
	if d := built["wasip1/wasm"].Diagnostics[0]; d.Path != "main.go" || d.Line != 5 || !strings.Contains(d.Message, "undefined: name") {
		t.Fatal(d)
	}
	if len(h.diagnostics) != 1 || !strings.Contains(h.end.Reason, "wasip1/wasm") {
		t.Fatal(h.diagnostics, h.end)
	}
}

func TestOnlySystemsOfTheListAreBuiltFor(t *testing.T) {
	const text = "package main\n\nfunc main() {}\n"
	other := program(text)
	other.Targets = []*pb.Target{{Goos: "linux", Goarch: "arm64"}}
	for name, start := range map[string]*pb.Start{
		"none": crossed(text), "unknown": crossed(text, "plan9/mips"), "twice": crossed(text, "linux/amd64", "linux/amd64"), "another kind": other,
	} {
		if h := run(t, start); h.end.Verdict != pb.Verdict_VERDICT_ERRORED {
			t.Errorf("%s: %v", name, h.end)
		}
	}
}
