package main

import (
	"strings"

	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
)

// testNode is one test with its subtests, in the order in which they were first heard of.
type testNode struct {
	Name    string      `json:"name"`
	Outcome string      `json:"outcome"`
	Ms      int64       `json:"ms"`
	Output  string      `json:"output,omitempty"`
	Tests   []*testNode `json:"tests"`
}

type testTree struct{ root testNode }

func (t *testTree) roots() []*testNode {
	if t.root.Tests == nil {
		return []*testNode{}
	}
	return t.root.Tests
}

func (t *testTree) add(event *pb.TestEvent) {
	at := &t.root
	for _, part := range strings.Split(event.Name, "/") {
		at = at.child(part)
	}
	at.Outcome = word("TEST_OUTCOME_", event.Outcome.String())
	at.Ms = event.DurationUs / 1000
	at.Output += event.Output
}

func (n *testNode) child(name string) *testNode {
	for _, one := range n.Tests {
		if one.Name == name {
			return one
		}
	}
	made := &testNode{Name: name, Outcome: "started", Tests: []*testNode{}}
	n.Tests = append(n.Tests, made)
	return made
}
