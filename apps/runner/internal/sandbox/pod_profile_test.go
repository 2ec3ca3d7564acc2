package sandbox

import (
	"encoding/json"
	"slices"
	"testing"

	"lineage.dev/runner/internal/podprofile"
)

// What a slot may call and its pod may not would be refused in pods alone, by a filter that nobody looks at.
func TestThePodsProfileAllowsWhatSlotsMayCall(t *testing.T) {
	var profile struct {
		Syscalls []struct{ Names []string }
	}
	if err := json.Unmarshal(podprofile.Document, &profile); err != nil {
		t.Fatal(err)
	}
	var named []string
	for _, rule := range profile.Syscalls {
		named = append(named, rule.Names...)
	}
	table, err := arch()
	if err != nil {
		t.Fatal(err)
	}
	names := map[int]string{}
	for name, number := range table.SyscallNames {
		names[number] = name
	}
	everything := Spec{Namespaces: true, UID: 1, CountsMemory: true}
	rules := rulesFor(everything, table.SyscallNames)
	if len(rules) < 200 {
		t.Fatalf("a slot has %d rules", len(rules))
	}
	for _, r := range rules {
		if !slices.Contains(named, names[r.number]) {
			t.Errorf("%s (%d) is not in the profile", names[r.number], r.number)
		}
	}
}
