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

// An undo put back an earlier comment, and Tandem wants that text again by now: what
// the run right before the retirement found to be right is Tandem's to remove.
func TestS18WhatTheLastRunFoundRightIsRetired(t *testing.T) {
	story(t, traced(), func(f *firm) {
		f.sets("PAY-1", 10)
		f.run()
		f.pass(time.Minute)
		f.sets("PAY-1", 95)
		second := f.run()
		f.pass(time.Minute)
		f.undoes(second.Outcome.Number, undo.Scope{})
		f.pass(time.Minute)
		f.sets("PAY-1", 10)
		f.run()
		errand, err := f.cycle.PlanRetire(f.Context(), undo.Scope{}, "ana")
		f.ok(err)
		_, err = f.cycle.Carry(f.Context(), errand, everything)
		f.ok(err)
		if comments := f.issue("PAY-1").Comments; len(comments) > 0 {
			f.Errorf("left there: %+v; listed as left: %+v", comments, errand.Back.Left)
		}
	})
}
