package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"lineage.dev/runner/internal/agent"
	"lineage.dev/runner/internal/execution"
	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
	"lineage.dev/runner/internal/toolchain"
)

var minLevels = map[string]pb.IsolationLevel{
	"full": pb.IsolationLevel_ISOLATION_LEVEL_FULL, "restricted": pb.IsolationLevel_ISOLATION_LEVEL_RESTRICTED,
}

// linkersAhead is enough for the exercises that a class works on at once; each holds some 80 MB.
const linkersAhead = 3

// serve ends when its standard input does: whoever started it is gone then.
func serve(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	flags.SetOutput(stderr)
	socket := flags.String("socket", "", "unix socket to listen on")
	secretFD := flags.Int("secret-fd", -1, "descriptor from which the 32-byte secret is read")
	runSlots := flags.Int("run-slots", 0, "programs that may run at once")
	buildSlots := flags.Int("build-slots", 0, "builds that may happen at once")
	minLevel := flags.String("min-level", "restricted", "isolation below which nothing runs: full or restricted")
	cacheDir := flags.String("cache-dir", "", "where prepared files are")
	if status, done := parse(flags, args, stderr); done {
		return status
	}
	least, known := minLevels[*minLevel]
	if *socket == "" || *secretFD < 3 || !known {
		fmt.Fprintln(stderr, "serve needs --socket PATH, --secret-fd N (3 or more) and a --min-level of full or restricted")
		return statusUsage
	}
	secret, err := readSecret(*secretFD)
	if err != nil {
		fmt.Fprintln(stderr, err)
		return statusUsage
	}
	engine, err := execution.New(execution.Options{CacheDir: *cacheDir, BuildSlots: *buildSlots, RunSlots: *runSlots, MinLevel: least, LinkersAhead: linkersAhead})
	if err != nil {
		fmt.Fprintln(stderr, err)
		return statusErrored
	}
	defer engine.Close()
	if engine.Level() > least {
		fmt.Fprintf(stderr, "This machine isolates programs at the level %q and %q is the least allowed: %s\n", levelOf(engine.Probe), *minLevel, engine.Probe.Lacks())
		return statusErrored
	}
	if err := execution.ClaimSocket(*socket); err != nil {
		fmt.Fprintln(stderr, err)
		return statusErrored
	}
	return listenUntilEnd(engine, *socket, secret, stdout, stderr)
}

func listenUntilEnd(engine *execution.Engine, socket string, secret []byte, stdout, stderr io.Writer) int {
	outliveReaders()
	log := slog.New(slog.NewJSONHandler(stderr, nil))
	listening, err := agent.Listen(engine, socket, secret, log)
	if err != nil {
		fmt.Fprintln(stderr, err)
		return statusErrored
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		cancel()
	}()
	served := make(chan error, 1)
	go func() { served <- listening.Serve() }()
	ready := map[string]string{"event": "ready", "level": levelOf(engine.Probe), "lacks": engine.Probe.Lacks(), "goVersion": toolchain.Version}
	if err := json.NewEncoder(stdout).Encode(ready); err != nil {
		log.Error("nobody reads that the agent is ready", "err", err)
	}
	select {
	case err = <-served:
		log.Error("serving failed", "err", err)
		return statusErrored
	case <-ctx.Done():
	}
	if err := listening.Close(); err != nil {
		log.Error("closing failed", "err", err)
	}
	<-served
	return statusOK
}

func readSecret(fd int) ([]byte, error) {
	file := os.NewFile(uintptr(fd), "secret")
	if file == nil {
		return nil, fmt.Errorf("descriptor %d is not open: the secret is read from it", fd)
	}
	defer file.Close()
	secret := make([]byte, agent.SecretBytes)
	if _, err := io.ReadFull(file, secret); err != nil {
		return nil, fmt.Errorf("the secret on descriptor %d is not %d bytes long", fd, agent.SecretBytes)
	}
	return secret, nil
}
