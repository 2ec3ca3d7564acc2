package harness_test

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"io"
	"testing"

	"github.com/google/pprof/profile"

	"lineage.dev/runner/internal/harness"
)

func frame(kind byte, payload []byte) []byte {
	return append(binary.BigEndian.AppendUint32([]byte{kind}, uint32(len(payload))), payload...)
}

func window(t testing.TB, samples int64) []byte {
	t.Helper()
	function := &profile.Function{ID: 1, Name: "main.work", Filename: "main.go"}
	location := &profile.Location{ID: 1, Line: []profile.Line{{Function: function, Line: 3}}}
	p := &profile.Profile{
		SampleType: []*profile.ValueType{{Type: "samples", Unit: "count"}},
		Function:   []*profile.Function{function}, Location: []*profile.Location{location},
		Sample: []*profile.Sample{{Location: []*profile.Location{location}, Value: []int64{samples}}},
	}
	var out bytes.Buffer
	if err := p.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func bomb(t testing.TB) []byte {
	t.Helper()
	var out bytes.Buffer
	writer := gzip.NewWriter(&out)
	if _, err := io.CopyN(writer, zeros{}, 80<<20); err != nil {
		t.Fatal(err)
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestFramesAreSortedByKindAndTheEndIsHeard(t *testing.T) {
	stream := bytes.Join([][]byte{frame('c', []byte("one")), frame('t', []byte("a")), frame('c', []byte("two")), frame('t', []byte("b")), frame('e', nil)}, nil)
	got, err := harness.Read(bytes.NewReader(stream))
	if err != nil || len(got.CPUWindows) != 2 || string(got.Trace) != "ab" || !got.Complete {
		t.Fatalf("%+v, %v", got, err)
	}
}

func TestFramesBeforeAForgedOneAreKept(t *testing.T) {
	for name, rest := range map[string][]byte{"unknown kind": frame('?', nil), "huge size": {'c', 0xff, 0xff, 0xff, 0xff}, "half a head": {'c', 0}} {
		got, err := harness.Read(bytes.NewReader(append(frame('c', []byte("one")), rest...)))
		if err == nil || len(got.CPUWindows) != 1 {
			t.Fatalf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestMergeAddsWindowsAndLeavesOutWhatIsNoProfile(t *testing.T) {
	good := window(t, 2)
	var out bytes.Buffer
	err := harness.Merge(bytes.NewReader(harness.Windows([][]byte{good, []byte("junk"), good[:len(good)/2], bomb(t), window(t, 3)})), &out)
	if err != nil {
		t.Fatal(err)
	}
	merged, err := profile.Parse(&out)
	if err != nil || len(merged.Sample) != 1 || merged.Sample[0].Value[0] != 5 {
		t.Fatalf("%v, %v", merged, err)
	}
}

func FuzzReadNeverKeepsMoreThanItWasGiven(f *testing.F) {
	f.Add(bytes.Join([][]byte{frame('c', []byte("window")), frame('h', []byte("heap")), frame('e', nil)}, nil))
	f.Add([]byte{'c', 0xff, 0xff, 0xff, 0xff, 1})
	f.Add([]byte{'t', 0, 0, 0, 9, 1})
	f.Fuzz(func(t *testing.T, stream []byte) {
		got, _ := harness.Read(bytes.NewReader(stream))
		kept := len(got.Trace)
		for _, w := range got.CPUWindows {
			kept += len(w)
		}
		for _, w := range got.Whole {
			kept += len(w)
		}
		if kept > len(stream) {
			t.Fatalf("%d bytes kept of %d", kept, len(stream))
		}
	})
}

func FuzzMergeAnswersWithAProfileOrAnError(f *testing.F) {
	f.Add(harness.Windows([][]byte{window(f, 1)}))
	f.Add(harness.Windows([][]byte{[]byte("\x1f\x8b"), nil}))
	f.Fuzz(func(t *testing.T, windows []byte) {
		var out bytes.Buffer
		if harness.Merge(bytes.NewReader(windows), &out) != nil {
			return
		}
		if _, err := profile.Parse(&out); err != nil {
			t.Fatal(err)
		}
	})
}
