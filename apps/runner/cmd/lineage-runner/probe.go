package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"

	"lineage.dev/runner/internal/execution"
	"lineage.dev/runner/internal/sandbox"
)

func probe(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("probe", flag.ContinueOnError)
	flags.SetOutput(stderr)
	asJSON := flags.Bool("json", false, "print one JSON object")
	if status, done := parse(flags, args, stderr); done {
		return status
	}
	report, err := execution.ProbeMachine()
	if err != nil {
		fmt.Fprintln(stderr, "the machine cannot be probed:", err)
		return statusErrored
	}
	level := levelOf(report)
	if *asJSON {
		said := map[string]any{"level": level, "lacks": report.Lacks(), "layers": report.Layers}
		if err := json.NewEncoder(stdout).Encode(said); err != nil {
			return statusErrored
		}
	} else {
		fmt.Fprintln(stdout, "level:", level)
		for _, layer := range report.Layers {
			held := "no "
			if layer.Holds {
				held = "yes"
			}
			fmt.Fprintf(stdout, "  %s  %-18s %s\n", held, layer.Name, layer.Detail)
		}
	}
	if level == "refused" {
		return statusErrored
	}
	return statusOK
}

func levelOf(report sandbox.Report) string {
	switch {
	case report.Full():
		return "full"
	case report.Restricted():
		return "restricted"
	default:
		return "refused"
	}
}
