package attack_test

import pb "lineage.dev/runner/internal/gen/lineage/runner/v1"

// Limits small enough that each is met soon, and large enough that no other is met first.
var (
	few     = &pb.Limits{Processes: 40, WallMs: 20_000, CpuMs: 20_000, MemoryBytes: 512 << 20}
	little  = &pb.Limits{MemoryBytes: 96 << 20, WallMs: 20_000, CpuMs: 20_000}
	quick   = &pb.Limits{CpuMs: 400, WallMs: 20_000}
	soon    = &pb.Limits{WallMs: 700, CpuMs: 20_000}
	narrow  = &pb.Limits{DiskBytes: 8 << 20, WallMs: 20_000, CpuMs: 20_000}
	quiet   = &pb.Limits{OutputBytes: 8 << 20, WallMs: 20_000, CpuMs: 20_000}
	handful = &pb.Limits{OpenFiles: 64, MemoryBytes: 256 << 20, WallMs: 20_000, CpuMs: 20_000}
)

func resourceRows() []row {
	pids, memory, cpu, disk := []want{isLimited("pids")}, []want{isLimited("memory")}, []want{isLimited("cpu")}, []want{isLimited("disk")}
	// Its own file system had no more; what filled it goes with the program, before anybody has looked.
	goesWithIt := []want{isLimited("disk"), hasFailed}
	return []row{
		{group: 1, name: "fork-bomb", limits: few, wants: pids, underGvisor: uncounted},
		{group: 1, name: "never-reaped-bomb", limits: few, wants: pids, underGvisor: uncounted},
		{group: 1, name: "fork-and-leave", limits: few, wants: []want{isHarmless}},
		{group: 2, name: "thread-bomb", limits: few, wants: pids, underGvisor: uncounted},
		{group: 2, name: "nothing", limits: few, wants: []want{isHarmless}},
		{group: 3, name: "goroutine-bomb", limits: little, wants: memory},
		{group: 4, name: "heap-bomb", limits: little, wants: memory},
		{group: 4, name: "mmap-bomb", limits: little, wants: memory},
		{group: 4, name: "stack-bomb", limits: little, wants: memory},
		{group: 4, name: "stack-limit", limits: little, wants: []want{hasFailed}},
		{group: 4, name: "reserve-much", limits: little, wants: []want{isHarmless}},
		{group: 4, name: "memory-in-parts", limits: little, wants: memory},
		{group: 4, name: "page-table-bomb", limits: little, wants: memory},
		{group: 4, name: "lock-memory", limits: little, wants: []want{isRefused}},
		{group: 5, name: "memory-file-bomb", limits: little, wants: []want{isRefused, isLimited("memory")}},
		{group: 5, name: "shared-bomb", limits: little, wants: []want{isRefused, isLimited("memory")}},
		{group: 5, name: "shared-file-bomb", limits: little, wants: []want{isRefused}},
		{group: 5, name: "secret-memory", limits: little, wants: []want{isRefused}},
		{group: 6, name: "spin", limits: quick, wants: cpu},
		{group: 6, name: "spin-on-all", limits: quick, wants: cpu},
		{group: 6, name: "spin-in-threads", limits: quick, wants: cpu},
		{group: 6, name: "spin-in-children", limits: quick, wants: cpu},
		{group: 6, name: "raise-priority", wants: []want{isRefused},
			underGvisor: []want{{verdict: pb.Verdict_VERDICT_PASSED, allowed: true}}},
		{group: 7, name: "sleep", limits: soon, wants: []want{isTimedOut}},
		{group: 7, name: "ignore-signals", limits: soon, wants: []want{isTimedOut}},
		{group: 7, name: "rearm-signals", limits: soon, wants: []want{isTimedOut}},
		{group: 7, name: "stop-itself", limits: soon, wants: []want{isTimedOut}},
		{group: 7, name: "deaf-stop", limits: soon, wants: []want{isTimedOut}},
		{group: 8, name: "daemon", wants: []want{isHarmless}},
		{group: 8, name: "daemon-with-pipes", wants: []want{isHarmless}},
		{group: 8, name: "daemon-many", wants: []want{isHarmless}},
		{group: 8, name: "daemon-chain", wants: []want{isHarmless}},
		{group: 8, name: "group-change", wants: []want{isHarmless}},
		{group: 9, name: "disk-fill", limits: narrow, wants: disk},
		{group: 9, name: "disk-many-files", limits: narrow, wants: disk},
		{group: 9, name: "disk-empty-files", limits: narrow, wants: disk},
		{group: 9, name: "disk-sparse", limits: narrow, wants: []want{isRefused}},
		{group: 9, name: "disk-allocate", limits: narrow, wants: disk},
		{group: 9, name: "disk-deep", limits: narrow, wants: disk},
		{group: 9, name: "disk-links", limits: narrow, wants: disk, underGvisor: append(uncounted, disk...)},
		{group: 9, name: "disk-unlinked", limits: narrow, wants: goesWithIt, in: map[string][]want{pod: disk}},
		{group: 9, name: "disk-mapped", limits: narrow, wants: goesWithIt, in: map[string][]want{pod: disk}},
		{group: 9, name: "pass-files", limits: narrow, wants: goesWithIt, in: map[string][]want{pod: {isRefused}}},
		{group: 9, name: "disk-closed-doors", wants: []want{isHarmless}, in: map[string][]want{pod: {isHarmless, isLimited("disk")}}},
		{group: 9, name: "disk-odd-names", wants: []want{isHarmless}},
		{group: 9, name: "delete-all", wants: []want{isHarmless}},
		{group: 10, name: "descriptors", limits: handful, wants: []want{isRefused}},
		{group: 10, name: "pipe-buffers", limits: handful, wants: []want{isRefused}},
		{group: 10, name: "pair-buffers", limits: handful, wants: []want{isRefused}},
		{group: 10, name: "kernel-lists", limits: handful, wants: []want{isRefused}},
		{group: 10, name: "inherited", wants: []want{isRefused}},
	}
}
