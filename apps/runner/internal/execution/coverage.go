package execution

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"os"
	"slices"

	"golang.org/x/sys/unix"

	"lineage.dev/runner/internal/build"
	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
	"lineage.dev/runner/internal/sandbox"
)

// covers says whether the code of a run counts how often it runs.
func covers(start *pb.Start) bool {
	return start.Kind == pb.RunKind_RUN_KIND_TEST && start.Testing.GetCoverage()
}

// counters is memory that a program shares with the agent. It can change what is in it and nothing else: its size is
// sealed, so that reading it is safe at any time.
type counters struct{ memory *os.File }

// connectCounters gives the program the descriptor of its counters.
func (l *launch) connectCounters(spec *sandbox.Spec, files *sandbox.IO) error {
	if !covers(l.run.start) {
		return nil
	}
	ours, err := newCounters()
	if err != nil {
		return err
	}
	l.process.counters = ours
	spec.Env = append(spec.Env, fmt.Sprintf("%s=%d", build.CoverFDEnv, 3+len(files.Extra)))
	files.Extra = append(files.Extra, ours.memory)
	return nil
}

func newCounters() (*counters, error) {
	fd, err := unix.MemfdCreate("coverage", unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING)
	if err != nil {
		return nil, fmt.Errorf("make memory for counters: %w", err)
	}
	c := &counters{memory: os.NewFile(uintptr(fd), "coverage")}
	err = c.memory.Truncate(build.CoverMemoryBytes)
	if err == nil {
		_, err = unix.FcntlInt(c.memory.Fd(), unix.F_ADD_SEALS, unix.F_SEAL_SHRINK|unix.F_SEAL_GROW|unix.F_SEAL_SEAL)
	}
	if err != nil {
		c.close()
		return nil, fmt.Errorf("make memory for counters: %w", err)
	}
	return c, nil
}

func (c *counters) close() {
	if c != nil {
		_ = c.memory.Close()
	}
}

// tell sends how often each block ran, however the program ended.
func (c *counters) tell(events *events, covered []build.CoveredFile) {
	for _, file := range covered {
		raw := make([]byte, 4*len(file.Blocks))
		if _, err := c.memory.ReadAt(raw, int64(4*file.Counter)); err != nil {
			continue
		}
		told := &pb.Coverage{Path: valid(file.Path), Package: valid(file.Package), LineSums: file.LineSums}
		for i, block := range file.Blocks {
			told.Blocks = append(told.Blocks, &pb.CoverageBlock{StartLine: uint32(block.StartLine), StartColumn: uint32(block.StartColumn),
				EndLine: uint32(block.EndLine), EndColumn: uint32(block.EndColumn), Statements: uint32(block.Statements),
				Count: uint64(binary.NativeEndian.Uint32(raw[4*i:]))})
		}
		slices.SortFunc(told.Blocks, func(a, b *pb.CoverageBlock) int {
			return cmp.Or(cmp.Compare(a.StartLine, b.StartLine), cmp.Compare(a.StartColumn, b.StartColumn))
		})
		events.send(&pb.ExecuteResponse{Event: &pb.ExecuteResponse_Coverage{Coverage: told}})
	}
}
