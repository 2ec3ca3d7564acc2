package agent

import (
	"net"
	"path/filepath"
	"testing"
)

func TestConnectionsBeyondTheLimitWaitUntilOneEnds(t *testing.T) {
	inner, err := net.Listen("unix", filepath.Join(t.TempDir(), "s"))
	if err != nil {
		t.Fatal(err)
	}
	listener := limit(inner, 1)
	accepted := make(chan net.Conn)
	ended := make(chan error, 1)
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				ended <- err
				return
			}
			accepted <- connection
		}
	}()
	for range 2 {
		dialled, err := net.Dial("unix", inner.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer dialled.Close()
	}
	first := <-accepted
	select {
	case <-accepted:
		t.Fatal("a second connection was accepted beside the first")
	default:
	}
	if free := len(listener.(*limited).free); free > 1 {
		t.Fatalf("%d places are taken", free)
	}
	first.Close()
	first.Close()
	second := <-accepted
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err == nil {
		t.Fatal("a closed listener accepted")
	}
	second.Close()
}
