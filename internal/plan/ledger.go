package plan

import (
	"maps"
	"slices"
	"time"

	"tandem/internal/work"
)

// Entry is one line of the ledger: what Tandem last wrote, or found to be
// already right, at one target. For a label the value is Flag(true) while it
// stands there by our will and Flag(false) once we removed it.
type Entry struct {
	Target work.Target `json:"target"`
	Value  work.Value  `json:"value"`
	// Written tells a write from an adoption.
	Written bool `json:"written"`
	// Pending: sent, and not read back yet.
	Pending bool `json:"pending"`
	// Before is what stood there before Tandem's first write, for undo.
	Before work.Value `json:"before"`
	At     time.Time  `json:"at"`
}

// slotKey finds the entries of one path of one record.
type slotKey struct {
	ref  work.RefID
	path string
}

// Ledger answers what Tandem last wrote. Its key is the record, never the
// item, so that a split or a merge of items loses nothing.
type Ledger struct {
	entries map[slotKey][]Entry
	written map[work.RefID]bool
}

// NewLedger indexes entries; their order is irrelevant.
func NewLedger(entries []Entry) *Ledger {
	l := &Ledger{entries: make(map[slotKey][]Entry, len(entries)), written: map[work.RefID]bool{}}
	for _, e := range entries {
		k := slotKey{e.Target.RefID, e.Target.Path}
		l.entries[k] = append(l.entries[k], e)
		if e.Written {
			l.written[e.Target.RefID] = true
		}
	}
	return l
}

// Last is what the ledger says of one slot.
type Last struct {
	// Found tells that there is an entry.
	Found bool
	// Value is in the source's spelling; for a label axis, the list of labels.
	Value work.Value
	// Pending: a write of ours was not read back yet.
	Pending bool
}

// Field returns the last value of a single-valued path.
func (l *Ledger) Field(ref work.RefID, path string) Last {
	for _, e := range l.entries[slotKey{ref, path}] {
		if e.Target.Element == "" {
			return Last{Found: true, Value: e.Value, Pending: e.Pending}
		}
	}
	return Last{}
}

// Labels returns which of the labels we last put on the record.
func (l *Ledger) Labels(ref work.RefID, path string, owned []string) Last {
	var last Last
	var present []string
	for _, e := range l.entries[slotKey{ref, path}] {
		if !slices.Contains(owned, e.Target.Element) {
			continue
		}
		last.Found = true
		last.Pending = last.Pending || e.Pending
		if on, _ := e.Value.Flag(); on {
			present = append(present, e.Target.Element)
		}
	}
	last.Value = work.NewList(present...)
	return last
}

// Touched reports whether Tandem ever wrote to the record.
func (l *Ledger) Touched(ref work.RefID) bool { return l.written[ref] }

// Refs returns the records that have an entry, sorted.
func (l *Ledger) Refs() []work.RefID {
	seen := map[work.RefID]bool{}
	for k := range l.entries {
		seen[k.ref] = true
	}
	return slices.SortedFunc(maps.Keys(seen), work.RefID.Compare)
}
