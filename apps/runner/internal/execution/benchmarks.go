package execution

import (
	"lineage.dev/runner/internal/benchmark"
	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
	"lineage.dev/runner/internal/lines"
)

// maxBenchmarkLine is longer than any that a benchmark with a few metrics of its own prints.
const maxBenchmarkLine = 8 << 10

// benchmarks reads results out of what a test binary prints. A benchmark can print them itself, so the end of such a run
// is self-reported.
type benchmarks struct {
	lines   lines.Splitter
	results benchmark.Results
}

// heard takes what was written to standard output, in order.
func (b *benchmarks) heard(data []byte) {
	b.lines.Split(data, maxBenchmarkLine, b.results.Add)
}

// tell sends each series with what it is worth, and compared with what the caller gave.
func (b *benchmarks) tell(events *events, given []*pb.BenchmarkValues) {
	previous := map[benchmark.Key][]float64{}
	for _, series := range given {
		if len(series.Values) > 0 {
			previous[benchmark.Key{Name: series.Name, Unit: series.Unit}] = series.Values
		}
	}
	for _, key := range b.results.Keys() {
		values := b.results.Values(key)
		s := benchmark.Summarize(values)
		told := &pb.Benchmark{Name: valid(key.Name), Unit: valid(key.Unit), Values: values, Center: s.Center, Low: s.Low, High: s.High,
			Confidence: s.Confidence, Warnings: s.Warnings}
		if before := previous[key]; before != nil {
			c := benchmark.Compare(before, values)
			told.Comparison = &pb.BenchmarkComparison{PreviousCenter: c.Previous.Center, PreviousLow: c.Previous.Low, PreviousHigh: c.Previous.High,
				P: c.P, Differs: c.Differs(), Alpha: c.Alpha}
			if c.Previous.Center != 0 {
				told.Comparison.Change = s.Center/c.Previous.Center - 1
			}
			told.Warnings = append(told.Warnings, c.Warnings...)
		}
		events.send(&pb.ExecuteResponse{Event: &pb.ExecuteResponse_Benchmark{Benchmark: told}})
	}
}
