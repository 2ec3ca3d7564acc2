package execution_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
)

func limited(text string, limits *pb.Limits) *pb.Start {
	start := program(text)
	start.Limits = limits
	return start
}

func TestProgramsThatGoOverALimitGetItsVerdict(t *testing.T) {
	tests := []struct {
		name    string
		start   *pb.Start
		verdict pb.Verdict
		limit   string
	}{
		{"a program that sleeps for ever times out",
			limited("package main\n\nfunc main() { select {} }\n\nfunc init() { go func() { for { sleep() } }() }\n\nfunc sleep() { c := make(chan int); go func() { c <- 1 }(); <-c }\n", &pb.Limits{WallMs: 700}),
			pb.Verdict_VERDICT_TIMED_OUT, ""},
		{"a loop without end uses up its CPU",
			limited("package main\n\nfunc main() { for {} }\n", &pb.Limits{CpuMs: 600, WallMs: 20000}),
			pb.Verdict_VERDICT_LIMITED, "cpu"},
		{"a heap that grows without end is stopped",
			limited("package main\n\nvar keep [][]byte\n\nfunc main() {\n\tfor {\n\t\tb := make([]byte, 8<<20)\n\t\tfor i := range b {\n\t\t\tb[i] = 1\n\t\t}\n\t\tkeep = append(keep, b)\n\t}\n}\n", &pb.Limits{MemoryBytes: 128 << 20, WallMs: 20000}),
			pb.Verdict_VERDICT_LIMITED, "memory"},
		{"a fork bomb is stopped",
			limited("package main\n\nimport (\n\t\"os\"\n\t\"os/exec\"\n)\n\nfunc main() {\n\tself, _ := os.Executable()\n\tfor {\n\t\t_ = exec.Command(self).Start()\n\t}\n}\n", &pb.Limits{Processes: 64, WallMs: 20000, CpuMs: 20000}),
			pb.Verdict_VERDICT_LIMITED, "pids"},
		{"a file that grows without end fills only its own disk",
			limited("package main\n\nimport \"os\"\n\nfunc main() {\n\tf, err := os.Create(\"/tmp/big\")\n\tfor err == nil {\n\t\t_, err = f.Write(make([]byte, 1<<20))\n\t}\n\tpanic(err)\n}\n", &pb.Limits{DiskBytes: 8 << 20, WallMs: 20000}),
			pb.Verdict_VERDICT_LIMITED, "disk"},
		{"a flood of output is stopped",
			limited("package main\n\nimport \"os\"\n\nfunc main() {\n\tb := make([]byte, 1<<16)\n\tfor {\n\t\tos.Stdout.Write(b)\n\t}\n}\n", &pb.Limits{OutputBytes: 16 << 20, WallMs: 20000}),
			pb.Verdict_VERDICT_LIMITED, "output"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			run(t, test.start).want(t, test.verdict, test.limit)
		})
	}
}

func TestOutputKeepsItsHeadAndTailAndCountsTheRest(t *testing.T) {
	h := run(t, program("package main\n\nimport (\n\t\"bytes\"\n\t\"os\"\n)\n\nfunc main() {\n\tos.Stdout.WriteString(\"first\")\n\tb := bytes.Repeat([]byte(\"x\"), 1<<20)\n\tfor range 100 {\n\t\tos.Stdout.Write(b)\n\t}\n\tos.Stdout.WriteString(\"last\")\n}\n"))
	h.want(t, pb.Verdict_VERDICT_PASSED, "")
	if !strings.HasPrefix(h.out, "first") || !strings.HasSuffix(h.out, "last") {
		t.Fatal("head or tail is missing")
	}
	if total := uint64(len(h.out)) + h.dropped; total != h.end.StdoutBytes || len(h.out) > 2<<20 {
		t.Fatalf("%d shown and %d dropped of %d", len(h.out), h.dropped, h.end.StdoutBytes)
	}
}

