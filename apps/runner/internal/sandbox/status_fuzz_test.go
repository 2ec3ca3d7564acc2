package sandbox

import (
	"bytes"
	"testing"
)

// FuzzStatuses reads what a slot's first process would say, were it not ours any more.
func FuzzStatuses(f *testing.F) {
	f.Add([]byte("{\"step\":0,\"started\":true}\n{\"step\":0,\"ended\":true,\"took\":5,\"exit\":3}\n"))
	f.Add([]byte(`{"step":-1,"ended":true,"signal":9,"peak":18446744073709551615,"cpu":-9223372036854775808}`))
	f.Add([]byte(`{"failure":"x"}{"step":99999999999999999999}`))
	f.Add([]byte(`[[[[[[`))
	f.Fuzz(func(t *testing.T, said []byte) {
		statuses := make(chan status)
		go readStatuses(bytes.NewReader(said), statuses)
		var outcome Outcome
		taken := 0
		for s := range statuses {
			apply(&outcome, s)
			taken++
		}
		if taken > maxStatusBytes || len(outcome.StepTimes) > taken {
			t.Fatalf("%d statuses and %d steps of %d bytes", taken, len(outcome.StepTimes), len(said))
		}
	})
}
