package execution

import (
	"strings"
	"testing"

	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
	"lineage.dev/runner/internal/sandbox"
)

func TestNothingRunsBelowTheConfiguredMinimum(t *testing.T) {
	held := func(names ...string) (layers []sandbox.Layer) {
		for _, name := range names {
			layers = append(layers, sandbox.Layer{Name: name, Holds: true})
		}
		return layers
	}
	none := sandbox.Report{}
	restricted := sandbox.Report{Layers: held("landlock", "seccomp", "rlimits", "no_new_privs", "capabilities", "others_limits", "network_closed", "unix_sockets")}
	full := sandbox.Report{Namespaces: true, Layers: append(restricted.Layers, held("mount_namespace", "pid_namespace", "network_namespace")...)}
	const leastFull, leastRestricted = pb.IsolationLevel_ISOLATION_LEVEL_FULL, pb.IsolationLevel_ISOLATION_LEVEL_RESTRICTED
	for name, c := range map[string]struct {
		probe sandbox.Report
		least pb.IsolationLevel
		runs  bool
	}{
		"full, full wanted":             {full, leastFull, true},
		"full, restricted wanted":       {full, leastRestricted, true},
		"restricted, full wanted":       {restricted, leastFull, false},
		"restricted, restricted wanted": {restricted, leastRestricted, true},
		"nothing, full wanted":          {none, leastFull, false},
		"nothing, restricted wanted":    {none, leastRestricted, false},
		"nothing, nothing wanted":       {none, pb.IsolationLevel_ISOLATION_LEVEL_REFUSED, false},
	} {
		t.Run(name, func(t *testing.T) {
			// A kind of run that nobody knows is refused only after the level was found to be enough.
			r := &run{engine: &Engine{Probe: c.probe, minLevel: c.least}, start: &pb.Start{}}
			end := r.perform(t.Context())
			if refused := strings.Contains(end.Reason, "less than the configured minimum"); refused == c.runs || end.Verdict != pb.Verdict_VERDICT_ERRORED {
				t.Fatal(end)
			}
		})
	}
}
