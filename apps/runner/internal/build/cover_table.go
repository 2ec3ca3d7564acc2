package build

import (
	"bytes"
	"regexp"
	"strconv"
)

// maxFileBlocks of one file; what has more is not counted.
const maxFileBlocks = 10_000

var (
	coverLine  = regexp.MustCompile(`^//line [^\n]*\n`)
	positions  = regexp.MustCompile(`^\t\t(\d{1,9}), (\d{1,9}), 0x([0-9a-f]{1,8}), // \[(\d{1,9})\]$`)
	statements = regexp.MustCompile(`^\t\t(\d{1,5}), // (\d{1,9})$`)
)

// parseCovered takes what cmd/cover made of a file apart: the source with its counters, and the table at its end (see
// addVariables in cmd/cover). The table is not compiled: the counters get another place. Whoever wrote the file may have
// written anything, so what is not exactly such a table, or names lines that the file has not, is refused. lines are the
// lengths of the file's lines.
func parseCovered(text []byte, variable string, lines []int) (source []byte, blocks []CoverBlock, ok bool) {
	head := []byte("\nvar " + variable + " = struct {\n\tCount     [")
	at := bytes.LastIndex(text, head)
	if at < 0 {
		return nil, nil, false
	}
	table := bytes.Split(text[at+len(head):], []byte("\n"))
	end := bytes.IndexByte(table[0], ']')
	if end < 0 {
		return nil, nil, false
	}
	n, err := strconv.Atoi(string(table[0][:end]))
	// Three lines of types, one that opens the positions, and one between the two lists.
	const before, between = 5, 2
	if err != nil || n < 0 || n > maxFileBlocks || len(table) < before+2*n+between {
		return nil, nil, false
	}
	blocks = make([]CoverBlock, n)
	for i := range blocks {
		match := positions.FindSubmatch(table[before+i])
		if match == nil || figure(match[4]) != i {
			return nil, nil, false
		}
		columns, err := strconv.ParseUint(string(match[3]), 16, 32)
		if err != nil {
			return nil, nil, false
		}
		blocks[i] = CoverBlock{StartLine: figure(match[1]), EndLine: figure(match[2]), StartColumn: int(columns & 0xffff), EndColumn: int(columns >> 16)}
		if !blocks[i].within(len(lines)) {
			return nil, nil, false
		}
		if b := &blocks[i]; b.EndColumn == 1 && b.EndLine > b.StartLine { // It ends with the line before.
			b.EndLine--
			b.EndColumn = lines[b.EndLine-1] + 1
		}
	}
	for i := range blocks {
		match := statements.FindSubmatch(table[before+n+between+i])
		if match == nil || figure(match[2]) != i {
			return nil, nil, false
		}
		blocks[i].Statements = figure(match[1])
	}
	source = append(coverLine.ReplaceAll(text[:at:at], nil), '\n')
	return source, blocks, true
}

func (b CoverBlock) within(lines int) bool {
	return b.StartLine >= 1 && b.StartLine <= b.EndLine && b.EndLine <= lines && (b.StartLine < b.EndLine || b.StartColumn <= b.EndColumn)
}

func figure(digits []byte) int {
	n, err := strconv.Atoi(string(digits))
	if err != nil {
		return -1
	}
	return n
}
