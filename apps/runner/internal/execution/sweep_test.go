package execution_test

import (
	"strings"
	"testing"

	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
)

const swept = "package main\n\nimport (\n\t\"fmt\"\n\t\"os\"\n\t\"runtime\"\n)\n\nvar kept []byte\n\nfunc main() {\n\tfor range 64 {\n\t\tkept = make([]byte, 1<<20)\n\t}\n\tfmt.Println(runtime.GOMAXPROCS(0), os.Getenv(\"GOGC\"), os.Args[1:])\n\tif len(os.Args) > 1 && os.Args[len(os.Args)-1] == \"13\" {\n\t\tos.Exit(4)\n\t}\n}\n"

func sweepOver(parameter pb.SweepParameter, repeat uint32, values ...string) *pb.Start {
	start := program(swept)
	start.Sweep = &pb.Sweep{Parameter: parameter, Values: values, Repeat: repeat}
	return start
}

func (h heard) points() (all []*pb.SweepPoint) {
	for _, event := range h.events {
		if point := event.GetSweepPoint(); point != nil {
			all = append(all, point)
		}
	}
	return all
}

func TestProgramRunsOverAParameterAsOneSet(t *testing.T) {
	start := sweepOver(pb.SweepParameter_SWEEP_PARAMETER_GOGC, 2, "off", "50")
	start.Signals = []pb.Signal{pb.Signal_SIGNAL_GCTRACE}
	h := run(t, start)
	h.want(t, pb.Verdict_VERDICT_PASSED, "")
	points := h.points()
	if len(points) != 4 || points[1].Value != "off" || points[1].Attempt != 2 || points[2].Value != "50" || points[2].WallUs == 0 || points[2].PeakMemoryBytes == 0 {
		t.Fatal(points)
	}
	if points[0].GcCycles != 0 || points[3].GcCycles == 0 {
		t.Fatal("collections are those of each run:", points)
	}
	if h.end.Quiet == nil || strings.Count(h.out, " off []\n") != 2 || strings.Count(h.out, " 50 []\n") != 2 {
		t.Fatal(h.end, h.out)
	}
}

func TestSweepOverAnArgumentGoesOnAfterARunThatFailed(t *testing.T) {
	start := sweepOver(pb.SweepParameter_SWEEP_PARAMETER_ARGUMENT, 0, "12", "13", "14")
	start.Args = []string{"size"}
	h := run(t, start)
	h.want(t, pb.Verdict_VERDICT_FAILED, "")
	points := h.points()
	if len(points) != 3 || points[1].ExitCode != 4 || points[2].Verdict != pb.Verdict_VERDICT_PASSED || !strings.HasPrefix(h.end.Reason, "with 13: ") || h.end.ExitCode != 4 {
		t.Fatal(points, h.end)
	}
	if !strings.Contains(h.out, "[size 14]\n") {
		t.Fatal(h.out)
	}
}

func TestSweepThatIsNoneIsRefused(t *testing.T) {
	profiled := sweepOver(pb.SweepParameter_SWEEP_PARAMETER_GOGC, 1, "50")
	profiled.Signals = []pb.Signal{pb.Signal_SIGNAL_CPU}
	tests := sweepOver(pb.SweepParameter_SWEEP_PARAMETER_GOGC, 1, "50")
	tests.Kind = pb.RunKind_RUN_KIND_TEST
	for name, start := range map[string]*pb.Start{
		"no value":           sweepOver(pb.SweepParameter_SWEEP_PARAMETER_GOGC, 1),
		"no parameter":       sweepOver(pb.SweepParameter_SWEEP_PARAMETER_UNSPECIFIED, 1, "50"),
		"another variable":   sweepOver(pb.SweepParameter_SWEEP_PARAMETER_GOGC, 1, "50\nPATH=/"),
		"too many processes": sweepOver(pb.SweepParameter_SWEEP_PARAMETER_GOMAXPROCS, 1, "1000"),
		"too often":          sweepOver(pb.SweepParameter_SWEEP_PARAMETER_GOGC, 11, "50"),
		"too many runs":      sweepOver(pb.SweepParameter_SWEEP_PARAMETER_GOGC, 10, "1", "2", "3", "4", "5", "6", "7"),
		"a byte of 0":        sweepOver(pb.SweepParameter_SWEEP_PARAMETER_ARGUMENT, 1, "a\x00"),
		"a profile":          profiled,
		"tests":              tests,
	} {
		t.Run(name, func(t *testing.T) {
			if h := run(t, start); h.end.Verdict != pb.Verdict_VERDICT_ERRORED || h.end.Reason == "" || len(h.events) != 1 {
				t.Fatal(h.end, len(h.events))
			}
		})
	}
}
