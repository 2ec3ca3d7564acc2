package harness

import (
	"encoding/binary"
	"math"
)

const (
	// windowHead is in front of a CPU window: when it began and when it ended.
	windowHead = 16
	// maxRunUS bounds times that a program tells: a day.
	maxRunUS = 24 * 3600 * 1e6
)

// SplitWindow returns the gzipped profile of a CPU window and between which times it was made, in microseconds since the
// harness started. The program may have written anything: times are put in order and bounded.
func SplitWindow(payload []byte) (profile []byte, fromUS, toUS int64) {
	if len(payload) < windowHead {
		return nil, 0, 0
	}
	from := boundedTime(binary.BigEndian.Uint64(payload))
	to := boundedTime(binary.BigEndian.Uint64(payload[8:]))
	return payload[windowHead:], from, max(from, to)
}

// JoinWindow is the inverse of SplitWindow.
func JoinWindow(profile []byte, fromUS, toUS int64) []byte {
	head := binary.BigEndian.AppendUint64(nil, uint64(fromUS))
	head = binary.BigEndian.AppendUint64(head, uint64(toUS))
	return append(head, profile...)
}

func boundedTime(us uint64) int64 { return int64(min(us, maxRunUS)) }

// Frame makes one frame.
func Frame(kind byte, payload []byte) []byte {
	head := binary.BigEndian.AppendUint32([]byte{kind}, uint32(len(payload)))
	return append(head, payload...)
}

// Sample is what runtime/metrics said at one moment, in the order of the contract's MetricsSample: AtUS, then counts, then
// seconds.
type Sample struct {
	AtUS    int64
	Counts  [16]uint64
	Seconds [6]float64
}

const sampleBytes = 8 * (1 + 16 + 6)

func parseSample(payload []byte) (s Sample, ok bool) {
	if len(payload) != sampleBytes {
		return s, false
	}
	word := func(i int) uint64 { return binary.BigEndian.Uint64(payload[8*i:]) }
	s.AtUS = boundedTime(word(0))
	for i := range s.Counts {
		s.Counts[i] = word(1 + i)
	}
	for i := range s.Seconds {
		seconds := math.Float64frombits(word(1 + len(s.Counts) + i))
		if !(seconds >= 0 && seconds <= math.MaxInt32) { // Also refuses what is no number.
			return s, false
		}
		s.Seconds[i] = seconds
	}
	return s, true
}
