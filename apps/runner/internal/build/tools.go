package build

import (
	"context"
	"io"
	"os"

	"lineage.dev/runner/internal/sandbox"
)

// hearing is what the tools of one slot are connected to: nothing to read, and one bounded pipe for all they say.
type hearing struct {
	io    sandbox.IO
	write *os.File
	// said gets the text once nothing in the slot can say more.
	said chan string
}

func newHearing() (*hearing, error) {
	null, err := os.Open(os.DevNull)
	if err != nil {
		return nil, err
	}
	read, write, err := os.Pipe()
	if err != nil {
		null.Close()
		return nil, err
	}
	h := &hearing{io: sandbox.IO{Stdin: null, Stdout: write, Stderr: write}, write: write, said: make(chan string, 1)}
	go func() {
		defer read.Close()
		text, _ := io.ReadAll(io.LimitReader(read, maxCompilerOutput))
		_, _ = io.Copy(io.Discard, read)
		h.said <- string(text)
	}()
	return h, nil
}

// started closes our ends: the slot has its own by now, or never will.
func (h *hearing) started() {
	h.io.Stdin.Close()
	h.write.Close()
}

// runTools runs compiler and linker and returns what they said, bounded.
func runTools(ctx context.Context, spec sandbox.Spec) (string, sandbox.Outcome, error) {
	tools, err := newHearing()
	if err != nil {
		return "", sandbox.Outcome{}, err
	}
	outcome, err := sandbox.Run(ctx, spec, tools.io)
	tools.started()
	return <-tools.said, outcome, err
}
