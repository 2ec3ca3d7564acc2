package build

import (
	_ "embed"
	"path"
)

// injected is a package of the runner's own that is linked into test binaries. Learner code cannot import it.
type injected struct {
	importPath string
	source     string
	imports    []string
}

// file is the path of its source below a module, where no learner's file can be.
func (i injected) file() string {
	return "zz_lineage_" + path.Base(i.importPath) + "/" + path.Base(i.importPath) + ".go"
}

const (
	reportPath  = "lineage.dev/report"
	testrunPath = "lineage.dev/testrun"
)

//go:embed inject/report.go
var reportSource string

//go:embed inject/testrun.go
var testrunSource string

// testPackages are in the order in which they are compiled.
var testPackages = []injected{
	{importPath: reportPath, source: reportSource},
	{importPath: testrunPath, source: testrunSource, imports: []string{reportPath}},
}

// testImports are what testPackages import of the standard library.
var testImports = []string{"internal/runtime/exithook", "io", "os", "reflect", "slices", "strconv", "strings", "sync", "syscall", "testing", "testing/internal/testdeps", "time"}
