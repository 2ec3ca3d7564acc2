package execution

import (
	"bytes"
	"context"
	"crypto/sha256"
	"io"
	"os"
	"path/filepath"
	"time"

	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
	"lineage.dev/runner/internal/harness"
	"lineage.dev/runner/internal/sandbox"
)

const (
	// chunkBytes of an artifact travel in one event.
	chunkBytes = 256 << 10
	mergeWall  = 20 * time.Second
	// mergeMemory bounds what reading hostile profiles may take.
	mergeMemory = 256 << 20
	maxMerged   = 64 << 20
)

// collect sends what the harness gathered. CPU windows are merged in a slot, since a hostile program wrote them.
func (r *run) collect(ctx context.Context, dir string, p *process) {
	if len(r.start.Signals) == 0 {
		return
	}
	began := time.Now()
	r.events.stage(pb.StageName_STAGE_NAME_COLLECT, false, 0, "")
	c := p.collected
	if len(c.CPUWindows) > 0 {
		if merged := r.merge(ctx, dir, c.CPUWindows); len(merged) > 0 {
			r.artifact("cpu.pb.gz", "profile", merged, !c.Complete)
		}
	}
	for _, whole := range []struct {
		kind byte
		name string
	}{{'h', "heap"}, {'a', "allocs"}, {'b', "block"}, {'m', "mutex"}, {'g', "goroutine"}} {
		if data := c.Whole[whole.kind]; len(data) > 0 {
			r.artifact(whole.name+".pb.gz", "profile", data, false)
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

// merge returns one gzipped profile, or nothing when no window could be read.
func (r *run) merge(ctx context.Context, dir string, windows [][]byte) []byte {
	self, err := os.Executable()
	if err != nil {
		return nil
	}
	root := filepath.Join(dir, "merge")
	if err := os.Mkdir(root, 0o755); err != nil {
		return nil
	}
	spec := sandbox.Spec{
		Commands:   []sandbox.Command{{Path: self, Args: []string{"merge"}}},
		Env:        []string{"GOMEMLIMIT=200MiB"},
		ScratchDir: root,
		Mounts:     []sandbox.Mount{{Source: self, Target: self}},
		Limits: sandbox.Limits{Wall: mergeWall, CPU: mergeWall, Memory: mergeMemory, Processes: 64, OpenFiles: 64,
			FileSize: 1 << 20, Disk: 1 << 20},
		Namespaces: r.engine.Probe.Namespaces, UID: r.uid,
	}
	// What was gathered is kept even when the run was cancelled.
	return pipeThrough(context.WithoutCancel(ctx), spec, harness.Windows(windows))
}

func pipeThrough(ctx context.Context, spec sandbox.Spec, input []byte) []byte {
	var p pipes
	defer func() { closeAll(p.ours); closeAll(p.theirs) }()
	to, stdin, err1 := p.make(true)
	from, stdout, err2 := p.make(false)
	if err1 != nil || err2 != nil {
		return nil
	}
	go func() {
		defer to.Close()
		_, _ = io.Copy(to, bytes.NewReader(input))
	}()
	output := make(chan []byte, 1)
	go func() {
		merged, _ := io.ReadAll(io.LimitReader(from, maxMerged))
		output <- merged
	}()
	outcome, err := sandbox.Run(ctx, spec, sandbox.IO{Stdin: stdin, Stdout: stdout, Stderr: stdout})
	closeAll(p.theirs)
	merged := <-output
	if err != nil || outcome.ExitCode != 0 || outcome.Signal != 0 || outcome.Failure != "" || outcome.Limit != "" || outcome.TimedOut {
		return nil
	}
	return merged
}
