package execution

import (
	"crypto/sha256"
	"time"

	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
)

// chunkBytes of an artifact travel in one event.
const chunkBytes = 256 << 10

// collect sends what the harness gathered.
func (r *run) collect(p *process) {
	if p.gathering == nil {
		return
	}
	began := time.Now()
	r.events.stage(pb.StageName_STAGE_NAME_COLLECT, false, 0, "")
	p.metrics.flush()
	c := p.gathering.Collected()
	if p.digester != nil {
		merged := p.digester.finish()
		if p.digester.failed && len(merged) == 0 && len(c.CPUWindows) > 0 {
			// The trace was too much for its reader, and took the profile with it.
			if again, err := r.startDigester(p.gathering, p.digester.root+"-again", false); err == nil {
				merged = again.finish()
			}
		}
		if len(merged) > 0 {
			r.artifact("cpu.pb.gz", "profile", merged, !c.Complete)
		}
	}
	for _, whole := range []struct {
		kind byte
		name string
	}{{'h', "heap"}, {'a', "allocs"}, {'b', "block"}, {'m', "mutex"}, {'g', "goroutine"}, {'l', "goroutineleak"}} {
		if data := c.Whole[whole.kind]; len(data) > 0 {
			r.artifact(whole.name+".pb.gz", "profile", data, !c.Complete)
		}
	}
	if len(c.Trace) > 0 {
		r.artifact("trace.out", "trace", c.Trace, c.Truncated || !c.Complete)
	}
	r.events.stage(pb.StageName_STAGE_NAME_COLLECT, true, time.Since(began), "")
}

func (r *run) artifact(name, kind string, data []byte, truncated bool) {
	r.events.send(&pb.ExecuteResponse{Event: &pb.ExecuteResponse_ArtifactBegin{ArtifactBegin: &pb.ArtifactBegin{Name: name, Kind: kind}}})
	for rest := data; len(rest) > 0; {
		n := min(len(rest), chunkBytes)
		chunk := &pb.ArtifactChunk{Name: name, Data: rest[:n]}
		r.events.send(&pb.ExecuteResponse{Event: &pb.ExecuteResponse_ArtifactChunk{ArtifactChunk: chunk}})
		rest = rest[n:]
	}
	sum := sha256.Sum256(data)
	end := &pb.ArtifactEnd{Name: name, SizeBytes: uint64(len(data)), Sha256: sum[:], Truncated: truncated}
	r.events.send(&pb.ExecuteResponse{Event: &pb.ExecuteResponse_ArtifactEnd{ArtifactEnd: end}})
}
