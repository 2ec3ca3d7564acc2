package execution_test

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
)

// TestBothPathsSayTheSame builds and runs every program of testdata/both in both ways: directly, and by the offline go
// command, to which a godebug line that changes nothing sends it.
func TestBothPathsSayTheSame(t *testing.T) {
	files, err := filepath.Glob("testdata/both/*.txtar")
	if err != nil || len(files) < 150 {
		t.Fatalf("%d programs: %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			readBothWays(t, file).compare(t)
		})
	}
}

// bothWays is a program and what has to be true of it, besides that both paths say the same. The head of its file says
// what its point is, and after that:
//
//	kind: test             its tests are run, not its main
//	kind: race             it, or its tests if it has no main, runs with the race detector
//	modules: prepared      its go.mod requires what curriculum/modules does
//	by: go build           the fast path leaves it to the go command
//	ends: failed           the verdict; passed when nothing is said
//	exit: 3                the exit status; not looked at when nothing is said
//	says: some words       its output or the first diagnostics have them; may be repeated
//	at: main.go:3          where the first diagnostic is
//	stdin: "text\n"        what it reads
//	args: a b              what it is started with
//	differs: stderr, why   what is not compared, and why
type bothWays struct {
	kind    pb.RunKind
	files   []*pb.SourceFile
	goMod   string
	byGo    bool
	ends    pb.Verdict
	exit    *int32
	says    []string
	at      string
	stdin   string
	args    []string
	differs map[string]bool
}

var directiveLine = regexp.MustCompile(`^([a-z]+): (.*)\n$`)

func readBothWays(t *testing.T, file string) *bothWays {
	t.Helper()
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	p := &bothWays{kind: kindRun, goMod: "module lesson\n\ngo 1.27\n", ends: pb.Verdict_VERDICT_PASSED, differs: map[string]bool{}}
	for line := range strings.Lines(string(archive.Comment)) {
		if directive := directiveLine.FindStringSubmatch(line); directive != nil {
			p.take(t, directive[1], directive[2])
		}
	}
	for _, f := range archive.Files {
		if f.Name == "go.mod" {
			p.goMod = string(f.Data)
			continue
		}
		p.files = append(p.files, source(f.Name, string(f.Data)))
	}
	return p
}

func (p *bothWays) take(t *testing.T, key, value string) {
	t.Helper()
	switch key {
	case "kind":
		kind, known := map[string]pb.RunKind{"test": kindTest, "race": pb.RunKind_RUN_KIND_RACE}[value]
		if !known {
			t.Fatalf("unknown kind %q", value)
		}
		p.kind = kind
	case "modules":
		p.goMod = preparedGoMod(t)
	case "by":
		p.byGo = value == "go build"
	case "ends":
		p.ends = pb.Verdict(pb.Verdict_value["VERDICT_"+strings.ToUpper(value)])
	case "exit":
		status, err := strconv.Atoi(value)
		if err != nil {
			t.Fatal(err)
		}
		exit := int32(status)
		p.exit = &exit
	case "says":
		p.says = append(p.says, value)
	case "at":
		p.at = value
	case "stdin":
		text, err := strconv.Unquote(value)
		if err != nil {
			t.Fatal(err)
		}
		p.stdin = text
	case "args":
		p.args = strings.Fields(value)
	case "differs":
		what, why, ok := strings.Cut(value, ", ")
		if !ok || why == "" {
			t.Fatalf("why does %s differ?", what)
		}
		p.differs[what] = true
	default:
		t.Fatalf("unknown %q", key)
	}
}

// preparedGoMod is the go.mod of a lesson that can import what the runner has prepared.
func preparedGoMod(t *testing.T) string {
	t.Helper()
	raw, err := os.ReadFile("../../../../curriculum/modules/go.mod")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(raw), "\n")
	return "module lesson\n" + rest
}

func (p *bothWays) run(t *testing.T, more string) heard {
	t.Helper()
	// A program that was built before says no more which way: this makes it another one.
	nonce := fmt.Sprintf("\n// %d %d\n", os.Getpid(), time.Now().UnixNano())
	start := &pb.Start{Kind: p.kind, Args: p.args}
	start.Files = append([]*pb.SourceFile{source("go.mod", p.goMod+more+nonce)}, p.files...)
	stdin := make(chan []byte, 1)
	if p.stdin != "" {
		stdin <- []byte(p.stdin)
	}
	close(stdin)
	return perform(t, t.Context(), start, stdin, nil)
}

