package execution

import (
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

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
