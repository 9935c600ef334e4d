package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"tandem/internal/work"
)

// put plans that the spot shows the value, or says why not.
func (d *decision) put(spot *Spot, value work.Value, because string, audience work.Audience) {
	standing := spot.standing()
	switch {
	case standing == waiting || spot.away():
		return
	case standing == unclear && !d.state.released(spot):
		d.twoValues(spot, value)
		return
	case !value.Known():
		return
	case standing == unread:
		if spot.Reading.Unmapped {
			d.unmapped(spot)
		}
		return
	case standing != unclear && same(spot.Reading.Shared, value):
		d.adopt(spot)
		return
	}
	if d.settled.outlasted(spot, d.state) { // until it is replaced, however long that takes
		d.hold(spot, work.RespectOver, value, "")
	}
	native, ok := spot.Slot.Spell(value)
	if !ok {
		d.hold(spot, work.UnmappedValue, value, "no spelling of "+quoted(value)+" in "+spot.Slot.Connector)
		return
	}
	if spot.Slot.Required && !native.Present() {
		if d.state.released(spot) { // as long as this value stands there: it gives way to the next one
			d.hold(spot, work.UnmappedValue, value, spot.Slot.Path+" cannot be empty there")
			return
		}
		d.verdict.Findings = append(d.verdict.Findings, work.Finding{
			Level: work.Note, Subject: spot.Part.String() + " " + spot.Slot.Field.String(),
			What: spot.Slot.Path + " cannot be empty there, so it stays " + quoted(spot.Reading.Native),
		})
		return
	}
	if !spot.Slot.Writable || d.finished(spot) || !d.placeAllowed(spot) {
		return
	}
	if cause, detail := d.obstacle(spot, audience); cause != "" {
		d.hold(spot, cause, value, detail)
		return
	}
	if by, fights := d.fight(spot); fights {
		d.holdBy(spot, work.Fighting, value, by, "changed back twice within 7 days after Tandem wrote it; Tandem stops here until: tandem release")
		return
	}
	first := len(d.verdict.Edits)
	d.spell(spot, native, because)
	inputs := ""
	if d.settled.Derived && !d.settled.Person.Known() { // else it is made of a value that somebody set
		inputs = d.wish.Inputs
	}
	switch r := Refused(d.state.Rejected[spot.slotRef()], d.verdict.Edits[first:], inputs); {
	case r != nil:
		d.verdict.Edits = d.verdict.Edits[:first]
		d.holdBy(spot, work.RejectedEdit, value, r.By, r.String())
	case d.settled.Derived && len(d.wish.Objections) > 0 && len(d.verdict.Edits) > first:
		d.verdict.Edits = d.verdict.Edits[:first]
		d.holdBy(spot, work.ObjectedTo, value, d.wish.Objections[0].By, Objected(d.wish.Objections))
	}
}

// twoValues holds a field of which labels say two values at once: there is one
// to be written, and nobody but a person knows which of theirs goes.
func (d *decision) twoValues(spot *Spot, want work.Value) {
	detail := "two values of one field stand there: " + spot.Reading.Native.String() + "; remove one"
	var added []string
	for label := range spot.Reading.Native.Elements {
		if !spot.Last.Value.Has(label) {
			added = append(added, label)
		}
	}
	switch owned := len(spot.Reading.Native.List()); {
	case owned < 2:
		detail = "labels stand there that say two values of one field, " + spot.Reading.Native.String() + " among them; remove one"
	case spot.Last.Found && spot.Last.Value.Present() && len(added) > 0 && len(added) < owned:
		detail = strings.Join(added, ", ") + " was added beside " + spot.Last.Value.String() + ", which stood there; remove one"
	}
	d.hold(spot, work.AmbiguousLabel, want, detail)
}

// finished reports whether the spot is left alone because the item is finished
// (promise S17). That an item was finished elsewhere still reaches the places
// where it is open: they are not finished yet.
func (d *decision) finished(spot *Spot) bool {
	if !d.item.Done() || d.wish.DoneToo {
		return false
	}
	done := d.item.Fields.Get(work.Status)
	return spot.Slot.Field != work.Status || !spot.Reading.Shared.Known() || same(spot.Reading.Shared, done)
}

