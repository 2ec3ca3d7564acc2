package build

import (
	"fmt"
	"go/build"
	"go/parser"
	"go/token"
	"go/version"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"sort"
	"strconv"
	"strings"

	"golang.org/x/mod/modfile"

	"lineage.dev/runner/internal/toolchain"
	"lineage.dev/runner/internal/variant"
)

// pkg is one package of the learner's module, in the order of compilation.
type pkg struct {
	importPath string
	name       string
	dir        string // relative to the module, "." for its root
	files      []string
	tests      []string
	xtests     []string
	imports    []string
	testDeps   []string
	xtestDeps  []string
	// embeds, testEmbeds and xtestEmbeds are what the files of each kind embed.
	embeds      []embedding
	testEmbeds  []embedding
	xtestEmbeds []embedding
	// problem is why it cannot be built; nil for most. It matters only when something needs the package.
	problem *Diagnostic
	// goCommand says what in it only the go command can build; empty when the fast path can.
	goCommand string
}

// module is what the fast path needs to know of a learner's files.
type module struct {
	path     string
	packages map[string]*pkg
	file     *modfile.File
	dir      string
	// toolchain is the release that builds it.
	toolchain *toolchain.Toolchain
	// goCommand says what in go.mod only the go command understands; empty when the fast path does.
	goCommand string
	// outside are imports of other modules which go.mod or the vendor directory have.
	outside map[string]bool
}

// defaultModulePath is used when there is no go.mod.
const defaultModulePath = "lesson"

// raceTag is what the go command sets for files with the race detector (cmd/go/internal/work, instrumentInit).
const raceTag = "race"

// readModule reads go.mod and every package below dir, of which it takes the files for this release and standard library; our
// own Go may be another one. It parses, and runs nothing.
func readModule(dir string, t *toolchain.Toolchain, std *variant.Std) (*module, []Diagnostic, error) {
	m := &module{path: defaultModulePath, packages: map[string]*pkg{}, dir: dir, toolchain: t, outside: map[string]bool{}}
	if problems := m.readGoMod(); len(problems) > 0 {
		return m, problems, nil
	}
	context := build.Default
	context.CgoEnabled = false
	context.GOROOT = ""
	context.Compiler = "gc"
	context.GOOS, context.GOARCH = runtime.GOOS, runtime.GOARCH
	context.ReleaseTags, context.ToolTags = releaseTags(t.Language), std.ToolTags(t.ToolTags)
	if std.Race() {
		context.BuildTags = []string{raceTag}
	}
	err := filepath.WalkDir(dir, func(at string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return err
		}
		if name := entry.Name(); at != dir && (strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") || name == "testdata" || name == "vendor") {
			return filepath.SkipDir
		}
		if _, err := os.Stat(filepath.Join(at, "go.mod")); err == nil && at != dir {
			return filepath.SkipDir // Another module.
		}
		if found := readPackage(&context, dir, at, m.path); found != nil {
			m.packages[found.importPath] = found
		}
		return nil
	})
	return m, nil, err
}

// releaseTags are the build tags go1.1 to the release's own.
func releaseTags(language string) (tags []string) {
	for minor := 1; ; minor++ {
		tag := fmt.Sprintf("go1.%d", minor)
		if version.Compare(tag, language) > 0 {
			return tags
		}
		tags = append(tags, tag)
	}
}

func readPackage(context *build.Context, root, dir, modulePath string) *pkg {
	relative, err := filepath.Rel(root, dir)
	if err != nil {
		return nil
	}
	slashed := filepath.ToSlash(relative)
	info, err := context.ImportDir(dir, 0)
	found := &pkg{
		importPath: path.Join(modulePath, slashed), name: info.Name, dir: slashed,
		files: info.GoFiles, tests: info.TestGoFiles, xtests: info.XTestGoFiles,
		imports: info.Imports, testDeps: info.TestImports, xtestDeps: info.XTestImports,
		embeds:      embeddings(info.EmbedPatterns, info.EmbedPatternPos),
		testEmbeds:  embeddings(info.TestEmbedPatterns, info.TestEmbedPatternPos),
		xtestEmbeds: embeddings(info.XTestEmbedPatterns, info.XTestEmbedPatternPos),
	}
	if found.problem = usesCgo(context, dir, slashed, info); found.problem != nil {
		return found
	}
	switch e := err.(type) {
	case nil:
	case *build.NoGoError:
		if len(info.TestGoFiles)+len(info.XTestGoFiles) == 0 {
			return nil
		}
	case *build.MultiplePackageError:
		message := fmt.Sprintf("the files of one directory have to be of one package: %s is in package %s, %s in package %s", e.Files[0], e.Packages[0], e.Files[1], e.Packages[1])
		found.problem = &Diagnostic{Path: path.Join(slashed, e.Files[1]), Line: 1, Column: 1, Message: message, Source: "module"}
	default:
		found.problem = syntaxProblem(root, err)
	}
	switch {
	case len(info.SFiles) > 0:
		found.goCommand = "assembly in " + info.SFiles[0]
	case hasDebugLine(info):
		found.goCommand = "a //go:debug line"
	}
	return found
}

