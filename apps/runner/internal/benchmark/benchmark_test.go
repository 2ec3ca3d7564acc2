package benchmark_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"lineage.dev/runner/internal/benchmark"
)

func TestResultsAreReadInTheUnitsOfBenchstat(t *testing.T) {
	var r benchmark.Results
	for _, line := range []string{
		"goos: linux", "BenchmarkQueue/full-8   \t 1000000\t      1043 ns/op\t  12.50 MB/s\t     320 B/op\t       7 allocs/op",
		"BenchmarkQueue/full-8   \t 1000000\t      1045 ns/op\t     320 B/op\t       7 allocs/op", "BenchmarkMine 1 2.5 items/op", "BenchmarkBroken-8", "PASS",
		"BenchmarkWrong 1 NaN ns/op",
	} {
		r.Add(line)
	}
	want := []benchmark.Key{{Name: "BenchmarkQueue/full", Unit: "sec/op"}, {Name: "BenchmarkQueue/full", Unit: "B/s"}, {Name: "BenchmarkQueue/full", Unit: "B/op"},
		{Name: "BenchmarkQueue/full", Unit: "allocs/op"}, {Name: "BenchmarkMine", Unit: "items/op"}}
	if !slices.Equal(r.Keys(), want) {
		t.Fatal(r.Keys())
	}
	if got := r.Values(want[0]); len(got) != 2 || math.Abs(got[0]-1043e-9) > 1e-15 || r.Values(want[1])[0] != 12.5e6 {
		t.Fatal(got)
	}
}

func TestMedianHasAnIntervalWhenThereAreValuesEnough(t *testing.T) {
	few := benchmark.Summarize([]float64{3, 1, 2})
	if few.Center != 2 || few.Low != 2 || few.High != 2 || few.Confidence != 0 || len(few.Warnings) == 0 {
		t.Fatalf("%+v", few)
	}
	many := benchmark.Summarize([]float64{6, 1, 5, 2, 4, 3, 7})
	if many.Center != 4 || many.Low != 1 || many.High != 7 || many.Confidence < 0.95 {
		t.Fatalf("%+v", many)
	}
}

func TestDifferenceIsToldFromChance(t *testing.T) {
	slow, quick := []float64{10, 11, 10.5, 10.2, 10.8, 10.1}, []float64{5, 5.5, 5.2, 5.1, 5.3, 5.4}
	c := benchmark.Compare(slow, quick)
	if !c.Differs() || c.P > 0.01 || c.Previous.Center != 10.35 {
		t.Fatalf("%+v", c)
	}
	if c = benchmark.Compare(slow, []float64{10.3, 10.9, 10.4, 10.05, 10.6, 11.2}); c.Differs() {
		t.Fatalf("%+v", c)
	}
}

func FuzzLinesNeverMakeMoreThanIsKept(f *testing.F) {
	f.Add("BenchmarkQueue-8 100 1043 ns/op 320 B/op", uint16(3))
	f.Add("BenchmarkX 1 1e999 ns/op -5 x 1 NaN", uint16(700))
	f.Fuzz(func(t *testing.T, line string, times uint16) {
		var r benchmark.Results
		for i := range min(times, 1000) {
			r.Add(line)
			r.Add(fmt.Sprintf("Benchmark%d 1 %d ns/op", i, i))
		}
		if len(r.Keys()) > 500 {
			t.Fatal(len(r.Keys()))
		}
		for _, key := range r.Keys() {
			values := r.Values(key)
			if len(values) > 100 {
				t.Fatal(len(values))
			}
			for _, value := range values {
				if math.IsNaN(value) || math.IsInf(value, 0) {
					t.Fatal(value)
				}
			}
			benchmark.Summarize(values)
		}
	})
}
