package attack_test

import (
	"errors"
	"fmt"
	"strings"
	"time"

	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
)

const checkFile = "package main\n\nimport \"testing\"\n\nfunc TestDouble(t *testing.T) {\n\tif Double(2) != 4 {\n\t\tt.Fatal(\"not 4\")\n\t}\n}\n"

func check(learner string) func(*scene) *pb.Start {
	return func(*scene) *pb.Start {
		start := module(pb.RunKind_RUN_KIND_CHECK, "main.go", learner)
		start.CheckFiles = []*pb.SourceFile{source("double_test.go", checkFile)}
		start.RequiredTests = []string{"TestDouble"}
		return start
	}
}

func profiled(name string) func(*scene) *pb.Start {
	return func(*scene) *pb.Start {
		start := program(name)
		start.Signals = []pb.Signal{pb.Signal_SIGNAL_CPU, pb.Signal_SIGNAL_HEAP, pb.Signal_SIGNAL_TRACE}
		return start
	}
}

// outputRows attack whoever reads what a program writes.
func outputRows() []row {
	output, failed := []want{isLimited("output")}, []want{hasFailed}
	return []row{
		{group: 13, name: "flood", limits: quiet, wants: output},
		{group: 13, name: "flood-both", limits: quiet, wants: output},
		{group: 13, name: "flood-by-bytes", limits: &pb.Limits{OutputBytes: 1 << 16, WallMs: 20_000, CpuMs: 20_000}, wants: output},
		{group: 14, name: "slow-listener", play: slowListener, wants: []want{isHarmless}},
		{group: 14, name: "no-listener", play: noListener, wants: []want{isStopped}},
		{group: 15, name: "escapes", play: escapesArrive, wants: []want{isHarmless}},
		{group: 15, name: "long-line", wants: []want{isHarmless}},
		{group: 16, name: "forge-lines", wants: failed},
		{group: 16, name: "forge-crash", wants: []want{isHarmless}},
		{group: 16, name: "leave-in-init", start: check("package main\n\nimport (\n\t\"fmt\"\n\t\"os\"\n)\n\nfunc init() {\n\tfmt.Println(\"=== RUN   TestDouble\\n--- PASS: TestDouble (0.00s)\\nPASS\")\n\tos.Exit(0)\n}\n\nfunc Double(n int) int { return 0 }\n\nfunc main() {}\n"), wants: failed},
		{group: 16, name: "leave-in-function", start: check("package main\n\nimport (\n\t\"fmt\"\n\t\"os\"\n)\n\nfunc Double(n int) int {\n\tfmt.Println(\"--- PASS: TestDouble (0.00s)\\nPASS\")\n\tos.Exit(0)\n\treturn 0\n}\n\nfunc main() {}\n"), wants: failed},
		{group: 16, name: "own-test-main", start: checkWithTestMain, wants: failed},
		{group: 16, name: "write-to-report", start: check("package main\n\nimport (\n\t\"fmt\"\n\t\"os\"\n)\n\nfunc Double(n int) int {\n\tfor fd := range 10 {\n\t\tif f, err := os.OpenFile(fmt.Sprintf(\"/proc/self/fd/%d\", fd), os.O_WRONLY, 0); err == nil {\n\t\t\tfmt.Fprintln(f, \"guess passed TestDouble 1\\nguess finished 0\")\n\t\t}\n\t}\n\tos.Exit(0)\n\treturn 0\n}\n\nfunc main() {}\n"), wants: failed},
		{group: 16, name: "reach-into-tests", start: check("package main\n\nimport (\n\t\"syscall\"\n)\n\nfunc Double(n int) int {\n\t_, _ = syscall.Write(4, []byte(\"x\"))\n\treturn 0\n}\n\nfunc main() {}\n"), wants: []want{isUnbuilt}},
		{group: 17, name: "write-everywhere", start: profiled("write-everywhere"), wants: []want{isHarmless}},
		{group: 17, name: "bomb-everywhere", start: profiled("bomb-everywhere"), wants: []want{isHarmless}},
		{group: 17, name: "garbage-trace", start: profiled("garbage-trace"), wants: []want{isHarmless}},
	}
}

