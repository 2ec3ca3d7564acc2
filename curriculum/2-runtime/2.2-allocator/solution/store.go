package main

// chunkReadings makes every column of a chunk exactly as large as a size class: 1,024, 4,096 or 8,192 bytes.
const chunkReadings = 1024

// chunk holds readings by column. Each column is an allocation of its own: together they would be a large object, which
// is rounded up to whole pages.
type chunk struct {
	valid    *[chunkReadings]bool
	sensor   *[chunkReadings]uint32
	at       *[chunkReadings]int64
	value    *[chunkReadings]float64
	previous *[chunkReadings]float64
	sequence *[chunkReadings]uint32
}

// Store keeps readings in the order in which they were added. The zero Store is empty and ready to use.
type Store struct {
	chunks []chunk
	length int
}

// Add keeps a copy of r.
func (s *Store) Add(r Reading) {
	i := s.length % chunkReadings
	if i == 0 {
		s.chunks = append(s.chunks, newChunk())
	}
	c := &s.chunks[len(s.chunks)-1]
	c.valid[i], c.sensor[i], c.at[i] = r.Valid, r.Sensor, r.At
	c.value[i], c.previous[i], c.sequence[i] = r.Value, r.Previous, r.Sequence
	s.length++
}

func newChunk() chunk {
	return chunk{
		valid: new([chunkReadings]bool), sensor: new([chunkReadings]uint32), at: new([chunkReadings]int64),
		value: new([chunkReadings]float64), previous: new([chunkReadings]float64), sequence: new([chunkReadings]uint32),
	}
}

// Len is how many readings were added.
func (s *Store) Len() int {
	return s.length
}

// At returns the i-th reading that was added.
func (s *Store) At(i int) Reading {
	if i < 0 || i >= s.length {
		panic("Store.At: there is no such reading")
	}
	c, k := &s.chunks[i/chunkReadings], i%chunkReadings
	return Reading{
		Valid: c.valid[k], Sensor: c.sensor[k], At: c.at[k],
		Value: c.value[k], Previous: c.previous[k], Sequence: c.sequence[k],
	}
}
