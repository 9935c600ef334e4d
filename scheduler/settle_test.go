package scheduler_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"tandem/internal/sim"
	"tandem/internal/sim/jirasim"
	"tandem/scheduler"
)

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
		lost := false
		f.breaks(func(r *http.Request) *sim.Fault {
			switch {
			case r.Method == http.MethodPut && strings.Contains(r.URL.Path, f.path("PAY-1")) && !lost:
				lost = true
				return sim.LostAnswer()
			case lost:
				return &sim.Fault{Status: http.StatusServiceUnavailable}
			}
			return nil
		})
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
