package plan

import (
	"maps"
	"slices"

	"tandem/internal/work"
)

// With returns the ledger after some lines changed and others went. The ledger
// itself stays as it is: an older outcome goes on reading it.
func (l *Ledger) With(changed []Entry, dropped []work.Target) *Ledger {
	if len(changed)+len(dropped) == 0 {
		return l
	}
	next := &Ledger{entries: l.entries, fresh: maps.Clone(l.fresh)}
	if next.fresh == nil {
		next.fresh = map[work.RefID]Lines{}
	}
	for _, t := range dropped {
		lines := next.Of(t.RefID)
		if i, found := lines.find(t); found {
			next.fresh[t.RefID] = slices.Concat(lines[:i], lines[i+1:])
		}
	}
	for _, e := range changed {
		lines := next.Of(e.Target.RefID)
		i, found := lines.find(e.Target)
		rest := lines[i:]
		if found {
			rest = lines[i+1:]
		}
		next.fresh[e.Target.RefID] = slices.Concat(lines[:i], Lines{e}, rest)
	}
	if many := 1000 + len(next.entries)/8; len(next.fresh) > many {
		return &Ledger{entries: next.whole()}
	}
	return next
}

// find tells where the line of a target is, or would be.
func (l Lines) find(t work.Target) (int, bool) {
	return slices.BinarySearchFunc(l, t, func(e Entry, t work.Target) int { return e.Target.Compare(t) })
}

// whole is every entry, by target.
func (l *Ledger) whole() []Entry {
	if len(l.fresh) == 0 {
		return l.entries
	}
	refs := slices.SortedFunc(maps.Keys(l.fresh), work.RefID.Compare)
	all := make([]Entry, 0, len(l.entries)+len(refs))
	for i := 0; i < len(l.entries); {
		lines := l.from(i)
		ref := lines[0].Target.RefID
		i += len(lines)
		for len(refs) > 0 && refs[0].Compare(ref) < 0 {
			all, refs = append(all, l.fresh[refs[0]]...), refs[1:]
		}
		if len(refs) > 0 && refs[0] == ref {
			continue // what is fresh of it comes next
		}
		all = append(all, lines...)
	}
	for _, ref := range refs {
		all = append(all, l.fresh[ref]...)
	}
	return all
}

// Held returns the hold of the last run; false where there was none.
func (s *State) Held(key HoldKey) (Held, bool) {
	if h, known := s.Fresh[key]; known {
		if h == nil {
			return Held{}, false
		}
		return *h, true
	}
	h, held := s.Holds[key]
	return h, held
}
