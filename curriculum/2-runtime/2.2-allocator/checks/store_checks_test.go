package main

import (
	"runtime"
	"testing"
)

// checked readings make what the rest of the test binary does on the heap disappear in the figures.
const checked = 300_000

func sample(i int) Reading {
	return Reading{
		Valid: i%3 == 0, Sensor: uint32(i) * 7, At: int64(i) << 20,
		Value: float64(i) / 3, Previous: -float64(i), Sequence: ^uint32(i),
	}
}

func filled(n int) *Store {
	store := &Store{}
	for i := range n {
		store.Add(sample(i))
	}
	return store
}

// settled reads the statistics when nothing is left on the heap that nobody holds.
func settled() runtime.MemStats {
	runtime.GC()
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats
}

func TestReadingsComeBackAsTheyWent(t *testing.T) {
	var empty Store
	if got := empty.Len(); got != 0 {
		t.Fatalf("an empty Store has length %d", got)
	}
	store := filled(10_000)
	if got := store.Len(); got != 10_000 {
		t.Fatalf("after 10000 readings the length is %d", got)
	}
	for i := range store.Len() {
		if got, want := store.At(i), sample(i); got != want {
			t.Fatalf("reading %d came back as %+v and went in as %+v", i, got, want)
		}
	}
}

func TestHeapWasteIsUnderTenPercent(t *testing.T) {
	before := settled()
	store := filled(checked)
	after := settled()
	if store.At(checked-1) != sample(checked-1) {
		t.Fatal("the last reading is not what was added")
	}
	held := float64(after.HeapAlloc) - float64(before.HeapAlloc)
	runtime.KeepAlive(store)
	if least := float64(checked * payloadBytesOfReading); held < 0.99*least {
		t.Fatalf("the store holds %.0f bytes of heap and its readings say %.0f: something is kept elsewhere or left out", held, least)
	}
	if waste := 100 * (1 - checked*payloadBytesOfReading/held); waste >= 10 {
		t.Fatalf("%.1f %% of the %.0f bytes that the store holds is not payload", waste, held)
	}
}

// payloadBytesOfReading is the check's own figure: the exercise's constant could have been edited.
const payloadBytesOfReading = 1 + 4 + 8 + 8 + 8 + 4

func TestAddRarelyAllocates(t *testing.T) {
	before := settled()
	store := filled(checked)
	var after runtime.MemStats
	runtime.ReadMemStats(&after)
	runtime.KeepAlive(store)
	allocations := after.Mallocs - before.Mallocs
	if allocations > checked/20 {
		t.Fatalf("%d allocations for %d readings: at most one for 20 readings is wanted", allocations, checked)
	}
}

func TestGrowthDoesNotCopy(t *testing.T) {
	before := settled()
	store := filled(checked)
	var after runtime.MemStats
	runtime.ReadMemStats(&after)
	runtime.KeepAlive(store)
	factor := float64(after.TotalAlloc-before.TotalAlloc) / (checked * payloadBytesOfReading)
	if factor > 1.3 {
		t.Fatalf("%.1f times the payload was allocated on the way: growing must not copy what is already there", factor)
	}
}
