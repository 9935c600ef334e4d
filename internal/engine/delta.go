package engine

import (
	"reflect"
	"slices"

	"tandem/internal/plan"
	"tandem/internal/work"

	"tandem/mapping/evidence"
)

// Delta is what changed between two snapshots.
type Delta struct {
	// Now is the later snapshot, without what is told apart below: its Records,
	// Ledger, Holds, Identities, Evidence and Previous are not looked at.
	Now Snapshot
	// Records are new or changed; where one is there twice the last one counts.
	// Gone are those that went, and none of Records.
	Records []*work.Record
	Gone    []work.RefID
	// Ledger holds lines that are new or changed, Dropped those that went.
	Ledger  []plan.Entry
	Dropped []work.Target
	// Evidence is everything that is said of the targets of which anything
	// changed; nothing where all of it went.
	Evidence map[string][]evidence.Day
	// Identities are the ids of records whose stored id was written since; empty
	// where it is stored no longer. Where they are not those of the last
	// outcome, somebody else wrote them.
	Identities map[work.RefID]work.ItemID
	// Kept tells that the last outcome was stored: its holds, the ids of its
	// items and their placements are now those of the last run. Without it
	// these are what they were. An outcome that waited for a first read does not
	// count: its placements are not kept.
	Kept bool
}

// steady returns the parts of a snapshot of which Next has no way to tell what
// hangs on them: where they change, everything is evaluated.
func steady(s Snapshot) Snapshot {
	s = s.Small()
	s.Released, s.Rejected, s.Attempts, s.Undone, s.Displaced, s.Blocked = nil, nil, nil, nil, nil, nil
	s.Backlogs = nil  // decided whole each time
	s.Overrides = nil // heard anew each time
	s.Standing = plan.Standing{}
	s.Seq, s.Past, s.Whole, s.Approved, s.Retired, s.Sent, s.SentFirst, s.Paused = 0, 0, nil, nil, nil, 0, 0, false
	return s
}

// same reports whether all is as it was that Next cannot follow.
func same(a, b Snapshot) bool { return reflect.DeepEqual(steady(a), steady(b)) }

// stale is what has to be looked at again.
type stale struct {
	refs  map[work.RefID]bool
	items map[work.ItemID]bool
}

// differences marks the keys of which two maps say something else.
func differences[K comparable, V any](a, b map[K]V, mark func(K)) {
	for k, v := range a {
		if w, ok := b[k]; !ok || !reflect.DeepEqual(v, w) {
			mark(k)
		}
	}
	for k := range b {
		if _, ok := a[k]; !ok {
			mark(k)
		}
	}
}

// compare marks what two states say otherwise, but for ledger and holds.
func (s *stale) compare(a, b *plan.State) {
	slot := func(k plan.SlotRef) { s.refs[k.Ref] = true }
	target := func(k work.Target) { s.refs[k.RefID] = true }
	differences(a.Released, b.Released, slot)
	differences(a.Rejected, b.Rejected, slot)
	differences(a.Undone, b.Undone, slot)
	differences(a.Attempts, b.Attempts, target)
	differences(a.Displaced, b.Displaced, target)
	differences(a.Blocked, b.Blocked, func(id work.ItemID) { s.items[id] = true })
}

// merged returns the records after some changed and others went, sorted.
func merged(records, changed []*work.Record, gone []work.RefID) []*work.Record {
	changed = slices.Clone(changed)
	slices.Reverse(changed) // the last word on a record counts
	slices.SortStableFunc(changed, func(a, b *work.Record) int { return a.Compare(b.RefID) })
	changed = slices.CompactFunc(changed, func(a, b *work.Record) bool { return a.RefID == b.RefID })
	left := make(map[work.RefID]bool, len(gone))
	for _, ref := range gone {
		left[ref] = true
	}
	all := make([]*work.Record, 0, len(records)+len(changed))
	add := func(r *work.Record) {
		if !left[r.RefID] {
			all = append(all, r)
		}
	}
	for len(changed) > 0 {
		at, found := slices.BinarySearchFunc(records, changed[0].RefID, func(r *work.Record, ref work.RefID) int { return r.Compare(ref) })
		if len(left) == 0 {
			all = append(all, records[:at]...)
		} else {
			for _, r := range records[:at] {
				add(r)
			}
		}
		add(changed[0])
		if found {
			at++
		}
		records, changed = records[at:], changed[1:]
	}
	if len(left) == 0 {
		return append(all, records...)
	}
	for _, r := range records {
		add(r)
	}
	return all
}
