package execution

import "context"

// earlyLaunch makes a run's slot while its program is being built, when a run slot is free: a slot takes as long to make
// as a small program to compile.
type earlyLaunch struct {
	run *run
	dir string
	// holds says that a run slot and a user were taken.
	holds  bool
	made   chan struct{}
	launch *launch
	err    error
	// spare is the slot when it was there already; else nil.
	spare *spare
}

// prepare begins to make the slot unless all run slots are taken.
func (e *earlyLaunch) prepare() {
	select {
	case e.run.engine.runs <- struct{}{}:
		e.begin()
	default:
	}
}

// begin makes the slot with the run slot that was taken.
func (e *earlyLaunch) begin() {
	e.holds, e.made = true, make(chan struct{})
	if e.run.plain() {
		e.spare = e.run.engine.spares.take(limitsOf(e.run.start.Limits))
	}
	if e.spare != nil {
		e.launch = e.run.launchIn(e.spare)
		close(e.made)
		return
	}
	e.run.uid = <-e.run.engine.uids
	go func() {
		defer close(e.made)
		e.launch, e.err = e.run.prepareLaunch(e.dir)
	}()
}

// take returns the slot, waiting for a free one when none was.
func (e *earlyLaunch) take(ctx context.Context) (*launch, error) {
	if !e.holds {
		if err := e.run.engine.acquire(ctx, e.run.engine.runs); err != nil {
			return nil, err
		}
		e.begin()
	}
	<-e.made
	return e.launch, e.err
}

// abandon ends what was not used and gives back what was taken.
func (e *earlyLaunch) abandon() {
	if !e.holds {
		return
	}
	<-e.made
	if e.launch != nil {
		e.launch.close()
	}
	if e.spare != nil {
		e.spare.place.Release()
	} else {
		e.run.engine.uids <- e.run.uid
	}
	<-e.run.engine.runs
}
