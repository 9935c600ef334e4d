package undo

import (
	"cmp"
	"slices"

	"tandem/internal/plan"
	"tandem/internal/work"

	"tandem/mapping"
)

// Home is where a record stands.
type Home struct {
	Key, Place string
	Item       work.ItemID
	Team       string
}

// Homes finds records; false where a record is not known any more.
type Homes func(work.RefID) (Home, bool)

// Scope chooses among the writes. What is empty chooses all.
type Scope struct {
	Refs            []work.RefID
	Fields          []work.Field
	Connector, Team string
}

// Empty reports whether it chooses everything.
func (s Scope) Empty() bool {
	return len(s.Refs)+len(s.Fields) == 0 && s.Connector == "" && s.Team == ""
}

// Has reports whether the scope has a write.
func (s Scope) Has(w *Write) bool {
	return (len(s.Refs) == 0 || slices.Contains(s.Refs, w.Target.RefID)) &&
		(len(s.Fields) == 0 || slices.Contains(s.Fields, w.Field)) &&
		(s.Connector == "" || s.Connector == w.Target.Connector) &&
		(s.Team == "" || s.Team == w.Team)
}

// Of returns the writes that the scope has.
func (s Scope) Of(writes []Write) []Write {
	var some []Write
	for i := range writes {
		if s.Has(&writes[i]) {
			some = append(some, writes[i])
		}
	}
	return some
}

// FromLedger makes writes of the lines that Tandem wrote, for everything that
// was ever written there or may have been. sent are the newest edits that arrived
// at each target, which tell the field; where the journal no longer does, the
// rules do. Of those whose state is unknown nobody knows whether they arrived.
func FromLedger(ledger *plan.Ledger, sent []work.AuditEntry, homes Homes, rules *mapping.Program) []Write {
	last := make(map[work.Target]*work.AuditEntry, len(sent))
	may := map[work.Target]*work.AuditEntry{}
	for i := range sent {
		if t := sent[i].Edit.Target; sent[i].State == work.Uncertain {
			may[t] = &sent[i]
		} else {
			last[t] = &sent[i]
		}
	}
	lines := slices.DeleteFunc(slices.Clone(ledger.All()), func(e plan.Entry) bool { return !e.Written })
	for i := range sent {
		s := &sent[i]
		if e, ok := ledger.Entry(s.Edit.Target); s.State == work.Uncertain && (!ok || !e.Written) {
			lines = append(lines, plan.Entry{Target: s.Edit.Target, Value: s.Edit.Value, Before: work.Empty(), Audience: s.Edit.Audience, At: s.Begun})
		}
	}
	writes := make([]Write, 0, len(lines))
	for _, e := range lines {
		home, _ := homes(e.Target.RefID)
		w := Write{
			Target: e.Target, Key: home.Key, Place: home.Place, Item: home.Item, Team: home.Team,
			Before: e.Before, Wrote: e.Value, Audience: e.Audience, At: e.At,
		}
		if m := may[e.Target]; m != nil {
			w.May = m.Edit.Value
		}
		if s := cmp.Or(last[e.Target], may[e.Target]); s != nil {
			w.Field, w.Kept, w.Over, w.Run, w.At = s.Edit.Field, s.Edit.Keeps, s.Edit.While, s.Run, s.Begun
			if w.Audience == work.UnknownAudience && s.Edit.Expect.Says(e.Before) { // an older line
				w.Audience = s.Edit.Audience
			}
			if w.Key == "" {
				w.Key, w.Place, w.Item, w.Team = s.Edit.Key, s.Edit.Place, s.Edit.Item, s.Edit.Team
			}
		} else {
			w.Field = fieldAt(rules, e.Target, w.Place)
		}
		writes = append(writes, w)
	}
	return writes
}

// fieldAt is the field that rules map to a target; NoField where none does.
func fieldAt(rules *mapping.Program, t work.Target, place string) work.Field {
	switch t.Path {
	case work.NativeMarker, work.NativeRemoteLink:
		return work.Links
	case work.NativeRank:
		return work.Rank
	}
	for _, rule := range rules.Rules() {
		if owns(rule.Slot(t.Connector, place), t) {
			return rule.Field
		}
	}
	return work.NoField
}

// owns reports whether the target is the slot's.
func owns(slot *mapping.Slot, t work.Target) bool {
	if slot == nil || slot.Path != t.Path {
		return false
	}
	if axis := slot.Axis(); axis != nil {
		return axis.Owns(t.Element)
	}
	return t.Element == ""
}
