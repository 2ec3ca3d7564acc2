package digest

import (
	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
)

// A tile of level l is 1 ms times 8 to the power of l.
const (
	levels = 5
	// goroutineLevel is the finest for the lane of a goroutine: they are many.
	goroutineLevel = 2
	// maxLanes of goroutines have tiles of their own; all goroutines together have a lane too.
	maxLanes = 200
	// maxTiles of one level of a run, finest first: eight seconds of four processors, and then a minute of 200 goroutines.
	// Coarser levels go on when a finer one is used up.
	maxTiles = 40_000
)

func width(level int) int64 { return 1000 << (3 * level) }

// pyramid sums one lane at every level.
type pyramid struct {
	lane  pb.TraceTile_Lane
	id    uint64
	base  int
	tiles [levels]*pb.TraceTile
}

// tiler makes tiles of intervals that come in the order of their ends within each lane.
type tiler struct {
	emit func(*pb.TraceTile)
	made [levels]int
}

// population is how many goroutines are in each state.
type population [6]uint64

func one(state pb.TraceState) (p population) {
	p[state] = 1
	return p
}

// add counts who was in which state during an interval, in microseconds. changes belong to its end.
func (t *tiler) add(p *pyramid, who population, fromUS, toUS int64, changes uint32) {
	for level := p.base; level < levels; level++ {
		size := width(level)
		for from := fromUS; ; {
			index := from / size
			to := min(toUS, (index+1)*size)
			tile := t.at(p, level, uint32(index))
			if tile == nil {
				break // Nor is there one for what follows.
			}
			us := uint64(to - from)
			tile.RunningUs += us * who[pb.TraceState_TRACE_STATE_RUNNING]
			tile.RunnableUs += us * who[pb.TraceState_TRACE_STATE_RUNNABLE]
			tile.WaitingUs += us * who[pb.TraceState_TRACE_STATE_WAITING]
			tile.SyscallUs += us * who[pb.TraceState_TRACE_STATE_SYSCALL]
			if to == toUS {
				tile.Changes += changes
			}
			if from = to; from >= toUS {
				break
			}
		}
	}
}

// at returns the tile of an interval, and tells the one before it; nil when the level is used up.
func (t *tiler) at(p *pyramid, level int, index uint32) *pb.TraceTile {
	tile := p.tiles[level]
	if tile != nil && tile.Index == index {
		return tile
	}
	if tile != nil {
		t.emit(tile)
		p.tiles[level] = nil
	}
	if t.made[level] >= maxTiles {
		return nil
	}
	t.made[level]++
	tile = &pb.TraceTile{Lane: p.lane, Id: p.id, Level: uint32(level), Index: index}
	p.tiles[level] = tile
	return tile
}

// finish tells the last tiles of a lane.
func (t *tiler) finish(p *pyramid) {
	for level, tile := range p.tiles {
		if tile != nil {
			t.emit(tile)
			p.tiles[level] = nil
		}
	}
}
