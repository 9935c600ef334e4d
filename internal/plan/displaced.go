package plan

import (
	"strconv"
	"strings"
	"time"

	"tandem/internal/work"

	"tandem/mapping"
)

// Displaced is a person's change that came between Tandem's look and its write,
// and that the write replaced. No service lets a value be written on condition,
// so it is found afterwards, in the service's history. The record is from then
// on read as if the change stood there (promise S1), and it is given back.
type Displaced struct {
	Target work.Target `json:"target"`
	Key    string      `json:"key"`
	Field  work.Field  `json:"field"`
	// Value is what the person set, Wrote what Tandem wrote over it.
	Value work.Value `json:"value"`
	Wrote work.Value `json:"wrote"`
	// By is who set it, by the source's own id, and At when; Written is when
	// Tandem's write came. All by what the service tells.
	By      string    `json:"by,omitempty"`
	At      time.Time `json:"at,omitzero"`
	Written time.Time `json:"written"`
	// Back: it stands there again. Failed says why it cannot be put back.
	Back   bool   `json:"back,omitempty"`
	Failed string `json:"failed,omitempty"`
}

// Displace finds out whether an edit that arrived replaced something else than
// it expected: then somebody changed it in between. Where the rules overrule
// people there is nothing to give back.
func Displace(e work.Edit, r work.Replaced, rule *mapping.FieldRule) (Displaced, bool) {
	if rule == nil || rule.Overrule || !r.Value.Known() || same(r.Value, e.Expect) || same(r.Value, e.Value) {
		return Displaced{}, false
	}
	return Displaced{
		Target: e.Target, Key: e.Key, Field: e.Field, Value: r.Value, Wrote: e.Value, By: r.By, At: r.At, Written: r.Written,
	}, true
}

// DisplacedAt sorts them by their places. It is nil where there are none.
func DisplacedAt(all []Displaced) map[work.Target]Displaced {
	if len(all) == 0 {
		return nil
	}
	at := make(map[work.Target]Displaced, len(all))
	for _, d := range all {
		at[d.Target] = d
	}
	return at
}

// Stands reports whether what a record shows leaves it as it is: what Tandem
// wrote is still there, or the person's value again. Anything else somebody set
// since.
func (d *Displaced) Stands(shown work.Value) bool {
	return same(shown, d.Value) || !d.Back && same(shown, d.Wrote)
}

// String says what happened, as a hold tells it.
func (d *Displaced) String() string {
	text := "set to " + quoted(d.Value)
	if !d.Value.Present() {
		text = "emptied"
	}
	if !d.At.IsZero() {
		text += " at " + d.At.UTC().Format("15:04:05") + " UTC, " + apart(d.Written.Sub(d.At)) + " before Tandem's write"
	} else {
		text += " right before Tandem's write"
	}
	switch {
	case d.Back:
		return text + "; the value was put back"
	case d.Failed != "":
		return text + "; it could not be put back: " + d.Failed + "; set it by hand, or tandem release"
	default:
		return text + "; the value is to be put back"
	}
}

// apart spells a short time.
func apart(t time.Duration) string {
	if t < time.Second {
		return strconv.FormatInt(max(t, 0).Milliseconds(), 10) + " ms"
	}
	return t.Round(100 * time.Millisecond).String()
}

// giveWay reads a spot as if the person's change stood there that Tandem wrote
// over.
func (s *State) giveWay(spot *Spot) {
	d, found := s.Displaced[work.Target{RefID: spot.Part.RefID, Path: spot.Slot.Path}]
	if !found || !d.Stands(spot.Reading.Native) {
		return // a release ends it
	}
	spot.Displaced, spot.Shown, spot.By = &d, spot.Reading.Native, d.By
	spot.Reading = spot.Slot.Read(&work.Record{Ref: spot.Part.Ref, Fields: map[string]work.Value{spot.Slot.Path: d.Value}})
}

// away reports whether a person's change waits to be put back.
func (s *Spot) away() bool { return s.Displaced != nil && !same(s.Shown, s.Displaced.Value) }

// giveBack plans that the person's value stands there again.
func (d *decision) giveBack(spot *Spot) {
	gone := spot.Displaced
	switch {
	case !spot.away() || gone.Failed != "" || spot.Last.Pending:
		return
	case gone.Field != spot.Slot.Field || !spot.Slot.Writable || d.finished(spot):
		return
	}
	if cause, detail := d.obstacle(spot, spot.Audience); cause != "" {
		d.holdBy(spot, cause, spot.Reading.Shared, gone.By, strings.TrimPrefix(detail+"; "+gone.String(), "; "))
		return
	}
	verb := work.SetField
	if !gone.Value.Present() {
		verb = work.ClearField
	}
	d.edit(spot, "", verb, gone.Value, spot.Shown, "a person's change, "+gone.String())
	e := &d.verdict.Edits[len(d.verdict.Edits)-1]
	e.Errand, e.By = work.GiveBack, gone.By
	e.ID = EditID(e) + "-" + string(e.Errand)
}
