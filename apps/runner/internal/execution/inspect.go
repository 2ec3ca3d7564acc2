package execution

import (
	"context"
	"fmt"
	"regexp"
	"time"

	"lineage.dev/runner/internal/build"
	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
)

// inspections are the kinds of run that execute nothing of the snapshot.
var inspections = map[pb.RunKind]struct {
	detail  string
	perform func(*build.Builder, context.Context, build.Request) (build.Inspection, error)
}{
	pb.RunKind_RUN_KIND_VET:    {"go vet", (*build.Builder).Vet},
	pb.RunKind_RUN_KIND_FORMAT: {"gofmt", (*build.Builder).Format},
	pb.RunKind_RUN_KIND_BUILD:  {"go build", (*build.Builder).Remarks},
}

// inspect runs a tool on the snapshot, in the place of a build.
func (r *run) inspect(ctx context.Context) *pb.End {
	kind := inspections[r.start.Kind]
	queued := time.Now()
	leave, err := r.engine.buildTurn(ctx)
	if err != nil {
		return cancelled()
	}
	defer leave()
	r.events.stage(pb.StageName_STAGE_NAME_QUEUE, true, time.Since(queued), "")
	place, err := r.engine.place()
	if err != nil {
		return errored(errNoRoom.Error())
	}
	defer place.Release()
	r.events.stage(pb.StageName_STAGE_NAME_COMPILE, false, 0, kind.detail)
	if r.start.Assembly != "" {
		kind.perform = assembly(r.start.Assembly)
	}
	found, err := kind.perform(r.engine.builder, ctx, build.Request{
		Files: sources(r.start.Files), Scratch: place.Dir, UID: place.UID, Preparing: r.preparing,
	})
	switch {
	case ctx.Err() != nil:
		return cancelled()
	case err != nil:
		return errored(kind.detail + " could not be done: " + err.Error())
	case found.Limit != "":
		return &pb.End{Verdict: pb.Verdict_VERDICT_LIMITED, Limit: found.Limit, ExitCode: -1, Reason: kind.detail + " took more than the limit on " + found.Limit}
	}
	r.events.stage(pb.StageName_STAGE_NAME_COMPILE, true, found.Took, kind.detail)
	return r.tellInspection(found)
}

func (r *run) tellInspection(found build.Inspection) *pb.End {
	for _, d := range found.Diagnostics {
		r.events.diagnostic(wireDiagnostic(d))
	}
	for _, file := range found.Formatted {
		told := &pb.FormattedFile{Path: valid(file.Path), Content: file.Content}
		r.events.send(&pb.ExecuteResponse{Event: &pb.ExecuteResponse_Formatted{Formatted: told}})
	}
	for _, remark := range found.Remarks {
		told := &pb.Remark{Path: valid(remark.Path), Line: uint32(remark.Line), Column: uint32(remark.Column), Kind: string(remark.Kind), Message: remark.Message, Flow: remark.Flow}
		r.events.send(&pb.ExecuteResponse{Event: &pb.ExecuteResponse_Remark{Remark: told}})
	}
	for _, function := range found.Functions {
		r.events.send(&pb.ExecuteResponse{Event: &pb.ExecuteResponse_Assembly{Assembly: wireAssembly(function)}})
	}
	return inspectionEnd(found.Diagnostics)
}

// assembly takes the functions whose names match a pattern that was checked.
func assembly(pattern string) func(*build.Builder, context.Context, build.Request) (build.Inspection, error) {
	return func(b *build.Builder, ctx context.Context, request build.Request) (build.Inspection, error) {
		names, err := regexp.Compile(pattern)
		if err != nil {
			return build.Inspection{}, err
		}
		return b.Assembly(ctx, request, names)
	}
}

func wireAssembly(f build.Function) *pb.Assembly {
	told := &pb.Assembly{Function: valid(f.Name), Path: valid(f.Path), Line: uint32(f.Line), SizeBytes: uint32(f.Size), FrameBytes: uint32(f.Frame), Truncated: f.Truncated}
	for _, one := range f.Instructions {
		told.Instructions = append(told.Instructions, &pb.Instruction{Offset: uint32(one.Offset), Path: valid(one.Path), Line: uint32(one.Line), Text: valid(one.Text)})
	}
	return told
}

func inspectionEnd(problems []build.Diagnostic) *pb.End {
	if len(problems) == 0 {
		return &pb.End{Verdict: pb.Verdict_VERDICT_PASSED}
	}
	end := &pb.End{Verdict: pb.Verdict_VERDICT_FAILED, ExitCode: 1, Reason: fmt.Sprintf("vet found %d problems", len(problems))}
	for _, d := range problems {
		if d.Source != "vet" {
			end.Reason = "the program did not compile"
		}
	}
	if len(problems) == 1 && problems[0].Source == "vet" {
		end.Reason = "vet found a problem"
	}
	return end
}
