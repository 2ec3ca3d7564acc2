package main

import (
	"flag"
	"fmt"
	"io"

	"lineage.dev/runner/internal/podprofile"
)

// podProfile prints the seccomp profile of runner pods, or puts it where a kubelet looks for it.
func podProfile(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("pod-profile", flag.ContinueOnError)
	flags.SetOutput(stderr)
	dir := flags.String("install", "", "write it below this folder, as "+podprofile.Name+", instead of printing it")
	if status, done := parse(flags, args, stderr); done {
		return status
	}
	if *dir == "" {
		if _, err := stdout.Write(podprofile.Document); err != nil {
			return statusErrored
		}
		return statusOK
	}
	if err := podprofile.Install(*dir); err != nil {
		fmt.Fprintln(stderr, err)
		return statusErrored
	}
	fmt.Fprintf(stdout, "%s is installed in %s\n", podprofile.Name, *dir)
	return statusOK
}
