// Package harness is both sides of profiling: the package that is linked into a learner's program (inject/harness.go)
// and the reader of what it writes. Everything that is read here was written by hostile code.
package harness

import (
	"embed"
	"strings"
)

// ImportPath is what the hidden file of a profiled program imports.
const ImportPath = "lineage.dev/harness"

// Injected has the files of the injected package below inject.
//
//go:embed inject/*.go
var Injected embed.FS

// HiddenFile is added to package main of a profiled program; it changes no line of the learner's files.
const HiddenFile = "package main\n\nimport _ \"" + ImportPath + "\"\n"

// HiddenFileName cannot clash: learner files may not begin with it.
const HiddenFileName = "zz_lineage_harness.go"

// EnvName is the variable that tells the harness what to do; it is gone before main's own init runs.
const EnvName = "LINEAGE_HARNESS"

// Env is the value of EnvName: the descriptor to write to, behind which is the one with orders, and the signals wanted.
func Env(fd string, signals []string) string {
	return EnvName + "=" + fd + ";" + strings.Join(signals, ",")
}
