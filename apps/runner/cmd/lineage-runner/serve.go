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

	"golang.org/x/sys/unix"

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

// serve listens on a unix socket for the process that started it and ends with it, or on TCP for whoever has the API's key.
func serve(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	flags.SetOutput(stderr)
	socket := flags.String("socket", "", "unix socket to listen on")
	secretFD := flags.Int("secret-fd", -1, "descriptor from which the 32-byte secret is read")
	listen := flags.String("listen", "", "TCP address to listen on with mutual TLS, instead of a unix socket")
	clientKeys := flags.String("client-keys", "", "SHA-256 of the public keys that may call over TCP, in hexadecimal, with commas")
	health := flags.String("health", "", "TCP address of GET /healthz")
	runSlots := flags.Int("run-slots", 0, "programs that may run at once")
	buildSlots := flags.Int("build-slots", 0, "builds that may happen at once")
	minLevel := flags.String("min-level", "restricted", "isolation below which nothing runs: full or restricted")
	mostTasks := flags.Uint64("most-tasks", 0, "processes and threads that our user may have, where a container ends what has more")
	cacheDir := flags.String("cache-dir", "", "where prepared files are")
	if status, done := parse(flags, args, stderr); done {
		return status
	}
	least, known := minLevels[*minLevel]
	door, err := doorOf(*socket, *secretFD, *listen, *clientKeys, *health)
	if err != nil || !known {
		fmt.Fprintln(stderr, "serve needs a --min-level of full or restricted, and either --socket PATH with --secret-fd N (3 or more) or --listen ADDRESS with --client-keys HEX")
		return statusUsage
	}
	if err := door.readSecret(); err != nil {
		fmt.Fprintln(stderr, err)
		return statusUsage
	}
	if *mostTasks > 0 {
		if err := unix.Setrlimit(unix.RLIMIT_NPROC, &unix.Rlimit{Cur: *mostTasks, Max: *mostTasks}); err != nil {
			fmt.Fprintln(stderr, "--most-tasks could not be set:", err)
			return statusErrored
		}
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
	return listenUntilEnd(engine, door, stdout, stderr)
}

func listenUntilEnd(engine *execution.Engine, door *door, stdout, stderr io.Writer) int {
	outliveReaders()
	log := slog.New(slog.NewJSONHandler(stderr, nil))
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	listening, said, err := door.open(ctx, engine, cancel, log)
	if err != nil {
		fmt.Fprintln(stderr, err)
		return statusErrored
	}
	defer door.close(log)
	served := make(chan error, 1)
	go func() { served <- listening.Serve() }()
	said["event"], said["level"], said["lacks"], said["goVersion"] = "ready", levelOf(engine.Probe), engine.Probe.Lacks(), toolchain.Version
	if err := json.NewEncoder(stdout).Encode(said); err != nil {
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
