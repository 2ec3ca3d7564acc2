package agent

import (
	"context"
	"errors"
	"fmt"
	"go/format"
	"go/scanner"
	"io"
	"log/slog"
	"sync"

	"connectrpc.com/connect"

	"lineage.dev/runner/internal/execution"
	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
	"lineage.dev/runner/internal/toolchain"
)

const (
	// Version of the agent, for operators.
	Version = "0.1.0"
	// maxFormatBytes is the most text that one file of a workspace may have.
	maxFormatBytes = 256 << 10
)

// service is the contract of libs/runner-protocol over one engine.
type service struct {
	engine *execution.Engine
	log    *slog.Logger
	// ending is cancelled when the agent stops: every run ends with it.
	ending context.Context
	runs   sync.WaitGroup
}

func (s *service) Describe(context.Context, *connect.Request[pb.DescribeRequest]) (*connect.Response[pb.DescribeResponse], error) {
	builds, runs := s.engine.Slots()
	said := &pb.DescribeResponse{
		AgentVersion: Version, GoVersion: toolchain.Version, Level: s.engine.Level(),
		BuildSlots: uint32(builds), RunSlots: uint32(runs), Lacks: s.engine.Probe.Lacks(), GoVersions: s.engine.GoVersions(),
	}
	for _, layer := range s.engine.Probe.Layers {
		said.Layers = append(said.Layers, &pb.Layer{Name: layer.Name, Holds: layer.Holds, Detail: layer.Detail})
	}
	return connect.NewResponse(said), nil
}

// Execute returns when nothing of the run is left; a stream that breaks cancels it.
func (s *service) Execute(ctx context.Context, stream *connect.BidiStream[pb.ExecuteRequest, pb.ExecuteResponse]) error {
	first, err := s.first(stream)
	if err != nil {
		return err
	}
	start := first.GetStart()
	if start == nil {
		return connect.NewError(connect.CodeInvalidArgument, errors.New("the first request has to be a start"))
	}
	s.runs.Add(1)
	defer s.runs.Done()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(s.ending, cancel)()
	typed, stdin := newInput(), make(chan []byte)
	var pumping sync.WaitGroup
	pumping.Go(func() { typed.pump(ctx, stdin) })
	// Receiving ends when this method has returned and the request is closed, so only Close can wait for it.
	s.runs.Go(func() { s.listen(cancel, stream, typed, start.RunId) })
	s.engine.Execute(ctx, start, stdin, func(event *pb.ExecuteResponse) error {
		if end := event.GetEnd(); end.GetVerdict() == pb.Verdict_VERDICT_ERRORED {
			s.log.Error("a run could not be done", "runId", start.RunId, "reason", end.Reason)
		}
		return stream.Send(event)
	})
	cancel()
	pumping.Wait()
	return nil
}

// first waits for a call's first request, or for the agent to stop: a call may be opened long before there is a run for it.
func (s *service) first(stream *connect.BidiStream[pb.ExecuteRequest, pb.ExecuteResponse]) (*pb.ExecuteRequest, error) {
	type received struct {
		request *pb.ExecuteRequest
		err     error
	}
	heard := make(chan received, 1)
	// It ends when the method has returned and the request is closed.
	go func() {
		request, err := stream.Receive()
		heard <- received{request, err}
	}()
	select {
	case first := <-heard:
		return first.request, first.err
	case <-s.ending.Done():
		return nil, connect.NewError(connect.CodeUnavailable, errors.New("the agent stops"))
	}
}

// Build answers when the program is there or cannot be, or when the caller is gone.
func (s *service) Build(ctx context.Context, request *connect.Request[pb.BuildRequest]) (*connect.Response[pb.BuildResponse], error) {
	if request.Msg.GetStart() == nil {
		return nil, connect.NewError(connect.CodeInvalidArgument, errors.New("a build needs a start that says of what"))
	}
	s.runs.Add(1)
	defer s.runs.Done()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(s.ending, cancel)()
	said, err := s.engine.Build(ctx, request.Msg.Start, request.Msg.Speculative)
	switch {
	case ctx.Err() != nil:
		return nil, connect.NewError(connect.CodeCanceled, ctx.Err())
	case err != nil:
		s.log.Error("a build could not be done", "err", err)
		return nil, connect.NewError(connect.CodeUnavailable, err)
	}
	return connect.NewResponse(said), nil
}

// listen takes what comes after the start until the stream ends. Closing stdin and ending the stream are two things:
// after the first the run may still be cancelled.
func (s *service) listen(cancel context.CancelFunc, stream *connect.BidiStream[pb.ExecuteRequest, pb.ExecuteResponse], typed *input, runID string) {
	defer typed.close()
	lost := false
	for {
		request, err := stream.Receive()
		if err != nil {
			if !errors.Is(err, io.EOF) {
				cancel()
			}
			return
		}
		switch r := request.Request.(type) {
		case *pb.ExecuteRequest_Cancel:
			cancel()
			return
		case *pb.ExecuteRequest_Stdin:
			if !typed.add(r.Stdin.Data) && !lost {
				lost = true
				s.log.Warn("input was typed that the program does not read", "runId", runID)
			}
			if r.Stdin.Close {
				typed.close()
			}
		}
	}
}

func (s *service) Format(_ context.Context, request *connect.Request[pb.FormatRequest]) (*connect.Response[pb.FormatResponse], error) {
	file := request.Msg.GetFile()
	if len(file.GetContent()) > maxFormatBytes {
		return nil, connect.NewError(connect.CodeInvalidArgument, fmt.Errorf("a file has at most %d KiB", maxFormatBytes>>10))
	}
	formatted, err := format.Source(file.GetContent())
	if err == nil {
		return connect.NewResponse(&pb.FormatResponse{Content: formatted}), nil
	}
	said := &pb.FormatResponse{Content: file.GetContent()}
	var problems scanner.ErrorList
	if errors.As(err, &problems) {
		for _, p := range problems {
			said.Diagnostics = append(said.Diagnostics, &pb.Diagnostic{
				Path: file.GetPath(), Line: uint32(p.Pos.Line), Column: uint32(p.Pos.Column), Message: p.Msg, Source: "compile",
			})
		}
	}
	return connect.NewResponse(said), nil
}
