package execution_test

import (
	"context"
	"strings"
	"testing"

	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
)

func limited(text string, limits *pb.Limits) *pb.Start {
	start := program(text)
	start.Limits = limits
	return start
}

func TestOutputKeepsItsHeadAndTailAndCountsTheRest(t *testing.T) {
	h := run(t, program("package main\n\nimport (\n\t\"bytes\"\n\t\"os\"\n)\n\nfunc main() {\n\tos.Stdout.WriteString(\"first\")\n\tb := bytes.Repeat([]byte(\"x\"), 1<<20)\n\tfor range 100 {\n\t\tos.Stdout.Write(b)\n\t}\n\tos.Stdout.WriteString(\"last\")\n}\n"))
	h.want(t, pb.Verdict_VERDICT_PASSED, "")
	if !strings.HasPrefix(h.out, "first") || !strings.HasSuffix(h.out, "last") {
		t.Fatal("head or tail is missing")
	}
	if total := uint64(len(h.out)) + h.dropped; total != h.end.StdoutBytes || len(h.out) > 2<<20 {
		t.Fatalf("%d shown and %d dropped of %d", len(h.out), h.dropped, h.end.StdoutBytes)
	}
}

func TestCancelEndsTheRunAtEachStage(t *testing.T) {
	for _, stage := range []pb.StageName{pb.StageName_STAGE_NAME_COMPILE, pb.StageName_STAGE_NAME_RUN} {
		t.Run(stage.String(), func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			start := program("package main\n\n// " + t.Name() + "\nfunc main() { for {} }\n")
			h := perform(t, ctx, start, nil, func(event *pb.ExecuteResponse) {
				if s := event.GetStage(); s != nil && s.Name == stage && !s.Finished {
					cancel()
				}
			})
			h.want(t, pb.Verdict_VERDICT_CANCELLED, "")
		})
	}
}

// breakOut tries one thing and prints whether it worked.
const breakOut = "package main\n\nimport (\n\t\"fmt\"\n\t\"net\"\n\t\"os\"\n\t\"syscall\"\n\t\"time\"\n)\n\nvar _ = net.Dial\nvar _ = time.Now\nvar _ = os.Open\nvar _ = syscall.Kill\n\nfunc main() {\n\tif err := try(); err != nil {\n\t\tfmt.Println(\"refused:\", err)\n\t\treturn\n\t}\n\tfmt.Println(\"ALLOWED\")\n}\n\nfunc try() error {\n"
