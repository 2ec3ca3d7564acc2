package execution

import (
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
)

// What is beyond the head is shown while it is printed, in whole lines, and is in the tail as if it had not been.
func TestShowsWhatIsPrintedBeyondTheHead(t *testing.T) {
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	glimpsed := make(chan string, 100)
	var kept strings.Builder
	var dropped uint64
	relay := newRelay(pb.Stream_STREAM_STDOUT, newEvents(func(event *pb.ExecuteResponse) error {
		if glimpse := event.GetGlimpse(); glimpse != nil {
			glimpsed <- string(glimpse.Data)
		}
		if output := event.GetOutput(); output != nil {
			kept.Write(output.Data)
			dropped += output.DroppedBefore
		}
		return nil
	}, func() {}), func(int) {}, nil)
	ended := make(chan struct{})
	go func() { defer close(ended); relay.copy(read) }()
	var said strings.Builder
	line := func(n int) {
		text := fmt.Sprintf("%07d\n", n)
		said.WriteString(text)
		_, _ = io.WriteString(write, text)
	}
	for n := range headBytes / 8 {
		line(n)
	}
	for n := range 5000 {
		line(n)
	}
	first := <-glimpsed
	for len(glimpsed) > 0 {
		first = <-glimpsed
	}
	if len(first) > glimpseBytes || len(first) == 0 || len(first)%8 != 0 || !strings.HasSuffix(first, "\n") {
		t.Errorf("a glimpse of %d bytes, which begins %.20q", len(first), first)
	}
	line(9)
	for next := range glimpsed {
		if strings.HasSuffix(next, "0000009\n") {
			break
		}
	}
	_ = write.Close()
	<-ended
	if kept.String() != said.String() || dropped != 0 {
		t.Errorf("kept %d bytes of %d, dropped %d", kept.Len(), said.Len(), dropped)
	}
}

// A program that floods has to wait, so that it and its reader leave the machine to others; one that prints less does not.
func TestTakesWhatIsNotShownAtABoundedRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		read, write := io.Pipe()
		var counted, kept, dropped uint64
		glimpses := 0
		relay := newRelay(pb.Stream_STREAM_STDOUT, newEvents(func(event *pb.ExecuteResponse) error {
			if event.GetGlimpse() != nil {
				glimpses++
			}
			kept += uint64(len(event.GetOutput().GetData()))
			dropped += event.GetOutput().GetDroppedBefore()
			return nil
		}, func() {}), func(n int) { counted += uint64(n) }, nil)
		ended := make(chan struct{})
		go func() { defer close(ended); relay.copy(read) }()
		block := make([]byte, readBytes)
		began := time.Now()
		for range headBytes / readBytes {
			_, _ = write.Write(block)
		}
		if waited := time.Since(began); waited != 0 {
			t.Error("what is shown was kept waiting for", waited)
		}
		written := uint64(headBytes)
		for time.Since(began) < time.Second {
			_, _ = write.Write(block)
			written += readBytes
		}
		// The first read of what is not shown follows no pause.
		if most := uint64(headBytes + (time.Second/floodPause+1)*readBytes); written > most || written < most/2 {
			t.Errorf("%d bytes were taken in a second, at most %d may be", written, most)
		}
		_ = write.Close()
		<-ended
		if counted != written || kept+dropped != written || kept != headBytes+tailBytes {
			t.Errorf("of %d bytes %d are counted, %d kept and %d dropped", written, counted, kept, dropped)
		}
		if glimpses < 9 {
			t.Error("glimpses in a second:", glimpses)
		}
	})
}