// breakOut tries one thing and prints whether it worked.
const breakOut = "package main\n\nimport (\n\t\"fmt\"\n\t\"net\"\n\t\"os\"\n\t\"syscall\"\n\t\"time\"\n)\n\nvar _ = net.Dial\nvar _ = time.Now\nvar _ = os.Open\nvar _ = syscall.Kill\n\nfunc main() {\n\tif err := try(); err != nil {\n\t\tfmt.Println(\"refused:\", err)\n\t\treturn\n\t}\n\tfmt.Println(\"ALLOWED\")\n}\n\nfunc try() error {\n"

func TestWhatAProgramMayNotDoIsRefused(t *testing.T) {
	attempts := map[string]string{
		"read the shadow file":           `_, err := os.ReadFile("/etc/shadow"); return err`,
		"read a home directory":          `_, err := os.ReadDir("/root"); return err`,
		"write in the root directory":    `return os.WriteFile("/made", nil, 0o644)`,
		"follow a link out of its files": `if err := os.Symlink("/etc/shadow", "link"); err != nil { return err }; _, err := os.ReadFile("link"); return err`,
		"change its own program":         `self, _ := os.Executable(); return os.WriteFile(self, []byte("x"), 0o755)`,
		"reach the network":              `c, err := net.DialTimeout("tcp", "192.0.2.1:80", 2*time.Second); if err == nil { c.Close() }; return err`,
		"reach the metadata service":     `c, err := net.DialTimeout("tcp", "169.254.169.254:80", 2*time.Second); if err == nil { c.Close() }; return err`,
		"make a namespace":               `return syscall.Unshare(syscall.CLONE_NEWUSER)`,
		"mount":                          `return syscall.Mount("tmpfs", "/tmp", "tmpfs", 0, "")`,
		"trace a process":                `return syscall.PtraceAttach(1)`,
		"become another user":            `return syscall.Setuid(1)`,
		"raise a limit":                  `return syscall.Setrlimit(syscall.RLIMIT_CORE, &syscall.Rlimit{Cur: 1 << 20, Max: 1 << 20})`,
		"open a raw socket":              `_, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_RAW, 1); return err`,
		"set the clock":                  `return syscall.Settimeofday(&syscall.Timeval{Sec: 1})`,
		"write a kernel setting":         `return os.WriteFile("/proc/sys/kernel/core_pattern", []byte("x"), 0o644)`,
	}
	for name, attempt := range attempts {
		t.Run(name, func(t *testing.T) {
			h := run(t, program(breakOut+"\t"+attempt+"\n}\n"))
			h.want(t, pb.Verdict_VERDICT_PASSED, "")
			if !strings.HasPrefix(h.out, "refused:") {
				t.Fatalf("said %q", h.out)
			}
		})
	}
}

func TestEnvironmentOfTheAgentIsNotPassedOn(t *testing.T) {
	t.Setenv("LINEAGE_TEST_SECRET", "do-not-leak")
	h := run(t, program("package main\n\nimport (\n\t\"fmt\"\n\t\"os\"\n)\n\nfunc main() { fmt.Println(os.Environ()) }\n"))
	h.want(t, pb.Verdict_VERDICT_PASSED, "")
	if strings.Contains(h.out, "do-not-leak") {
		t.Fatal("the agent's environment leaked")
	}
}

func TestLoopbackWorksInsideTheSlot(t *testing.T) {
	if !engine.Probe.Namespaces {
		t.Log("no network namespace here: internet sockets are refused altogether")
		return
	}
	h := run(t, program("package main\n\nimport (\n\t\"fmt\"\n\t\"net/http\"\n\t\"net/http/httptest\"\n)\n\nfunc main() {\n\ts := httptest.NewServer(http.NotFoundHandler())\n\tr, err := http.Get(s.URL)\n\tfmt.Println(r.StatusCode, err)\n}\n"))
	h.want(t, pb.Verdict_VERDICT_PASSED, "")
	if h.out != "404 <nil>\n" {
		t.Fatalf("said %q", h.out)
	}
}

