// Package traceback reads what the Go runtime prints about goroutines: reports of the race detector and the text of a
// crash. The program under it is hostile and can print such text itself, so everything is bounded and nothing that is
// read here decides a verdict.
package traceback

import (
	"regexp"
	"strconv"
	"strings"
)

const (
	// MaxFrames of one stack are kept; the runtime itself prints a hundred.
	MaxFrames = 100
	// maxName bounds a function's or a file's name; generic ones are long.
	maxName = 1024
)

// Frame is one call on a stack. File is as the compiler wrote it: relative for files of the workspace.
type Frame struct {
	Function string
	File     string
	Line     int
}

// Stack is what a goroutine was doing, innermost call first.
type Stack struct {
	Frames []Frame
	// Elided says that frames are missing.
	Elided bool
}

// place is the second line of a frame: its file, line and, but for inlined calls, the offset in the function.
var place = regexp.MustCompile(`^\s+(.+):(\d+)(?: \+0x[0-9a-f]+)?(?: .*)?$`)

// stackReader takes the lines of one stack in pairs: a function, and where it is.
type stackReader struct {
	stack    Stack
	function string
}

// line takes one line and says whether it belonged to the stack.
func (r *stackReader) line(line string) bool {
	trimmed := strings.TrimSpace(line)
	if strings.HasPrefix(trimmed, "...") && strings.HasSuffix(trimmed, "frames elided...") {
		r.stack.Elided = true
		return true
	}
	if r.function == "" {
		name, ok := functionName(trimmed)
		r.function = name
		return ok
	}
	match := place.FindStringSubmatch(line)
	if match == nil {
		r.function = ""
		return false
	}
	r.add(Frame{Function: r.function, File: cut(match[1]), Line: atoi(match[2])})
	r.function = ""
	return true
}

func (r *stackReader) add(frame Frame) {
	if len(r.stack.Frames) >= MaxFrames {
		r.stack.Elided = true
		return
	}
	r.stack.Frames = append(r.stack.Frames, frame)
}

// functionName takes the arguments off a call: "main.(*T).f(0x1, ...)" is main.(*T).f. A name has a package and a dot,
// and no spaces but those of type arguments.
func functionName(line string) (string, bool) {
	open := strings.LastIndexByte(line, '(')
	if open <= 0 || !strings.HasSuffix(line, ")") {
		return "", false
	}
	name := line[:open]
	if !strings.Contains(name, ".") && name != "panic" || strings.ContainsAny(name, " \t") && !strings.Contains(name, "[") {
		return "", false
	}
	return cut(name), true
}

func cut(name string) string {
	if len(name) > maxName {
		return strings.ToValidUTF8(name[:maxName], "")
	}
	return name
}

// atoi reads digits; what does not fit is 0.
func atoi(digits string) int {
	n, err := strconv.ParseInt(digits, 10, 32)
	if err != nil {
		return 0
	}
	return int(n)
}

func number(digits string) uint64 {
	n, err := strconv.ParseUint(digits, 10, 64)
	if err != nil {
		return 0
	}
	return n
}
