package engine

import (
	"tandem/internal/plan"
	"tandem/internal/work"
)

// marks plans markers and links that name the twin, for records that are
// edited anyway: the marker then goes in the same request. A marker or link
// that a person took away is not written again.
func (e *evaluation) marks(o *Outcome) {
	seen := map[work.RefID]bool{}
	var added pile[plan.Planned]
	for i := range o.Plan.Edits {
		planned := &o.Plan.Edits[i]
		ref := planned.Target.RefID
		mark, link := e.rules.program.Marks(ref.Connector)
		if !mark && !link || seen[ref] {
			continue
		}
		seen[ref] = true
		d, _ := o.Find(ref)
		at, _ := o.find(ref)
		own, twin := twinOf(&d.Item, ref)
		if twin == nil || !twin.Audience.Reaches(own.Audience) {
			continue // promise S7: nothing of a strict place shows in a looser one
		}
		lines := o.Ledger.Of(ref)
		if mark {
			o.beside(&added, planned, twin, markOf(o.records[at], lines, twin))
		}
		if link && twin.URL != "" {
			o.beside(&added, planned, twin, linkOf(lines, twin))
		}
	}
	if n := added.size(); n > 0 {
		all := make([]plan.Planned, len(o.Plan.Edits)+n)
		added.move(all[copy(all, o.Plan.Edits):])
		o.Plan.Edits = all
	}
}

// twinOf returns the record's part of the item and its twin: the part where
// the item was born, else the first other one.
func twinOf(item *work.Item, ref work.RefID) (own, twin *work.Part) {
	for i := range item.Parts {
		p := &item.Parts[i]
		switch {
		case p.RefID == ref:
			own = p
		case twin == nil || p.RefID == item.Birth:
			twin = p
		}
	}
	return own, twin
}

// markOf is the marker to write; nil where it stands there, or where somebody
// else decides.
func markOf(r *work.Record, lines plan.Lines, twin *work.Part) *work.Edit {
	have, want := r.Fields[work.NativeMarker], work.NewText(twin.RefID.String())
	last, found := lines.Value(work.NativeMarker, "")
	if !have.Known() || have == want || found && last != have || !found && have.Present() {
		return nil
	}
	return &work.Edit{Target: work.Target{Path: work.NativeMarker}, Verb: work.SetField, Value: want, Expect: have}
}

// linkOf is the link to write; nil where it was written before. Its id names
// the twin for good.
func linkOf(lines plan.Lines, twin *work.Part) *work.Edit {
	id := "tandem=" + twin.RefID.String()
	if _, found := lines.Value(work.NativeRemoteLink, id); found {
		return nil
	}
	return &work.Edit{
		Target: work.Target{Path: work.NativeRemoteLink, Element: id}, Verb: work.PutLink,
		Value: work.NewText(twin.URL), Expect: work.Empty(),
	}
}

// beside adds an edit that goes with another one of the same record.
func (o *Outcome) beside(added *pile[plan.Planned], other *plan.Planned, twin *work.Part, edit *work.Edit) {
	if edit == nil {
		return
	}
	edit.Target.RefID, edit.Key, edit.Place = other.Target.RefID, other.Key, other.Place
	edit.Item, edit.Team, edit.Field, edit.Audience = other.Item, other.Team, work.Links, other.Audience
	edit.Because = "its twin is " + twin.String()
	edit.ID = plan.EditID(edit)
	slot := plan.SlotOf(edit)
	if r := plan.Refused(o.state.Rejected[slot], []work.Edit{*edit}, ""); r != nil {
		held, known := o.state.Held(plan.HoldKey{Slot: slot, Cause: work.RejectedEdit})
		if !known {
			held.Since = o.AsOf
		}
		o.Plan.Holds = append(o.Plan.Holds, work.Hold{
			Item: edit.Item, Target: edit.Target, Key: edit.Key, Field: edit.Field, Cause: work.RejectedEdit,
			Have: edit.Expect, Want: edit.Value, Since: held.Since, By: r.By, Detail: r.String(),
		})
		return
	}
	added.add(plan.Planned{Edit: *edit})
}
