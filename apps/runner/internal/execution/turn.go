package execution

import (
	"context"
	"time"

	pb "lineage.dev/runner/internal/gen/lineage/runner/v1"
)

// buildTurn waits for a build's turn: for a build slot, and for a measured run to have given the machine back. Call leave
// when done.
func (e *Engine) buildTurn(ctx context.Context) (leave func(), err error) {
	if err := e.acquire(ctx, e.builds); err != nil {
		return nil, err
	}
	if err := e.lane.enter(ctx); err != nil {
		<-e.builds
		return nil, err
	}
	return func() {
		e.lane.leave()
		<-e.builds
	}, nil
}

// turn is a run's share of the machine.
type turn struct {
	release func() bool
	// measured says that how quiet it was is told.
	measured bool
	busy     time.Duration
	began    time.Time
}

// share waits for a run's turn: for a measured one, to be alone.
func (e *Engine) share(ctx context.Context, measured bool) (turn, error) {
	if !measured {
		err := e.lane.enter(ctx)
		return turn{release: func() bool { e.lane.leave(); return false }}, err
	}
	withdraw := e.lane.announce()
	e.flights.makeRoom()
	release, err := e.lane.take(ctx)
	if err != nil {
		withdraw()
		return turn{}, err
	}
	return turn{release: func() bool { defer withdraw(); return release() }, measured: true, busy: busyTime(), began: time.Now()}, nil
}

// leave gives the machine back, and says how quiet it was while p was measured.
func (t turn) leave(p *process) *pb.Quiet {
	alone := t.release()
	if !t.measured || p == nil {
		return nil
	}
	return quiet(alone, t.busy, busyTime(), p.outcome.CPU, time.Since(t.began))
}