// placeAllowed applies only: private | public.
func (d *decision) placeAllowed(spot *Spot) bool {
	public := spot.Audience == work.Public
	return (!spot.Slot.OnlyPrivate || !public) && (!spot.Slot.OnlyPublic || public)
}

// obstacle says what keeps an otherwise wanted edit from being made.
func (d *decision) obstacle(spot *Spot, audience work.Audience) (work.Cause, string) {
	to := spot.Audience
	// allow: public names the field for the organisation's own data, never for
	// what only named people may read.
	named := spot.Slot.AllowPublic && to == work.Public && audience == work.Internal
	switch {
	case spot.HandsOff:
		return work.HandsOff, "the label " + HandsOffLabel + " stands on it"
	case d.state.Stale[spot.Part.Connector]:
		return work.ConnectorStale, "the last read of " + spot.Part.Connector + " failed"
	case d.state.Blocked[d.item.ID] != "":
		return work.DeadLetter, d.state.Blocked[d.item.ID]
	case to == work.UnknownAudience:
		return work.LeakGuard, "nobody knows who can read this place"
	case !named && !audience.Reaches(to):
		return work.LeakGuard, audience.String() + " data would show in a " + to.String() + " place; the rules may say allow: public"
	default:
		return "", ""
	}
}

// spell writes a change as verbs: one value at a time. Labels come before those
// that they replace go: each looks whether the other still stands.
func (d *decision) spell(spot *Spot, native work.Value, because string) {
	axis := spot.Slot.Axis()
	if axis == nil {
		verb := work.SetField
		if !native.Present() {
			verb = work.ClearField
		}
		d.edit(spot, "", verb, native, spot.Reading.Native, because)
		return
	}
	stand := spot.Reading.Native
	var next []string
	for label := range native.Elements {
		if !stand.Has(label) {
			next = append(next, label)
			d.edit(spot, label, work.AddLabel, work.NewFlag(true), work.NewFlag(false), because)
			e := &d.verdict.Edits[len(d.verdict.Edits)-1]
			e.Unless, e.While = labelsOf(axis.Rivals(label), native, stand, false), labelsOf(stand.List(), native, stand, true)
		}
	}
	for label := range stand.Elements {
		if !native.Has(label) {
			d.edit(spot, label, work.RemoveLabel, work.NewFlag(false), work.NewFlag(true), because)
			e := &d.verdict.Edits[len(d.verdict.Edits)-1]
			if len(next) > 0 {
				e.While = work.NewList(next...)
				continue
			}
			if native.Present() {
				e.Keeps = native
			}
			e.Unless = labelsOf(axis.Rivals(label), native, stand, false)
		}
	}
}

// labelsOf are the labels of an axis that are not wanted, and stand there or do
// not.
func labelsOf(owned []string, wanted, stand work.Value, there bool) work.Value {
	var all []string
	for _, label := range owned {
		if !wanted.Has(label) && stand.Has(label) == there {
			all = append(all, label)
		}
	}
	if len(all) == 0 {
		return work.Value{}
	}
	return work.NewList(all...)
}

func (d *decision) edit(spot *Spot, element string, verb work.Verb, value, expect work.Value, because string) {
	d.verdict.Edits = append(d.verdict.Edits, work.Edit{
		Target: work.Target{RefID: spot.Part.RefID, Path: spot.Slot.Path, Element: element},
		Key:    spot.Part.Key, Place: spot.Part.Place, Verb: verb, Value: value, Expect: expect,
		Item: d.item.ID, Field: spot.Slot.Field, Because: because, Audience: spot.Audience,
	})
	e := &d.verdict.Edits[len(d.verdict.Edits)-1]
	if e.ID = EditID(e); because == d.wish.Because {
		e.Word = d.wish.Word
	}
}

// EditID is the same for the same change of the same state.
func EditID(e *work.Edit) string {
	var room [256]byte
	text := room[:0]
	for _, s := range [...]string{
		e.Target.Connector, e.Target.ID, e.Target.Path, e.Target.Element, string(e.Verb),
		e.Value.Kind().String(), e.Value.String(), e.Expect.Kind().String(), e.Expect.String(),
	} {
		text = appendQuoted(text, s)
	}
	sum := sha256.Sum256(text)
	return string(hex.AppendEncode(text[:0], sum[:8]))
}

