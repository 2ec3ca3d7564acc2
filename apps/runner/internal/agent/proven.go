package agent

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"sync"
	"time"
)

const (
	// handshakeDeadline is far above what a handshake within a cluster takes.
	handshakeDeadline = 3 * time.Second
	// maxStrangers is how many connections may be about to prove themselves. The longest-waiting one gives way to the
	// next, so that strangers who say nothing do not keep the API out.
	maxStrangers = 32
)

// proven accepts connections whose TLS handshake is done, so that no HTTP code meets a stranger.
type proven struct {
	inner    net.Listener
	config   *tls.Config
	log      *slog.Logger
	ready    chan net.Conn
	ending   context.Context
	end      context.CancelFunc
	work     sync.WaitGroup
	accepted chan struct{}

	mu sync.Mutex
	// strangers are in the order in which they came.
	strangers []net.Conn
	known     int
}

func newProven(inner net.Listener, config *tls.Config, log *slog.Logger) *proven {
	ending, end := context.WithCancel(context.Background())
	p := &proven{inner: inner, config: config, log: log, ready: make(chan net.Conn), ending: ending, end: end, accepted: make(chan struct{})}
	p.work.Go(p.receive)
	return p
}

func (p *proven) Addr() net.Addr { return p.inner.Addr() }

func (p *proven) Accept() (net.Conn, error) {
	select {
	case connection := <-p.ready:
		return connection, nil
	case <-p.accepted:
		return nil, net.ErrClosed
	}
}

// Close returns when no handshake is under way any more.
func (p *proven) Close() error {
	p.end()
	err := p.inner.Close()
	p.mu.Lock()
	for _, stranger := range p.strangers {
		_ = stranger.Close() // Its handshake ends, and with it its goroutine.
	}
	p.mu.Unlock()
	p.work.Wait()
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

func (p *proven) receive() {
	defer close(p.accepted)
	for {
		connection, err := p.inner.Accept()
		switch {
		case p.ending.Err() != nil:
			if err == nil {
				connection.Close()
			}
			return
		case errors.Is(err, net.ErrClosed):
			return
		case err != nil:
			// Out of descriptors, or the peer is gone already: the next one may do.
			p.log.Warn("a connection could not be accepted", "err", err)
			select {
			case <-time.After(acceptPause):
			case <-p.ending.Done():
				return
			}
		default:
			p.greet(connection)
		}
	}
}

// acceptPause keeps a lasting failure from using up a core.
const acceptPause = 50 * time.Millisecond

func (p *proven) greet(connection net.Conn) {
	p.mu.Lock()
	if len(p.strangers) >= maxStrangers {
		_ = p.strangers[0].Close()
		p.strangers = p.strangers[1:]
	}
	p.strangers = append(p.strangers, connection)
	p.mu.Unlock()
	p.work.Go(func() { p.prove(connection) })
}

func (p *proven) prove(connection net.Conn) {
	// A failed handshake closes it too, before it was counted.
	promoted := false
	counted := &counted{Conn: connection, release: sync.OnceFunc(func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if promoted {
			p.known--
		}
	})}
	secured := tls.Server(counted, p.config)
	ctx, cancel := context.WithTimeout(p.ending, handshakeDeadline)
	defer cancel()
	err := secured.HandshakeContext(ctx)
	if err == nil && secured.ConnectionState().NegotiatedProtocol != "h2" {
		err = errProtocol
	}
	if !p.promote(connection, err == nil, &promoted) {
		p.log.Warn("a connection without our proof was refused", "from", connection.RemoteAddr().String())
		_ = connection.Close() // Not by counted: it was never known.
		return
	}
	select {
	case p.ready <- secured:
	case <-p.ending.Done():
		_ = secured.Close()
	}
}

var errProtocol = errors.New("the client does not speak HTTP/2")

// promote takes a connection off the strangers, and says whether it may go on; promoted is then set.
func (p *proven) promote(connection net.Conn, proved bool, promoted *bool) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for at, stranger := range p.strangers {
		if stranger == connection {
			p.strangers = append(p.strangers[:at], p.strangers[at+1:]...)
			break
		}
	}
	if !proved || p.known >= maxConnections {
		return false
	}
	p.known++
	*promoted = true
	return true
}
