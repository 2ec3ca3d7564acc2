package agent_test

import (
	"bytes"
	"context"
	"net/http/httptrace"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"connectrpc.com/connect"

	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
)

const (
	hello = "package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println(\"hello\") }\n"
	// lasting prints once it runs, starts itself once more, and never ends nor reads.
	lasting = "package main\n\nimport (\n\t\"fmt\"\n\t\"os\"\n\t\"os/exec\"\n)\n\nfunc main() {\n\tif len(os.Args) == 2 {\n\t\tself, _ := os.Executable()\n\t\tif err := exec.Command(self, os.Args[1], \"child\").Start(); err != nil {\n\t\t\tpanic(err)\n\t\t}\n\t\tfmt.Println(\"running\")\n\t}\n\tfor {\n\t}\n}\n"
	echo    = "package main\n\nimport (\n\t\"io\"\n\t\"os\"\n)\n\nfunc main() { io.Copy(os.Stdout, os.Stdin); for len(os.Args) > 1 {} }\n"
)

type stream = connect.BidiStreamForClient[pb.ExecuteRequest, pb.ExecuteResponse]

func begin(t *testing.T, ctx context.Context, l listening, start *pb.Start) *stream {
	t.Helper()
	s := l.client(t, honest()).Execute(ctx)
	send(t, s, &pb.ExecuteRequest{Request: &pb.ExecuteRequest_Start{Start: start}})
	t.Cleanup(func() { _ = s.CloseRequest(); _ = s.CloseResponse() }) // Mostly it has ended by then.
	return s
}

func send(t *testing.T, s *stream, request *pb.ExecuteRequest) {
	t.Helper()
	if err := s.Send(request); err != nil {
		t.Fatal(err)
	}
}

func cancel() *pb.ExecuteRequest {
	return &pb.ExecuteRequest{Request: &pb.ExecuteRequest_Cancel{Cancel: &pb.Cancel{Reason: "enough"}}}
}

func typed(data []byte, last bool) *pb.ExecuteRequest {
	return &pb.ExecuteRequest{Request: &pb.ExecuteRequest_Stdin{Stdin: &pb.Stdin{Data: data, Close: last}}}
}

// untilOutput reads until the program has printed.
func untilOutput(t *testing.T, s *stream) {
	t.Helper()
	for {
		event, err := s.Receive()
		if err != nil {
			t.Fatal(err)
		}
		if end := event.GetEnd(); end != nil {
			t.Fatalf("it ended before it printed: %v", end)
		}
		if event.GetOutput() != nil {
			return
		}
	}
}

// untilEnd reads to the end and checks that nothing follows it.
func untilEnd(t *testing.T, s *stream) (end *pb.End, printed string) {
	t.Helper()
	for {
		event, err := s.Receive()
		if err != nil {
			t.Fatal(err)
		}
		printed += string(event.GetOutput().GetData())
		if end = event.GetEnd(); end == nil {
			continue
		}
		if after, err := s.Receive(); err == nil {
			t.Fatalf("after the end came %v", after)
		}
		return end, printed
	}
}

// running counts the processes whose arguments hold a mark.
func running(t *testing.T, mark string) int {
	t.Helper()
	paths, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, path := range paths {
		line, err := os.ReadFile(path)
		if err == nil && bytes.Contains(line, []byte(mark)) { // A process may end while we look.
			found++
		}
	}
	return found
}

func TestRunStreamsItsEventsInOrderToOneEnd(t *testing.T) {
	s := begin(t, patience(t), listen(t), program(hello))
	for wanted := uint64(1); ; wanted++ {
		event, err := s.Receive()
		if err != nil {
			t.Fatal(err)
		}
		if event.Seq != wanted {
			t.Fatalf("event %d has seq %d", wanted, event.Seq)
		}
		if end := event.GetEnd(); end != nil {
			if end.Verdict != pb.Verdict_VERDICT_PASSED || end.StdoutBytes != 6 {
				t.Fatalf("ended %v", end)
			}
			return
		}
	}
}

func TestCancelEndsTheRunAndLeavesNoProcess(t *testing.T) {
	mark := "mark-cancel-" + filepath.Base(t.TempDir())
	s := begin(t, patience(t), listen(t), program(lasting, mark))
	untilOutput(t, s)
	if n := running(t, mark); n != 2 {
		t.Fatalf("%d processes run instead of 2", n)
	}
	send(t, s, cancel())
	if end, _ := untilEnd(t, s); end.Verdict != pb.Verdict_VERDICT_CANCELLED {
		t.Fatalf("ended %v", end)
	}
	if n := running(t, mark); n != 0 {
		t.Fatalf("%d processes are left", n)
	}
}

