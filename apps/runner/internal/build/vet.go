package build

import (
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"sort"
	"strings"
)

// vetFinding is an entry of `go vet -json`, by package and analyzer.
type vetFinding struct {
	Posn    string `json:"posn"`
	Message string `json:"message"`
}

var position3 = regexp.MustCompile(`^(.+):(\d+):(\d+)$`)

// parseVet reads the objects that `go vet -json` prints, one a package. What it cannot read it leaves out: the go
// command says on its standard error when a package could not be vetted.
func parseVet(said, workDir string) []Diagnostic {
	var found []Diagnostic
	decoder := json.NewDecoder(strings.NewReader(said))
	for {
		var packages map[string]map[string]json.RawMessage
		err := decoder.Decode(&packages)
		if errors.Is(err, io.EOF) || err != nil {
			break
		}
		for _, analyzers := range packages {
			for rule, raw := range analyzers {
				var findings []vetFinding
				if json.Unmarshal(raw, &findings) != nil {
					continue // An analyzer that failed says so in an object of another shape.
				}
				for _, finding := range findings {
					found = append(found, vetDiagnostic(finding, rule, workDir))
				}
			}
		}
	}
	sort.Slice(found, func(i, j int) bool {
		a, b := found[i], found[j]
		if a.Path != b.Path {
			return a.Path < b.Path
		}
		if a.Line != b.Line {
			return a.Line < b.Line
		}
		if a.Column != b.Column {
			return a.Column < b.Column
		}
		return a.Rule+a.Message < b.Rule+b.Message
	})
	// A package and its tests are vetted apart: what is in both is found twice.
	unique := found[:0]
	for i, d := range found {
		if i == 0 || d != found[i-1] {
			unique = append(unique, d)
		}
	}
	return unique[:min(len(unique), maxDiagnostics)]
}

func vetDiagnostic(finding vetFinding, rule, workDir string) Diagnostic {
	d := Diagnostic{Path: "go.mod", Line: 1, Column: 1, Message: finding.Message, Source: "vet", Rule: rule}
	if match := position3.FindStringSubmatch(strings.TrimPrefix(finding.Posn, workDir+"/")); match != nil {
		d.Path, d.Line, d.Column = inWorkspace(match[1]), atoi(match[2]), atoi(match[3])
	}
	return d
}
