package build

import (
	"fmt"
	"slices"
	"strings"

	"lineage.dev/runner/internal/toolchain"
)

// ordering finds in which order the packages of one build have to be compiled.
type ordering struct {
	module    *module
	target    *pkg
	toolchain *toolchain.Toolchain
	root      string
	visiting  map[string]bool
	done      map[string]bool
	// folded are the import paths in lower case: the go command refuses those that differ by case alone.
	folded   map[string]string
	sorted   []*pkg
	problems []Diagnostic
}

// order lists the packages that target needs, dependencies first, target among them, and problems with imports that
// nobody can satisfy. After target come those that only its external tests need and that import it themselves: they are
// compiled against what is tested.
func (m *module) order(target *pkg, withTests bool, t *toolchain.Toolchain, root string) ([]*pkg, []Diagnostic) {
	o := &ordering{module: m, target: target, toolchain: t, root: root, visiting: map[string]bool{}, done: map[string]bool{}, folded: map[string]string{}}
	o.visiting[target.importPath] = true
	o.check(target, target.embeds)
	o.follow(target, target.imports)
	if withTests {
		o.check(target, target.testEmbeds)
		o.follow(target, target.testDeps)
	}
	o.add(target)
	if withTests {
		o.check(target, target.xtestEmbeds)
		o.follow(target, target.xtestDeps)
	}
	return o.sorted, o.problems
}

func (o *ordering) add(p *pkg) {
	o.done[p.importPath] = true
	o.sorted = append(o.sorted, p)
}

// follow visits what p imports.
func (o *ordering) follow(p *pkg, deps []string) {
	for _, dep := range deps {
		local := o.module.packages[dep]
		switch {
		case local != nil && o.toolchain.Importable(dep):
			o.problem(p, dep, fmt.Sprintf("ambiguous import: package %q is in the standard library and in this module", dep))
		case dep == "unsafe" || o.toolchain.Importable(dep):
		case local == nil && o.module.provides(dep):
			o.module.outside[dep] = true
		case local == nil:
			o.problems = append(o.problems, o.module.missingImport(o.root, p, dep))
		case o.done[dep] && !o.refused(p, local):
		case o.visiting[dep] && !o.done[dep]:
			o.problem(p, dep, "imports of packages must not form a circle")
		case !o.done[dep] && !o.refused(p, local):
			o.visit(p, local)
		}
	}
}

func (o *ordering) visit(from, p *pkg) {
	o.visiting[p.importPath] = true
	lower := strings.ToLower(p.importPath)
	if other, taken := o.folded[lower]; taken {
		o.problem(from, p.importPath, fmt.Sprintf("the import paths %q and %q differ by the case of letters only", other, p.importPath))
	}
	o.folded[lower] = p.importPath
	o.check(p, p.embeds)
	o.follow(p, p.imports)
	o.add(p)
}

// check says what is wrong with a package itself.
func (o *ordering) check(p *pkg, embeds []embedding) {
	if p.problem != nil {
		if !slices.Contains(o.problems, *p.problem) {
			o.problems = append(o.problems, *p.problem)
		}
		return
	}
	if _, problem := resolveEmbeds(o.root, p.dir, embeds); problem != nil {
		o.problems = append(o.problems, *problem)
	}
}

// refused says whether p may not import a package of its own module, and why.
func (o *ordering) refused(p, local *pkg) bool {
	switch {
	case local.problem != nil: // That is said where it is.
	case local.name == "main" && local != p:
		o.problem(p, local.importPath, fmt.Sprintf("import %q is a program, not an importable package", local.importPath))
		return true
	case len(local.files) == 0 && local != o.target:
		o.problem(p, local.importPath, fmt.Sprintf("package %q has nothing but tests", local.importPath))
		return true
	case !mayImport(p.importPath, local.importPath):
		o.problem(p, local.importPath, fmt.Sprintf("use of internal package %s not allowed", local.importPath))
		return true
	}
	return false
}

// mayImport applies the rule of internal packages: they are for what lies below the parent of that directory.
func mayImport(from, dep string) bool {
	parts := strings.Split(dep, "/")
	for i := len(parts) - 1; i >= 0; i-- {
		if parts[i] == "internal" {
			return within(from, strings.Join(parts[:i], "/"))
		}
	}
	return true
}

func (o *ordering) problem(p *pkg, dep, message string) {
	o.problems = append(o.problems, importProblem(o.root, p, dep, message))
}
