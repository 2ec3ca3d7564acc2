package build

import (
	"regexp"
	"strings"
)

// remarkFlags make the compiler say what it decides: inlining and escape analysis with their reasons, and the bounds
// checks that it kept.
const remarkFlags = "-gcflags=-m=2 -d=ssa/check_bce"

const (
	// maxRemarks of one build are told.
	maxRemarks = 20_000
	// maxFlow is how many lines of a value's way are kept.
	maxFlow = 40
	// maxRemark bounds one remark: the compiler repeats whole function bodies.
	maxRemark = 2 << 10
)

// RemarkKind says what a remark is about.
type RemarkKind string

// The kinds of remarks.
const (
	CanInline    RemarkKind = "can_inline"
	CannotInline RemarkKind = "cannot_inline"
	Inlined      RemarkKind = "inlined"
	Heap         RemarkKind = "heap"
	Stack        RemarkKind = "stack"
	Leak         RemarkKind = "leak"
	BoundsCheck  RemarkKind = "bounds_check"
	Other        RemarkKind = "other"
)

// Remark is one decision of the compiler. Line and Column count from 1.
type Remark struct {
	Path    string
	Line    int
	Column  int
	Kind    RemarkKind
	Message string
	// Flow is how a value gets to where it leaks, a line each.
	Flow []string
}

var remarkLine = regexp.MustCompile(`^(?:\./)?([^:\s][^:]*\.go):(\d+):(\d+): (.*)$`)

// parseRemarks reads the output of the compiler with remarkFlags. -m=2 tells each escape twice, first with its flow, in
// lines that are indented within the message, then shortly: one remark is made of both.
func parseRemarks(said string) []Remark {
	var found []Remark
	at := map[string]int{}
	last := -1
	for line := range strings.Lines(said) {
		match := remarkLine.FindStringSubmatch(strings.TrimRight(line, "\r\n"))
		if match == nil {
			continue
		}
		message := match[4]
		if strings.HasPrefix(message, "  ") {
			if last >= 0 && len(found[last].Flow) < maxFlow {
				found[last].Flow = append(found[last].Flow, shortened(strings.TrimSpace(message)))
			}
			continue
		}
		remark := Remark{Path: inWorkspace(match[1]), Line: atoi(match[2]), Column: atoi(match[3]), Kind: kindOf(message)}
		remark.Message = shortened(strings.TrimSuffix(message, ":"))
		key := match[1] + ":" + match[2] + ":" + match[3] + " " + string(remark.Kind) + " " + subject(message)
		if known, ok := at[key]; ok {
			last = known
			continue
		}
		if len(found) == maxRemarks {
			return found
		}
		last = len(found)
		at[key] = last
		found = append(found, remark)
	}
	return found
}

func kindOf(message string) RemarkKind {
	switch {
	case strings.HasPrefix(message, "can inline "):
		return CanInline
	case strings.HasPrefix(message, "cannot inline "):
		return CannotInline
	case strings.HasPrefix(message, "inlining call to "):
		return Inlined
	case strings.HasPrefix(message, "moved to heap: ") || strings.Contains(message, " escapes to heap"):
		return Heap
	case strings.HasSuffix(message, " does not escape"):
		return Stack
	case strings.HasPrefix(message, "parameter ") || strings.HasPrefix(message, "leaking param"):
		return Leak
	case message == "Found IsInBounds" || message == "Found IsSliceInBounds":
		return BoundsCheck
	default:
		return Other
	}
}

// subject is what a remark about a value is of, in all the ways in which the compiler says it.
func subject(message string) string {
	message = strings.TrimPrefix(message, "moved to heap: ")
	message, _, _ = strings.Cut(message, " escapes to heap")
	if rest, ok := strings.CutPrefix(message, "parameter "); ok {
		message, _, _ = strings.Cut(rest, " leaks to ")
	}
	return message
}

func shortened(text string) string {
	if len(text) > maxRemark {
		text = text[:maxRemark] + " …"
	}
	return strings.ToValidUTF8(text, "?")
}
