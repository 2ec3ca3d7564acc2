// Package lines takes lines out of a stream that comes in pieces, as the output of a hostile program does.
package lines

import "bytes"

// Splitter keeps the line that has not ended yet. The zero value is at the beginning of a stream.
type Splitter struct {
	line []byte
	// skip says that the line is too long.
	skip bool
}

// Split takes the next piece and calls take with each line that has ended, without its end. Lines of more than most bytes
// are left out.
func (s *Splitter) Split(piece []byte, most int, take func(string)) {
	for len(piece) > 0 {
		part, rest, ended := bytes.Cut(piece, []byte{'\n'})
		if s.skip = s.skip || len(s.line)+len(part) > most; !s.skip {
			s.line = append(s.line, part...)
		}
		if !ended {
			return
		}
		if !s.skip {
			take(string(s.line))
		}
		s.line, s.skip, piece = s.line[:0], false, rest
	}
}