func TestBrokenStreamEndsTheRunAndLeavesNoProcess(t *testing.T) {
	ways := map[string]func(l listening, s *stream){
		"the stream is reset":   func(_ listening, s *stream) { _ = s.CloseRequest(); _ = s.CloseResponse() },
		"the connection is cut": func(l listening, _ *stream) { l.dialled.cut() },
	}
	for name, breakOff := range ways {
		t.Run(name, func(t *testing.T) {
			mark := "mark-broken-" + filepath.Base(t.TempDir())
			ctx, cancel := context.WithCancel(patience(t))
			defer cancel()
			l := listen(t)
			s := begin(t, ctx, l, program(lasting, mark))
			untilOutput(t, s)
			cancel()
			breakOff(l, s)
			deadline, tick := time.After(20*time.Second), time.NewTicker(10*time.Millisecond)
			defer tick.Stop()
			for running(t, mark) > 0 {
				select {
				case <-tick.C:
				case <-deadline:
					t.Fatal("the program still runs")
				}
			}
		})
	}
}

// started counts the processes that this one has started, and those that they have.
func started(t *testing.T) int {
	t.Helper()
	paths, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	children := map[string][]string{}
	for _, path := range paths {
		line, err := os.ReadFile(path)
		if err != nil {
			continue // It ended while we looked.
		}
		// Its name may hold anything, also what ends it: the last one does.
		after := strings.Fields(string(line[bytes.LastIndexByte(line, ')')+1:]))
		children[after[1]] = append(children[after[1]], filepath.Base(filepath.Dir(path)))
	}
	found := 0
	for left := []string{strconv.Itoa(os.Getpid())}; len(left) > 0; left = left[1:] {
		found += len(children[left[0]])
		left = append(left, children[left[0]]...)
	}
	return found
}

func TestConnectionThatIsCutEndsTheRunAtEachStage(t *testing.T) {
	for _, stage := range []pb.StageName{pb.StageName_STAGE_NAME_COMPILE, pb.StageName_STAGE_NAME_RUN, pb.StageName_STAGE_NAME_COLLECT} {
		t.Run(stage.String(), func(t *testing.T) {
			before := started(t)
			ctx, cancel := context.WithCancel(patience(t))
			defer cancel()
			l := listen(t)
			start := program("package main\n\n// " + t.TempDir() + "\nfunc main() { println(\"done\") }\n")
			start.Signals = []pb.Signal{pb.Signal_SIGNAL_TRACE}
			s := begin(t, ctx, l, start)
			for {
				event, err := s.Receive()
				if err != nil {
					t.Fatal(err)
				}
				if event.GetStage().GetName() == stage {
					break
				}
			}
			l.dialled.cut()
			// A slot that was made ahead may stay, with what waits in it.
			deadline := time.After(20 * time.Second)
			for started(t) > before+2 {
				select {
				case <-time.After(10 * time.Millisecond):
				case <-deadline:
					t.Fatalf("%d processes are left of %d", started(t), before)
				}
			}
			// Nobody waits for a slot that a lost run still has.
			if end, _ := untilEnd(t, begin(t, patience(t), listen(t), program(hello))); end.Verdict != pb.Verdict_VERDICT_PASSED {
				t.Fatalf("the next one ended %v", end)
			}
		})
	}
}

func TestAgentThatEndsTakesItsRunsAndItsSocketAlong(t *testing.T) {
	mark := "mark-close-" + filepath.Base(t.TempDir())
	l := listen(t)
	s := begin(t, patience(t), l, program(lasting, mark))
	untilOutput(t, s)
	closed := make(chan error, 1)
	go func() { closed <- l.close() }()
	if end, _ := untilEnd(t, s); end.Verdict != pb.Verdict_VERDICT_CANCELLED {
		t.Fatalf("ended %v", end)
	}
	_ = s.CloseRequest()
	if err := <-closed; err != nil {
		t.Fatal(err)
	}
	if n := running(t, mark); n != 0 {
		t.Fatalf("%d processes are left", n)
	}
	if _, err := os.Stat(l.socket); !os.IsNotExist(err) {
		t.Fatalf("the socket is left: %v", err)
	}
}

