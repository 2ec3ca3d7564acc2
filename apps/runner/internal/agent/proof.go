package agent

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	nonceHeader = "Lineage-Nonce"
	proofHeader = "Lineage-Proof"
	// nonceWindow is how far the clocks of the API and the agent may be apart; they share a machine or a cluster.
	nonceWindow = 60 * time.Second
	// maxNonces bounds what is remembered; one API makes a few calls for each run.
	maxNonces = 100_000
)

// errProof says nothing about what was wrong: whoever cannot prove to be the API learns nothing.
var errProof = errors.New("the request does not prove that it comes from our API")

// proofs checks and gives the proofs of the protocol.
type proofs struct {
	secret []byte
	now    func() time.Time

	mu   sync.Mutex
	seen map[string]time.Time
}

func newProofs(secret []byte) *proofs {
	return &proofs{secret: secret, now: time.Now, seen: map[string]time.Time{}}
}

// verify accepts a nonce once, and only with the proof that the secret gives.
func (p *proofs) verify(nonce, proof, procedure string) error {
	given, err := hex.DecodeString(proof)
	if err != nil || !hmac.Equal(given, p.sum("api", nonce, procedure)) {
		return errProof
	}
	stamp, random, found := strings.Cut(nonce, ".")
	millis, err := strconv.ParseInt(stamp, 10, 64)
	if !found || len(random) != 32 || err != nil {
		return errProof
	}
	now := p.now()
	if age := now.Sub(time.UnixMilli(millis)); age > nonceWindow || age < -nonceWindow {
		return errProof
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.forget(now)
	if _, again := p.seen[nonce]; again || len(p.seen) >= maxNonces {
		return errProof
	}
	p.seen[nonce] = now
	return nil
}

// answer proves to the API that the agent has the secret too.
func (p *proofs) answer(nonce, procedure string) string {
	return hex.EncodeToString(p.sum("agent", nonce, procedure))
}

// forget drops nonces whose time stamp would be refused anyway.
func (p *proofs) forget(now time.Time) {
	for nonce, at := range p.seen {
		if now.Sub(at) > 2*nonceWindow {
			delete(p.seen, nonce)
		}
	}
}

func (p *proofs) sum(side, nonce, procedure string) []byte {
	mac := hmac.New(sha256.New, p.secret)
	mac.Write([]byte(side + "\n" + nonce + "\n" + procedure))
	return mac.Sum(nil)
}
