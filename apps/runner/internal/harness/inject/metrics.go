//go:build lineage_inject

package harness

import (
	"encoding/binary"
	"math"
	"runtime/metrics"
	"time"
)

// sampled are the metrics of a sample, in the order of the contract's MetricsSample.
var sampled = []string{
	"/sched/goroutines:goroutines", "/sched/goroutines/running:goroutines", "/sched/goroutines/runnable:goroutines",
	"/sched/goroutines/waiting:goroutines", "/sched/goroutines/not-in-go:goroutines", "/sched/goroutines-created:goroutines",
	"/sched/threads/total:threads", "/sched/gomaxprocs:threads", "/memory/classes/heap/objects:bytes", "/gc/heap/live:bytes",
	"/gc/heap/goal:bytes", "/memory/classes/heap/stacks:bytes", "/memory/classes/total:bytes", "/gc/heap/allocs:bytes",
	"/gc/heap/allocs:objects", "/gc/cycles/total:gc-cycles", "/cpu/classes/gc/total:cpu-seconds", "/cpu/classes/user:cpu-seconds",
	"/sync/mutex/wait/total:seconds", "/sched/latencies:seconds", "/sched/pauses/total/gc:seconds",
}

const (
	latencies = 19
	pauses    = 20
)

type sampler struct {
	samples []metrics.Sample
	before  [2][]uint64
}

func newSampler() *sampler {
	s := &sampler{samples: make([]metrics.Sample, len(sampled))}
	for i, name := range sampled {
		s.samples[i].Name = name
	}
	return s
}

// sample sends eight bytes for each field: a count, or the bits of a float.
func (c *collector) sample() {
	s := c.metrics
	if s == nil {
		return
	}
	metrics.Read(s.samples)
	out := binary.BigEndian.AppendUint64(nil, uint64(time.Since(c.began).Microseconds()))
	for _, one := range s.samples[:latencies] {
		switch one.Value.Kind() {
		case metrics.KindUint64:
			out = binary.BigEndian.AppendUint64(out, one.Value.Uint64())
		case metrics.KindFloat64:
			out = binary.BigEndian.AppendUint64(out, math.Float64bits(one.Value.Float64()))
		default:
			out = binary.BigEndian.AppendUint64(out, 0)
		}
	}
	waited, buckets := s.since(0, latencies)
	out = appendFloat(out, quantile(waited, buckets, 0.5))
	out = appendFloat(out, quantile(waited, buckets, 0.99))
	paused, buckets := s.since(1, pauses)
	out = appendFloat(out, quantile(paused, buckets, 1))
	c.send('s', out)
}

func appendFloat(out []byte, value float64) []byte {
	return binary.BigEndian.AppendUint64(out, math.Float64bits(value))
}

// since returns what a histogram counted since the sample before.
func (s *sampler) since(which, index int) (counts []uint64, buckets []float64) {
	if s.samples[index].Value.Kind() != metrics.KindFloat64Histogram {
		return nil, nil
	}
	histogram := s.samples[index].Value.Float64Histogram()
	counts = make([]uint64, len(histogram.Counts))
	for i, count := range histogram.Counts {
		counts[i] = count
		if i < len(s.before[which]) {
			counts[i] -= s.before[which][i]
		}
	}
	s.before[which] = append(s.before[which][:0], histogram.Counts...)
	return counts, histogram.Buckets
}

// quantile is the upper bound of the bucket in which it lies; 0 when nothing was counted.
func quantile(counts []uint64, buckets []float64, q float64) float64 {
	total := uint64(0)
	for _, count := range counts {
		total += count
	}
	if total == 0 {
		return 0
	}
	wanted, seen := uint64(math.Ceil(q*float64(total))), uint64(0)
	for i, count := range counts {
		if seen += count; seen >= wanted {
			if bound := buckets[i+1]; !math.IsInf(bound, 1) {
				return bound
			}
			return buckets[i]
		}
	}
	return 0
}
