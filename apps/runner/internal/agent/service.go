package agent

import (
	"context"
	"errors"
	"fmt"
	"go/format"
	"go/scanner"
	"io"
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
	// stdinBacklog is how many pieces of typed input wait for a program that does not read.
	stdinBacklog = 64
)

// service is the contract of libs/runner-protocol over one engine.
type service struct {
	engine *execution.Engine
	// ending is cancelled when the agent stops: every run ends with it.
	ending context.Context
	runs   sync.WaitGroup
}

func (s *service) Describe(context.Context, *connect.Request[pb.DescribeRequest]) (*connect.Response[pb.DescribeResponse], error) {
	builds, runs := s.engine.Slots()
	said := &pb.DescribeResponse{
		AgentVersion: Version, GoVersion: toolchain.Version, Level: s.engine.Level(),
		BuildSlots: uint32(builds), RunSlots: uint32(runs), Lacks: s.engine.Probe.Lacks(),
	}
	for _, layer := range s.engine.Probe.Layers {
		said.Layers = append(said.Layers, &pb.Layer{Name: layer.Name, Holds: layer.Holds, Detail: layer.Detail})
	}
	return connect.NewResponse(said), nil
}

// Execute returns when nothing of the run is left; a stream that breaks cancels it.
func (s *service) Execute(ctx context.Context, stream *connect.BidiStream[pb.ExecuteRequest, pb.ExecuteResponse]) error {
	first, err := stream.Receive()
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
	stdin := make(chan []byte, stdinBacklog)
	go func() {
		defer close(stdin)
		listen(ctx, cancel, stream, stdin)
	}()
	s.engine.Execute(ctx, start, stdin, stream.Send)
	return nil
}

// listen takes what comes after the start until the stream ends. Closing stdin and ending the stream are two things:
// after the first the run may still be cancelled.
func listen(ctx context.Context, cancel context.CancelFunc, stream *connect.BidiStream[pb.ExecuteRequest, pb.ExecuteResponse], stdin chan<- []byte) {
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
			if len(r.Stdin.Data) > 0 {
				select {
				case stdin <- r.Stdin.Data:
				case <-ctx.Done():
					return
				}
			}
			if r.Stdin.Close {
				go awaitCancel(cancel, stream)
				return
			}
		}
	}
}

func awaitCancel(cancel context.CancelFunc, stream *connect.BidiStream[pb.ExecuteRequest, pb.ExecuteResponse]) {
	for {
		request, err := stream.Receive()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil || request.GetCancel() != nil {
			cancel()
			return
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
