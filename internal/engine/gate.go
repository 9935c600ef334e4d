package engine

import "tandem/internal/plan"

// Gate lets the guard judge every edit of the plan. The guard comes with modes
// and limits; what was sent in the last day and whether a person paused
// everything is the snapshot's. As long as a connector was never read whole, the
// places of items stay as they were: the next ones shall not lean on half a
// picture, nor on rules that a person has not looked at.
func (o *Outcome) Gate(g plan.Guard, snap Snapshot) {
	g.Items, g.Used, g.UsedFirst = len(o.Items), snap.Sent, snap.SentFirst
	g.Paused, g.Retired, g.Ledger = snap.Paused, snap.Retired, o.Ledger
	g.Approved = plan.Approvals(snap.Approved)
	g.Unread = plan.Unread(g.Awaited, snap.Whole)
	g.Standing = snap.Standing
	g.Apply(&o.Plan)
	o.turn = g.Turn
	if o.kept = nil; len(g.Unread) > 0 || o.Plan.RulesHeld {
		o.kept = snap.Previous
	}
}
