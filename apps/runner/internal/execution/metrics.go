package execution

import (
	"sync"
	"time"

	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
	"lineage.dev/runner/internal/harness"
)

const (
	// metricsPause is the least time between two events of metrics: the harness takes a sample every 200 ms.
	metricsPause = 150 * time.Millisecond
	// maxSamples wait for their event. A program that sends more forges them, and its last ones are left out.
	maxSamples = 8
	// maxMetrics is how many events one run may have: twelve minutes of them.
	maxMetrics = 4000
)

// metricsRelay tells samples as they come, but not more often than somebody can look.
type metricsRelay struct {
	events *events

	mu      sync.Mutex
	waiting []*pb.MetricsSample
	last    time.Time
	told    int
}

func (m *metricsRelay) take(s harness.Sample) {
	m.mu.Lock()
	if len(m.waiting) < maxSamples {
		m.waiting = append(m.waiting, wireSample(s))
	}
	now := time.Since(m.last) >= metricsPause
	m.mu.Unlock()
	if now {
		m.flush()
	}
}

func (m *metricsRelay) flush() {
	m.mu.Lock()
	waiting := m.waiting
	m.waiting, m.last = nil, time.Now()
	if len(waiting) == 0 || m.told >= maxMetrics {
		m.mu.Unlock()
		return
	}
	m.told++
	m.mu.Unlock()
	m.events.send(&pb.ExecuteResponse{Event: &pb.ExecuteResponse_Metrics{Metrics: &pb.Metrics{Samples: waiting}}})
}

func wireSample(s harness.Sample) *pb.MetricsSample {
	c, t := s.Counts, s.Seconds
	return &pb.MetricsSample{
		AtUs: s.AtUS, Goroutines: c[0], Running: c[1], Runnable: c[2], Waiting: c[3], InSyscall: c[4], Created: c[5],
		Threads: c[6], Gomaxprocs: c[7], HeapObjectsBytes: c[8], HeapLiveBytes: c[9], HeapGoalBytes: c[10], StackBytes: c[11],
		TotalBytes: c[12], AllocatedBytes: c[13], AllocatedObjects: c[14], GcCycles: c[15],
		GcCpuS: t[0], UserCpuS: t[1], MutexWaitS: t[2], SchedLatencyP50S: t[3], SchedLatencyP99S: t[4], GcPauseMaxS: t[5],
	}
}
