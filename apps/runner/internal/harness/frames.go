package harness

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
)

const (
	// maxFrame bounds one frame; a window of half a second is some tens of kilobytes.
	maxFrame = 16 << 20
	// maxTotal bounds all frames of a run; a trace of a busy program is cut here.
	maxTotal = 64 << 20
	// maxWindows bounds the CPU windows of a run: an hour of them.
	maxWindows = 7200
)

// ErrForged says that the frames are not as the harness writes them: the program wrote to its descriptor itself.
var ErrForged = errors.New("harness: malformed frames")

// Collected is what a program's harness wrote, by kind.
type Collected struct {
	CPUWindows [][]byte
	Whole      map[byte][]byte // g, h, a, b, m
	Trace      []byte
	// Complete is true when the program ended through its exit hooks.
	Complete  bool
	Truncated bool
}

// Read takes frames until the descriptor is closed. What came before an error is kept.
func Read(from io.Reader) (Collected, error) {
	collected := Collected{Whole: map[byte][]byte{}}
	total := 0
	for {
		var head [5]byte
		if _, err := io.ReadFull(from, head[:]); err != nil {
			if errors.Is(err, io.EOF) {
				return collected, nil
			}
			return collected, ErrForged
		}
		size := int(binary.BigEndian.Uint32(head[1:]))
		if size > maxFrame {
			return collected, ErrForged
		}
		if total += size; total > maxTotal {
			collected.Truncated = true
			// The program must not block on a full pipe: take and forget the rest.
			_, err := io.Copy(io.Discard, from)
			return collected, err
		}
		// Grows with what arrives, not with what a head claims.
		var payload bytes.Buffer
		if n, err := io.CopyN(&payload, from, int64(size)); err != nil {
			collected.Truncated = n > 0
			return collected, nil
		}
		if !collected.add(head[0], payload.Bytes()) {
			return collected, ErrForged
		}
	}
}

func (c *Collected) add(kind byte, payload []byte) bool {
	switch kind {
	case 'c':
		if len(c.CPUWindows) >= maxWindows {
			return false
		}
		c.CPUWindows = append(c.CPUWindows, payload)
	case 't':
		c.Trace = append(c.Trace, payload...)
	case 'g', 'h', 'a', 'b', 'm':
		c.Whole[kind] = payload
	case 'e':
		c.Complete = true
	default:
		return false
	}
	return true
}
