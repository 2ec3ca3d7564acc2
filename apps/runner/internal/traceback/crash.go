package traceback

import (
	"regexp"
	"strings"
)

const (
	// MaxGoroutines of a crash are kept; the first is the one that crashed.
	MaxGoroutines = 256
	// maxMessage bounds what a crash says.
	maxMessage = 4 << 10
)

// CrashKind says who ended the program.
type CrashKind string

// The kinds of crash.
const (
	Panic  CrashKind = "panic"
	Fatal  CrashKind = "fatal error"
	Signal CrashKind = "signal"
)

// Goroutine is one goroutine of a crash.
type Goroutine struct {
	ID uint64
	// State is the runtime's word, such as "running" or "chan receive".
	State string
	// WaitMinutes is for how long it has waited; 0 is under a minute.
	WaitMinutes    int
	LockedToThread bool
	Stack          Stack
	// CreatedBy is the call that started it, and CreatedIn the goroutine that did; empty and 0 for the main one.
	CreatedBy Frame
	CreatedIn uint64
}

// Crash is the text with which the Go runtime ends a program.
type Crash struct {
	Kind       CrashKind
	Message    string
	Goroutines []Goroutine
	// Truncated says that more goroutines were printed than are kept.
	Truncated bool
}

var (
	goroutineLine = regexp.MustCompile(`^goroutine (\d+)(?: gp=\S+)?(?: m=\S+)?(?: mp=\S+)? \[([^\]]*)\].*:$`)
	createdByLine = regexp.MustCompile(`^created by (.+?)(?: in goroutine (\d+))?$`)
	minutes       = regexp.MustCompile(`^(\d+) minutes?$`)
	signalTitle   = regexp.MustCompile(`^SIG[A-Z0-9]+: `)
)

// titles begin a crash. The runtime's own explanation ("runtime: goroutine stack exceeds …") goes before "fatal error".
var titles = []struct {
	prefix string
	kind   CrashKind
}{{"panic: ", Panic}, {"fatal error: ", Fatal}, {"unexpected fault address ", Fatal}}

// ParseCrash finds the last crash in the end of a program's standard error. It is false when there is none.
func ParseCrash(text string) (Crash, bool) {
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	title, kind := lastTitle(lines)
	if title < 0 {
		return Crash{}, false
	}
	crash := Crash{Kind: kind}
	crash.Message = message(lines[title:], kind)
	crash.read(lines[title+1:])
	return crash, len(crash.Goroutines) > 0
}

// lastTitle is the last line that begins a crash and has goroutines after it.
func lastTitle(lines []string) (int, CrashKind) {
	goroutines := false
	for i := len(lines) - 1; i >= 0; i-- {
		switch line := lines[i]; {
		case goroutineLine.MatchString(line):
			goroutines = true
		case !goroutines:
		case signalTitle.MatchString(line):
			return i, Signal
		default:
			for _, title := range titles {
				if strings.HasPrefix(line, title.prefix) {
					return i, title.kind
				}
			}
		}
	}
	return -1, ""
}

// message joins the title with what belongs to it: everything up to the first empty line or goroutine.
func message(lines []string, kind CrashKind) string {
	var said []string
	for i, line := range lines {
		if i > 0 && (line == "" || goroutineLine.MatchString(line)) {
			break
		}
		said = append(said, line)
	}
	text := strings.Join(said, "\n")
	for _, title := range titles {
		if kind == title.kind {
			text = strings.TrimPrefix(text, title.prefix)
		}
	}
	if len(text) > maxMessage {
		text = text[:maxMessage]
	}
	return strings.ToValidUTF8(text, "?")
}

func (c *Crash) read(lines []string) {
	var at *Goroutine
	var stack stackReader
	created := false
	end := func() {
		if at != nil {
			at.Stack = stack.stack
			c.Goroutines = append(c.Goroutines, *at)
		}
		at, stack, created = nil, stackReader{}, false
	}
	for _, line := range lines {
		if match := goroutineLine.FindStringSubmatch(line); match != nil {
			end()
			if len(c.Goroutines) >= MaxGoroutines {
				c.Truncated = true
				return
			}
			at = newGoroutine(match)
			continue
		}
		switch match := createdByLine.FindStringSubmatch(line); {
		case at == nil:
		case line == "":
			end()
		case match != nil && stack.function == "":
			at.CreatedBy.Function, at.CreatedIn, created = cut(match[1]), number(match[2]), true
		case created:
			if where := place.FindStringSubmatch(line); where != nil && at.CreatedBy.File == "" {
				at.CreatedBy.File, at.CreatedBy.Line = cut(where[1]), atoi(where[2])
			}
		default:
			stack.line(line)
		}
	}
	end()
}

func newGoroutine(match []string) *Goroutine {
	g := &Goroutine{ID: number(match[1])}
	for i, part := range strings.Split(match[2], ", ") {
		switch wait := minutes.FindStringSubmatch(part); {
		case i == 0:
			g.State = cut(part)
		case part == "locked to thread":
			g.LockedToThread = true
		case wait != nil:
			g.WaitMinutes = atoi(wait[1])
		}
	}
	return g
}