// appendQuoted is strconv.AppendQuote, and quick where nothing is to be escaped.
func appendQuoted(text []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return strconv.AppendQuote(text, s)
		}
	}
	text = append(text, '"')
	text = append(text, s...)
	return append(text, '"')
}

// adopt remembers a value that is already right. A value that stands there
// only in a spelling we read but never write is nobody's but the team's. While a
// connector is stale nobody can tell what is right: the wish rests on what was
// read before, and a person's value that happens to equal it stays a person's. So
// does one that equals an override, which ends by itself.
func (d *decision) adopt(spot *Spot) {
	if d.state.anyStale() {
		return
	}
	if !spot.Slot.Mapped || spot.away() || !spot.Reading.Native.Present() && !spot.Last.Found {
		return
	}
	if spot.Last.Found && spot.Last.Value == spot.Reading.Native {
		return
	}
	if ours := spot.Last.Found && spot.Last.Value.Says(spot.Reading.Native); d.wish.Word != 0 && !ours {
		return
	}
	at := func(element string, value work.Value) Entry {
		return Entry{
			Target: work.Target{RefID: spot.Part.RefID, Path: spot.Slot.Path, Element: element},
			Value:  value, Before: value, Audience: spot.Audience, At: d.state.AsOf,
		}
	}
	if spot.Slot.Axis() == nil {
		d.verdict.Adopted = append(d.verdict.Adopted, at("", spot.Reading.Native))
		return
	}
	for _, label := range spot.Slot.Axis().Owned() {
		on := spot.Reading.Native.Has(label)
		if on || spot.Last.Value.Has(label) || !spot.Last.Value.Known() {
			d.verdict.Adopted = append(d.verdict.Adopted, at(label, work.NewFlag(on)))
		}
	}
}

// hold records why a wanted value is not written, in the spelling that people
// see there; its age goes on from the last run.
func (d *decision) hold(spot *Spot, cause work.Cause, want work.Value, detail string) {
	if d.finished(spot) {
		return
	}
	since, known := d.state.since(spot, cause)
	if !known {
		since = d.state.AsOf
	}
	if spot.Undone != nil && cause == work.ChangedByPerson {
		since = spot.Undone.Since()
		detail = strings.TrimSuffix("undone on "+since.Format(time.DateOnly)+", "+detail, ", ")
	}
	if spot.Displaced != nil && cause == work.ChangedByPerson {
		detail = strings.TrimSuffix(spot.Displaced.String()+"; "+detail, "; ")
	}
	if respect := d.settled.Rule.RespectFor; byPerson(cause) && respect > 0 {
		detail = strings.TrimPrefix(detail+", respected until "+since.Add(time.Duration(respect)).Format(time.DateOnly), ", ")
	}
	if native, ok := spot.Slot.Spell(want); ok && native.Present() {
		want = native
	}
	by := ""
	if byPerson(cause) || cause == work.PredatesTandem {
		by = spot.By
	}
	if spot.Undone != nil && cause == work.ChangedByPerson {
		by = spot.Undone.By
	}
	if spot.Displaced != nil && cause == work.ChangedByPerson {
		by = spot.Displaced.By
	}
	d.verdict.Holds = append(d.verdict.Holds, work.Hold{
		Item: d.item.ID, Key: spot.Part.Key, Field: spot.Slot.Field, Cause: cause, Have: spot.have(), Want: want,
		Target: work.Target{RefID: spot.Part.RefID, Path: spot.Slot.Path},
		Since:  since.Truncate(24 * time.Hour), Detail: detail, By: by,
	})
}

// byPerson reports whether a cause tells of what a person changed.
func byPerson(cause work.Cause) bool {
	return cause == work.ChangedByPerson || cause == work.RespectOver
}

// holdBy holds for a person or another program that is known.
func (d *decision) holdBy(spot *Spot, cause work.Cause, want work.Value, by, detail string) {
	n := len(d.verdict.Holds)
	d.hold(spot, cause, want, detail)
	if len(d.verdict.Holds) > n {
		d.verdict.Holds[n].By = by
	}
}

func quoted(v work.Value) string { return strconv.Quote(v.String()) }
