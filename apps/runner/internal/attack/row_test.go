package attack_test

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"

	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
)

// The set-ups, in the order of the table's columns.
const (
	full         = "root"
	unprivileged = "user"
	pod          = "pod"
)

var setups = []string{full, unprivileged, pod}

// want is one way in which an attack may end.
type want struct {
	verdict pb.Verdict
	limit   string
	// refused: the program said of everything it tried that it was refused. allowed: of something, that it was not.
	refused, allowed bool
	// unbuilt: there is a diagnostic.
	unbuilt bool
	// why is said where a set-up accepts what others refuse.
	why string
}

var (
	isRefused  = want{verdict: pb.Verdict_VERDICT_PASSED, refused: true}
	isHarmless = want{verdict: pb.Verdict_VERDICT_PASSED}
	isTimedOut = want{verdict: pb.Verdict_VERDICT_TIMED_OUT}
	hasFailed  = want{verdict: pb.Verdict_VERDICT_FAILED}
	isUnbuilt  = want{verdict: pb.Verdict_VERDICT_FAILED, unbuilt: true}
	isStopped  = want{verdict: pb.Verdict_VERDICT_CANCELLED}
)

func isLimited(limit string) want { return want{verdict: pb.Verdict_VERDICT_LIMITED, limit: limit} }

// uncounted is how what is too many ends where the kernel refuses more and tells nobody how many there are: at whatever limit
// comes first.
var uncounted = []want{isLimited("pids"), isLimited("cpu"), isTimedOut, hasFailed}

// isAccepted is a success of the attack that is known, and why it may be. The suite fails when it no longer succeeds.
func isAccepted(why string) want {
	return want{verdict: pb.Verdict_VERDICT_PASSED, allowed: true, why: why}
}

// word is how the table calls an end.
func (w want) word() string {
	switch {
	case w.allowed:
		return "accepted"
	case w.refused:
		return "refused"
	case w.unbuilt:
		return "not built"
	case w.limit != "":
		return "limited: " + w.limit
	case w.verdict == pb.Verdict_VERDICT_PASSED:
		return "harmless"
	}
	return strings.ReplaceAll(strings.ToLower(strings.TrimPrefix(w.verdict.String(), "VERDICT_")), "_", " ")
}

// meets says what is wrong with an end that is not this one; empty when it is.
func (w want) meets(h heard) string {
	end := h.end
	said := fmt.Sprintf("%s %s (%s, exit %d %s)\nstdout: %.1500s\nstderr: %.1500s\ndiagnostics: %.600s", end.GetVerdict(), end.GetLimit(), end.GetReason(),
		end.GetExitCode(), end.GetExitSignal(), h.out, h.err, fmt.Sprint(h.diagnostics))
	allowed, refused := strings.Contains(h.out, "ALLOWED "), strings.Contains(h.out, "refused ")
	switch {
	case end.GetVerdict() != w.verdict || end.GetLimit() != w.limit:
		return "wanted " + w.word() + ", got " + said
	case end.GetVerdict() == pb.Verdict_VERDICT_LIMITED && end.GetReason() == "":
		return "the limit is not explained: " + said
	case w.refused && (allowed || !refused):
		return "not everything was refused: " + said
	case w.allowed && !allowed:
		return "what is accepted here was refused; the table need not accept it: " + said
	case !w.allowed && allowed:
		return "something was allowed: " + said
	case w.unbuilt && len(h.diagnostics) == 0:
		return "no diagnostic: " + said
	}
	return ""
}

// row is one attack and what has to become of it.
type row struct {
	group int
	name  string
	// args are what the attack has to know of the machine, by name; see scene.know.
	args   []string
	limits *pb.Limits
	// start makes the request; nil runs the attack of this name in testdata/program.
	start func(s *scene) *pb.Start
	// play replaces the run altogether, for attacks that are more than one.
	play func(s *scene) error
	// wants are the ways in which it may end; in are those of a set-up that differs.
	wants []want
	in    map[string][]want
	// underGvisor are those of a kernel where it does to its own slot what Linux refuses.
	underGvisor []want
}

func (r row) wantsIn(setup string) []want {
	if w, ok := r.in[setup]; ok {
		return w
	}
	return r.wants
}

//go:embed all:testdata/program
var programFiles embed.FS

// program is the attack of testdata with these arguments.
func program(args ...string) *pb.Start {
	start := module(pb.RunKind_RUN_KIND_RUN)
	start.Args = args
	root := "testdata/program"
	entries, err := fs.ReadDir(programFiles, root)
	if err != nil {
		panic(err)
	}
	for _, entry := range entries {
		content, err := programFiles.ReadFile(path.Join(root, entry.Name()))
		if err != nil {
			panic(err)
		}
		start.Files = append(start.Files, &pb.SourceFile{Path: entry.Name(), Content: content})
	}
	return start
}

// module is a module of these files, names and texts in turn.
func module(kind pb.RunKind, namesAndTexts ...string) *pb.Start {
	start := &pb.Start{Kind: kind}
	if len(namesAndTexts) == 0 || namesAndTexts[0] != "go.mod" {
		start.Files = append(start.Files, source("go.mod", "module lesson\n\ngo 1.27\n"))
	}
	for i := 0; i < len(namesAndTexts); i += 2 {
		start.Files = append(start.Files, source(namesAndTexts[i], namesAndTexts[i+1]))
	}
	return start
}

func source(name, text string) *pb.SourceFile {
	return &pb.SourceFile{Path: name, Content: []byte(text)}
}

func runs(namesAndTexts ...string) func(*scene) *pb.Start {
	return func(*scene) *pb.Start { return module(pb.RunKind_RUN_KIND_RUN, namesAndTexts...) }
}