func TestDeletingItsOwnDirectoryHurtsNobody(t *testing.T) {
	run(t, program("package main\n\nimport \"os\"\n\nfunc main() {\n\tos.RemoveAll(\"/work\")\n\tos.RemoveAll(\"/\")\n}\n")).want(t, pb.Verdict_VERDICT_PASSED, "")
	run(t, program("package main\n\nfunc main() {}\n")).want(t, pb.Verdict_VERDICT_PASSED, "")
}

func TestChildThatOutlivesMainIsGone(t *testing.T) {
	h := run(t, program("package main\n\nimport (\n\t\"os\"\n\t\"os/exec\"\n\t\"time\"\n)\n\nfunc main() {\n\tif len(os.Args) > 1 {\n\t\ttime.Sleep(time.Hour)\n\t}\n\tself, _ := os.Executable()\n\tif err := exec.Command(self, \"outlive-lineage-test\").Start(); err != nil {\n\t\tpanic(err)\n\t}\n}\n"))
	h.want(t, pb.Verdict_VERDICT_PASSED, "")
	if lines, err := exec.Command("grep", "-lsa", "outlive-lineage-test", "-r", "--include=cmdline", "/proc").Output(); err == nil && processes(lines) {
		t.Fatalf("still there: %s", lines)
	}
}

// processes says whether a list of /proc paths has one that is not the search itself.
func processes(lines []byte) bool {
	for _, line := range strings.Fields(string(lines)) {
		if raw, err := os.ReadFile(line); err == nil && strings.Contains(string(raw), "outlive-lineage-test") && !strings.HasPrefix(string(raw), "grep") {
			return true
		}
	}
	return false
}

func TestCancelEndsTheRunAtEachStage(t *testing.T) {
	for _, stage := range []pb.StageName{pb.StageName_STAGE_NAME_COMPILE, pb.StageName_STAGE_NAME_RUN} {
		t.Run(stage.String(), func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			start := program("package main\n\n// " + t.Name() + "\nfunc main() { for {} }\n")
			h := perform(t, ctx, start, nil, func(event *pb.ExecuteResponse) {
				if s := event.GetStage(); s != nil && s.Name == stage && !s.Finished {
					cancel()
				}
			})
			h.want(t, pb.Verdict_VERDICT_CANCELLED, "")
		})
	}
}

func TestFileNamesThatLeaveTheWorkspaceAreRefused(t *testing.T) {
	for _, name := range []string{"../x.go", "/etc/x.go", "a/../../x.go", "a\x00.go", "zz_lineage_harness.go", strings.Repeat("a", 256)} {
		start := program("package main\n\nfunc main() {}\n")
		start.Files = append(start.Files, source(name, "package main\n"))
		h := run(t, start)
		h.want(t, pb.Verdict_VERDICT_FAILED, "")
		if len(h.diagnostics) != 1 {
			t.Fatalf("%q: %v", name, h.diagnostics)
		}
	}
}

func TestNothingIsLeftOfARun(t *testing.T) {
	before, err := filepath.Glob(filepath.Join(os.TempDir(), "lineage-runner-*", "run-*"))
	if err != nil {
		t.Fatal(err)
	}
	run(t, program("package main\n\nimport \"os\"\n\nfunc main() { os.WriteFile(\"/tmp/left\", nil, 0o644); os.WriteFile(\"left\", nil, 0o644) }\n"))
	left, err := filepath.Glob(filepath.Join(os.TempDir(), "lineage-runner-*", "run-*"))
	if err != nil || len(left) > len(before) {
		t.Fatalf("left %v, %v", left, err)
	}
	mounts, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil || strings.Contains(string(mounts), "lineage-runner-") {
		t.Fatal("a mount is left")
	}
}
