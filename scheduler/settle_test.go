package scheduler_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/internal/sim"
	"tandem/internal/sim/jirasim"
	"tandem/scheduler"
)

// downAfterAWrite loses the answer to the first write at a path, and answers nothing
// from then on.
func downAfterAWrite(path string) func(*http.Request) *sim.Fault {
	lost := false
	return func(r *http.Request) *sim.Fault {
		switch {
		case r.Method == http.MethodPut && strings.Contains(r.URL.Path, path) && !lost:
			lost = true
			return sim.LostAnswer()
		case lost:
			return &sim.Fault{Status: http.StatusServiceUnavailable}
		}
		return nil
	}
}

// The answer to a write is lost, and what stands there cannot be read back
// either. Another process of the same store, such as tandem undo, reads it back.
// The daemon, which has nothing left to read back, follows what is announced, and
// takes censuses, without a restart.
func TestWhatAnotherProcessReadBackHindersNoReadByID(t *testing.T) {
	story(t, hooked(3), func(f *firm) {
		f.run()
		f.told()
		f.run()
		f.pass(time.Minute)
		f.sets("PAY-1", 98)
		f.breaks(downAfterAWrite(f.path("PAY-1")))
		same(f, "failed", 1, len(f.run().Failures))
		f.mended()

		f.pass(time.Minute)
		_, err := f.newCycle(f.db).Run(f.Context(), scheduler.None)
		f.ok(err)
		unsure, unread, err := f.db.Pending(f.Context())
		f.ok(err)
		same(f, "left to read back", 0, len(unsure)+len(unread))

		f.pass(time.Minute)
		f.jira.SetLag(time.Hour) // no search knows it
		f.sets("PAY-2", 97)
		f.told()
		same(f, "read by id", 2, f.run().Hinted) // what the other process wrote, too
		same(f, "priority", "Critical", f.priority("PAY-2"))
		f.jira.SetLag(0)
		f.ok(f.jira.Delete("PAY-3", jirasim.Ana))
		gone := 0
		for range 7 {
			f.pass(time.Hour)
			gone += f.run().Census["jira"].Gone
		}
		same(f, "gone by a census", 1, gone)
	})
}

// What was read of a connector before it went down is old: what is right by it is
// not remembered as Tandem's, whatever stands there.
func TestS5AConnectorOfWhichAWriteCannotBeReadBackIsStale(t *testing.T) {
	story(t, hooked(2), func(f *firm) {
		f.run()
		f.sets("PAY-1", 98)
		f.breaks(downAfterAWrite(f.path("PAY-1")))
		same(f, "stale before", false, f.stale())
		f.run()
		same(f, "stale while it does not answer", true, f.stale())
		f.mended()
		f.pass(time.Minute)
		f.run()
		same(f, "stale once it was read", false, f.stale())
	})
}

func TestS5AConnectorThatAsksForAPauseIsStaleUntilItIsRead(t *testing.T) {
	story(t, hooked(2), func(f *firm) {
		f.run()
		f.breaks(func(r *http.Request) *sim.Fault {
			if strings.HasSuffix(r.URL.Path, "/issue/bulkfetch") {
				return &sim.Fault{Status: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {"600"}}}
			}
			return nil
		})
		f.sets("PAY-1", 98)
		f.told()
		same(f, "sent while it asks for a pause", 0, f.run().Sent)
		same(f, "stale while it asks for a pause", true, f.stale())
		f.mended()
		f.pass(11 * time.Minute)
		f.run()
		same(f, "stale once it was read", false, f.stale())
	})
}

// stale reports whether nothing is believed of what was read of Jira.
func (f *firm) stale() bool {
	f.Helper()
	snap, err := f.db.Snapshot(f.Context(), time.Now())
	f.ok(err)
	return slices.Contains(snap.Stale, "jira")
}