func TestInputReachesTheProgramInOrderAndEnds(t *testing.T) {
	s := begin(t, patience(t), listen(t), program(echo))
	send(t, s, typed([]byte("first "), false))
	send(t, s, typed([]byte("second"), false))
	send(t, s, typed(nil, true))
	if end, printed := untilEnd(t, s); end.Verdict != pb.Verdict_VERDICT_PASSED || printed != "first second" {
		t.Fatalf("printed %q, ended %v", printed, end)
	}
}

func TestHalfClosedRequestEndsTheInputAndNotTheRun(t *testing.T) {
	s := begin(t, patience(t), listen(t), program(echo))
	send(t, s, typed([]byte("all of it"), false))
	if err := s.CloseRequest(); err != nil {
		t.Fatal(err)
	}
	if end, printed := untilEnd(t, s); end.Verdict != pb.Verdict_VERDICT_PASSED || printed != "all of it" {
		t.Fatalf("printed %q, ended %v", printed, end)
	}
}

func TestCancelIsHeardAfterTheInputEnded(t *testing.T) {
	s := begin(t, patience(t), listen(t), program(echo, "stay"))
	send(t, s, typed([]byte("x"), true))
	untilOutput(t, s)
	send(t, s, cancel())
	if end, _ := untilEnd(t, s); end.Verdict != pb.Verdict_VERDICT_CANCELLED {
		t.Fatalf("ended %v", end)
	}
}

func TestCancelIsHeardBehindInputThatNobodyReads(t *testing.T) {
	s := begin(t, patience(t), listen(t), program(lasting, "mark-flood"))
	untilOutput(t, s)
	for range 64 {
		send(t, s, typed(bytes.Repeat([]byte("x"), 64<<10), false))
	}
	send(t, s, cancel())
	if end, _ := untilEnd(t, s); end.Verdict != pb.Verdict_VERDICT_CANCELLED {
		t.Fatalf("ended %v", end)
	}
}

func TestWhatIsNoStartIsRefused(t *testing.T) {
	s := listen(t).client(t, honest()).Execute(patience(t))
	send(t, s, cancel())
	if _, err := s.Receive(); connect.CodeOf(err) != connect.CodeInvalidArgument {
		t.Fatalf("answered %v", err)
	}
	_ = s.CloseRequest()
	_ = s.CloseResponse()
}

func TestStartThatIsTooLargeIsRefused(t *testing.T) {
	start := program("// " + strings.Repeat("x", 17<<20))
	s := listen(t).client(t, honest()).Execute(patience(t))
	_ = s.Send(&pb.ExecuteRequest{Request: &pb.ExecuteRequest_Start{Start: start}}) // May break off; the answer says why.
	if _, err := s.Receive(); connect.CodeOf(err) != connect.CodeResourceExhausted {
		t.Fatalf("answered %v", err)
	}
	_ = s.CloseRequest()
	_ = s.CloseResponse()
}

// waiting opens a call without a start, and returns when the agent has it.
func waiting(t *testing.T, l listening) *stream {
	t.Helper()
	client, wrote := l.client(t, honest()), make(chan struct{})
	s := client.Execute(httptrace.WithClientTrace(patience(t), &httptrace.ClientTrace{WroteHeaders: func() { close(wrote) }}))
	send(t, s, nil)
	<-wrote
	// On the same connection, after it.
	if _, err := client.Describe(patience(t), connect.NewRequest(&pb.DescribeRequest{})); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestCallThatWaitsForItsStartRunsItLater(t *testing.T) {
	l := listen(t)
	s := waiting(t, l)
	send(t, s, &pb.ExecuteRequest{Request: &pb.ExecuteRequest_Start{Start: program(hello)}})
	if end, printed := untilEnd(t, s); end.Verdict != pb.Verdict_VERDICT_PASSED || printed != "hello\n" {
		t.Fatalf("printed %q, ended %v", printed, end)
	}
	_ = s.CloseRequest()
	_ = s.CloseResponse()
}

func TestCallThatWaitsForItsStartDoesNotKeepTheAgent(t *testing.T) {
	l := listen(t)
	s := waiting(t, l)
	if err := l.close(); err != nil {
		t.Fatal(err)
	}
	// In the agent's own words: the connection of one that has to be ended by force breaks.
	if _, err := s.Receive(); err == nil || !strings.Contains(err.Error(), "the agent stops") {
		t.Fatalf("answered %v", err)
	}
	_ = s.CloseRequest()
	_ = s.CloseResponse()
}
