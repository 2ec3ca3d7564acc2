package build

import (
	"context"
	"fmt"
	"path/filepath"
	"sort"
	"strings"
	"sync"

	"go/parser"
	"go/token"

	"golang.org/x/mod/modfile"

	"lineage.dev/runner/internal/harness"
	"lineage.dev/runner/internal/injected"
	"lineage.dev/runner/internal/sandbox"
)

// Place is where a slot lives: an empty directory of ours and the user of the slot (0: ourselves).
type Place struct {
	Dir     string
	UID     int
	Release func()
}

// Ahead keeps slots in which a linker has loaded packages of the standard library and waits for the rest. Which
// packages, it learns from what is built: a class works on a few exercises at a time.
type Ahead struct {
	builder  *Builder
	newPlace func() (Place, error)
	// awaitIdle returns when the machine has time for a refill, or an error when there is no use for one any more.
	awaitIdle func() error
	most      int

	mu     sync.Mutex
	slots  []*aheadSlot // least recently wanted first
	making map[string]bool
	closed bool
	work   sync.WaitGroup
}

type aheadSlot struct {
	place Place
	slot  *sandbox.Prepared
	load
	said chan string
}

// load is what a linker loads before there is a program: packages of these libraries.
type load struct {
	against  libraries
	packages map[string]bool
}

// key tells loads apart.
func (l load) key() string { return l.against.link + "\n" + l.names() }

// names lists the packages for the linker.
func (l load) names() string {
	paths := make([]string, 0, len(l.packages))
	for path := range l.packages {
		paths = append(paths, path)
	}
	sort.Strings(paths)
	return strings.Join(paths, ",")
}

// partOf says whether a program that needs all of other gets nothing from l that it does not need.
func (l load) partOf(other load) bool {
	if l.against != other.against {
		return false
	}
	for path := range l.packages {
		if !other.packages[path] {
			return false
		}
	}
	return true
}

// NewAhead keeps at most this many slots ready, the first of them for programs that import only fmt. Call Close.
func NewAhead(builder *Builder, most int, newPlace func() (Place, error), awaitIdle func() error) *Ahead {
	a := &Ahead{builder: builder, most: most, newPlace: newPlace, awaitIdle: awaitIdle, making: map[string]bool{}}
	a.want(load{builder.against(Request{}, nil), map[string]bool{"fmt": true}})
	return a
}

// Close ends the slots that were not used.
func (a *Ahead) Close() {
	a.mu.Lock()
	a.closed = true
	left := a.slots
	a.slots = nil
	a.mu.Unlock()
	a.work.Wait()
	for _, s := range left {
		s.end()
	}
}

// Settle returns when the slots that builds so far asked for are made. No build may begin meanwhile.
func (a *Ahead) Settle() { a.work.Wait() }

// takeAhead returns the ready slot that has loaded most of what the program needs and nothing else, or nil.
func (b *Builder) takeAhead(request Request, key string) *aheadSlot {
	// What counts is instrumented in a slot of its own first.
	if b.Ahead == nil || request.Std != nil || request.Cover {
		return nil
	}
	if _, built := b.Cache.Find(key); built {
		return nil
	}
	needed, ok := b.needed(request)
	if !ok {
		return nil
	}
	defer b.Ahead.want(needed)
	if request.Aside {
		return nil // The slots that wait are for who waits, and have their priority.
	}
	return b.Ahead.take(needed)
}

func (a *Ahead) take(needed load) *aheadSlot {
	a.mu.Lock()
	defer a.mu.Unlock()
	best := -1
	for i, s := range a.slots {
		if s.partOf(needed) && (best < 0 || len(s.packages) > len(a.slots[best].packages)) {
			best = i
		}
	}
	if best < 0 {
		return nil
	}
	taken := a.slots[best]
	a.slots = append(a.slots[:best:best], a.slots[best+1:]...)
	return taken
}

// want makes a slot for these packages when the machine has time, unless there is one.
func (a *Ahead) want(wanted load) {
	key := wanted.key()
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed || a.making[key] {
		return
	}
	for i, s := range a.slots {
		if s.key() == key {
			a.slots = append(append(a.slots[:i:i], a.slots[i+1:]...), s)
			return
		}
	}
	a.making[key] = true
	a.work.Go(func() { a.refill(wanted) })
}

func (a *Ahead) refill(wanted load) {
	var made *aheadSlot
	err := a.awaitIdle()
	if err == nil {
		made, err = a.make(wanted)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.making, wanted.key())
	switch {
	case err != nil: // Builds are slower then, and nothing else.
	case a.closed:
		made.end()
	default:
		a.slots = append(a.slots, made)
		if len(a.slots) > a.most {
			oldest := a.slots[0]
			a.slots = a.slots[1:]
			oldest.release()
		}
	}
}

func (a *Ahead) make(wanted load) (*aheadSlot, error) {
	place, err := a.newPlace()
	if err != nil {
		return nil, err
	}
	made, err := a.prepare(place, wanted)
	if err != nil {
		place.Release()
		return nil, err
	}
	return made, nil
}

