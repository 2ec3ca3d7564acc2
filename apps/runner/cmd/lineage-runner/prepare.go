package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os/signal"
	"strings"
	"syscall"

	"lineage.dev/runner/internal/toolchain"
	"lineage.dev/runner/internal/variant"
)

func prepare(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("prepare", flag.ContinueOnError)
	flags.SetOutput(stderr)
	dir := flags.String("cache-dir", toolchain.DefaultDir(), "where prepared files belong")
	race := flags.Bool("race", false, "prepare the race detector too, which else is done at its first run; it needs gcc")
	offline := flags.Bool("offline", false, "prepare the cache of offline go build too, which else is done at its first use")
	experiments := flags.String("experiments", "", "settings of GOEXPERIMENT to prepare too, with commas, which else is done at their first runs")
	previous := flags.Bool("previous", false, "prepare "+toolchain.Previous+" too, so that programs can be built with it")
	modules := flags.String("modules", "", "directory of a module: what its go.mod requires can be required by learners' modules")
	if status, done := parse(flags, args, stderr); done {
		return status
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	say := func(step string) { fmt.Fprintln(stdout, step) }
	prepared, err := toolchain.Prepare(ctx, *dir, say)
	if err != nil {
		fmt.Fprintln(stderr, "Go could not be prepared:", err)
		return statusErrored
	}
	store := variant.NewStore(*dir, prepared)
	if *race {
		if _, err := store.Race(ctx, say); err != nil {
			fmt.Fprintln(stderr, "The race detector could not be prepared:", err)
			return statusErrored
		}
	}
	if *previous {
		if _, err := toolchain.PrepareRelease(ctx, *dir, toolchain.Previous, say); err != nil {
			fmt.Fprintln(stderr, toolchain.Previous, "could not be prepared:", err)
			return statusErrored
		}
	}
	for name := range strings.SplitSeq(*experiments, ",") {
		if name == "" {
			continue
		}
		say("compiling the standard library with " + name)
		if _, err := store.Experiment(ctx, name, func(int, int) {}); err != nil {
			fmt.Fprintln(stderr, "The experiment could not be prepared:", err)
			return statusErrored
		}
	}
	if *offline {
		if err := store.Plain(ctx, say); err != nil {
			fmt.Fprintln(stderr, "Offline go build could not be prepared:", err)
			return statusErrored
		}
	}
	if *modules != "" {
		if err := store.Fetch(ctx, *modules, say); err != nil {
			fmt.Fprintln(stderr, "The modules could not be prepared:", err)
			return statusErrored
		}
	}
	fmt.Fprintln(stdout, toolchain.Version, "is prepared in", prepared.Dir)
	return statusOK
}

func version(stdout io.Writer) int {
	fmt.Fprintln(stdout, "lineage-runner for", toolchain.Version)
	return statusOK
}

// parse reads flags and refuses what is left over. done says that the command ends here, with status.
func parse(flags *flag.FlagSet, args []string, stderr io.Writer) (status int, done bool) {
	switch err := flags.Parse(args); {
	case err == flag.ErrHelp:
		return statusOK, true
	case err != nil:
		return statusUsage, true
	}
	if flags.NArg() > 0 {
		fmt.Fprintf(stderr, "%s takes no argument %q; see lineage-runner %s --help\n", flags.Name(), flags.Arg(0), flags.Name())
		return statusUsage, true
	}
	return statusOK, false
}
