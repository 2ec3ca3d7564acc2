// Package digest reads what the harness of a hostile program wrote and writes it anew, in a slot of its own, while the
// program runs. Frames are those of the harness: c a CPU window, t a piece of an execution trace come in; w a window to
// show now (empty when it is too large to be shown), p at the end the profile of all windows go out.
package digest

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"lineage.dev/runner/internal/harness"
)

// MaxFrame bounds a frame in both directions.
const MaxFrame = 64 << 20

// Kinds of frames that come out.
const (
	KindWindow  = 'w'
	KindProfile = 'p'
)

// Run reads frames until they end and writes what they say.
func Run(from io.Reader, to io.Writer) error {
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
		if kind == 'c' {
			raw, fromUS, toUS := harness.SplitWindow(payload)
			lastUS = toUS
			if err := profiles.add(raw, fromUS, toUS); err != nil {
				return err
			}
		}
	}
	if len(profiles.waiting) > 0 {
		if err := profiles.flush(lastUS); err != nil {
			return err
		}
	}
	if merged := profiles.merged(); merged != nil {
		return write(to, KindProfile, merged)
	}
	return nil
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
	payload = make([]byte, size)
	if _, err := io.ReadFull(from, payload); err != nil {
		return 0, nil, io.ErrUnexpectedEOF
	}
	return head[0], payload, nil
}
