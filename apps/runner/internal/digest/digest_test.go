package digest_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"testing"

	"github.com/google/pprof/profile"

	"lineage.dev/runner/internal/digest"
	"lineage.dev/runner/internal/harness"
)

func window(t testing.TB, samples int64, unit string) []byte {
	t.Helper()
	function := &profile.Function{ID: 1, Name: "main.work", Filename: "main.go"}
	location := &profile.Location{ID: 1, Line: []profile.Line{{Function: function, Line: 3}}}
	p := &profile.Profile{
		SampleType: []*profile.ValueType{{Type: "samples", Unit: unit}},
		Function:   []*profile.Function{function}, Location: []*profile.Location{location},
		Sample: []*profile.Sample{{Location: []*profile.Location{location}, Value: []int64{samples}}},
	}
	var out bytes.Buffer
	if err := p.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

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

func frames(windows ...[]byte) []byte {
	var all []byte
	for i, w := range windows {
		all = append(all, harness.Frame('c', harness.JoinWindow(w, int64(i), int64(i+1)))...)
	}
	return all
}

type said struct {
	live   []*profile.Profile
	times  [][2]int64
	merged *profile.Profile
}

func read(t testing.TB, in []byte) (s said, err error) {
	t.Helper()
	var out bytes.Buffer
	if err := digest.Run(bytes.NewReader(in), &out); err != nil {
		return s, err
	}
	for {
		kind, payload, err := digest.ReadFrame(&out)
		if err != nil {
			return s, nil
		}
		if kind == digest.KindTrace {
			continue
		}
		raw := payload
		var from, to int64
		if kind == digest.KindWindow {
			if raw, from, to = harness.SplitWindow(payload); len(raw) == 0 {
				continue
			}
		}
		parsed, err := profile.Parse(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		if kind == digest.KindWindow {
			s.live, s.times = append(s.live, parsed), append(s.times, [2]int64{from, to})
		} else {
			s.merged = parsed
		}
	}
}

func TestWindowsAreToldAndAddedUpWithoutWhatIsNoProfile(t *testing.T) {
	good := window(t, 2, "count")
	s, err := read(t, frames(good, []byte("junk"), good[:len(good)/2], bomb(t), window(t, 1, "bytes"), window(t, 3, "count")))
	if err != nil || len(s.live) != 2 || s.times[1] != [2]int64{5, 6} {
		t.Fatal(len(s.live), s.times, err)
	}
	if s.merged == nil || len(s.merged.Sample) != 1 || s.merged.Sample[0].Value[0] != 5 {
		t.Fatal(s.merged)
	}
}

func TestLongRunsTellFewerAndLargerWindows(t *testing.T) {
	var all [][]byte
	for range 2400 {
		all = append(all, window(t, 1, "count"))
	}
	s, err := read(t, frames(all...))
	if err != nil || len(s.live) > 600 || len(s.live) < 300 {
		t.Fatal(len(s.live), err)
	}
	total := int64(0)
	for i, live := range s.live {
		total += live.Sample[0].Value[0]
		if i > 0 && s.times[i][0] != s.times[i-1][1] {
			t.Fatal("a gap before", s.times[i])
		}
	}
	if total != 2400 || s.merged.Sample[0].Value[0] != 2400 {
		t.Fatal(total, s.merged.Sample[0].Value)
	}
}

func FuzzDigestAnswersWithProfilesOrAnError(f *testing.F) {
	f.Add(frames(window(f, 1, "count")))
	f.Add(frames([]byte("\x1f\x8b"), nil))
	f.Add([]byte{'c', 0xff, 0xff, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, in []byte) {
		_, _ = read(t, in)
	})
}
