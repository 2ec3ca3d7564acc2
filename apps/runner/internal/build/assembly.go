package build

import (
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

const (
	// maxFunctions and maxInstructions, of one function, are told.
	maxFunctions    = 200
	maxInstructions = 2000
	// maxInstruction bounds the text of one.
	maxInstruction = 256
)

// Function is what the compiler made of one function.
type Function struct {
	Name string
	Path string
	// Line is where it is declared.
	Line         int
	Size         int
	Frame        int
	Instructions []Instruction
	Truncated    bool
}

// Instruction is in Go's assembler syntax.
type Instruction struct {
	Offset int
	Path   string
	Line   int
	Text   string
}

// Assembly compiles every package and takes the assembly of the functions whose names match.
func (b *Builder) Assembly(ctx context.Context, request Request, names *regexp.Regexp) (Inspection, error) {
	if err := b.prepareGo(ctx, request); err != nil {
		return Inspection{}, fmt.Errorf("%w: %w", ErrFailed, err)
	}
	out := filepath.Join(request.Scratch, "out", "programs") + string(filepath.Separator)
	return b.inspect(ctx, request, []string{"build", "-o", out, "-gcflags=-S", "./..."}, func(_, said, workDir string, failed bool, found *Inspection) {
		if failed {
			found.Diagnostics = parseGoCommand(withoutAssembly(said), workDir)
			return
		}
		found.Functions = parseAssembly(said, workDir, names)
	})
}

var (
	// functionLine begins what the compiler prints of a function with -S (cmd/internal/obj, writeSymDebugNamed).
	functionLine = regexp.MustCompile(`^(\S.*) STEXT .*\bsize=(\d+) .*\blocals=0x([0-9a-f]+)`)
	// instructionLine is one instruction: its offset twice, where it comes from, and itself.
	instructionLine = regexp.MustCompile(`^\t0x[0-9a-f]+ (\d+) \(([^()]*):(\d+)\)\t(.*)$`)
)

// parseAssembly leaves out what is for the linker and the collector (PCDATA, FUNCDATA).
func parseAssembly(said, workDir string, names *regexp.Regexp) []Function {
	var found []Function
	var current *Function
	for line := range strings.Lines(said) {
		line = strings.TrimRight(line, "\r\n")
		if match := functionLine.FindStringSubmatch(line); match != nil {
			current = nil
			if names.MatchString(match[1]) && len(found) < maxFunctions {
				frame, _ := strconv.ParseUint(match[3], 16, 31) // 0 for one that is no number.
				found = append(found, Function{Name: match[1], Size: number(match[2]), Frame: int(frame)})
				current = &found[len(found)-1]
			}
			continue
		}
		if current == nil {
			continue
		}
		if !strings.HasPrefix(line, "\t") {
			current = nil
			continue
		}
		if match := instructionLine.FindStringSubmatch(line); match != nil {
			current.take(number(match[1]), filed(match[2], workDir), number(match[3]), match[4])
		}
	}
	return found
}

func (f *Function) take(offset int, path string, line int, text string) {
	if f.Path == "" {
		f.Path, f.Line = path, line
	}
	if strings.HasPrefix(text, "PCDATA") || strings.HasPrefix(text, "FUNCDATA") {
		return
	}
	if len(f.Instructions) >= maxInstructions {
		f.Truncated = true
		return
	}
	if len(text) > maxInstruction {
		text = text[:maxInstruction]
	}
	f.Instructions = append(f.Instructions, Instruction{Offset: offset, Path: path, Line: line, Text: strings.ReplaceAll(text, "\t", " ")})
}

// filed is the path of a file of the module below its directory, and any other as it is.
func filed(path, workDir string) string {
	return strings.TrimPrefix(strings.TrimPrefix(path, workDir+"/"), "./")
}

func number(text string) int {
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil {
		return 0
	}
	return int(n)
}

// withoutAssembly leaves the problems of a build that failed.
func withoutAssembly(said string) string {
	var kept strings.Builder
	for line := range strings.Lines(said) {
		if !strings.HasPrefix(line, "\t0x") && !strings.HasPrefix(line, "\trel ") && !strings.Contains(line, " STEXT ") {
			kept.WriteString(line)
		}
	}
	return kept.String()
}
