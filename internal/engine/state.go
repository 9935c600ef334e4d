package engine

import (
	"tandem/internal/plan"
	"tandem/internal/work"
)

// stateOf sorts what earlier runs and people left behind by what it is asked
// for.
func stateOf(rules *Rules, snap *Snapshot) *plan.State {
	s := remembered(rules, snap)
	s.Ledger, s.Holds = plan.NewLedger(snap.Ledger), make(map[plan.HoldKey]plan.Held, len(snap.Holds))
	for i := range snap.Holds {
		held(s.Holds).put(&snap.Holds[i])
	}
	return s
}

func heldBy(h *work.Hold) (plan.HoldKey, plan.Held) {
	return plan.HoldKey{Slot: plan.SlotRef{Ref: h.Target.RefID, Field: h.Field}, Cause: h.Cause}, plan.Held{Since: h.Since, Have: h.Have}
}

// remembered is the state without ledger and holds.
func remembered(rules *Rules, snap *Snapshot) *plan.State {
	s := &plan.State{
		Released: plan.Releases(snap.Released), Rejected: map[plan.SlotRef][]plan.Rejection{}, Attempts: map[work.Target][]plan.Attempt{},
		Blocked: snap.Blocked, Stale: map[string]bool{}, Adopt: rules.adopt, AsOf: snap.AsOf,
		Undone: plan.UndoneAt(snap.Undone), Displaced: plan.DisplacedAt(snap.Displaced),
	}
	for _, r := range snap.Rejected {
		if !r.Over(snap.AsOf) {
			s.Rejected[r.Slot] = append(s.Rejected[r.Slot], r)
		}
	}
	for _, a := range snap.Attempts {
		s.Attempts[a.Target] = append(s.Attempts[a.Target], a)
	}
	for _, name := range snap.Stale {
		s.Stale[name] = true
	}
	return s
}
