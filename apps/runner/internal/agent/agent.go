// Package agent serves the contract of libs/runner-protocol: on a unix socket to whoever proves to have the secret, on TCP
// with mutual TLS to whoever proves to have the API's key.
package agent

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"connectrpc.com/connect"

	"lineage.dev/runner/internal/execution"
	"lineage.dev/runner/internal/gen/lineage/runner/v1/runnerv1connect"
)

const (
	// SecretBytes is the length of the secret that the API gives.
	SecretBytes = 32
	// maxConnections: one API holds one connection and opens another when it reconnects.
	maxConnections = 16
	// maxRequestBytes: a snapshot and its checks, with room for the encoding.
	maxRequestBytes = 16 << 20
	// headerDeadline ends a connection that does not say what it wants.
	headerDeadline = 5 * time.Second
	// idleDeadline ends a connection that nobody uses. The API, which connects to pods that wait and nobody else can, gives
	// up its own after half of it.
	idleDeadline = 24 * time.Hour
	// drain is how long runs may take to end once they were told to.
	drain = 5 * time.Second
)

// Agent is a listening service.
type Agent struct {
	listener net.Listener
	server   *http.Server
	service  *service
	end      context.CancelFunc
}

// Listen makes the socket, of mode 0600. What an earlier, killed agent left at the path gives way.
func Listen(engine *execution.Engine, socket string, secret []byte, log *slog.Logger) (*Agent, error) {
	if len(secret) != SecretBytes {
		return nil, fmt.Errorf("agent: the secret has %d bytes instead of %d", len(secret), SecretBytes)
	}
	if err := os.Remove(socket); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("agent: %w", err)
	}
	listener, err := net.Listen("unix", socket)
	if err != nil {
		return nil, fmt.Errorf("agent: %w", err)
	}
	if err := os.Chmod(socket, 0o600); err != nil {
		listener.Close()
		return nil, fmt.Errorf("agent: %w", err)
	}
	protocols := new(http.Protocols)
	protocols.SetUnencryptedHTTP2(true)
	a := newAgent(engine, protocols, log, func(next http.Handler) http.Handler { return newProofs(secret).guard(next, log) })
	a.listener = limit(listener, maxConnections)
	return a, nil
}

// newAgent is an agent without a listener. guard stands before every call.
func newAgent(engine *execution.Engine, protocols *http.Protocols, log *slog.Logger, guard func(http.Handler) http.Handler) *Agent {
	ending, end := context.WithCancel(context.Background())
	s := &service{engine: engine, log: log, ending: ending}
	mux := http.NewServeMux()
	mux.Handle(runnerv1connect.NewRunnerServiceHandler(s, connect.WithReadMaxBytes(maxRequestBytes)))
	server := &http.Server{
		Handler: guard(mux), Protocols: protocols, ReadHeaderTimeout: headerDeadline,
		IdleTimeout: idleDeadline, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	return &Agent{server: server, service: s, end: end}
}

// Serve answers until Close.
func (a *Agent) Serve() error {
	if err := a.server.Serve(a.listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// Close ends every run, waits until nothing of them is left, and takes the socket away.
func (a *Agent) Close() error {
	a.end()
	ctx, cancel := context.WithTimeout(context.Background(), drain)
	defer cancel()
	err := a.server.Shutdown(ctx)
	if err != nil {
		err = a.server.Close()
	}
	a.service.runs.Wait()
	return err
}

// guard lets in whoever has the secret, and proves to them that the agent has it too.
func (p *proofs) guard(next http.Handler, log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		nonce := r.Header.Get(nonceHeader)
		if err := p.verify(nonce, r.Header.Get(proofHeader), r.URL.Path); err != nil {
			log.Warn("a request without our proof was refused")
			_ = connect.NewErrorWriter().Write(w, r, connect.NewError(connect.CodeUnauthenticated, err))
			return
		}
		w.Header().Set(proofHeader, p.answer(nonce, r.URL.Path))
		next.ServeHTTP(w, r)
	})
}
