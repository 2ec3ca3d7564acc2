package execution

import (
	"testing"

	"google.golang.org/protobuf/proto"

	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
	"lineage.dev/runner/internal/harness"
)

func TestReaderOfProfilesThatWasTakenOverCannotGoOnForEver(t *testing.T) {
	told := 0
	events := newEvents(func(*pb.ExecuteResponse) error { told++; return nil }, func() {})
	d := &digester{run: &run{events: events, start: &pb.Start{}}, tell: true}
	window := harness.JoinWindow([]byte("profile"), 0, 1)
	batch, err := proto.Marshal(&pb.TraceBatch{ToUs: 1})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 * maxBatches {
		d.window(window)
		d.trace(batch)
	}
	if told != maxLiveWindows+maxBatches {
		t.Error(told)
	}
}