// hasDebugLine looks for //go:debug before the package clauses: build lines are directives too.
func hasDebugLine(info *build.Package) bool {
	return slices.ContainsFunc(slices.Concat(info.Directives, info.TestDirectives, info.XTestDirectives), func(d build.Directive) bool {
		return strings.HasPrefix(d.Text, "//go:debug")
	})
}

// usesCgo finds a file that was left out for nothing but its import "C": one that is for cgo by a build constraint has
// another in its place.
func usesCgo(context *build.Context, dir, slashed string, info *build.Package) *Diagnostic {
	for _, name := range info.IgnoredGoFiles {
		file := filepath.Join(dir, name)
		if fits, err := context.MatchFile(dir, name); err != nil || !fits {
			continue
		}
		set := token.NewFileSet()
		parsed, err := parser.ParseFile(set, file, nil, parser.ImportsOnly)
		if err != nil {
			continue
		}
		for _, spec := range parsed.Imports {
			if spec.Path.Value == `"C"` {
				at := set.Position(spec.Pos())
				return &Diagnostic{Path: path.Join(slashed, name), Line: at.Line, Column: at.Column, Message: `import "C" is not available here: programs are built without a C compiler`, Source: "module"}
			}
		}
	}
	return nil
}

var position = regexp.MustCompile(`^(.*?):(\d+):(\d+): (.*)$`)

func syntaxProblem(root string, err error) *Diagnostic {
	first, _, _ := strings.Cut(err.Error(), "\n")
	match := position.FindStringSubmatch(first)
	if match == nil {
		return &Diagnostic{Path: "go.mod", Line: 1, Column: 1, Message: strings.ReplaceAll(first, root+"/", ""), Source: "module"}
	}
	name, relErr := filepath.Rel(root, match[1])
	if relErr != nil {
		name = match[1]
	}
	return &Diagnostic{Path: filepath.ToSlash(name), Line: atoi(match[2]), Column: atoi(match[3]), Message: match[4], Source: "compile"}
}

func atoi(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 1
	}
	return n
}

func (m *module) missingImport(root string, p *pkg, dep string) Diagnostic {
	first, _, _ := strings.Cut(dep, "/")
	message := fmt.Sprintf("package %q is not available here: a program can import the standard library, packages of its own module, and modules that its go.mod names and its vendor directory holds", dep)
	switch {
	case within(dep, m.path):
		message = fmt.Sprintf("package %q is not available here: this module has no such package", dep)
	case internal(dep):
		message = fmt.Sprintf("package %q is internal to Go and cannot be imported", dep)
	case !strings.Contains(first, "."):
		message = fmt.Sprintf("package %q is not in the standard library", dep)
	}
	return importProblem(root, p, dep, message)
}

func internal(dep string) bool {
	parts := strings.Split(dep, "/")
	for _, part := range parts {
		if part == "internal" {
			return true
		}
	}
	return false
}

// importProblem finds the line on which a package imports dep.
func importProblem(root string, p *pkg, dep, message string) Diagnostic {
	names := append(append(append([]string(nil), p.files...), p.tests...), p.xtests...)
	sort.Strings(names)
	for _, name := range names {
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, filepath.Join(root, p.dir, name), nil, parser.ImportsOnly)
		if err != nil {
			continue
		}
		for _, spec := range file.Imports {
			if imported, err := strconv.Unquote(spec.Path.Value); err == nil && imported == dep {
				at := set.Position(spec.Pos())
				return Diagnostic{Path: path.Join(p.dir, name), Line: at.Line, Column: at.Column, Message: message, Source: "module"}
			}
		}
	}
	return Diagnostic{Path: "go.mod", Line: 1, Column: 1, Message: message, Source: "module"}
}
