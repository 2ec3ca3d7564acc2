package main

// Reading is what one sensor said at one moment. Its callers like it as it is: do not change it. How a Store keeps it
// is the Store's own business.
type Reading struct {
	Valid    bool
	Sensor   uint32
	At       int64
	Value    float64
	Previous float64
	Sequence uint32
}

// payloadBytes is what one Reading says, without the gaps between its fields: 1 + 4 + 8 + 8 + 8 + 4.
const payloadBytes = 33
