package main

import (
	"fmt"
	"runtime"
	"runtime/metrics"
)

const (
	kept = 200_000
	// passes make the program long enough for a profile to see where its time goes.
	passes = 150
)

func main() {
	fmt.Printf("%s, %d readings of %d bytes of payload\n", runtime.Version(), kept, payloadBytes)
	climb()

	var store Store
	before := live()
	fill(&store, kept)
	after := live()
	report(before, after)

	var total float64
	for range passes {
		var scratch Store
		fill(&scratch, kept)
		total += average(&scratch)
	}
	fmt.Printf("\naverage of the valid readings over %d passes: %.3f\n", passes, total/passes)
	runtime.KeepAlive(&store)
}

// fill adds n readings to store.
func fill(store *Store, n int) {
	previous := 0.0
	for i := range n {
		value := float64(i%977) / 7
		store.Add(Reading{
			Valid: i%13 != 0, Sensor: uint32(i % 64), At: int64(i) * 1_000_000,
			Value: value, Previous: previous, Sequence: uint32(i),
		})
		previous = value
	}
}

// average is the mean value of the valid readings.
func average(store *Store) float64 {
	sum, count := 0.0, 0
	for i := range store.Len() {
		if r := store.At(i); r.Valid {
			sum += r.Value
			count++
		}
	}
	return sum / float64(count)
}

// live collects garbage twice, so that what is left is held by somebody, and returns what the runtime counts.
func live() runtime.MemStats {
	runtime.GC()
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats
}

// report prints what the store holds, by size class, and how much of it is not payload.
func report(before, after runtime.MemStats) {
	held := after.HeapAlloc - before.HeapAlloc
	fmt.Printf("\nthe store holds %d bytes, of which %d are payload: waste %.1f %%\n",
		held, kept*payloadBytes, 100*(1-float64(kept*payloadBytes)/float64(held)))
	fmt.Println("\nsize class   objects        bytes")
	small := uint64(0)
	for i, class := range after.BySize {
		was := before.BySize[i]
		objects := int64(class.Mallocs-class.Frees) - int64(was.Mallocs-was.Frees)
		if objects < 100 {
			continue
		}
		bytes := uint64(objects) * uint64(class.Size)
		small += bytes
		fmt.Printf("%10d  %8d  %11d\n", class.Size, objects, bytes)
	}
	fmt.Printf("everything else: %d bytes\n", int64(held)-int64(small))
}

var ladder [512]*[5]uint64

// climb allocates objects of 40 bytes one by one and says when the heap had to grow by a span. From the first line on, the
// allocations between two lines were served from the span in the P's own cache, without a lock. It reads runtime/metrics,
// because runtime.ReadMemStats empties the caches of all Ps and so would disturb what is measured.
func climb() {
	runtime.GC()
	samples := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/memory/classes/heap/unused:bytes"}}
	inSpans := func() uint64 {
		metrics.Read(samples)
		return samples[0].Value.Uint64() + samples[1].Value.Uint64()
	}
	was := inSpans()
	fmt.Printf("\n40-byte objects, one by one: the spans in use have %d bytes to begin with\n", was)
	for i := range ladder {
		ladder[i] = new([5]uint64)
		now := inSpans()
		if now != was {
			fmt.Printf("after object %3d: spans in use %+d\n", i+1, int64(now)-int64(was))
		}
		was = now
	}
}
