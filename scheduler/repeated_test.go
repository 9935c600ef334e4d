package scheduler_test

import (
	"net/http"
	"testing"
	"time"

	"tandem/internal/plan"
	"tandem/internal/plan/undo"
	"tandem/internal/sim"
	"tandem/internal/work"
)

// The answer to a write is lost, and the same request once more is refused: the
// value stands there all the same. It is read back, known for Tandem's own, and
// goes when Tandem retires.
func TestS14AWriteWhoseAnswerIsLostIsReadBackWhateverTheRepetitionIsTold(t *testing.T) {
	limit := &sim.Fault{Name: "limit", Status: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {"300"}}}
	maintenance := &sim.Fault{Name: "maintenance", Status: http.StatusServiceUnavailable, Header: http.Header{"Retry-After": {"300"}}}
	for name, faults := range map[string][]*sim.Fault{
		"a limit":                 {sim.LostAnswer(), limit},
		"behind a proxy, a limit": {{Name: "bad gateway", Status: http.StatusBadGateway, After: true}, limit},
		"sign in first":           {sim.LostAnswer(), {Name: "401", Status: http.StatusUnauthorized}},
		"no right":                {sim.LostAnswer(), {Name: "403", Status: http.StatusForbidden}},
		"somebody's write":        {sim.LostAnswer(), {Name: "409", Status: http.StatusConflict}},
		"a bad value":             {sim.LostAnswer(), {Name: "400", Status: http.StatusBadRequest}},
		"too early":               {sim.LostAnswer(), {Name: "425", Status: http.StatusTooEarly}},
		"maintenance":             {sim.LostAnswer(), maintenance},
	} {
		t.Run(name, func(t *testing.T) {
			story(t, world{issues: issues("PAY", 1)}, func(f *firm) {
				stood := f.priority("PAY-1")
				f.breaks(sim.Script(http.MethodPut, "", faults...))
				report := f.run()
				f.mended()
				wrote := f.wrote()
				if len(wrote) == 0 || f.priority("PAY-1") == stood {
					f.Fatalf("nothing was written: %v", wrote)
				}
				same(f, "results", map[work.ResultState]int{work.Uncertain: len(wrote)}, report.Results)
				for range 2 {
					f.pass(10 * time.Minute)
					report = f.run()
					same(f, "left to do", []string{}, append(edits(report), holds(report)...))
				}
				same(f, "Tandem's writes", wrote, f.wrote())
				f.retires(undo.Scope{}, plan.Retirement{Kind: plan.RetiredAll, By: "ana"})
				same(f, "priority", stood, f.priority("PAY-1"))
			})
		})
	}
}
