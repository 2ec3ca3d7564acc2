package agent_test

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"connectrpc.com/connect"

	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
	"lineage.dev/runner/internal/gen/lineage/runner/v1/runnerv1connect"
)

// prove is the protocol's formula, written a second time.
func prove(secret []byte, side, nonce, procedure string) string {
	mac := hmac.New(sha256.New, secret)
	fmt.Fprintf(mac, "%s\n%s\n%s", side, nonce, procedure)
	return hex.EncodeToString(mac.Sum(nil))
}

func nonceAt(at time.Time) string {
	var random [16]byte
	_, _ = rand.Read(random[:]) // Never fails, as crypto/rand says.
	return fmt.Sprintf("%d.%x", at.UnixMilli(), random)
}

// proving gives each call what sign returns for its procedure, and keeps the header of the last answer.
type proving struct {
	sign   func(procedure string) (nonce, proof string)
	answer http.Header
}

func honest() *proving {
	return &proving{sign: func(procedure string) (string, string) {
		nonce := nonceAt(time.Now())
		return nonce, prove(secret, "api", nonce, procedure)
	}}
}

func (p *proving) set(header http.Header, procedure string) {
	nonce, proof := p.sign(procedure)
	if nonce != "" {
		header.Set("lineage-nonce", nonce)
	}
	if proof != "" {
		header.Set("lineage-proof", proof)
	}
}

func (p *proving) WrapUnary(next connect.UnaryFunc) connect.UnaryFunc {
	return func(ctx context.Context, request connect.AnyRequest) (connect.AnyResponse, error) {
		p.set(request.Header(), request.Spec().Procedure)
		response, err := next(ctx, request)
		if err == nil {
			p.answer = response.Header()
		}
		return response, err
	}
}

func (p *proving) WrapStreamingClient(next connect.StreamingClientFunc) connect.StreamingClientFunc {
	return func(ctx context.Context, spec connect.Spec) connect.StreamingClientConn {
		connection := next(ctx, spec)
		p.set(connection.RequestHeader(), spec.Procedure)
		return connection
	}
}

func (p *proving) WrapStreamingHandler(next connect.StreamingHandlerFunc) connect.StreamingHandlerFunc {
	return next
}

func TestAgentAnswersAProofWithItsOwn(t *testing.T) {
	api := honest()
	nonce := nonceAt(time.Now())
	api.sign = func(procedure string) (string, string) { return nonce, prove(secret, "api", nonce, procedure) }
	if _, err := listen(t).client(t, api).Describe(patience(t), connect.NewRequest(&pb.DescribeRequest{})); err != nil {
		t.Fatal(err)
	}
	wanted := prove(secret, "agent", nonce, runnerv1connect.RunnerServiceDescribeProcedure)
	if given := api.answer.Get("lineage-proof"); given != wanted {
		t.Fatalf("the agent's proof is %q, want %q", given, wanted)
	}
}

func TestRequestsWithoutAGoodProofAreRefused(t *testing.T) {
	stranger := []byte(strings.Repeat("x", len(secret)))
	with := func(nonce string, key []byte, side string) func(string) (string, string) {
		return func(procedure string) (string, string) { return nonce, prove(key, side, nonce, procedure) }
	}
	now := time.Now()
	attempts := map[string]func(string) (string, string){
		"no headers":               func(string) (string, string) { return "", "" },
		"no proof":                 func(string) (string, string) { return nonceAt(now), "" },
		"a proof that is no hex":   func(string) (string, string) { return nonceAt(now), "proof" },
		"another secret":           with(nonceAt(now), stranger, "api"),
		"the agent's own proof":    with(nonceAt(now), secret, "agent"),
		"a nonce of long ago":      with(nonceAt(now.Add(-2*time.Minute)), secret, "api"),
		"a nonce of the future":    with(nonceAt(now.Add(2*time.Minute)), secret, "api"),
		"a nonce without a time":   with("soon."+strings.Repeat("0", 32), secret, "api"),
		"a nonce without a random": with(fmt.Sprint(now.UnixMilli()), secret, "api"),
		"the proof of another call": func(string) (string, string) {
			nonce := nonceAt(now)
			return nonce, prove(secret, "api", nonce, runnerv1connect.RunnerServiceFormatProcedure)
		},
	}
	l := listen(t)
	for name, sign := range attempts {
		t.Run(name, func(t *testing.T) {
			_, err := l.client(t, &proving{sign: sign}).Describe(patience(t), connect.NewRequest(&pb.DescribeRequest{}))
			if connect.CodeOf(err) != connect.CodeUnauthenticated {
				t.Fatalf("answered %v", err)
			}
		})
	}
}

func TestRunWithoutAProofIsRefused(t *testing.T) {
	stream := listen(t).client(t).Execute(patience(t))
	_ = stream.Send(&pb.ExecuteRequest{Request: &pb.ExecuteRequest_Start{Start: program(hello)}}) // The answer says it.
	if _, err := stream.Receive(); connect.CodeOf(err) != connect.CodeUnauthenticated {
		t.Fatalf("answered %v", err)
	}
	_ = stream.CloseRequest()
	_ = stream.CloseResponse()
}

func TestNonceIsGoodOnce(t *testing.T) {
	api := honest()
	nonce := nonceAt(time.Now())
	api.sign = func(procedure string) (string, string) { return nonce, prove(secret, "api", nonce, procedure) }
	client := listen(t).client(t, api)
	if _, err := client.Describe(patience(t), connect.NewRequest(&pb.DescribeRequest{})); err != nil {
		t.Fatal(err)
	}
	_, err := client.Describe(patience(t), connect.NewRequest(&pb.DescribeRequest{}))
	if connect.CodeOf(err) != connect.CodeUnauthenticated {
		t.Fatalf("the second time it answered %v", err)
	}
}
