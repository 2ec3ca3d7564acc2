// Package inside is what this program is when the sandbox, or a tool in it, starts it again: the first process of a slot
// and the helpers that work in one. None of it is for people.
package inside

import (
	"fmt"
	"os"
	"path/filepath"

	"lineage.dev/runner/internal/digest"
	"lineage.dev/runner/internal/executable"
	"lineage.dev/runner/internal/offline"
	"lineage.dev/runner/internal/sandbox"
)

const (
	statusOK     = 0
	statusUsage  = 2
	statusFailed = 6
)

// Dispatch performs the command that args (with the program's name first) are, and says whether they were one of these.
func Dispatch(args []string) (status int, ours bool) {
	if len(args) > 0 && filepath.Base(args[0]) == offline.CompilerName {
		if !offline.Compiler(args[1:], os.Stdout) {
			fmt.Fprintln(os.Stderr, "there is no C compiler here: packages that use cgo cannot be built")
			return statusFailed, true
		}
		return statusOK, true
	}
	if len(args) < 2 {
		return 0, false
	}
	if status, ours := sandbox.Dispatch(args[1:]); ours {
		return status, true
	}
	command, ours := commands[args[1]]
	if !ours {
		return 0, false
	}
	if len(args)-2 < command.args {
		return statusUsage, true
	}
	if err := command.perform(args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return statusFailed, true
	}
	return statusOK, true
}

var commands = map[string]struct {
	// args is how many there have to be at least.
	args    int
	perform func(args []string) error
}{
	"probe-attack": {1, func(args []string) error { return sandbox.Attack(args[0]) }},
	"digest":       {0, func([]string) error { return digest.Run(os.Stdin, os.Stdout) }},
	"toolexec":     {2, func(args []string) error { return offline.Toolexec(args[0], args[1], args[2:]) }},
	"gofmt":        {1, func(args []string) error { return offline.Format(args[0], os.Stdout) }},
	"executable":   {1, func(args []string) error { return executable.Describe(args[0], os.Stdout) }},
	"cacheprog":    {2, cacheprog},
}

func cacheprog(args []string) error {
	if err := os.MkdirAll(args[1], 0o755); err != nil {
		return err
	}
	return offline.ServeCache(os.Stdin, os.Stdout, args[0], args[1])
}
