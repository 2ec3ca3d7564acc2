package main

// Store keeps readings in the order in which they were added. The zero Store is empty and ready to use.
//
// What it should promise, and does not yet:
//   - less than 10 % of the heap that it holds is anything else than what the readings say;
//   - adding is cheap: far fewer allocations than readings, and nothing is copied to grow.
type Store struct {
	readings []*Reading
}

// Add keeps a copy of r.
func (s *Store) Add(r Reading) {
	s.readings = append(s.readings, &r)
}

// Len is how many readings were added.
func (s *Store) Len() int {
	return len(s.readings)
}

// At returns the i-th reading that was added.
func (s *Store) At(i int) Reading {
	return *s.readings[i]
}
