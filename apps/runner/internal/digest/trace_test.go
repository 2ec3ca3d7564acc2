package digest_test

import (
	"bytes"
	"context"
	"runtime"
	"runtime/trace"
	"sync"
	"testing"

	"google.golang.org/protobuf/proto"

	"lineage.dev/runner/internal/digest"
	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
	"lineage.dev/runner/internal/harness"
)

// traced is an execution trace of this process while perform runs.
func traced(t testing.TB, perform func(context.Context)) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := trace.Start(&out); err != nil {
		t.Fatal(err)
	}
	perform(context.Background())
	trace.Stop()
	return out.Bytes()
}

func talk(ctx context.Context, times int) {
	ctx, task := trace.NewTask(ctx, "talk")
	defer task.End()
	questions := make(chan int)
	var all sync.WaitGroup
	all.Go(func() {
		for question := range questions {
			for range 1000 {
				question++
			}
		}
	})
	trace.WithRegion(ctx, "ask", func() {
		for n := range times {
			questions <- n
		}
	})
	trace.Log(ctx, "phase", "asked")
	close(questions)
	all.Wait()
}

func tracePieces(raw []byte) []byte {
	var all []byte
	for len(raw) > 0 {
		n := min(len(raw), 1000)
		all = append(all, harness.Frame('t', raw[:n])...)
		raw = raw[n:]
	}
	return all
}

func batches(t testing.TB, in []byte) (all []*pb.TraceBatch) {
	t.Helper()
	var out bytes.Buffer
	if err := digest.Run(bytes.NewReader(in), &out); err != nil {
		t.Fatal(err)
	}
	for {
		kind, payload, err := digest.ReadFrame(&out)
		if err != nil {
			return all
		}
		if kind != digest.KindTrace {
			continue
		}
		batch := &pb.TraceBatch{}
		if err := proto.Unmarshal(payload, batch); err != nil {
			t.Fatal(err)
		}
		all = append(all, batch)
	}
}

func TestTraceIsToldAsSpansTilesAndMarks(t *testing.T) {
	all := batches(t, tracePieces(traced(t, func(ctx context.Context) { talk(ctx, 3000) })))
	running, marks := map[uint32]uint64{}, map[string]*pb.TraceMark{}
	type place struct {
		lane  pb.TraceTile_Lane
		id    uint64
		level uint32
		index uint32
	}
	seen := map[place]bool{}
	spans, last := 0, int64(0)
	waits := map[string]bool{}
	for _, batch := range all {
		if batch.FromUs != last || batch.ToUs < batch.FromUs {
			t.Fatalf("a batch from %d to %d after %d", batch.FromUs, batch.ToUs, last)
		}
		last = batch.ToUs
		for _, tile := range batch.Tiles {
			at := place{tile.Lane, tile.Id, tile.Level, tile.Index}
			if seen[at] {
				t.Fatal("told twice:", tile)
			}
			seen[at] = true
			width := uint64(1000) << (3 * tile.Level)
			if tile.Lane == pb.TraceTile_LANE_PROC {
				running[tile.Level] += tile.RunningUs
				if tile.RunningUs > width {
					t.Fatal("more than there is time for:", tile)
				}
			}
		}
		for _, mark := range batch.Marks {
			marks[mark.Name] = mark
		}
		for _, span := range batch.Spans {
			if spans++; span.FromUs >= span.ToUs || span.ToUs > batch.ToUs {
				t.Fatal(span)
			}
			if span.State == pb.TraceState_TRACE_STATE_WAITING {
				waits[span.Reason] = true
			}
		}
	}
	if spans == 0 || spans > 20_000 || !waits["chan receive"] && !waits["chan send"] {
		t.Fatal(spans, waits)
	}
	if running[0] == 0 || running[0] != running[2] || running[0] != running[4] {
		t.Fatal("levels do not agree:", running)
	}
	if ask := marks["ask"]; ask == nil || ask.Kind != pb.TraceMark_KIND_REGION || ask.ToUs <= ask.FromUs || ask.Goroutine == 0 {
		t.Fatal(marks)
	}
	if said := marks["phase"]; said == nil || said.Text != "asked" || marks["talk"].GetKind() != pb.TraceMark_KIND_TASK {
		t.Fatal(marks)
	}
}

func TestTraceOfABusyProgramStaysWithinItsBounds(t *testing.T) {
	raw := traced(t, func(ctx context.Context) {
		var all sync.WaitGroup
		for range 300 {
			all.Go(func() { talk(ctx, 200) })
		}
		all.Wait()
	})
	spans, tiles, named, left := 0, 0, 0, uint64(0)
	for _, batch := range batches(t, tracePieces(raw)) {
		if len(batch.Spans) > 1000 || proto.Size(batch) > 1<<20 {
			t.Fatal(len(batch.Spans), proto.Size(batch))
		}
		spans, tiles, named = spans+len(batch.Spans), tiles+len(batch.Tiles), named+len(batch.Goroutines)
		left += batch.SpansLeftOut
	}
	if spans > 20_000 || tiles > 5*40_000 || named > 4000 || left == 0 {
		t.Fatal(spans, tiles, named, left)
	}
}

func TestWhatAProgramLogsIsToldHoweverOftenItCollects(t *testing.T) {
	// With one processor: else each collection waits for another thread to stop, under the race detector for 50 ms.
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	raw := traced(t, func(ctx context.Context) {
		for range 2000 {
			runtime.GC()
		}
		trace.Log(ctx, "phase", "after all of it")
	})
	ranges, said := 0, ""
	for _, batch := range batches(t, tracePieces(raw)) {
		for _, mark := range batch.Marks {
			if mark.Kind == pb.TraceMark_KIND_RANGE {
				ranges++
			} else {
				said = mark.Text
			}
		}
	}
	if ranges <= 4000 || ranges > 8000 || said != "after all of it" {
		t.Fatal(ranges, said)
	}
}

func TestTraceThatIsCutIsToldUpToThere(t *testing.T) {
	raw := traced(t, func(ctx context.Context) { talk(ctx, 3000) })
	whole, cut := batches(t, tracePieces(raw)), batches(t, tracePieces(raw[:len(raw)*3/4]))
	if len(whole) == 0 {
		t.Fatal("nothing")
	}
	// A generation that is not whole cannot be read at all: what counts is that nothing breaks.
	if len(cut) > len(whole) {
		t.Fatal(len(cut), len(whole))
	}
	good := append(tracePieces(raw[:len(raw)/2]), frames(window(t, 2, "count"))...)
	if s, err := read(t, append(good, tracePieces([]byte("no trace at all"))...)); err != nil || s.merged == nil {
		t.Fatal("a broken trace took the profile with it", err)
	}
}

func FuzzTraceIsToldWithinItsBoundsOrNotAtAll(f *testing.F) {
	raw := traced(f, func(ctx context.Context) { talk(ctx, 5) })
	f.Add(raw)
	f.Add(raw[:len(raw)/2])
	f.Add([]byte("go 1.26 trace\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		for _, batch := range batches(t, tracePieces(raw)) {
			if batch.ToUs < batch.FromUs || len(batch.Spans) > 1000 {
				t.Fatal(batch)
			}
		}
	})
}
