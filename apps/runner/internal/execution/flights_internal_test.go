package execution

import (
	"context"
	"os"
	"testing"

	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
)

func TestCloseWaitsForBuildsThatNobodyWaitsFor(t *testing.T) {
	e, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	// A text that was never built, so that there is a build to leave.
	text := "package main\n\nimport \"net/http\"\n\nfunc main() { println(http.StatusText(200), \"" + e.work + "\") }\n"
	closed := make(chan []byte)
	close(closed)
	e.Execute(ctx, &pb.Start{Kind: pb.RunKind_RUN_KIND_RUN, Files: []*pb.SourceFile{{Path: "main.go", Content: []byte(text)}}}, closed, func(event *pb.ExecuteResponse) error {
		if event.GetStage().GetName() == pb.StageName_STAGE_NAME_COMPILE {
			cancel()
		}
		return nil
	})
	if err := e.Close(); err != nil || len(e.builds) != 0 {
		t.Error(err, len(e.builds))
	}
	if _, err := os.Stat(e.work); !os.IsNotExist(err) {
		t.Error("the engine's files are left:", err)
	}
}
