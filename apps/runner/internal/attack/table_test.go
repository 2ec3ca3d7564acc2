package attack_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the table of docs/security.md instead of comparing it")

// elsewhere are attacks that need more than an engine, and the tests that have them.
var elsewhere = []struct {
	group int
	file  string
	tests []string
}{
	{33, "internal/build/cache_test.go", []string{"TestTheLongestUnusedProgramsGiveWay"}},
	{34, "internal/build/hostile_fuzz_test.go", []string{"TestKeyOfAProgramTellsNamesAndContentsApart"}},
	{36, "internal/agent/execute_test.go", []string{"TestBrokenStreamEndsTheRunAndLeavesNoProcess", "TestCancelIsHeardAfterTheInputEnded"}},
	{36, "internal/execution/claim_test.go", []string{"TestKilledAgentsDirectoryIsSweptByTheNext", "TestProcessesOfAKilledAgentsUsersAreEnded"}},
	{39, "internal/agent/proof_test.go", []string{"TestRequestsWithoutAGoodProofAreRefused", "TestNonceIsGoodOnce"}},
	{39, "internal/agent/remote_test.go", []string{"TestWhoIsNotTheAPIGetsNothing", "TestSilentStrangersDoNotKeepTheAPIOut", "TestAgentBelongsToTheLeaseThatCallsFirst"}},
	{39, "internal/agent/execute_test.go", []string{"TestStartThatIsTooLargeIsRefused"}},
}

// groups are the kinds of attack, by number.
var groups = []string{
	1: "Fork bombs", 2: "Thread bombs", 3: "Goroutines without end", 4: "Heap, mappings, stack, page tables",
	5: "Memory that belongs to no process", 6: "All processors, priorities", 7: "Sleeping, deaf to signals", 8: "Daemons that outlive main",
	9: "Filling the disk", 10: "Descriptors and the kernel's buffers", 11: "Hostile source, modules and directives", 12: "Huge programs",
	13: "Floods of output", 14: "Listeners that are slow or gone", 15: "Escapes, bytes that are no text", 16: "Forged results",
	17: "Forged profiles and traces", 18: "Reading and writing outside", 19: "Links and odd files for the agent", 20: "File names",
	21: "Mounts and roots", 22: "Kernel files", 23: "What a run leaves to the next", 24: "Tracing and reading processes",
	25: "The kernel's surface", 26: "Terminals", 27: "Signals, and limits of others", 28: "Gaining privileges", 29: "The network",
	30: "Ports of others", 31: "Fetching modules", 32: "Poisoning caches", 33: "Filling caches", 34: "Keys of caches", 35: "Taking all slots",
	36: "Cancelling, killing the agent", 37: "Clocks", 38: "Side channels", 39: "The agent's door", 40: "Namespaces",
}

const (
	tableBegins = "<!-- attacks: made by `go test ./internal/attack -run Table -update` -->"
	tableEnds   = "<!-- end of attacks -->"
)

// table says what becomes of each group in each set-up, and what is accepted.
func table() string {
	var text strings.Builder
	fmt.Fprintf(&text, "| | | attacks | %s | %s | %s |\n|---|---|---|---|---|---|\n", setups[0], setups[1], setups[2])
	all, accepted := rows(), []string(nil)
	for group := 1; group < len(groups); group++ {
		words, names := map[string][]string{}, []string(nil)
		for _, r := range all {
			if r.group != group {
				continue
			}
			names = append(names, r.name)
			for _, setup := range setups {
				for _, w := range r.wantsIn(setup) {
					if !slices.Contains(words[setup], w.word()) {
						words[setup] = append(words[setup], w.word())
					}
				}
			}
			accepted = append(accepted, acceptances(r)...)
		}
		for _, e := range elsewhere {
			if e.group == group {
				names = append(names, e.tests...)
			}
		}
		cell := func(setup string) string {
			if len(words[setup]) == 0 {
				return "refused"
			}
			return strings.Join(words[setup], ", ")
		}
		fmt.Fprintf(&text, "| %d | %s | %d | %s | %s | %s |\n", group, groups[group], len(names), cell(full), cell(unprivileged), cell(pod))
	}
	fmt.Fprintf(&text, "\nAccepted, and why:\n\n%s", strings.Join(accepted, ""))
	return text.String()
}

// acceptances tells in which set-ups the success of an attack is known.
func acceptances(r row) []string {
	reasons := map[string][]string{}
	var order []string
	for _, setup := range setups {
		for _, w := range r.wantsIn(setup) {
			if w.why == "" {
				continue
			}
			if reasons[w.why] == nil {
				order = append(order, w.why)
			}
			reasons[w.why] = append(reasons[w.why], setup)
		}
	}
	var found []string
	for _, why := range order {
		found = append(found, fmt.Sprintf("- `%s` (%d; %s): %s.\n", r.name, r.group, strings.Join(reasons[why], ", "), why))
	}
	return found
}

// TestTableOfTheDocumentationIsWhatIsTried compares the table with the rows, which TestAttacks performs.
func TestTableOfTheDocumentationIsWhatIsTried(t *testing.T) {
	path := filepath.Join("..", "..", "..", "..", "docs", "security.md")
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok1 := strings.Cut(string(raw), tableBegins)
	written, after, ok2 := strings.Cut(rest, tableEnds)
	if !ok1 || !ok2 {
		t.Fatal("docs/security.md has no place for the table")
	}
	made := "\n\n" + table() + "\n"
	if *update {
		if err := os.WriteFile(path, []byte(before+tableBegins+made+tableEnds+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if written != made {
		t.Fatal("docs/security.md says something else than the suite; run `go test ./internal/attack -run Table -update`")
	}
}

// TestEveryGroupIsTried: each group has an attack, no two attacks have the same name, and what is tried elsewhere is there.
func TestEveryGroupIsTried(t *testing.T) {
	tried, names := map[int]int{}, map[string]bool{}
	for _, r := range rows() {
		tried[r.group]++
		if names[r.name] || len(r.wants) == 0 {
			t.Errorf("%s is there twice, or wants nothing", r.name)
		}
		names[r.name] = true
	}
	for _, e := range elsewhere {
		raw, err := os.ReadFile(filepath.Join("..", "..", e.file))
		if err != nil {
			t.Fatal(err)
		}
		for _, test := range e.tests {
			tried[e.group]++
			if !strings.Contains(string(raw), "func "+test+"(t *testing.T)") {
				t.Errorf("%s has no %s", e.file, test)
			}
		}
	}
	for group := 1; group < len(groups); group++ {
		if tried[group] == 0 {
			t.Errorf("nothing is tried of group %d, %s", group, groups[group])
		}
	}
}
