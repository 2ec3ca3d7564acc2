package harness_test

import (
	"bytes"
	"encoding/binary"
	"math"
	"testing"

	"lineage.dev/runner/internal/harness"
)

func frame(kind byte, payload string) []byte { return harness.Frame(kind, []byte(payload)) }

func read(stream ...[]byte) (harness.Collected, error) {
	g := harness.NewGathering()
	err := g.Read(bytes.NewReader(bytes.Join(stream, nil)))
	return g.Collected(), err
}

const aWindow = "0123456789abcdefone"

func TestFramesAreSortedByKindAndTheEndIsHeard(t *testing.T) {
	got, err := read(frame('c', aWindow), frame('t', "a"), frame('c', aWindow), frame('t', "b"), frame('h', "old"), frame('h', "new"), frame('d', ""), frame('e', ""))
	if err != nil || len(got.CPUWindows) != 2 || string(got.Trace) != "ab" || string(got.Whole['h']) != "new" || !got.Asleep || !got.Complete {
		t.Fatalf("%+v, %v", got, err)
	}
}

func TestProgramThatGoesOnAfterItWasAskedIsNotComplete(t *testing.T) {
	if got, _ := read(frame('h', "all"), frame('f', "")); !got.Complete {
		t.Fatal("all was sent")
	}
	if got, _ := read(frame('h', "all"), frame('f', ""), frame('c', aWindow)); got.Complete {
		t.Fatal("it went on")
	}
}

func TestFramesBeforeAForgedOneAreKept(t *testing.T) {
	for name, rest := range map[string][]byte{
		"unknown kind": frame('?', ""), "huge size": {'c', 0xff, 0xff, 0xff, 0xff}, "half a head": {'c', 0}, "a window without times": frame('c', "one"),
		"a sample that is none": frame('s', "sample"),
	} {
		got, err := read(frame('c', aWindow), rest)
		if err == nil || len(got.CPUWindows) != 1 {
			t.Fatalf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestNewerProfilesTakeTheRoomOfOlderOnes(t *testing.T) {
	var stream [][]byte
	for range 20 {
		stream = append(stream, frame('h', string(make([]byte, 8<<20))))
	}
	if got, err := read(append(stream, frame('e', ""))...); err != nil || got.Truncated || !got.Complete {
		t.Fatal("a profile that replaces another one needs no room of its own", got.Truncated, err)
	}
}

func sample(seconds float64) []byte {
	var raw []byte
	for i := range 23 {
		raw = binary.BigEndian.AppendUint64(raw, uint64(i))
	}
	binary.BigEndian.PutUint64(raw[8*17:], math.Float64bits(seconds))
	for i := 18; i < 23; i++ {
		binary.BigEndian.PutUint64(raw[8*i:], 0)
	}
	return harness.Frame('s', raw)
}

func TestSamplesAreHeardAsTheyCome(t *testing.T) {
	g := harness.NewGathering()
	var got []harness.Sample
	g.Sampled = func(s harness.Sample) { got = append(got, s) }
	if err := g.Read(bytes.NewReader(sample(0.5))); err != nil || len(got) != 1 || got[0].Counts[0] != 1 || got[0].Counts[15] != 16 || got[0].Seconds[0] != 0.5 {
		t.Fatal(got, err)
	}
	for _, wrong := range []float64{math.NaN(), -1, math.Inf(1)} {
		if err := g.Read(bytes.NewReader(sample(wrong))); err == nil {
			t.Fatal("taken: ", wrong)
		}
	}
}

func TestWindowOfAForgedTimeIsBounded(t *testing.T) {
	raw := harness.JoinWindow([]byte("p"), -1, 5)
	if profile, from, to := harness.SplitWindow(raw); string(profile) != "p" || from < 0 || to < from || to > 24*3600*1e6 {
		t.Fatal(from, to)
	}
}

func FuzzGatheringNeverKeepsMoreThanItWasGiven(f *testing.F) {
	f.Add(bytes.Join([][]byte{frame('c', aWindow), frame('h', "heap"), sample(1), frame('e', "")}, nil))
	f.Add([]byte{'c', 0xff, 0xff, 0xff, 0xff, 1})
	f.Add([]byte{'t', 0, 0, 0, 9, 1})
	f.Fuzz(func(t *testing.T, stream []byte) {
		got, _ := read(stream)
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
