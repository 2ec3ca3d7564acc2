package execution

import (
	"bytes"
	"errors"
	"io"
	"os"
	"sync"
	"time"

	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
)

const (
	// headBytes of a stream are sent as they come, tailBytes of what followed when the program has ended.
	headBytes = 1 << 20
	tailBytes = 256 << 10
	// frameBytes and framePause make frames: whatever comes first.
	frameBytes = 16 << 10
	framePause = 20 * time.Millisecond
	// glimpseBytes of what is not sent as it comes are shown every glimpsePause, so that whoever looks on sees it go on.
	glimpseBytes = 8 << 10
	glimpsePause = 100 * time.Millisecond
	// readBytes are taken at once: what a pipe holds (pipe(7)).
	readBytes = 64 << 10
	// floodPause is how long a stream is left alone after each read of what is not sent as it comes. Without it a program
	// that floods and whoever reads from it use a core each for what nobody sees; with it they are asleep nearly always, for
	// the pipe is full. At 64 MiB a second a program still gets to the limit on output well within its time.
	floodPause = time.Millisecond
)

// relay carries one stream of a program to the events: the head at once, in frames; of the rest the last part.
type relay struct {
	stream pb.Stream
	events *events
	tap    func([]byte)
	// over is called once when both streams together passed the hard limit.
	count func(n int)

	mu      sync.Mutex
	pending []byte
	sent    int
	tail    []byte
	dropped uint64
	total   uint64
	// shown is the total as it was at the last glimpse.
	shown uint64
}

func newRelay(stream pb.Stream, events *events, count func(int), tap func([]byte)) *relay {
	return &relay{stream: stream, events: events, count: count, tap: tap}
}

// copy reads until the program and all that inherited its stream are gone.
func (r *relay) copy(from io.Reader) {
	stop := make(chan struct{})
	flushed := make(chan struct{})
	go func() { defer close(flushed); r.flushRegularly(stop) }()
	buffer := make([]byte, readBytes)
	for {
		n, err := from.Read(buffer)
		if n > 0 && r.take(buffer[:n]) {
			time.Sleep(floodPause)
		}
		if err != nil {
			if !errors.Is(err, io.EOF) && !errors.Is(err, os.ErrClosed) {
				r.count(0)
			}
			break
		}
	}
	close(stop)
	<-flushed
	r.flush()
	r.sendTail()
}

// take says whether the head was full: some of data is not sent as it comes.
func (r *relay) take(data []byte) (beyond bool) {
	r.count(len(data))
	if r.tap != nil {
		r.tap(data)
	}
	r.mu.Lock()
	r.total += uint64(len(data))
	if room := headBytes - r.sent - len(r.pending); room > 0 {
		n := min(room, len(data))
		r.pending = append(r.pending, data[:n]...)
		data = data[n:]
	}
	beyond = len(data) > 0
	if beyond {
		r.tail = append(r.tail, data...)
		if cut := len(r.tail) - tailBytes; cut > tailBytes {
			r.dropped += uint64(cut)
			r.tail = append(r.tail[:0], r.tail[cut:]...)
		}
	}
	full := len(r.pending) >= frameBytes
	first := r.sent == 0
	r.mu.Unlock()
	if full || first {
		r.flush()
	}
	return beyond
}

func (r *relay) flushRegularly(stop <-chan struct{}) {
	tick := time.NewTicker(framePause)
	defer tick.Stop()
	glimpses := time.NewTicker(glimpsePause)
	defer glimpses.Stop()
	for {
		select {
		case <-stop:
			return
		case <-tick.C:
			r.flush()
		case <-glimpses.C:
			if data := r.glimpse(); len(data) > 0 {
				r.events.glimpse(r.stream, data)
			}
		}
	}
}

func (r *relay) flush() {
	r.mu.Lock()
	data := r.pending
	r.pending = nil
	r.sent += len(data)
	r.mu.Unlock()
	if len(data) > 0 {
		r.events.output(r.stream, data, 0)
	}
}

// glimpse gives the newest of what waits for the end and was not shown yet, from the beginning of a line where it can.
func (r *relay) glimpse() []byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	fresh := min(r.total-r.shown, uint64(len(r.tail)))
	r.shown = r.total
	newest := r.tail[uint64(len(r.tail))-fresh:]
	if cut := len(newest) - glimpseBytes; cut > 0 {
		newest = newest[cut:]
		if line := bytes.IndexByte(newest, '\n'); line >= 0 && line+1 < len(newest) {
			newest = newest[line+1:]
		}
	}
	return bytes.Clone(newest)
}

func (r *relay) sendTail() {
	if cut := len(r.tail) - tailBytes; cut > 0 {
		r.dropped += uint64(cut)
		r.tail = r.tail[cut:]
	}
	for len(r.tail) > 0 {
		n := min(len(r.tail), 2*frameBytes)
		r.events.output(r.stream, r.tail[:n:n], r.dropped)
		r.tail, r.dropped = r.tail[n:], 0
	}
}
