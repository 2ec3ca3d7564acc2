package execution

import (
	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
	"lineage.dev/runner/internal/traceback"
)

const (
	// crashBytes at the end of standard error are looked at for a crash: some hundred goroutines.
	crashBytes = 256 << 10
	// maxRaces of one run are told as data; all of them are in the output.
	maxRaces = 64
)

// runtimeWords finds in standard error what the Go runtime itself says. The program can print the same: it is told as
// data and decides nothing.
type runtimeWords struct {
	events *events
	files  map[string]bool
	races  *traceback.RaceReader
	// records is nil when no lines of the runtime were asked for.
	records *recordReader
	told    int
	tail    []byte
}

func newRuntimeWords(r *run) *runtimeWords {
	w := &runtimeWords{events: r.events, files: map[string]bool{}, records: newRecordReader(r)}
	for _, file := range r.start.Files {
		w.files[file.Path] = true
	}
	if r.race != nil {
		w.races = &traceback.RaceReader{Found: w.race}
	}
	return w
}

// heard takes what was written to standard error, in order.
func (w *runtimeWords) heard(data []byte) {
	if w.races != nil {
		_, _ = w.races.Write(data)
	}
	if w.records != nil {
		w.records.heard(data)
	}
	w.tail = append(w.tail, data...)
	if cut := len(w.tail) - crashBytes; cut > crashBytes {
		w.tail = append(w.tail[:0], w.tail[cut:]...)
	}
}

// conclude tells of the crash, if there was one. Nothing may be heard any more.
func (w *runtimeWords) conclude() {
	if w.records != nil {
		w.records.flush()
	}
	tail := w.tail[max(0, len(w.tail)-crashBytes):]
	if crash, ok := traceback.ParseCrash(string(tail)); ok {
		w.events.send(&pb.ExecuteResponse{Event: &pb.ExecuteResponse_Crash{Crash: w.crash(crash)}})
	}
}

func (w *runtimeWords) race(race traceback.Race) {
	if w.told++; w.told > maxRaces {
		return
	}
	told := &pb.Race{}
	for _, access := range []traceback.Access{race.First, race.Second} {
		told.Accesses = append(told.Accesses, &pb.RaceAccess{
			Write: access.Write, Atomic: access.Atomic, Address: access.Address, Goroutine: access.Goroutine,
			Stack: w.stack(access.Stack), Created: w.stack(access.Created),
		})
	}
	w.events.send(&pb.ExecuteResponse{Event: &pb.ExecuteResponse_Race{Race: told}})
}

func (w *runtimeWords) crash(crash traceback.Crash) *pb.Crash {
	told := &pb.Crash{Kind: string(crash.Kind), Message: crash.Message, Truncated: crash.Truncated}
	for _, g := range crash.Goroutines {
		goroutine := &pb.Goroutine{
			Id: g.ID, State: valid(g.State), WaitMinutes: uint32(g.WaitMinutes), LockedToThread: g.LockedToThread, Stack: w.stack(g.Stack),
			CreatedIn: g.CreatedIn,
		}
		if g.CreatedBy.Function != "" {
			goroutine.CreatedBy = w.frame(g.CreatedBy)
		}
		told.Goroutines = append(told.Goroutines, goroutine)
	}
	return told
}

func (w *runtimeWords) stack(stack traceback.Stack) *pb.Stack {
	told := &pb.Stack{Elided: stack.Elided}
	for _, frame := range stack.Frames {
		told.Frames = append(told.Frames, w.frame(frame))
	}
	return told
}

func (w *runtimeWords) frame(frame traceback.Frame) *pb.Frame {
	return &pb.Frame{Function: valid(frame.Function), Path: valid(frame.File), Line: uint32(frame.Line), InWorkspace: w.files[frame.File]}
}
