package plan

import (
	"slices"
	"strings"
	"time"

	"tandem/internal/work"
)

// Rejection is a person's no to what Tandem proposed for a field of a record.
type Rejection struct {
	Slot SlotRef `json:"slot"`
	// Edits are the ids of the proposal's edits, sorted. Since an id is the same
	// for the same change of the same state, another value, or another one that
	// stands there, is another proposal. Empty is whatever is proposed.
	Edits []string `json:"edits"`
	// Inputs names what the proposal was made of: made of something else it is
	// another one. Empty is whatever it was made of.
	Inputs  string    `json:"inputs,omitempty"`
	By      string    `json:"by"`
	Because string    `json:"because"`
	At      time.Time `json:"at"`
	// Until is when it ends; the zero time is not before the proposal is
	// another one.
	Until time.Time `json:"until,omitzero"`
}

// Reject makes rejections of edits: one for each field at each record, since
// its edits belong together, and one for each marker and link. An order changes
// all the time: there it is a no to every move of the record.
func Reject(edits []Planned, ids map[string]bool) []Rejection {
	var all []Rejection
	at := map[SlotRef]int{}
	for i := range edits {
		e := &edits[i].Edit
		slot := SlotOf(e)
		switch n, known := at[slot]; {
		case !ids[e.ID]:
		case known && !isMark(e):
			all[n].Edits = append(all[n].Edits, e.ID)
		default:
			at[slot] = len(all)
			all = append(all, Rejection{Slot: slot, Edits: []string{e.ID}})
			if e.Verb == work.MoveInBacklog {
				all[len(all)-1].Edits = nil
			}
		}
	}
	for i := range all {
		slices.Sort(all[i].Edits)
	}
	return all
}

// Over reports whether the rejection has ended by its time.
func (r Rejection) Over(asOf time.Time) bool { return !r.Until.IsZero() && !asOf.Before(r.Until) }

// String says when, why and for how long.
func (r Rejection) String() string {
	text := "rejected on " + r.At.Format(time.DateOnly) + ": " + r.Because
	if !r.Until.IsZero() {
		text += ", until " + r.Until.Format(time.DateOnly)
	}
	return text
}

// Refused returns the rejection that the edits of one field at one record fall
// under; nil where there is none. inputs names what they were made of.
func Refused(rejections []Rejection, edits []work.Edit, inputs string) *Rejection {
	if len(rejections) == 0 || len(edits) == 0 {
		return nil
	}
	ids := idsOf(edits)
	for i := range rejections {
		r := &rejections[i]
		if len(r.Edits) == 0 || slices.Equal(r.Edits, ids) && (r.Inputs == "" || inputs == "" || r.Inputs == inputs) {
			return r
		}
	}
	return nil
}

func idsOf(edits []work.Edit) []string {
	ids := make([]string, len(edits))
	for i := range edits {
		ids[i] = edits[i].ID
	}
	slices.Sort(ids)
	return ids
}

// Objected says who objects to what is decided of an item, and why.
func Objected(all []*work.Override) string {
	texts := make([]string, len(all))
	for i, o := range all {
		texts[i] = o.String()
	}
	return strings.Join(texts, "; ")
}
