package digest

import (
	"bytes"
	"compress/gzip"
	"io"
	"slices"

	"github.com/google/pprof/profile"
)

const (
	// maxInflated bounds one profile after decompression, so that a small file cannot become a large memory.
	maxInflated = 64 << 20
	// MaxLive bounds a window that is told while the program runs.
	MaxLive = 64 << 10
	// mergeEvery windows are made one, so that a long run is not held as its windows.
	mergeEvery = 16
	// eachRate windows are told before the next ones are told twice as many at a time: ten minutes are some 500.
	eachRate = 100
)

// windows adds up CPU profiles and tells some of them while it does.
type windows struct {
	tell    func(live []byte, fromUS, toUS int64) error
	all     []*profile.Profile
	waiting []*profile.Profile
	fromUS  int64
	told    int
}

// add takes a window. One that cannot be read, or does not fit to the others, is left out.
func (w *windows) add(raw []byte, fromUS, toUS int64) error {
	window := parse(raw)
	if window == nil {
		return nil
	}
	if len(w.all) > 0 && !sameTypes(w.all[0], window) {
		return nil
	}
	w.all = append(w.all, window)
	if len(w.all) > mergeEvery {
		merged, err := profile.Merge(w.all)
		if err != nil {
			w.all = w.all[:len(w.all)-1]
			return nil
		}
		w.all = append(w.all[:0], merged)
	}
	if len(w.waiting) == 0 {
		w.fromUS = fromUS
	}
	w.waiting = append(w.waiting, window)
	if len(w.waiting) < 1<<(w.told/eachRate) {
		return nil
	}
	return w.flush(toUS)
}

func (w *windows) flush(toUS int64) error {
	waiting := w.waiting
	w.waiting = nil
	w.told++
	merged, err := profile.Merge(waiting)
	if err != nil {
		return nil
	}
	var live bytes.Buffer
	if merged.Write(&live) != nil || live.Len() > MaxLive {
		return w.tell(nil, w.fromUS, toUS)
	}
	return w.tell(live.Bytes(), w.fromUS, toUS)
}

// merged is one gzipped profile of all windows; nil when there was none.
func (w *windows) merged() []byte {
	if len(w.all) == 0 {
		return nil
	}
	merged, err := profile.Merge(w.all)
	if err != nil {
		return nil
	}
	var out bytes.Buffer
	if merged.Write(&out) != nil {
		return nil
	}
	return out.Bytes()
}

func sameTypes(a, b *profile.Profile) bool {
	same := func(x, y *profile.ValueType) bool {
		return (x == nil) == (y == nil) && (x == nil || (x.Type == y.Type && x.Unit == y.Unit))
	}
	return same(a.PeriodType, b.PeriodType) && slices.EqualFunc(a.SampleType, b.SampleType, same)
}

func parse(raw []byte) *profile.Profile {
	unzipped, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil
	}
	inflated, err := io.ReadAll(io.LimitReader(unzipped, maxInflated+1))
	if err != nil || len(inflated) > maxInflated {
		return nil
	}
	window, err := profile.ParseUncompressed(inflated)
	if err != nil || window.CheckValid() != nil {
		return nil
	}
	return window
}
