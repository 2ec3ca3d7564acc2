package execution_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
)

// An edit reaches the program through every package between: below, in the middle, and at the top.
func TestPackagesAreCompiledAgainWhenTheyOrWhatTheyImportChanged(t *testing.T) {
	nonce := fmt.Sprint(time.Now().UnixNano())
	parts := map[string]string{"below": "1", "middle": "1", "top": "1"}
	perform := func() string {
		start := program("package main\n\nimport (\n\t\"fmt\"\n\n\t\"lesson/middle\"\n)\n\nfunc main() { fmt.Println(middle.Say(), \"top" + parts["top"] + "\") }\n// " + nonce + "\n")
		start.Files = append(start.Files,
			source("middle/middle.go", "package middle\n\nimport \"lesson/below\"\n\nfunc Say() string { return below.Say() + \" middle"+parts["middle"]+"\" }\n// "+nonce+"\n"),
			source("below/below.go", "package below\n\nfunc Say() string { return \"below"+parts["below"]+"\" }\n// "+nonce+"\n"))
		h := run(t, start)
		h.want(t, pb.Verdict_VERDICT_PASSED, "")
		return strings.TrimSpace(h.out)
	}
	for _, changed := range []string{"", "below", "middle", "top", "below"} {
		if changed != "" {
			parts[changed] += "1"
		}
		want := fmt.Sprintf("below%s middle%s top%s", parts["below"], parts["middle"], parts["top"])
		if got := perform(); got != want {
			t.Fatalf("after a change of %q: printed %q, want %q", changed, got, want)
		}
	}
}

// A package of one module is not that of another with the same text: their paths differ in what they print of types.
func TestPackagesOfTwoModulesAreTwo(t *testing.T) {
	for _, module := range []string{"first", "second"} {
		start := &pb.Start{Kind: pb.RunKind_RUN_KIND_RUN, Files: []*pb.SourceFile{
			source("go.mod", "module "+module+"\n\ngo 1.27\n"),
			source("main.go", "package main\n\nimport (\n\t\"fmt\"\n\t\"reflect\"\n\n\t\""+module+"/kind\"\n)\n\nfunc main() { fmt.Println(reflect.TypeOf(kind.T{}).PkgPath()) }\n"),
			source("kind/kind.go", "package kind\n\ntype T struct{}\n"),
		}}
		if h := run(t, start); h.out != module+"/kind\n" {
			t.Fatalf("printed %q: %v", h.out, h.end)
		}
	}
}
