package execution_test

import (
	"testing"

	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
)

const (
	kindVet    = pb.RunKind_RUN_KIND_VET
	kindFormat = pb.RunKind_RUN_KIND_FORMAT
	kindBuild  = pb.RunKind_RUN_KIND_BUILD
)

func TestVetNamesItsRuleAndTheLine(t *testing.T) {
	h := run(t, module(kindVet, "main.go", "package main\n\nimport \"fmt\"\n\nfunc main() {\n\tfmt.Printf(\"%d\\n\", \"x\")\n}\n"))
	h.want(t, pb.Verdict_VERDICT_FAILED, "")
	if len(h.diagnostics) != 1 {
		t.Fatal(h.diagnostics)
	}
	if d := h.diagnostics[0]; d.Path != "main.go" || d.Line != 6 || d.Rule != "printf" || d.Source != "vet" {
		t.Fatal(d)
	}
	h = run(t, module(kindVet, "main.go", "package main\n\nfunc main() { println(1) }\n"))
	h.want(t, pb.Verdict_VERDICT_PASSED, "")
	h = run(t, module(kindVet, "main.go", "package main\n\nfunc main() {\n\tundefined()\n}\n"))
	h.want(t, pb.Verdict_VERDICT_FAILED, "")
	if len(h.diagnostics) == 0 || h.diagnostics[0].Path != "main.go" || h.diagnostics[0].Line != 4 {
		t.Fatal(h.diagnostics)
	}
}

func TestFormatGivesTheFilesThatDiffer(t *testing.T) {
	h := run(t, module(kindFormat, "main.go", "package main\nfunc main() {\nprintln( 1 )\n}\n", "a/a.go", "package a\n"))
	h.want(t, pb.Verdict_VERDICT_PASSED, "")
	var files []*pb.FormattedFile
	for _, event := range h.events {
		if file := event.GetFormatted(); file != nil {
			files = append(files, file)
		}
	}
	if len(files) != 1 || files[0].Path != "main.go" || string(files[0].Content) != "package main\n\nfunc main() {\n\tprintln(1)\n}\n" {
		t.Fatal(files)
	}
	h = run(t, module(kindFormat, "main.go", "package main\n\nfunc {\n"))
	h.want(t, pb.Verdict_VERDICT_FAILED, "")
	if len(h.diagnostics) == 0 || h.diagnostics[0].Line != 3 {
		t.Fatal(h.diagnostics)
	}
}

func TestBuildTellsWhatTheCompilerDecided(t *testing.T) {
	h := run(t, module(kindBuild, "main.go", "package main\n\nfunc leak(n int) *int {\n\treturn &n\n}\n\nfunc at(s []int, i int) int {\n\treturn s[i]\n}\n\nfunc main() { println(*leak(1), at(nil, 0)) }\n"))
	h.want(t, pb.Verdict_VERDICT_PASSED, "")
	kinds := map[string]uint32{}
	for _, event := range h.events {
		if remark := event.GetRemark(); remark != nil {
			if remark.Path != "main.go" {
				t.Errorf("%v", remark)
			}
			if kinds[remark.Kind] == 0 {
				kinds[remark.Kind] = remark.Line
			}
		}
	}
	if kinds["heap"] != 3 || kinds["bounds_check"] != 8 || kinds["can_inline"] == 0 || kinds["inlined"] != 11 {
		t.Fatalf("%v", kinds)
	}
	h = run(t, module(kindBuild, "main.go", "package main\n\nfunc main() {\n\tvar x int = \"\"\n}\n"))
	h.want(t, pb.Verdict_VERDICT_FAILED, "")
	if len(h.diagnostics) == 0 || h.diagnostics[0].Line != 4 {
		t.Fatal(h.diagnostics)
	}
}

func TestNothingOfAnInspectedModuleIsExecuted(t *testing.T) {
	for _, kind := range []pb.RunKind{kindVet, kindFormat, kindBuild} {
		h := run(t, module(kind, "main.go", "package main\n\nfunc init() { panic(\"executed\") }\n\nfunc main() {}\n"))
		h.want(t, pb.Verdict_VERDICT_PASSED, "")
		if h.out != "" || h.err != "" {
			t.Errorf("%v said %q %q", kind, h.out, h.err)
		}
	}
}

func TestBuildTellsTheAssemblyOfAFunctionByLine(t *testing.T) {
	start := module(kindBuild, "main.go", "package main\n\n//go:noinline\nfunc add(a, b int) int {\n\treturn a + b\n}\n\nfunc main() { println(add(1, 2)) }\n")
	start.Assembly = `\.add$`
	h := run(t, start)
	h.want(t, pb.Verdict_VERDICT_PASSED, "")
	var told []*pb.Assembly
	for _, event := range h.events {
		if a := event.GetAssembly(); a != nil {
			told = append(told, a)
		}
	}
	if len(told) != 1 || told[0].Function != "main.add" || told[0].Path != "main.go" || told[0].Line != 4 {
		t.Fatal(told)
	}
	lines := map[uint32]bool{}
	for _, one := range told[0].Instructions {
		lines[one.Line] = true
	}
	if !lines[5] {
		t.Fatal(told[0].Instructions)
	}
	start.Kind = pb.RunKind_RUN_KIND_RUN
	if h = run(t, start); h.end.Verdict != pb.Verdict_VERDICT_ERRORED {
		t.Fatal(h.end)
	}
}
