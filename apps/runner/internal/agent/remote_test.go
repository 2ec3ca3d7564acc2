package agent_test

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"testing"
	"time"

	"connectrpc.com/connect"

	"lineage.dev/runner/internal/agent"
	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
	"lineage.dev/runner/internal/gen/lineage/runner/v1/runnerv1connect"
)

// caller is a client's key and certificate.
type caller struct {
	certificate tls.Certificate
	hash        agent.KeyHash
}

func newCaller(t *testing.T) caller {
	t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "api"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, public, private)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(raw)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(parsed.RawSubjectPublicKeyInfo)
	hash, err := agent.ParseKeyHash(hex.EncodeToString(sum[:]))
	if err != nil {
		t.Fatal(err)
	}
	return caller{certificate: tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: private}, hash: hash}
}

// remote is an agent on TCP that lets api in.
type remote struct {
	address  string
	identity *agent.Identity
	api      caller
}

func listenRemote(t *testing.T) remote {
	t.Helper()
	identity, err := agent.NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	r := remote{identity: identity, api: newCaller(t)}
	a, err := agent.ListenRemote(engine, "127.0.0.1:0", identity, []agent.KeyHash{r.api.hash}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	r.address = a.Address().String()
	served := make(chan error, 1)
	go func() { served <- a.Serve() }()
	t.Cleanup(func() {
		if err := errors.Join(a.Close(), <-served); err != nil {
			t.Error("closing the agent:", err)
		}
	})
	return r
}

// trusting pins the agent's certificate, as the API does.
func (r remote) trusting(certificates ...tls.Certificate) *tls.Config {
	roots := x509.NewCertPool()
	if parsed, err := x509.ParseCertificate(r.identity.Certificate()); err == nil {
		roots.AddCert(parsed)
	}
	return &tls.Config{RootCAs: roots, ServerName: "lineage-runner", Certificates: certificates, NextProtos: []string{"h2"}}
}

func (r remote) client(t *testing.T, config *tls.Config) runnerv1connect.RunnerServiceClient {
	t.Helper()
	transport := &http.Transport{TLSClientConfig: config, ForceAttemptHTTP2: true}
	t.Cleanup(transport.CloseIdleConnections)
	return runnerv1connect.NewRunnerServiceClient(&http.Client{Transport: transport}, "https://"+r.address)
}

func describe(t *testing.T, client runnerv1connect.RunnerServiceClient, lease string) error {
	t.Helper()
	request := connect.NewRequest(&pb.DescribeRequest{})
	if lease != "" {
		request.Header().Set("lineage-lease", lease)
	}
	_, err := client.Describe(patience(t), request)
	return err
}

func TestRunOverTCPWithTheAPIsKey(t *testing.T) {
	r := listenRemote(t)
	stream := r.client(t, r.trusting(r.api.certificate)).Execute(patience(t))
	stream.RequestHeader().Set("lineage-lease", "one")
	if err := stream.Send(&pb.ExecuteRequest{Request: &pb.ExecuteRequest_Start{Start: program(hello)}}); err != nil {
		t.Fatal(err)
	}
	for {
		event, err := stream.Receive()
		if err != nil {
			t.Fatal(err)
		}
		if end := event.GetEnd(); end != nil {
			if end.Verdict != pb.Verdict_VERDICT_PASSED {
				t.Fatalf("ended %v", end)
			}
			break
		}
	}
	_ = stream.CloseRequest()
	_ = stream.CloseResponse()
}

func TestAgentKeepsItsOwnKey(t *testing.T) {
	r, other := listenRemote(t), listenRemote(t)
	if r.identity.Fingerprint() == other.identity.Fingerprint() {
		t.Fatal("two agents have one key")
	}
	// Whoever answers at the address with another key is no agent of ours.
	if err := describe(t, r.client(t, other.trusting(r.api.certificate)), "one"); err == nil {
		t.Fatal("a client took an agent for another one")
	}
}

func TestWhoIsNotTheAPIGetsNothing(t *testing.T) {
	r := listenRemote(t)
	stranger := newCaller(t)
	attempts := map[string]*tls.Config{
		"a client without a certificate": r.trusting(),
		"a client with another key":      r.trusting(stranger.certificate),
		"the agent's own certificate and another key": r.trusting(tls.Certificate{
			Certificate: [][]byte{r.identity.Certificate()}, PrivateKey: stranger.certificate.PrivateKey}),
		"the API's certificate without its key": r.trusting(tls.Certificate{
			Certificate: r.api.certificate.Certificate, PrivateKey: stranger.certificate.PrivateKey}),
	}
	for name, config := range attempts {
		t.Run(name, func(t *testing.T) {
			if err := describe(t, r.client(t, config), "one"); err == nil {
				t.Fatal("it was answered")
			}
		})
	}
	if err := describe(t, r.client(t, r.trusting(r.api.certificate)), "one"); err != nil {
		t.Fatal("the API was refused:", err)
	}
}

func TestPlainTextIsNotAnswered(t *testing.T) {
	r := listenRemote(t)
	for name, said := range map[string]string{
		"HTTP/1": "GET /healthz HTTP/1.1\r\nHost: agent\r\n\r\n",
		"HTTP/2": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00",
	} {
		t.Run(name, func(t *testing.T) {
			connection, err := net.Dial("tcp", r.address)
			if err != nil {
				t.Fatal(err)
			}
			defer connection.Close()
			if _, err := io.WriteString(connection, said); err != nil {
				t.Fatal(err)
			}
			answer, _ := io.ReadAll(connection) // A reset is as good as an end.
			// TLS may say in an alert of seven bytes that this is no handshake.
			if len(answer) > 7 || (len(answer) > 0 && answer[0] != 21) {
				t.Fatalf("answered %q", answer)
			}
		})
	}
}

func TestOlderTLSIsRefused(t *testing.T) {
	r := listenRemote(t)
	config := r.trusting(r.api.certificate)
	config.MaxVersion = tls.VersionTLS12
	if err := describe(t, r.client(t, config), "one"); err == nil {
		t.Fatal("TLS 1.2 was taken")
	}
}

func TestSilentStrangersDoNotKeepTheAPIOut(t *testing.T) {
	r := listenRemote(t)
	// More than may wait, and all stay open.
	for range 100 {
		connection, err := net.Dial("tcp", r.address)
		if err != nil {
			t.Fatal(err)
		}
		defer connection.Close()
	}
	if err := describe(t, r.client(t, r.trusting(r.api.certificate)), "one"); err != nil {
		t.Fatal("the API was kept out:", err)
	}
}

func TestConnectionsOfTheAPIAreCapped(t *testing.T) {
	r := listenRemote(t)
	open := make([]*tls.Conn, 0, 16)
	dial := func() (*tls.Conn, error) {
		connection, err := tls.Dial("tcp", r.address, r.trusting(r.api.certificate))
		if err != nil {
			return nil, err
		}
		// In TLS 1.3 a client learns by reading whether it was let in: HTTP/2 begins with the server's settings.
		_, err = io.ReadFull(connection, make([]byte, 9))
		return connection, err
	}
	for range 16 {
		connection, err := dial()
		if err != nil {
			t.Fatal(err)
		}
		open = append(open, connection)
		defer connection.Close()
	}
	if connection, err := dial(); err == nil {
		connection.Close()
		t.Fatal("one more than allowed was taken")
	}
	open[0].Close()
	ctx := patience(t)
	for {
		connection, err := dial()
		if err == nil {
			connection.Close()
			return
		}
		if ctx.Err() != nil {
			t.Fatal("a place that was given back is not free:", err)
		}
	}
}

func TestAgentBelongsToTheLeaseThatCallsFirst(t *testing.T) {
	r := listenRemote(t)
	client := r.client(t, r.trusting(r.api.certificate))
	if err := describe(t, client, ""); connect.CodeOf(err) != connect.CodePermissionDenied {
		t.Fatalf("without a lease: %v", err)
	}
	if err := describe(t, client, "one"); err != nil {
		t.Fatal(err)
	}
	if err := describe(t, client, "another"); connect.CodeOf(err) != connect.CodePermissionDenied {
		t.Fatalf("another lease: %v", err)
	}
	if err := describe(t, client, "one"); err != nil {
		t.Fatal("the lease itself is refused later:", err)
	}
}

func TestAgentWithoutClientsIsNotStarted(t *testing.T) {
	identity, err := agent.NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := agent.ListenRemote(engine, "127.0.0.1:0", identity, nil, slog.New(slog.DiscardHandler)); err == nil {
		t.Fatal("it listens")
	}
	if _, err := agent.ParseKeyHash("abc"); err == nil {
		t.Fatal("a short hash was taken")
	}
}

func TestHealthKnowsOneAddress(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	address, closeHealth, err := agent.Health(ctx, "127.0.0.1:0", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for path, want := range map[string]int{"/healthz": 200, "/": 404, runnerv1connect.RunnerServiceDescribeProcedure: 404} {
		answer, err := client.Get("http://" + address.String() + path)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != want {
			t.Errorf("%s answered %d", path, answer.StatusCode)
		}
	}
	if err := closeHealth(); err != nil {
		t.Fatal(err)
	}
}
