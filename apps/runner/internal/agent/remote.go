package agent

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"time"

	"lineage.dev/runner/internal/execution"
)

const (
	// validity is far above the life of an agent that is reached over TCP: its pod ends within a day.
	validity = 30 * 24 * time.Hour
	// clockSkew is how far the API's clock may be behind.
	clockSkew = time.Hour
)

// Identity is a key that exists in this process's memory only, and the certificate of it.
type Identity struct {
	certificate tls.Certificate
}

// NewIdentity makes a fresh key and a certificate signed with it.
func NewIdentity() (*Identity, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("agent: make a key: %w", err)
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, fmt.Errorf("agent: make a serial number: %w", err)
	}
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: "lineage-runner"}, DNSNames: []string{"lineage-runner"},
		NotBefore: now.Add(-clockSkew), NotAfter: now.Add(validity), BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, fmt.Errorf("agent: make a certificate: %w", err)
	}
	return &Identity{certificate: tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: key}}, nil
}

// Certificate is the DER form. It is public, and the API trusts this one alone.
func (i *Identity) Certificate() []byte { return i.certificate.Certificate[0] }

// Fingerprint is the SHA-256 of Certificate, in hexadecimal.
func (i *Identity) Fingerprint() string {
	sum := sha256.Sum256(i.Certificate())
	return hex.EncodeToString(sum[:])
}

// KeyHash is the SHA-256 of a client's public key in its SubjectPublicKeyInfo form (RFC 5280, section 4.1.2.7).
type KeyHash [sha256.Size]byte

// ParseKeyHash reads the hexadecimal form.
func ParseKeyHash(text string) (KeyHash, error) {
	var hash KeyHash
	raw, err := hex.DecodeString(text)
	if err != nil || len(raw) != len(hash) {
		return hash, fmt.Errorf("agent: %q is no SHA-256 in hexadecimal", text)
	}
	copy(hash[:], raw)
	return hash, nil
}

var (
	errNoClients = errors.New("agent: without the hash of a client's key nobody could be let in")
	errClientKey = errors.New("the client is not our API")
)

// ListenRemote serves on TCP, with TLS 1.3, to holders of the keys that clients names. Whoever does not prove to be one
// gets no byte of HTTP. The agent belongs to the lease that calls it first.
func ListenRemote(engine *execution.Engine, address string, identity *Identity, clients []KeyHash, log *slog.Logger) (*Agent, error) {
	if len(clients) == 0 {
		return nil, errNoClients
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("agent: %w", err)
	}
	protocols := new(http.Protocols)
	protocols.SetHTTP2(true)
	a := newAgent(engine, protocols, log, func(next http.Handler) http.Handler { return newTenancy(log).guard(next) })
	a.listener = newProven(listener, tlsConfig(identity, clients), log)
	return a, nil
}

// tlsConfig pins the client's key and no authority: there is one client, whose key is known before the agent starts.
func tlsConfig(identity *Identity, clients []KeyHash) *tls.Config {
	return &tls.Config{
		Certificates: []tls.Certificate{identity.certificate}, MinVersion: tls.VersionTLS13, NextProtos: []string{"h2"},
		// The certificate's own fields decide nothing, so no chain is built; TLS proves that the client has the key.
		ClientAuth: tls.RequireAnyClientCert,
		// A resumed connection would rest on an earlier proof; the API connects once.
		SessionTicketsDisabled: true,
		VerifyConnection: func(state tls.ConnectionState) error {
			if len(state.PeerCertificates) == 0 {
				return errClientKey
			}
			given := KeyHash(sha256.Sum256(state.PeerCertificates[0].RawSubjectPublicKeyInfo))
			for _, client := range clients {
				if given == client {
					return nil
				}
			}
			return errClientKey
		},
	}
}

// Address is where the agent listens.
func (a *Agent) Address() net.Addr { return a.listener.Addr() }

// Health answers GET /healthz on address with 200 until ctx ends, and knows nothing else. It proves that the process
// serves, and needs no proof from whoever asks.
func Health(ctx context.Context, address string, log *slog.Logger) (net.Addr, func() error, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, nil, fmt.Errorf("agent: %w", err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	server := &http.Server{
		Handler: mux, ReadTimeout: healthDeadline, WriteTimeout: healthDeadline, MaxHeaderBytes: maxHealthBytes,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	// The kubelet comes once a second and does not stay.
	server.SetKeepAlivesEnabled(false)
	served := make(chan error, 1)
	go func() { served <- server.Serve(limit(listener, maxHealthConnections)) }()
	stopped := context.AfterFunc(ctx, func() { _ = server.Close() })
	return listener.Addr(), func() error {
		stopped()
		if err := server.Close(); err != nil {
			return err
		}
		if err := <-served; !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	}, nil
}

const (
	healthDeadline       = 2 * time.Second
	maxHealthBytes       = 4 << 10
	maxHealthConnections = 8
)
