package agent_test

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"connectrpc.com/connect"
	"go.uber.org/goleak"

	"lineage.dev/runner/internal/agent"
	"lineage.dev/runner/internal/execution"
	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
	"lineage.dev/runner/internal/gen/lineage/runner/v1/runnerv1connect"
	"lineage.dev/runner/internal/inside"
	"lineage.dev/runner/internal/toolchain"
)

var engine *execution.Engine

var secret = []byte("0123456789abcdef0123456789abcdef")

// TestMain is also the program that the sandbox re-executes: a slot's first process is this binary.
func TestMain(m *testing.M) {
	if status, ours := inside.Dispatch(os.Args); ours {
		os.Exit(status)
	}
	os.Exit(runAll(m))
}

func runAll(m *testing.M) int {
	say := func(step string) { fmt.Fprintln(os.Stderr, step) }
	if _, err := toolchain.Prepare(context.Background(), toolchain.DefaultDir(), say); err != nil {
		fmt.Fprintln(os.Stderr, "the toolchain could not be prepared:", err)
		return 1
	}
	made, err := execution.New(execution.Options{})
	if err != nil {
		fmt.Fprintln(os.Stderr, "no engine:", err)
		return 1
	}
	engine = made
	// The thread that starts slots lasts as long as the process, and the threads of control groups as long as the engine;
	// everything else has to end.
	lasting := goleak.IgnoreCurrent()
	code := m.Run()
	if err := goleak.Find(lasting, goleak.IgnoreTopFunction("lineage.dev/runner/internal/cgroup.beThread")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	if err := engine.Close(); err != nil {
		fmt.Fprintln(os.Stderr, "leftovers:", err)
		return 1
	}
	if err := goleak.Find(lasting); err != nil {
		fmt.Fprintln(os.Stderr, "after the end of the engine:", err)
		return 1
	}
	return code
}

// listening is an agent on a socket of its own. close may be called more than once.
type listening struct {
	socket  string
	close   func() error
	dialled *connections
}

// connections are those that clients of one agent opened.
type connections struct {
	mu   sync.Mutex
	open []net.Conn
}

func (c *connections) add(connection net.Conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open = append(c.open, connection)
}

// cut ends all of them, as the death of the API does.
func (c *connections) cut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, connection := range c.open {
		_ = connection.Close() // Closed twice is fine.
	}
}

func listen(t *testing.T) listening {
	t.Helper()
	// A socket's path is short on Linux, and directories of tests are not.
	dir, err := os.MkdirTemp("", "agent-")
	if err != nil {
		t.Fatal(err)
	}
	socket := filepath.Join(dir, "s")
	a, err := agent.Listen(engine, socket, secret, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- a.Serve() }()
	closed := false
	l := listening{socket: socket, dialled: &connections{}, close: func() error {
		if closed {
			return nil
		}
		closed = true
		if err := a.Close(); err != nil {
			return err
		}
		return <-served
	}}
	t.Cleanup(func() {
		if err := l.close(); err != nil {
			t.Error("closing the agent:", err)
		}
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return l
}

// client dials as the API does. Its connections end with the test, before the agent does.
func (l listening) client(t *testing.T, interceptors ...connect.Interceptor) runnerv1connect.RunnerServiceClient {
	t.Helper()
	protocols := new(http.Protocols)
	protocols.SetUnencryptedHTTP2(true)
	transport := &http.Transport{Protocols: protocols, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var dialer net.Dialer
		connection, err := dialer.DialContext(ctx, "unix", l.socket)
		if err == nil {
			l.dialled.add(connection)
		}
		return connection, err
	}}
	t.Cleanup(transport.CloseIdleConnections)
	return runnerv1connect.NewRunnerServiceClient(&http.Client{Transport: transport}, "http://agent", connect.WithInterceptors(interceptors...))
}

func program(text string, args ...string) *pb.Start {
	return &pb.Start{Kind: pb.RunKind_RUN_KIND_RUN, Args: args, Files: []*pb.SourceFile{
		{Path: "go.mod", Content: []byte("module lesson\n\ngo 1.27\n")}, {Path: "main.go", Content: []byte(text)},
	}}
}

// patience bounds every wait of a test: a run takes well under a second on a quiet machine.
func patience(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}
