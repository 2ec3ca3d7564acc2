package execution

import "time"

const (
	// idlePatience is how long a busy machine puts off what is made ahead.
	idlePatience = 2 * time.Second
	// linkerPause is long because a linker that is made ahead uses a core for longer than a small program runs.
	linkerPause = 150 * time.Millisecond
)

// spared says whether the machine has something left for what nobody asked for. Programs that run do not count: a server
// that a group looks at lasts for minutes, and what is done aside gets only what they leave.
func (e *Engine) spared() bool { return len(e.builds) < cap(e.builds) && !e.lane.measures() }

// asked says whether something that somebody waits for has the machine. What is worked on while people type is none of that:
// it gives way itself.
func (e *Engine) asked() bool {
	builds := len(e.builds)
	if e.flights.speculates() {
		builds--
	}
	return builds > 0 || len(e.runs) > 0
}

// awaitIdle lets whoever asks for something ahead have the machine first: it looks after every pause whether the machine
// has nothing to do that was asked for, and gives up looking after idlePatience. An error says that the engine closes.
func (e *Engine) awaitIdle(pause time.Duration) error {
	next := time.NewTicker(pause)
	defer next.Stop()
	for began := time.Now(); ; {
		select {
		case <-e.open.Done():
			return e.open.Err()
		case <-next.C:
		}
		switch {
		case !e.asked():
			return nil
		case time.Since(began) >= idlePatience && e.spared():
			// A program that lasts. What is made ahead while builds wait would cost them what it saves the next one, and
			// what is made beside a measurement is measured too.
			return nil
		}
	}
}
