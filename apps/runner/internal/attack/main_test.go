package attack_test

import (
	"context"
	"fmt"
	"os"
	"testing"

	"lineage.dev/runner/internal/inside"
	"lineage.dev/runner/internal/toolchain"
	"lineage.dev/runner/internal/variant"
)

// TestMain is also the first process of a slot, and the stages that make a set-up's machine.
func TestMain(m *testing.M) {
	if status, ours := inside.Dispatch(os.Args); ours {
		os.Exit(status)
	}
	if stage := os.Getenv(stageEnv); stage != "" {
		os.Exit(perform(stage))
	}
	say := func(step string) { fmt.Fprintln(os.Stderr, step) }
	prepared, err := toolchain.Prepare(context.Background(), toolchain.DefaultDir(), say)
	if err == nil { // What is else made at its first use: not every set-up may write there.
		err = variant.NewStore(toolchain.DefaultDir(), prepared).Plain(context.Background(), say)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "the toolchain could not be prepared:", err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}