func (p *bothWays) compare(t *testing.T) {
	fast, slow := p.run(t, ""), p.run(t, "\ngodebug default=go1.27\n")
	if by, why := fast.builtBy(); (by == "go build") != p.byGo && by != "" {
		t.Errorf("built by %q, %q (`lineage-runner prepare --modules curriculum/modules` prepares modules)", by, why)
	}
	if by, why := slow.builtBy(); by != "" && (by != "go build" || why == "") {
		t.Errorf("the other is built by %q, %q", by, why)
	}
	told := fast.said()
	if fast.end.Verdict != p.ends || (p.exit != nil && *p.exit != fast.end.ExitCode) {
		t.Errorf("ended %v", fast.end)
	}
	words := strings.Join(append(slices.Clone(told.diagnostics), told.out, told.err), "\n")
	for _, want := range p.says {
		if !strings.Contains(words, want) {
			t.Errorf("does not say %q", want)
		}
	}
	if p.at != "" && (len(told.diagnostics) == 0 || !strings.HasPrefix(told.diagnostics[0], p.at+":")) {
		t.Errorf("no diagnostic at %s", p.at)
	}
	if other := slow.said(); !reflect.DeepEqual(told.without(p.differs), other.without(p.differs)) {
		t.Errorf("they differ:\n%s", difference(told, other))
	}
	if t.Failed() {
		t.Logf("fast: %+v\n%s", told, fast.end.Reason)
	}
}

// said is what both paths have to agree on.
type said struct {
	verdict     pb.Verdict
	exit        int32
	out, err    string
	diagnostics []string
	tests       map[string]pb.TestOutcome
	crash       []string
	races       []string
}

func (h heard) said() said {
	s := said{verdict: h.end.Verdict, exit: h.end.ExitCode, out: settle(h.out), err: settle(h.err), tests: h.tests}
	for _, d := range h.diagnostics {
		s.diagnostics = append(s.diagnostics, fmt.Sprintf("%s:%d:%d: %s", d.Path, d.Line, d.Column, d.Message))
	}
	if crash := h.crash(); crash != nil {
		s.crash = append(s.crash, settle(crash.Message))
		for _, frame := range crash.Goroutines[0].Stack.Frames {
			s.crash = append(s.crash, place(frame))
		}
	}
	for _, race := range h.races() {
		for _, access := range race.Accesses {
			s.races = append(s.races, fmt.Sprintf("write %v, atomic %v, main %v", access.Write, access.Atomic, access.Goroutine == 0))
			for _, frame := range access.Stack.GetFrames() {
				s.races = append(s.races, "at "+place(frame))
			}
			for _, frame := range access.Created.GetFrames() {
				s.races = append(s.races, "created at "+place(frame))
			}
		}
	}
	return s
}

func place(frame *pb.Frame) string {
	return fmt.Sprintf("%s %s:%d %v", frame.Function, frame.Path, frame.Line, frame.InWorkspace)
}

// without leaves out what may differ; the go command compiles packages at the same time and says what is wrong with each as
// it ends.
func (s said) without(differs map[string]bool) said {
	s.diagnostics = slices.Sorted(slices.Values(s.diagnostics))
	if differs["stdout"] {
		s.out = ""
	}
	if differs["stderr"] {
		s.err = ""
	}
	if differs["crash"] {
		s.crash = nil
	}
	return s
}

func difference(fast, slow said) string {
	var out strings.Builder
	a, b := reflect.ValueOf(fast), reflect.ValueOf(slow)
	for i := range a.NumField() {
		if left, right := fmt.Sprint(a.Field(i)), fmt.Sprint(b.Field(i)); left != right {
			fmt.Fprintf(&out, "%s\n  fast: %s\n  slow: %s\n", a.Type().Field(i).Name, left, right)
		}
	}
	return out.String()
}

var (
	elapsed   = regexp.MustCompile(`\(\d+\.\d\ds\)|\b\d+\.\d{3}s\b`)
	address   = regexp.MustCompile(`0x[0-9a-f]+`)
	goroutine = regexp.MustCompile(`[Gg]oroutine \d+( gp=0x m=\d+ mp=0x)?`)
)

// settle takes out of a program's words what is another each time: durations, addresses and numbers of goroutines.
func settle(text string) string {
	text = elapsed.ReplaceAllString(text, "(0.00s)")
	text = address.ReplaceAllString(text, "0x")
	return goroutine.ReplaceAllString(text, "goroutine N")
}