func (a *Ahead) prepare(place Place, wanted load) (*aheadSlot, error) {
	if err := makeBuildDirs(place.Dir); err != nil {
		return nil, err
	}
	spec, err := a.builder.spec(place.Dir, place.UID)
	if err != nil {
		return nil, err
	}
	// Sources come later: the slot sees them in place instead of getting a copy.
	spec.WorkSource = ""
	spec.Mounts = append(spec.Mounts, sandbox.Mount{Source: filepath.Join(place.Dir, "src"), Target: "/work"})
	spec.Mounts = append(spec.Mounts, wanted.against.mounts()...)
	spec.Env = append(spec.Env, "GOGC=off", toolMemory)
	out := filepath.Join(place.Dir, "out")
	args := []string{"-o", filepath.Join(out, "program"), "-importcfg", wanted.against.link, "-buildmode=exe", "-w", "-ahead", wanted.names()}
	if wanted.packages[injected.Testrun] {
		args = append(args, "-reached", injected.TestrunMain)
	}
	spec.Ahead = &sandbox.Command{Path: a.builder.Toolchain.AheadLinker, Args: append(args, filepath.Join(out, "main.a"))}
	tools, err := newHearing()
	if err != nil {
		return nil, err
	}
	slot, err := sandbox.Prepare(spec, tools.io)
	tools.started()
	if err != nil {
		return nil, err
	}
	return &aheadSlot{place: place, slot: slot, load: wanted, said: tools.said}, nil
}

// end returns when nothing is left of the slot and its place is given back.
func (s *aheadSlot) end() {
	s.slot.Close()
	<-s.slot.Gone()
	s.place.Release()
}

// release is end without waiting.
func (s *aheadSlot) release() { go s.end() }

// executeAhead performs a plan whose last command is the link. It is not done when the linker that was started ahead
// could not do it: then the release's own says what is wrong, in words that everybody knows.
func (b *Builder) executeAhead(ctx context.Context, request Request, ahead *aheadSlot, plan []sandbox.Command, result *Result, key string) (bool, error) {
	compile, link := plan[:len(plan)-1], plan[len(plan)-1]
	if result.apart != nil {
		compile = result.apart.insteadOfMain(compile)
	}
	outcome, err := ahead.slot.Run(ctx, sandbox.Order{Commands: compile, AheadInput: linkOrder(link.Args, result.apart)})
	if err != nil {
		return false, nil
	}
	if outcome.Cancelled {
		return true, context.Canceled
	}
	if needsReleasesLinker(outcome, len(compile)) {
		return false, nil
	}
	said := ""
	if outcome.Failed() {
		<-ahead.slot.Gone()
		said = b.othersToo(ctx, request, plan, *result, outcome, <-ahead.said)
	}
	if result.apart != nil && result.apart.made != nil {
		result.archives = append(result.archives, result.apart.made.archive)
	}
	*result, err = b.conclude(*result, outcome, len(compile)+1, said, key, filepath.Join(ahead.place.Dir, "out"))
	result.LinkedAhead = err == nil && result.Program != ""
	return true, err
}

// needsReleasesLinker says whether the linker that was started ahead got its turn, after compiles commands, and failed, or
// whether the slot did. What a compiler said is final: it is the release's own.
func needsReleasesLinker(outcome sandbox.Outcome, compiles int) bool {
	return outcome.Failure != "" || (outcome.Failed() && len(outcome.StepTimes) > compiles)
}

// linkOrder turns the arguments of a link into the order for a linker that has the others already. apart may be nil.
func linkOrder(args []string, apart *apartMain) string {
	var order strings.Builder
	for i := 0; i+1 < len(args); i++ {
		switch args[i] {
		case "-importcfg":
			fmt.Fprintf(&order, "importcfg %s\n", args[i+1])
		case "-X":
			fmt.Fprintf(&order, "define %s\n", args[i+1])
		}
	}
	if apart != nil {
		fmt.Fprintf(&order, "main %s\n", apart.archive)
		for _, path := range apart.packages {
			fmt.Fprintf(&order, "add %s\n", path)
		}
	}
	return order.String() + "link\n"
}

// needed returns what the program imports of libraries, beside what the runner adds to it; not ok when the files cannot
// tell, when the go command will build it, or when one of the learner's packages has a name of the library's.
func (b *Builder) needed(request Request) (load, bool) {
	module := modulePath(request.Files)
	if b.Toolchain.SharesName(module) {
		return load{}, false
	}
	needed, outside := map[string]bool{}, map[string]bool{}
	for _, file := range request.Files {
		if !strings.HasSuffix(file.Path, ".go") || (!request.Test && strings.HasSuffix(file.Path, "_test.go")) {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file.Path, file.Content, parser.ImportsOnly)
		if err != nil {
			return load{}, false
		}
		for _, spec := range parsed.Imports {
			path := strings.Trim(spec.Path.Value, "\"`")
			switch {
			case b.Toolchain.Importable(path):
				needed[path] = true
			case !internalToGo(path) && !within(path, module):
				needed[path], outside[path] = true, true
			}
		}
	}
	set := b.moduleSetFor(request, outside)
	if len(outside) > 0 && set == nil {
		return load{}, false
	}
	if request.Test {
		needed[injected.Testrun] = true
	}
	if request.Harness {
		needed[harness.ImportPath] = true
	}
	delete(needed, "unsafe")
	if len(needed) == 0 {
		needed["runtime"] = true
	}
	return load{b.against(request, set), needed}, true
}

func modulePath(files []File) string {
	for _, file := range files {
		if path := modfile.ModulePath(file.Content); file.Path == "go.mod" && path != "" {
			return path
		}
	}
	return defaultModulePath
}
