package harness

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"sync"
)

const (
	// maxFrame bounds one frame; a window of a quarter of a second is some tens of kilobytes.
	maxFrame = 16 << 20
	// maxTotal bounds all that is kept of a run; a trace of a busy program is cut here.
	maxTotal = 64 << 20
	// maxWindows bounds the CPU windows of a run: half an hour of them, three times the longest run.
	maxWindows = 7200
)

// ErrForged says that the frames are not as the harness writes them: the program wrote to its descriptor itself.
var ErrForged = errors.New("harness: malformed frames")

// Collected is what a program's harness wrote, by kind.
type Collected struct {
	// CPUWindows are payloads for SplitWindow.
	CPUWindows [][]byte
	Whole      map[byte][]byte // g, h, a, b, m, l
	Trace      []byte
	// Complete is true when all was sent at the end: the program ended through its exit hooks, or was asked in time.
	Complete bool
	// Asleep says that the harness ended the program because all goroutines waited for one another.
	Asleep    bool
	Truncated bool
}

// Gathering keeps what a program's harness writes. Others may follow it meanwhile.
type Gathering struct {
	// Sampled is called with each sample of runtime/metrics; nil for none.
	Sampled func(Sample)

	mu      sync.Mutex
	kept    Collected
	bytes   int
	ended   bool
	changed chan struct{}
	flushed chan struct{}
}

// NewGathering has nothing yet.
func NewGathering() *Gathering {
	return &Gathering{kept: Collected{Whole: map[byte][]byte{}}, changed: make(chan struct{}, 1), flushed: make(chan struct{}, 1)}
}

// Read takes frames until the descriptor is closed. What came before an error is kept.
func (g *Gathering) Read(from io.Reader) error {
	defer g.end()
	for {
		var head [5]byte
		if _, err := io.ReadFull(from, head[:]); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return ErrForged
		}
		size := int(binary.BigEndian.Uint32(head[1:]))
		if size > maxFrame {
			return ErrForged
		}
		if !g.hasRoom(size) {
			// The program must not block on a full pipe: take and forget the rest.
			_, err := io.Copy(io.Discard, from)
			return err
		}
		// Grows with what arrives, not with what a head claims.
		var payload bytes.Buffer
		if n, err := io.CopyN(&payload, from, int64(size)); err != nil {
			if n > 0 {
				g.cut()
			}
			return nil
		}
		if !g.take(head[0], payload.Bytes()) {
			return ErrForged
		}
	}
}

func (g *Gathering) hasRoom(size int) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.bytes+size > maxTotal {
		g.kept.Truncated = true
		return false
	}
	return true
}

func (g *Gathering) cut() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.kept.Truncated = true
}

func (g *Gathering) end() {
	g.mu.Lock()
	g.ended = true
	g.mu.Unlock()
	signal(g.changed)
	signal(g.flushed)
}

func (g *Gathering) take(kind byte, payload []byte) bool {
	if kind == 's' {
		sample, ok := parseSample(payload)
		if ok && g.Sampled != nil {
			g.Sampled(sample)
		}
		return ok
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	c := &g.kept
	// What is sent after it belongs to a program that goes on.
	c.Complete = false
	switch kind {
	case 'c':
		if len(c.CPUWindows) >= maxWindows || len(payload) < windowHead {
			return false
		}
		c.CPUWindows = append(c.CPUWindows, payload)
		g.bytes += len(payload)
	case 't':
		c.Trace = append(c.Trace, payload...)
		g.bytes += len(payload)
	case 'g', 'h', 'a', 'b', 'm', 'l':
		g.bytes += len(payload) - len(c.Whole[kind])
		c.Whole[kind] = payload
	case 'd':
		c.Asleep = true
	case 'f':
		c.Complete = true
		signal(g.flushed)
	case 'e':
		c.Complete = true
	default:
		return false
	}
	signal(g.changed)
	return true
}

// Collected is what was kept. Call it when Read has returned.
func (g *Gathering) Collected() Collected {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.kept
}

// Flushed hears once from a program that was asked for everything and has sent it, and from one that has ended.
func (g *Gathering) Flushed() <-chan struct{} { return g.flushed }

// Follow returns what came after the first windows and the first bytes of trace, waiting for some; more is false when all
// was returned. stop ends the waiting.
func (g *Gathering) Follow(windows, trace int, stop <-chan struct{}) (newWindows [][]byte, newTrace []byte, more bool) {
	for {
		g.mu.Lock()
		newWindows, newTrace = g.kept.CPUWindows[windows:], g.kept.Trace[trace:]
		ended := g.ended
		g.mu.Unlock()
		if len(newWindows)+len(newTrace) > 0 {
			return newWindows, newTrace, true
		}
		if ended {
			return nil, nil, false
		}
		select {
		case <-g.changed:
		case <-stop:
			return nil, nil, false
		}
	}
}

func signal(to chan struct{}) {
	select {
	case to <- struct{}{}:
	default:
	}
}
