package attack_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"lineage.dev/runner/internal/execution"
	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
	"lineage.dev/runner/internal/toolchain"
)

// patience is how long one run may take on a machine that others load; nothing here is measured against it.
const patience = 3 * time.Minute

// heard is everything that a run said.
type heard struct {
	end         *pb.End
	out, err    string
	diagnostics []*pb.Diagnostic
	events      []*pb.ExecuteResponse
}

// scene is a set-up's machine with an engine on it, and what of the machine has to stay as it is.
type scene struct {
	setup  string
	engine *execution.Engine
	// base is a directory of ours; canaries lie in it, and the engine's own files.
	base     string
	canaries []string
	sockets  []net.Listener
	programs []string
}

func newScene(setup, base string) (*scene, error) {
	s := &scene{setup: setup, base: base}
	if err := s.plant(); err != nil {
		return nil, err
	}
	work := filepath.Join(base, "work")
	err := errors.Join(os.Mkdir(work, 0o711), os.Setenv("TMPDIR", work))
	// What a careless operator has in the environment.
	err = errors.Join(err, os.Setenv("LINEAGE_SECRET", "do-not-leak"), os.Setenv("KUBERNETES_SERVICE_HOST", "10.96.0.1"))
	if err != nil {
		return nil, err
	}
	s.engine, err = execution.New(execution.Options{})
	return s, err
}

// underGvisor asks the kernel for its first words.
func underGvisor() bool {
	words := make([]byte, 4096)
	n, err := unix.Klogctl(3, words) // SYSLOG_ACTION_READ_ALL
	return err == nil && bytes.Contains(words[:n], []byte("gVisor"))
}

// plant makes files and sockets as a machine has them: readable by all, by the agent's user, writable by all.
func (s *scene) plant() error {
	dir := filepath.Join(s.base, "host")
	if err := os.Mkdir(dir, 0o755); err != nil {
		return err
	}
	for name, mode := range map[string]os.FileMode{"public": 0o644, "private": 0o600, "shared": 0o666, "run.sh": 0o755} {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.WriteFile(path, []byte("host "+name), mode), os.Chmod(path, mode)); err != nil {
			return err
		}
		s.canaries = append(s.canaries, path)
	}
	s.canaries = append(s.canaries, dir)
	for _, at := range [][2]string{{"tcp", "127.0.0.1:0"}, {"unix", filepath.Join(dir, "daemon.sock")}, {"unix", fmt.Sprintf("@attack-daemon-%d", os.Getpid())}} {
		listener, err := net.Listen(at[0], at[1])
		if err != nil {
			return err
		}
		if at[0] == "unix" && at[1][0] != '@' {
			if err := os.Chmod(at[1], 0o777); err != nil {
				return err
			}
		}
		s.sockets = append(s.sockets, listener)
	}
	return nil
}

// know answers what an attack has to know of the machine, as somebody who has seen it would.
func (s *scene) know(what string) []string {
	switch what {
	case "canaries":
		return s.canaries
	case "secrets":
		return append([]string{"/proc/1/environ", "/etc/passwd-", toolchain.DefaultDir()}, s.canaries...)
	case "outside":
		return []string{s.base, filepath.Join(s.base, "host"), filepath.Join(s.base, "work"), toolchain.DefaultDir()}
	case "work":
		found, _ := filepath.Glob(filepath.Join(s.base, "work", "*"))
		return append(found, s.base, filepath.Join(s.base, "work"), filepath.Join(s.base, "host"))
	case "processes":
		return []string{fmt.Sprint(os.Getpid()), fmt.Sprint(os.Getppid()), "1"}
	case "ports":
		return []string{s.sockets[0].Addr().String()}
	case "sockets":
		return []string{s.sockets[1].Addr().String(), s.sockets[2].Addr().String()}
	case "caches":
		return cacheFiles()
	}
	panic("nobody knows " + what)
}

// cacheFiles are what others' programs are built from.
func cacheFiles() []string {
	var found []string
	for _, pattern := range []string{"*/std.link.cfg", "*/*.cfg", "*/*/*.a", "programs/*"} {
		match, _ := filepath.Glob(filepath.Join(toolchain.DefaultDir(), pattern))
		found = append(found, match[:min(2, len(match))]...)
	}
	return append(found, toolchain.DefaultDir())
}

func (s *scene) run(start *pb.Start, also func(*pb.ExecuteResponse) error) heard {
	closed := make(chan []byte)
	close(closed)
	return s.runWith(start, closed, also)
}

func (s *scene) runWith(start *pb.Start, stdin <-chan []byte, also func(*pb.ExecuteResponse) error) heard {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return s.runUntil(ctx, start, stdin, also)
}

func (s *scene) runUntil(ctx context.Context, start *pb.Start, stdin <-chan []byte, also func(*pb.ExecuteResponse) error) heard {
	var h heard
	s.engine.Execute(ctx, start, stdin, func(event *pb.ExecuteResponse) error {
		h.events = append(h.events, event)
		switch {
		case event.GetOutput().GetStream() == pb.Stream_STREAM_STDOUT:
			h.out += string(event.GetOutput().GetData())
		case event.GetOutput() != nil:
			h.err += string(event.GetOutput().GetData())
		case event.GetDiagnostic() != nil:
			h.diagnostics = append(h.diagnostics, event.GetDiagnostic())
		case event.GetEnd() != nil:
			h.end = event.GetEnd()
		}
		if also != nil {
			return also(event)
		}
		return nil
	})
	return h
}

// cancelled runs until a stage begins, and stops it there, twice.
func (s *scene) cancelled(start *pb.Start, at pb.StageName) heard {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	closed := make(chan []byte)
	close(closed)
	return s.runUntil(ctx, start, closed, func(event *pb.ExecuteResponse) error {
		if stage := event.GetStage(); stage.GetName() == at && !stage.GetFinished() {
			cancel()
			cancel()
		}
		return nil
	})
}

const neighbourText = "package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println(\"neighbour\", 6*7) }\n"

// neighbour is another's run, which has to be right whatever else happens.
func (s *scene) neighbour() error {
	h := s.run(module(pb.RunKind_RUN_KIND_RUN, "main.go", neighbourText), nil)
	if h.end.GetVerdict() != pb.Verdict_VERDICT_PASSED || h.out != "neighbour 42\n" {
		return fmt.Errorf("the neighbour's run was disturbed: %v, printed %q %q", h.end, h.out, h.err)
	}
	return nil
}

// perform plays one row beside a neighbour and says what is wrong.
func (s *scene) perform(r row) error {
	beside := make(chan error, 1)
	started := make(chan struct{})
	go func() { close(started); beside <- s.neighbour() }()
	<-started
	err := s.attack(r)
	return errors.Join(err, <-beside)
}

func (s *scene) attack(r row) error {
	if r.play != nil {
		return r.play(s)
	}
	var start *pb.Start
	if r.start != nil {
		start = r.start(s)
	} else {
		args := []string{r.name}
		for _, what := range r.args {
			args = append(args, s.know(what)...)
		}
		start = program(args...)
	}
	start.Limits = r.limits
	h := s.run(start, nil)
	var problems []string
	wants := r.wantsIn(s.setup)
	if r.underGvisor != nil && underGvisor() {
		wants = r.underGvisor
	}
	for _, w := range wants {
		problem := w.meets(h)
		if problem == "" {
			return nil
		}
		problems = append(problems, problem)
	}
	return errors.New(strings.Join(problems, "\nor: "))
}
