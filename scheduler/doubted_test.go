package scheduler_test

import (
	"testing"
	"time"

	"tandem/internal/plan"
	"tandem/internal/plan/undo"
	"tandem/internal/sim"
)

// No record shows a comment or a link, so that nobody knows whether one stands
// where the answer got lost: a retirement looks, and leaves none.
func TestS18ARetirementRemovesWhatMayStandAfterALostAnswer(t *testing.T) {
	for name, path := range map[string]string{"comment": "/comment", "link": "/remotelink"} {
		t.Run(name, func(t *testing.T) {
			all := plan.Retirement{Kind: plan.RetiredAll, By: "ana"}
			t.Run("written for the first time", func(t *testing.T) {
				story(t, traced(), func(f *firm) {
					before := f.services()
					f.breaks(at("POST", path, sim.LostAnswer))
					f.run()
					f.mended()
					f.pass(time.Minute)
					f.retires(undo.Scope{}, all)
					f.equal("retired", before, f.services())
				})
			})
			t.Run("put back by an undo of an undo", func(t *testing.T) {
				story(t, traced(), func(f *firm) {
					before := f.services()
					run := f.run()
					f.pass(time.Minute)
					_, report := f.undoes(run.Outcome.Number, undo.Scope{})
					f.pass(time.Minute)
					f.breaks(at("POST", path, sim.LostAnswer))
					f.undoes(report.Outcome.Number, undo.Scope{})
					f.mended()
					f.pass(time.Minute)
					f.run()
					f.pass(time.Minute)
					f.retires(undo.Scope{}, all)
					f.equal("retired", before, f.services())
				})
			})
		})
	}
}
