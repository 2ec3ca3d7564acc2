package execution

import (
	"testing"

	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
)

func TestNothingIsToldAfterTheEnd(t *testing.T) {
	var told []*pb.ExecuteResponse
	events := newEvents(func(event *pb.ExecuteResponse) error { told = append(told, event); return nil }, func() {})
	events.stage(pb.StageName_STAGE_NAME_PREPARE, false, 0, "")
	events.end(&pb.End{})
	events.stage(pb.StageName_STAGE_NAME_PREPARE, true, 0, "")
	if len(told) != 2 || told[1].GetEnd() == nil {
		t.Error(told)
	}
}
