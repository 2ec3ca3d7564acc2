package agent

import (
	"encoding/hex"
	"fmt"
	"testing"
	"time"
)

func TestNoncesAreForgottenOnceTheirTimeIsOver(t *testing.T) {
	now := time.UnixMilli(1_700_000_000_000)
	p := newProofs(make([]byte, SecretBytes))
	p.now = func() time.Time { return now }
	give := func(n int) error {
		nonce := fmt.Sprintf("%d.%032x", now.UnixMilli(), n)
		return p.verify(nonce, hex.EncodeToString(p.sum("api", nonce, "/call")), "/call")
	}
	for n := range 100 {
		if err := give(n); err != nil {
			t.Fatal(err)
		}
	}
	now = now.Add(2*nonceWindow + time.Second)
	if err := give(0); err != nil || len(p.seen) != 1 {
		t.Fatalf("%d are remembered, %v", len(p.seen), err)
	}
}

func TestMoreNoncesThanAreRememberedAreRefused(t *testing.T) {
	p := newProofs(make([]byte, SecretBytes))
	for n := range maxNonces {
		p.seen[fmt.Sprint(n)] = p.now()
	}
	nonce := fmt.Sprintf("%d.%032x", p.now().UnixMilli(), 1)
	if err := p.verify(nonce, hex.EncodeToString(p.sum("api", nonce, "/call")), "/call"); err == nil {
		t.Fatal("a nonce was taken that cannot be remembered")
	}
}
