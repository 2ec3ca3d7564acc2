package build

import (
	"path/filepath"
	"regexp"
	"strings"
)

var diagnosticLine = regexp.MustCompile(`^(?:\./)?([^:\s][^:]*\.go):(\d+)(?::(\d+))?: (.*)$`)

// parseDiagnostics reads the compiler's lines; a continued one is indented by a tab.
func parseDiagnostics(said string) []Diagnostic {
	var found []Diagnostic
	for _, line := range strings.Split(strings.TrimSpace(said), "\n") {
		match := diagnosticLine.FindStringSubmatch(line)
		switch {
		case match != nil:
			column := 1
			if match[3] != "" {
				column = atoi(match[3])
			}
			found = append(found, Diagnostic{Path: inWorkspace(match[1]), Line: atoi(match[2]), Column: column, Message: match[4], Source: "compile"})
		case strings.HasPrefix(line, "\t") && len(found) > 0:
			found[len(found)-1].Message += "\n" + strings.TrimSpace(line)
		}
		if len(found) == maxDiagnostics {
			return found
		}
	}
	if len(found) == 0 {
		found = append(found, Diagnostic{Path: "main.go", Line: 1, Column: 1, Message: "the program could not be linked: " + firstLineOf(said), Source: "compile"})
	}
	return found
}

// crashed tells a tool that its runtime ended, as it does when the machine gives it no thread or memory, from one that
// says what is wrong with a program. What a learner wrote is never at the beginning of what a tool says.
func crashed(said string) bool {
	return strings.HasPrefix(said, "runtime: ") || strings.HasPrefix(said, "fatal error: ")
}

func firstLineOf(said string) string {
	first, _, _ := strings.Cut(strings.TrimSpace(said), "\n")
	return first
}

// inWorkspace keeps a //line directive of a learner from pointing readers at files that are not theirs.
func inWorkspace(name string) string {
	if filepath.IsLocal(name) {
		return name
	}
	if base := filepath.Base(name); filepath.IsLocal(base) {
		return base
	}
	return "unknown"
}
