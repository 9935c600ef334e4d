package plan

import (
	"slices"
	"time"

	"tandem/internal/work"

	"tandem/mapping"
)

// Entry is one line of the ledger: what Tandem last wrote, or found to be
// already right, at one target. For a label the value is Flag(true) while it
// stands there by our will and Flag(false) once we removed it.
type Entry struct {
	Target work.Target `json:"target"`
	Value  work.Value  `json:"value"`
	// Written: Tandem wrote here, once at least. Otherwise it only ever found
	// values that were right.
	Written bool `json:"written"`
	// Pending: sent, and not read back yet.
	Pending bool `json:"pending"`
	// Audience is who could read the place when Before stood there last. It is
	// unknown in lines that are older than this field.
	Audience work.Audience `json:"audience,omitempty"`
	// Before is what stood there before Tandem's first write, for undo; or what
	// somebody chose since, and Tandem found right.
	Before work.Value `json:"before"`
	At     time.Time  `json:"at"`
}

// Taken reports whether what Tandem wrote is gone: the value that stands there is
// the one that is there without it.
func (e *Entry) Taken() bool { return same(e.Before, e.Value) }

// Ledger answers what Tandem last wrote. Its key is the record, never the
// item, so that a split or a merge of items loses nothing.
type Ledger struct {
	entries []Entry // by target
	// fresh are the lines of records that changed since, in place of those
	// among entries; none where all are gone.
	fresh map[work.RefID]Lines
}

// NewLedger orders entries; the order they come in is irrelevant. It keeps the
// slice where that is sorted already.
func NewLedger(entries []Entry) *Ledger {
	for i := 1; i < len(entries); i++ {
		if entries[i-1].Target.Compare(entries[i].Target) > 0 {
			entries = slices.Clone(entries)
			slices.SortStableFunc(entries, func(a, b Entry) int { return a.Target.Compare(b.Target) })
			break
		}
	}
	return &Ledger{entries: entries}
}

// Lines are the entries of one record.
type Lines []Entry

// Of returns the entries of a record.
func (l *Ledger) Of(ref work.RefID) Lines {
	if lines, is := l.fresh[ref]; is {
		return lines
	}
	from, found := slices.BinarySearchFunc(l.entries, ref, func(e Entry, ref work.RefID) int { return e.Target.RefID.Compare(ref) })
	if !found {
		return nil
	}
	return l.from(from)
}

// from returns the entries of the record that the i-th entry is of.
func (l *Ledger) from(i int) Lines {
	end := i + 1
	for end < len(l.entries) && l.entries[end].Target.RefID == l.entries[i].Target.RefID {
		end++
	}
	return l.entries[i:end]
}

// Beside returns the entries of each record. The records are sorted by RefID,
// as the ledger is: it is one walk along both.
func (l *Ledger) Beside(records []*work.Record) []Lines {
	all := make([]Lines, len(records))
	next := 0
	for i, r := range records {
		for next < len(l.entries) && l.entries[next].Target.RefID.Compare(r.RefID) < 0 {
			next++
		}
		if next < len(l.entries) && l.entries[next].Target.RefID == r.RefID {
			all[i] = l.from(next)
		}
		if lines, is := l.fresh[r.RefID]; is {
			all[i] = lines
		}
	}
	return all
}

// All returns every entry, by target. The caller must not change them.
func (l *Ledger) All() []Entry { return slices.Clip(l.whole()) }

// Entry returns the entry of a target; false where there is none.
func (l *Ledger) Entry(t work.Target) (Entry, bool) {
	lines := l.Of(t.RefID)
	i, found := lines.find(t)
	if !found {
		return Entry{}, false
	}
	return lines[i], true
}

// Touched reports whether Tandem ever wrote to the record.
func (l *Ledger) Touched(ref work.RefID) bool {
	return slices.ContainsFunc(l.Of(ref), func(e Entry) bool { return e.Written })
}

// Refs returns the records that have an entry, sorted.
func (l *Ledger) Refs() []work.RefID {
	var refs []work.RefID
	all := l.whole()
	for i := range all {
		if ref := all[i].Target.RefID; len(refs) == 0 || refs[len(refs)-1] != ref {
			refs = append(refs, ref)
		}
	}
	return refs
}

// Last is what the ledger says of one slot.
type Last struct {
	// Found tells that there is an entry.
	Found bool
	// Value is in the source's spelling; for a label axis, the list of labels. It
	// is unknown where people decided since an undo.
	Value work.Value
	// Pending: a write of ours was not read back yet.
	Pending bool
	// At is when that was: of several labels, of the last.
	At time.Time
}

// Value returns what the ledger says of one target; false where nothing does.
func (l Lines) Value(path, element string) (work.Value, bool) {
	for i := range l {
		if e := &l[i]; e.Target.Path == path && e.Target.Element == element {
			return e.Value, true
		}
	}
	return work.Value{}, false
}

// at returns what was last written at a slot.
func (l Lines) at(slot *mapping.Slot) Last {
	if axis := slot.Axis(); axis != nil {
		return l.labels(slot.Path, axis)
	}
	for i := range l {
		if e := &l[i]; e.Target.Path == slot.Path && e.Target.Element == "" {
			return Last{Found: true, Value: e.Value, Pending: e.Pending, At: e.At}
		}
	}
	return Last{}
}

// labels returns which of the labels of an axis we last put on the record.
func (l Lines) labels(path string, axis *mapping.LabelAxis) Last {
	last, foreign := Last{Value: work.Empty()}, false
	for i := range l {
		e := &l[i]
		if e.Target.Path != path || !axis.Owns(e.Target.Element) {
			continue
		}
		last.Found = true
		last.Pending = last.Pending || e.Pending
		if e.At.After(last.At) {
			last.At = e.At
		}
		on, is := e.Value.Flag()
		foreign = foreign || !is
		if on {
			last.Value = axis.With(last.Value, e.Target.Element)
		}
	}
	if foreign {
		last.Value = work.Value{}
	}
	return last
}
