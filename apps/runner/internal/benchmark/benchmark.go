// Package benchmark reads what benchmarks print and says what it is worth, with golang.org/x/perf/benchmath.
package benchmark

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/perf/benchmath"
)

const (
	// maxSeries is how many pairs of benchmark and unit are kept of one run.
	maxSeries = 500
	// maxValues is how often one benchmark may be measured.
	maxValues = 100
	// maxName bounds a name: sub-benchmarks can be called anything.
	maxName = 512
	// confidence of the interval around a median.
	confidence = 0.95
)

// Key names one series of values.
type Key struct{ Name, Unit string }

// Results are values by benchmark and unit, in the order in which they were first measured. The zero value is empty.
type Results struct {
	keys   []Key
	values map[Key][]float64
}

// line is a result in Go's benchmark format (golang.org/design/14313-benchmark-format): name, iterations, pairs.
var line = regexp.MustCompile(`^(Benchmark\S*)\s+(\d+)((?:\s+\S+ \S+)+)\s*$`)

// procs is the suffix that says GOMAXPROCS.
var procs = regexp.MustCompile(`-\d+$`)

// Add takes one line of output; one that is no result is left out.
func (r *Results) Add(text string) {
	match := line.FindStringSubmatch(text)
	if match == nil || len(match[1]) > maxName {
		return
	}
	name := procs.ReplaceAllString(match[1], "")
	fields := strings.Fields(match[3])
	for i := 0; i+1 < len(fields); i += 2 {
		value, err := strconv.ParseFloat(fields[i], 64)
		if err != nil || math.IsNaN(value) || math.IsInf(value, 0) {
			continue
		}
		value, unit := tidy(value, fields[i+1])
		r.add(Key{name, unit}, value)
	}
}

// tidy gives values the units of golang.org/x/perf/benchunit.
func tidy(value float64, unit string) (float64, string) {
	switch unit {
	case "ns/op":
		return value / 1e9, "sec/op"
	case "MB/s":
		return value * 1e6, "B/s"
	default:
		return value, unit
	}
}

func (r *Results) add(key Key, value float64) {
	if len(key.Unit) > maxName {
		return
	}
	if _, known := r.values[key]; !known {
		if len(r.keys) >= maxSeries {
			return
		}
		if r.values == nil {
			r.values = map[Key][]float64{}
		}
		r.keys = append(r.keys, key)
	}
	if len(r.values[key]) < maxValues {
		r.values[key] = append(r.values[key], value)
	}
}

// Keys are the series, in order.
func (r *Results) Keys() []Key { return r.keys }

// Values are those of one series, in the order in which they were measured.
func (r *Results) Values(key Key) []float64 { return r.values[key] }

// Summary is the median with the interval in which it lies with Confidence. With too few values for an interval, Confidence
// is 0 and Low and High are the median.
type Summary struct {
	Center, Low, High, Confidence float64
	Warnings                      []string
}

// Summarize needs at least one value.
func Summarize(values []float64) Summary {
	s := benchmath.AssumeNothing.Summary(sample(values), confidence)
	summary := Summary{Center: s.Center, Low: s.Lo, High: s.Hi, Confidence: s.Confidence, Warnings: words(s.Warnings)}
	if math.IsInf(s.Lo, 0) || math.IsInf(s.Hi, 0) {
		summary.Low, summary.High, summary.Confidence = s.Center, s.Center, 0
	}
	return summary
}

// Comparison says whether two series differ by more than chance.
type Comparison struct {
	Previous Summary
	P, Alpha float64
	Warnings []string
}

// Differs says whether chance is an unlikely reason.
func (c Comparison) Differs() bool { return c.P < c.Alpha }

// Compare needs at least one value of each.
func Compare(previous, values []float64) Comparison {
	c := benchmath.AssumeNothing.Compare(sample(previous), sample(values))
	return Comparison{Previous: Summarize(previous), P: c.P, Alpha: c.Alpha, Warnings: words(c.Warnings)}
}

// sample sorts a copy: the order of values tells of drift.
func sample(values []float64) *benchmath.Sample {
	return benchmath.NewSample(append([]float64(nil), values...), &benchmath.DefaultThresholds)
}

func words(warnings []error) []string {
	var all []string
	for _, warning := range warnings {
		all = append(all, warning.Error())
	}
	return all
}
