package execution

import (
	"context"
	"errors"

	"lineage.dev/runner/internal/build"
	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
)

// Build makes the program of a run ahead of it. A speculative build gives way to everything else.
func (e *Engine) Build(ctx context.Context, start *pb.Start, speculative bool) (*pb.BuildResponse, error) {
	if e.Level() == pb.IsolationLevel_ISOLATION_LEVEL_REFUSED || e.Level() > e.minLevel {
		return nil, ErrTooWeak
	}
	if start.Kind == pb.RunKind_RUN_KIND_VET && speculative {
		return e.vetAhead(ctx, start)
	}
	if _, inspected := inspections[start.Kind]; inspected || start.Kind == pb.RunKind_RUN_KIND_RACE || start.Kind == pb.RunKind_RUN_KIND_CROSS || start.GoExperiment != "" || start.GoVersion != "" {
		return &pb.BuildResponse{Outcome: pb.BuildOutcome_BUILD_OUTCOME_DROPPED}, nil // Nothing is built ahead of these.
	}
	request, problems := buildRequest(start)
	if len(problems) > 0 {
		return refusedBuild(problems), nil
	}
	var result build.Result
	var err error
	if speculative {
		result, err = e.flights.speculate(ctx, request, building)
	} else {
		result, err = e.flights.wait(ctx, e.flights.join(request, building, false))
	}
	return buildResponse(result, err)
}

// vetAhead says what go vet finds in text that people still work on. What it needs is prepared once, aside; where that
// fails there are no findings, and a run of go vet says why.
func (e *Engine) vetAhead(ctx context.Context, start *pb.Start) (*pb.BuildResponse, error) {
	if !e.variants.VetReady() {
		e.prepareVet.Do(func() { e.aside.Go(func() { _ = e.variants.Aside().Vet(e.open, func(string) {}) }) })
		return &pb.BuildResponse{Outcome: pb.BuildOutcome_BUILD_OUTCOME_DROPPED}, nil
	}
	return buildResponse(e.flights.speculate(ctx, build.Request{Files: sources(start.Files)}, vetting))
}

func buildResponse(result build.Result, err error) (*pb.BuildResponse, error) {
	switch {
	case errors.Is(err, errDropped):
		return &pb.BuildResponse{Outcome: pb.BuildOutcome_BUILD_OUTCOME_DROPPED}, nil
	case err != nil:
		return nil, err
	case result.Limit != "" || len(result.Diagnostics) > 0:
		return refusedBuild(result.Diagnostics), nil
	}
	return &pb.BuildResponse{Outcome: pb.BuildOutcome_BUILD_OUTCOME_BUILT}, nil
}

func refusedBuild(problems []build.Diagnostic) *pb.BuildResponse {
	said := &pb.BuildResponse{Outcome: pb.BuildOutcome_BUILD_OUTCOME_REFUSED}
	for _, p := range problems {
		said.Diagnostics = append(said.Diagnostics, wireDiagnostic(p))
	}
	return said
}

func wireDiagnostic(p build.Diagnostic) *pb.Diagnostic {
	return &pb.Diagnostic{Path: p.Path, Line: uint32(p.Line), Column: uint32(p.Column), Message: p.Message, Source: p.Source, Rule: p.Rule}
}
