package agent

import (
	"errors"
	"log/slog"
	"net/http"
	"sync"

	"connectrpc.com/connect"
)

const (
	// leaseHeader names the lease of a call: of which group's pod it believes to be.
	leaseHeader = "Lineage-Lease"
	maxLease    = 128
)

var errLease = errors.New("this runner belongs to another lease")

// tenancy binds the agent to the lease that called first. The API never lends a pod twice; if it did by mistake, or if
// one that was cut off comes back, its call is refused here.
type tenancy struct {
	log *slog.Logger

	mu    sync.Mutex
	lease string
}

func newTenancy(log *slog.Logger) *tenancy { return &tenancy{log: log} }

func (t *tenancy) admit(lease string) bool {
	if lease == "" || len(lease) > maxLease {
		return false
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.lease == "" {
		t.lease = lease
	}
	return t.lease == lease
}

func (t *tenancy) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !t.admit(r.Header.Get(leaseHeader)) {
			t.log.Warn("a call of another lease was refused")
			_ = connect.NewErrorWriter().Write(w, r, connect.NewError(connect.CodePermissionDenied, errLease))
			return
		}
		next.ServeHTTP(w, r)
	})
}
