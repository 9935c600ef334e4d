package scheduler_test

import (
	"net/http"
	"testing"
	"time"

	"tandem/internal/plan/undo"
	"tandem/internal/sim"
)

// The answers to comments got lost. Whether they are found there by a later run,
// or not looked for yet, undoing the run that made them takes them away.
func TestS14UndoingARunTakesAwayTheCommentsWhoseAnswersWereLost(t *testing.T) {
	for name, found := range map[string]bool{"not looked for yet": false, "found by a later run": true} {
		t.Run(name, func(t *testing.T) {
			story(t, marked(), func(f *firm) {
				f.breaks(at(http.MethodPost, "/comment", sim.LostAnswer))
				f.run()
				f.mended()
				first := f.lastRun()
				f.pass(time.Minute)
				if found {
					f.run()
				}
				same(f, "traces", f.wanted(1), f.traces("PAY-1"))
				last := f.lastRun()
				same(f, "a later run wrote", found, last > first)
				for run := last; run >= first; run-- {
					f.pass(time.Minute)
					f.undoes(run, undo.Scope{})
				}
				same(f, "traces left", "", f.traces("PAY-1")+f.traces("PAY-2")+f.traces("PAY-3"))
			})
		})
	}
}
