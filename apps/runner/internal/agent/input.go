package agent

import (
	"context"
	"sync"
)

// maxWaitingBytes is how much typed input waits for a program that does not read, as much as a file of a workspace
// several times over. Like a terminal, the agent lets go of what is typed beyond it.
const maxWaitingBytes = 1 << 20

// input holds what was typed until the program reads it. Adding never waits, so a cancel behind it is heard at once.
type input struct {
	mu      sync.Mutex
	pieces  [][]byte
	waiting int
	closed  bool
	changed chan struct{}
}

func newInput() *input { return &input{changed: make(chan struct{}, 1)} }

// add keeps a piece and says whether there was room for it.
func (i *input) add(piece []byte) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.closed || len(piece) > maxWaitingBytes-i.waiting {
		return false
	}
	if len(piece) > 0 {
		i.pieces = append(i.pieces, piece)
		i.waiting += len(piece)
		i.signal()
	}
	return true
}

// close says that nothing more will be typed.
func (i *input) close() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.closed = true
	i.signal()
}

func (i *input) signal() {
	select {
	case i.changed <- struct{}{}:
	default:
	}
}

// take removes all that waits.
func (i *input) take() (pieces [][]byte, closed bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	pieces, i.pieces, i.waiting = i.pieces, nil, 0
	return pieces, i.closed
}

// pump hands everything on in order and closes to when all was handed on, or when ctx ends.
func (i *input) pump(ctx context.Context, to chan<- []byte) {
	defer close(to)
	for {
		pieces, closed := i.take()
		for _, piece := range pieces {
			select {
			case to <- piece:
			case <-ctx.Done():
				return
			}
		}
		if closed {
			return
		}
		select {
		case <-i.changed:
		case <-ctx.Done():
			return
		}
	}
}
