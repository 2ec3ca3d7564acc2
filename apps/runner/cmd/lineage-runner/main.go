// Command lineage-runner compiles, isolates, runs and profiles learners' programs. See docs/runner-cli.md.
package main

import (
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"lineage.dev/runner/internal/inside"
)

// Exit statuses that are no verdicts; those of verdicts are in exec.go.
const (
	statusOK      = 0
	statusUsage   = 2
	statusErrored = 6
)

const usage = `lineage-runner runs learners' Go programs in isolation.

  lineage-runner prepare      fetch the pinned Go release and compile its standard library, once
  lineage-runner exec         perform one run and end with its verdict
  lineage-runner probe        say which layers of isolation hold on this machine
  lineage-runner serve        be the agent that a Lineage server uses
  lineage-runner pod-profile  print or install the seccomp profile for pods with namespaces
  lineage-runner version      say which Go release learners compile with

Each command answers --help.
`

func main() {
	if status, ours := inside.Dispatch(os.Args); ours {
		os.Exit(status)
	}
	if len(os.Args) < 2 {
		fmt.Fprint(os.Stderr, usage)
		os.Exit(statusUsage)
	}
	os.Exit(dispatch(os.Args[1], os.Args[2:], os.Stdout, os.Stderr))
}

func dispatch(name string, args []string, stdout, stderr io.Writer) int {
	switch name {
	case "prepare":
		return prepare(args, stdout, stderr)
	case "exec":
		return execute(args, stdout, stderr)
	case "probe":
		return probe(args, stdout, stderr)
	case "serve":
		return serve(args, stdout, stderr)
	case "pod-profile":
		return podProfile(args, stdout, stderr)
	case "version":
		return version(stdout)
	case "help", "--help", "-h":
		fmt.Fprint(stdout, usage)
		return statusOK
	default:
		fmt.Fprintf(stderr, "%q is not a command.\n\n%s", name, usage)
		return statusUsage
	}
}

// outliveReaders makes a write to a reader that went away fail, instead of ending us with a run under way. Ignoring the
// signal would do so too, but learners' programs would inherit that.
func outliveReaders() { signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE) }
