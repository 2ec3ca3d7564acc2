package attack_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"lineage.dev/runner/internal/execution"
	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
	"lineage.dev/runner/internal/installed/installedtest"
)

func rows() []row {
	return slices.Concat(resourceRows(), buildRows(), outputRows(), systemRows(), requestRows())
}

// onlyEnv is an expression that the two-digit group and the name of an attack have to match, to look at some alone.
const onlyEnv = "LINEAGE_ATTACK_ONLY"

// result is what became of one row in one set-up.
type result struct {
	Name     string        `json:"name"`
	Problems []string      `json:"problems,omitempty"`
	Took     time.Duration `json:"took"`
	// Neighbour is how long the run after the attack took, for the curious: it is right, or a problem says so.
	Neighbour time.Duration `json:"neighbour"`
}

// level is what each set-up has to be: were it another, the rows would prove something else than they say.
var levels = map[string]pb.IsolationLevel{
	full: pb.IsolationLevel_ISOLATION_LEVEL_FULL, unprivileged: pb.IsolationLevel_ISOLATION_LEVEL_FULL, pod: pb.IsolationLevel_ISOLATION_LEVEL_RESTRICTED,
}

// performRows is a set-up: an engine on which every row is tried, one after the other.
func performRows(setup, base string) (err error) {
	out, err := os.Create(filepath.Join(base, "results"))
	if err != nil {
		return err
	}
	defer out.Close()
	s, err := newScene(setup, base)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.leave()) }()
	if level := s.engine.Level(); level != levels[setup] {
		return fmt.Errorf("the set-up isolates at %v: %s", level, s.engine.Probe.Lacks())
	}
	// Builds what most rows share, so that nothing of that happens between two looks.
	if h := s.run(program("nothing"), nil); h.end.GetVerdict() != pb.Verdict_VERDICT_PASSED {
		return fmt.Errorf("the attacks cannot be built: %v %v", h.end, h.diagnostics)
	}
	if err := s.neighbour(); err != nil {
		return err
	}
	s.keep()
	only, err := regexp.Compile(os.Getenv(onlyEnv))
	if err != nil {
		return err
	}
	said := json.NewEncoder(out)
	for _, r := range rows() {
		if !only.MatchString(fmt.Sprintf("%02d %s", r.group, r.name)) {
			continue
		}
		if err := said.Encode(s.result(r)); err != nil {
			return err
		}
	}
	return nil
}

func (s *scene) result(r row) result {
	before, kept, began := s.steady(), s.kept(), time.Now()
	found := result{Name: r.name}
	if err := s.perform(r); err != nil {
		found.Problems = append(found.Problems, err.Error())
	}
	found.Took = time.Since(began)
	found.Problems = append(found.Problems, s.settled(before)...)
	if now := s.kept(); !slices.Equal(now, kept) {
		found.Problems = append(found.Problems, fmt.Sprintf("a kept program was changed: %q is now %q", kept, now))
	}
	began = time.Now()
	if err := s.neighbour(); err != nil {
		found.Problems = append(found.Problems, "after it: "+err.Error())
	}
	found.Neighbour = time.Since(began)
	return found
}

// leave closes the engine, which must leave nothing of its own.
func (s *scene) leave() error {
	err := s.engine.Close()
	left, globErr := filepath.Glob(filepath.Join(s.base, "work", "*"))
	if len(left) > 0 {
		err = errors.Join(err, fmt.Errorf("the engine left %q", left))
	}
	if running := s.processes(); len(running) > 0 {
		err = errors.Join(err, fmt.Errorf("the engine left %q running", running))
	}
	return errors.Join(err, globErr)
}

func TestAttacks(t *testing.T) {
	install(t)
	machine := canMakeMachines()
	for _, setup := range setups {
		if setup == full && !machine {
			t.Log("root with everything is tried where this test is started as root and may make namespaces")
			continue
		}
		// All are made before one is started: a process that is started meanwhile would hold a half-written binary open.
		base, cmd := prepareSetup(t, setup, machine)
		t.Run(setup, func(t *testing.T) {
			t.Parallel()
			for _, found := range play(t, base, cmd) {
				t.Run(found.Name, func(t *testing.T) {
					t.Logf("took %s, the neighbour after it %s", found.Took.Round(time.Millisecond), found.Neighbour.Round(time.Millisecond))
					for _, problem := range found.Problems {
						t.Error(problem)
					}
				})
			}
		})
	}
}

// install builds the runner's programs, where whoever started us has not said that they are there.
func install(t *testing.T) {
	t.Helper()
	if os.Getenv(installedEnv) != "" {
		return
	}
	dir := t.TempDir()
	if err := errors.Join(installedtest.Build(dir), reachable(dir), os.Setenv(installedEnv, dir)); err != nil {
		t.Fatal(err)
	}
}

func prepareSetup(t *testing.T, setup string, machine bool) (base string, cmd *exec.Cmd) {
	t.Helper()
	base, err := os.MkdirTemp("", "lineage-attack-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(base); err != nil {
			t.Error(err)
		}
	})
	cmd, err = launch(setup, base, machine)
	if err != nil {
		t.Fatal(err)
	}
	return base, cmd
}

// play performs a set-up and reads its results: every row has to have one.
func play(t *testing.T, base string, cmd *exec.Cmd) []result {
	t.Helper()
	said, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, said)
	}
	raw, err := os.Open(filepath.Join(base, "results"))
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	var results []result
	for decoder := json.NewDecoder(raw); ; {
		var r result
		if err := decoder.Decode(&r); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		results = append(results, r)
	}
	if os.Getenv(onlyEnv) == "" && len(results) != len(rows()) {
		t.Errorf("%d of %d attacks were performed\n%s", len(results), len(rows()), said)
	}
	return results
}

// waitToBeKilled is an agent of its own that performs what the file "order" names, says when that has started what it
// starts, and goes on until it is killed.
func waitToBeKilled(base string) error {
	order, err := os.ReadFile(filepath.Join(base, "order"))
	if err != nil {
		return err
	}
	engine, err := execution.New(execution.Options{})
	if err != nil {
		return err
	}
	s := &scene{engine: engine}
	h := s.run(program(strings.Fields(string(order))...), func(event *pb.ExecuteResponse) error {
		if strings.Contains(string(event.GetOutput().GetData()), "started\n") {
			fmt.Println("started")
		}
		return nil
	})
	return fmt.Errorf("was not killed: %v %s %s", h.end, h.out, h.err)
}

// agentKilled ends an agent at once while its program runs, with processes that want to outlive it.
func agentKilled(s *scene) error { return s.killAgent("memory-in-parts") }

// agentKilledByForks does it while a chain of short processes runs.
func agentKilledByForks(s *scene) error { return s.killAgent("chain-and-wait") }

func (s *scene) killAgent(order ...string) error {
	dir, err := os.MkdirTemp(s.base, "agent-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := os.WriteFile(filepath.Join(dir, "order"), []byte(strings.Join(order, " ")), 0o644); err != nil {
		return err
	}
	cmd := exec.Command("/proc/self/exe")
	// A directory of its own: what it leaves in files, the next agent beside it sweeps, as the end of this proves.
	cmd.Env = append(os.Environ(), stageEnv+"="+stageAgent, baseEnv+"="+dir, "TMPDIR="+dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := os.Chmod(dir, 0o711); err != nil {
		return err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		return err
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil || line != "started\n" {
		return fmt.Errorf("the agent said %q: %w", line, err)
	}
	killErr := cmd.Process.Kill()
	_ = cmd.Wait()
	return killErr
}
