package plan

import (
	"slices"
	"strings"

	"tandem/internal/work"
)

// shortID is the least of an edit's id that names it.
const shortID = 6

// Select finds the edits that words name: by the edit's id or its beginning, by
// record (jira:PAY-12, or PAY-12 alone), by field, or by record and field
// ("jira:PAY-12 priority"). Edits of one field at one record belong together,
// as the labels that a swap takes off and puts on do: all of them are meant, or
// none. unknown are words that name no edit.
func Select(edits []Planned, words []string) (ids map[string]bool, unknown []string) {
	ids = map[string]bool{}
	slots := map[SlotRef]bool{}
	for _, word := range words {
		terms, found := strings.Fields(word), false
		for i := range edits {
			if e := &edits[i]; len(terms) > 0 && namedByAll(&e.Edit, terms) {
				slots[SlotOf(&e.Edit)], found = true, true
			}
		}
		if !found {
			unknown = append(unknown, word)
		}
	}
	for i := range edits {
		if e := &edits[i]; slots[SlotOf(&e.Edit)] {
			ids[e.ID] = true
		}
	}
	return ids, unknown
}

// WithMarks adds the markers and links to the twin that go with the edits of
// their records.
func WithMarks(edits []Planned, ids map[string]bool) {
	records := map[work.RefID]bool{}
	for i := range edits {
		if e := &edits[i]; ids[e.ID] {
			records[e.Target.RefID] = true
		}
	}
	for i := range edits {
		if e := &edits[i]; isMark(&e.Edit) && records[e.Target.RefID] {
			ids[e.ID] = true
		}
	}
}

// SlotOf names the field and the record that an edit is about.
func SlotOf(e *work.Edit) SlotRef { return SlotRef{Ref: e.Target.RefID, Field: e.Field} }

func namedByAll(e *work.Edit, terms []string) bool {
	return !slices.ContainsFunc(terms, func(term string) bool { return !named(e, term) })
}

func named(e *work.Edit, term string) bool {
	return term == e.ID || len(term) >= shortID && strings.HasPrefix(e.ID, term) ||
		term == e.Field.String() || term == e.Key || term == e.Ref().String()
}

// isMark reports whether the edit names the twin; it goes with other edits of
// its record.
func isMark(e *work.Edit) bool {
	return e.Target.Path == work.NativeMarker || e.Target.Path == work.NativeRemoteLink
}
