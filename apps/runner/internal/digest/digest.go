// Package digest reads what the harness of a hostile program wrote and writes it anew, in a slot of its own, while the
// program runs. Frames are those of the harness: c a CPU window, t a piece of an execution trace come in; w a window to
// show now (empty when it is too large to be shown), T a batch of what the trace says (the contract's TraceBatch), and at
// the end p the profile of all windows go out.
package digest

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"

	"google.golang.org/protobuf/proto"

	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
	"lineage.dev/runner/internal/harness"
)

// MaxFrame bounds a frame in both directions.
const MaxFrame = 64 << 20

// Kinds of frames that come out.
const (
	KindWindow  = 'w'
	KindProfile = 'p'
	KindTrace   = 'T'
)

// Run reads frames until they end and writes what they say.
func Run(from io.Reader, to io.Writer) error {
	to = &oneAtATime{to: to}
	pieces := startTrace(to)
	defer pieces.Close()
	profiles := windows{tell: func(live []byte, fromUS, toUS int64) error {
		return write(to, KindWindow, harness.JoinWindow(live, fromUS, toUS))
	}}
	lastUS := int64(0)
	for {
		kind, payload, err := ReadFrame(from)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		switch kind {
		case 'c':
			raw, fromUS, toUS := harness.SplitWindow(payload)
			lastUS = toUS
			if err := profiles.add(raw, fromUS, toUS); err != nil {
				return err
			}
		case 't':
			pieces.add(payload)
		}
	}
	if len(profiles.waiting) > 0 {
		if err := profiles.flush(lastUS); err != nil {
			return err
		}
	}
	if merged := profiles.merged(); merged != nil {
		if err := write(to, KindProfile, merged); err != nil {
			return err
		}
	}
	pieces.Close()
	return nil
}

// pieces of a trace, on their way to its reader.
type pieces struct {
	to    *io.PipeWriter
	ended chan struct{}
}

// startTrace reads what it is given. A trace that cannot be read ends that, and nothing else.
func startTrace(to io.Writer) *pieces {
	read, written := io.Pipe()
	p := &pieces{to: written, ended: make(chan struct{})}
	go func() {
		defer close(p.ended)
		defer read.Close()
		defer func() { _ = recover() }() // The reader is made for traces that are as the runtime writes them.
		_ = readTrace(read, func(batch *pb.TraceBatch) error {
			raw, err := proto.Marshal(batch)
			if err == nil {
				err = write(to, KindTrace, raw)
			}
			return err
		})
	}()
	return p
}

// add returns when the reader has the piece, or reads no more.
func (p *pieces) add(piece []byte) { _, _ = p.to.Write(piece) }

// Close returns when all is told.
func (p *pieces) Close() {
	_ = p.to.Close()
	<-p.ended
}

// oneAtATime keeps frames whole: windows and batches are told by two goroutines.
type oneAtATime struct {
	mu sync.Mutex
	to io.Writer
}

func (o *oneAtATime) Write(frame []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.to.Write(frame)
}

func write(to io.Writer, kind byte, payload []byte) error {
	_, err := to.Write(harness.Frame(kind, payload))
	return err
}

// ReadFrame returns the next frame; io.EOF after the last one.
func ReadFrame(from io.Reader) (kind byte, payload []byte, err error) {
	var head [5]byte
	if _, err := io.ReadFull(from, head[:]); err != nil {
		return 0, nil, err
	}
	size := binary.BigEndian.Uint32(head[1:])
	if size > MaxFrame {
		return 0, nil, fmt.Errorf("digest: a frame of %d bytes", size)
	}
	// Grows with what arrives, not with what a head claims.
	var arrived bytes.Buffer
	if _, err := io.CopyN(&arrived, from, int64(size)); err != nil {
		return 0, nil, io.ErrUnexpectedEOF
	}
	return head[0], arrived.Bytes(), nil
}
