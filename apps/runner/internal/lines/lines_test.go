package lines_test

import (
	"slices"
	"strings"
	"testing"

	"lineage.dev/runner/internal/lines"
)

func TestLinesAreTheSameHoweverTheyCome(t *testing.T) {
	const most = 5
	stream := "one\n\n12345\n123456\n" + strings.Repeat("x", 100) + "\nlast\nnot ended"
	want := []string{"one", "", "12345", "last"}
	for size := 1; size <= len(stream); size++ {
		var s lines.Splitter
		var got []string
		for piece := range slices.Chunk([]byte(stream), size) {
			s.Split(piece, most, func(line string) { got = append(got, line) })
		}
		if !slices.Equal(got, want) {
			t.Fatalf("in pieces of %d: %q", size, got)
		}
	}
}