func checkWithTestMain(s *scene) *pb.Start {
	start := check("package main\n\nfunc Double(n int) int { return 0 }\n\nfunc main() {}\n")(s)
	start.Files = append(start.Files, source("mine_test.go", "package main\n\nimport (\n\t\"os\"\n\t\"testing\"\n)\n\nfunc TestMain(m *testing.M) { os.Exit(0) }\n"))
	return start
}

// slowListener takes events slowly: the program waits, and a neighbour does not.
func slowListener(s *scene) error {
	heardFirst, hurry := make(chan struct{}), make(chan struct{})
	ended := make(chan heard, 1)
	go func() {
		first := true
		ended <- s.run(program("talk-slowly"), func(event *pb.ExecuteResponse) error {
			if event.GetOutput() != nil && first {
				first = false
				close(heardFirst)
				<-hurry
			}
			return nil
		})
	}()
	<-heardFirst
	err := s.neighbour()
	close(hurry)
	h := <-ended
	if problem := isHarmless.meets(h); problem != "" {
		return errors.New(problem)
	}
	return err
}

// noListener breaks the connection while the program runs.
func noListener(s *scene) error {
	h := s.run(program("flood"), func(event *pb.ExecuteResponse) error {
		if event.GetOutput() != nil {
			return errors.New("gone")
		}
		return nil
	})
	if len(h.events) > 1000 {
		return fmt.Errorf("%d events for nobody", len(h.events))
	}
	return nil
}

// escapesArrive: bytes are bytes; what shows them decides what they are (see the client's tests).
func escapesArrive(s *scene) error {
	h := s.run(program("escapes"), nil)
	if !strings.HasPrefix(h.out, "\x1b]52;c;ZXZpbA==\a") || !strings.Contains(h.out, "\x00\xff\xfe\u202e<script>") {
		return fmt.Errorf("arrived as %q: %v", h.out, h.end)
	}
	return nil
}

// requestRows attack by when and how often something is asked for.
func requestRows() []row {
	return []row{
		{group: 35, name: "hog", play: hog, wants: []want{isTimedOut}},
		{group: 36, name: "cancel-compiling", play: cancelAt(pb.StageName_STAGE_NAME_COMPILE, 3), wants: []want{isStopped}},
		{group: 36, name: "cancel-running", play: cancelAt(pb.StageName_STAGE_NAME_RUN, 3), wants: []want{isStopped}},
		{group: 36, name: "cancel-storm", play: cancelStorm, wants: []want{isStopped}},
		{group: 36, name: "agent-killed", play: agentKilled, wants: []want{isHarmless}},
		{group: 36, name: "agent-killed-by-forks", play: agentKilledByForks, wants: []want{isHarmless}},
	}
}

// hog asks for more runs than there are slots; who comes then still gets one.
func hog(s *scene) error {
	const many = 24
	ended := make(chan heard, many)
	for range many {
		go func() {
			start := program("sleep")
			start.Limits = &pb.Limits{WallMs: 400}
			ended <- s.run(start, nil)
		}()
	}
	err := s.neighbour()
	for range many {
		if problem := isTimedOut.meets(<-ended); problem != "" {
			err = errors.Join(err, errors.New(problem))
		}
	}
	return err
}

func cancelAt(stage pb.StageName, times int) func(*scene) error {
	return func(s *scene) error {
		for n := range times {
			text := fmt.Sprintf("package main\n\n// %s %d %d\nfunc main() {\n\tfor {\n\t}\n}\n", stage, n, time.Now().UnixNano())
			h := s.cancelled(module(pb.RunKind_RUN_KIND_RUN, "main.go", text), stage)
			if problem := isStopped.meets(h); problem != "" {
				return errors.New(problem)
			}
		}
		return nil
	}
}

func cancelStorm(s *scene) error {
	const many = 12
	ended := make(chan heard, many)
	for range many {
		go func() { ended <- s.cancelled(program("daemon-many"), pb.StageName_STAGE_NAME_RUN) }()
	}
	var err error
	for range many {
		h := <-ended
		// A program that was done before it was stopped has passed.
		if isStopped.meets(h) != "" && isHarmless.meets(h) != "" {
			err = errors.Join(err, errors.New(isStopped.meets(h)))
		}
	}
	return err
}
