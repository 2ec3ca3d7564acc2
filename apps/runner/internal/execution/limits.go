package execution

import (
	"time"

	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
	"lineage.dev/runner/internal/sandbox"
)

// What a program may use when the request names nothing else, and the most that a request may ask for.
const (
	defaultWall   = 30 * time.Second
	maxWall       = 10 * time.Minute
	defaultCPU    = 30 * time.Second
	maxCPU        = 10 * time.Minute
	defaultMemory = 512 << 20
	maxMemory     = 4 << 30
	// defaultProcesses: threads count too, and 200 goroutines in blocking calls are a lesson.
	defaultProcesses = 512
	maxProcesses     = 4096
	defaultOpenFiles = 1024
	defaultDisk      = 64 << 20
	maxDisk          = 1 << 30
	// defaultOutput ends a program that floods: what is shown is cut long before.
	defaultOutput = 256 << 20
)

func limitsOf(l *pb.Limits) sandbox.Limits {
	disk := bounded(l.GetDiskBytes(), defaultDisk, maxDisk)
	return sandbox.Limits{
		Wall:      time.Duration(bounded(uint64(l.GetWallMs()), uint64(defaultWall/time.Millisecond), uint64(maxWall/time.Millisecond))) * time.Millisecond,
		CPU:       time.Duration(bounded(uint64(l.GetCpuMs()), uint64(defaultCPU/time.Millisecond), uint64(maxCPU/time.Millisecond))) * time.Millisecond,
		Memory:    bounded(l.GetMemoryBytes(), defaultMemory, maxMemory),
		Processes: int(bounded(uint64(l.GetProcesses()), defaultProcesses, maxProcesses)),
		OpenFiles: int(bounded(uint64(l.GetOpenFiles()), defaultOpenFiles, 65536)),
		FileSize:  disk,
		Disk:      disk,
	}
}

func bounded(asked, standard, most uint64) uint64 {
	if asked == 0 {
		return standard
	}
	return min(asked, most)
}

func outputLimit(l *pb.Limits) uint64 {
	return bounded(l.GetOutputBytes(), defaultOutput, defaultOutput)
}
