// Command lineage-slot is the first process of a slot; see sandbox.Init. It is a program of its own because it is started
// several times for each run: the agent has so much more in it that to start it takes longer than to make a slot.
package main

import (
	"fmt"
	"os"

	"lineage.dev/runner/internal/sandbox"
)

func main() {
	if exit, ours := sandbox.Dispatch(os.Args[1:]); ours {
		os.Exit(exit)
	}
	fmt.Fprintln(os.Stderr, "lineage-slot is started by lineage-runner, and by nobody else.")
	os.Exit(2)
}
