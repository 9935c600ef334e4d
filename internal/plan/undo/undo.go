package undo

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"tandem/internal/plan"
	"tandem/internal/plan/backlog"
	"tandem/internal/work"

	"tandem/mapping"
)

// Write is what Tandem wrote at one target, as one thing: from before the
// first of its writes to after the last.
type Write struct {
	Target work.Target `json:"target"`
	Key    string      `json:"key"`
	Place  string      `json:"place"`
	Item   work.ItemID `json:"item"`
	Team   string      `json:"team,omitempty"`
	Field  work.Field  `json:"field"`
	// Before is what stood there before the first, Wrote what the last wrote.
	Before work.Value `json:"before"`
	Wrote  work.Value `json:"wrote"`
	// Kept are labels of the same field that stood beside the one that the last
	// took off, and stayed.
	Kept work.Value `json:"kept,omitzero"`
	// Over are labels of the same field that the last added one was to replace, or
	// that were to replace the one that it took off.
	Over work.Value `json:"-"`
	// May is what may stand there where nothing is known to: no record shows it, and
	// the answer to the edit that put it there got lost.
	May work.Value `json:"-"`
	// Audience is who could read the place when Before stood there last.
	Audience work.Audience `json:"-"`
	// Run and At are of the last; Run is 0 where the journal no longer tells.
	Run int64     `json:"run,omitempty"`
	At  time.Time `json:"at"`
}

// Ref returns the record.
func (w Write) Ref() work.Ref { return work.Ref{RefID: w.Target.RefID, Key: w.Key} }

// Scene is what stands now and what is known of it.
type Scene struct {
	Records map[work.RefID]*work.Record // that could be read
	// Unread says why a connector could not be read.
	Unread map[string]string
	Ledger *plan.Ledger
	// Undone is what was put back before.
	Undone map[work.Target]plan.Undone
	// Undid is what an undo wrote, where nothing was written since.
	Undid    map[work.Target]work.Value
	Schemas  map[string]work.Schema
	Backlogs []backlog.State
	// Later are changes by others that the service's history tells of, at values
	// that look as Tandem left them.
	Later map[work.Target]work.Touch
	// Moved are the runs of Tandem's last moves.
	Moved map[work.Target]int64
	// Rules tell which labels are of one field.
	Rules *mapping.Program
	// Put are the labels that Tandem put somewhere and did not take off again.
	Put []Put
}

// Put is a label that Tandem put somewhere, and the run that did.
type Put struct {
	Target work.Target
	Field  work.Field
	Run    int64
}

// Errand says what for, and for whom.
type Errand struct {
	Kind work.Errand
	By   string
	// Because is the reason that edits carry.
	Because string
	// Named are records that the person named: there the errand is done though
	// the label tandem/hands-off stands on them.
	Named []work.RefID
}

// Plan is what putting back comes to.
type Plan struct {
	Edits []work.Edit
	// Changed are writes that somebody changed since.
	Changed []Changed
	// Left are writes that cannot be put back, or are to be left.
	Left []Left
	// Done are writes of which nothing is left to put back.
	Done []Write
}

// Changed is a write that somebody changed since.
type Changed struct {
	Write

	Now work.Value `json:"now"`
	// By and At tell who and when, where the source does; by its own id.
	By string    `json:"by,omitempty"`
	At time.Time `json:"changed_at,omitzero"`
}

// Left is a write that stays, and why.
type Left struct {
	Write

	Why string `json:"why"`
	// Later: to try again may help.
	Later bool `json:"later,omitempty"`
}

// New plans to put back the writes.
func New(writes []Write, scene Scene, errand Errand) Plan {
	b := builder{scene: &scene, errand: errand, writes: writes, written: make(map[work.Target]bool, len(writes)), put: make(map[work.Target]int64, len(scene.Put))}
	for i := range writes {
		b.written[writes[i].Target] = true
	}
	for _, p := range scene.Put {
		b.put[p.Target] = p.Run
	}
	writes = slices.Clone(writes)
	slices.SortStableFunc(writes, func(a, b Write) int { return a.Target.Compare(b.Target) })
	var moves []Write
	for _, w := range writes {
		if w.Target.Path == work.NativeRank {
			moves = append(moves, w)
			continue
		}
		b.value(w)
	}
	b.keepBeside()
	b.moves(moves)
	return b.plan
}

// builder is the working state of one New.
type builder struct {
	scene   *Scene
	errand  Errand
	writes  []Write
	written map[work.Target]bool
	put     map[work.Target]int64 // the runs of the labels that Tandem put there
	plan    Plan
}

// value judges the write of a field, a label, a link or a comment.
func (b *builder) value(w Write) {
	schema := b.scene.Schemas[w.Target.Connector]
	field, _ := schema.Field(w.Target.Path)
	record := b.scene.Records[w.Target.RefID]
	if why := b.scene.Unread[w.Target.Connector]; why != "" {
		b.leaves(w, why)
		return
	}
	if record == nil {
		b.left(w, "the record is gone or out of sight")
		return
	}
	now := b.now(w, record, schema, field.Blind)
	came, byTandem := b.cameBeside(&w)
	if !now.Present() && w.May.Known() {
		now = w.May
	}
	switch {
	case b.handsOff(w) && !alike(now, w.Before):
		b.keepsOff(w)
	case !now.Known():
		b.left(w, "what stands there now could not be read")
	case alike(now, w.Before):
		b.plan.Done = append(b.plan.Done, w)
	case b.afterUndo(w, now, field.Blind):
		b.changed(w, now, record)
	case (!alike(now, w.Wrote) || b.back(w, now)) && !alike(now, w.May) && !b.putBack(w, now):
		b.other(w, now, record)
	case byTandem:
		b.laterRun(w, came)
	case came != "", b.chosenSince(w, record, schema), b.cameBack(w):
		b.changed(w, now, record)
	case !w.Before.Known():
		b.left(w, "what stood there before is not known")
	case !w.Before.Present() && field.Required:
		b.left(w, w.Target.Path+" cannot be empty there, so it stays "+w.Wrote.String())
	case b.leak(&w) != "":
		b.leaves(w, b.leak(&w))
	default:
		b.edit(w, record, now)
	}
}

// handsOff reports whether people want nothing written at the record, and the
// errand does not name it (promise S18).
func (b *builder) handsOff(w Write) bool {
	record := b.scene.Records[w.Target.RefID]
	return record != nil && record.Fields[work.NativeLabels].Has(plan.HandsOffLabel) && !slices.Contains(b.errand.Named, w.Target.RefID)
}

// keepsOff leaves a write for another time.
func (b *builder) keepsOff(w Write) {
	how := "remove the label and type the same again, or undo it alone: --item " + w.Ref().String()
	if b.errand.Kind == work.Retire {
		how = "remove the label and type the same again"
	}
	b.leaves(w, "the label "+plan.HandsOffLabel+" stands on it; "+how)
}

// now is what stands there. Of what no record shows, what Tandem last did is
// taken for it: the service says when that is wrong.
func (b *builder) now(w Write, record *work.Record, schema work.Schema, blind bool) work.Value {
	if blind || w.Target.Path == work.NativeRemoteLink {
		if u, ok := b.scene.Undone[w.Target]; ok {
			return u.Value
		}
		if e, ok := b.scene.Ledger.Entry(w.Target); ok {
			return e.Value
		}
		return w.Wrote
	}
	shown := record.Fields[w.Target.Path]
	if w.Target.Element == "" || !shown.Known() {
		return shown
	}
	has := shown.Has(w.Target.Element)
	if schema.LabelsFold && !has {
		for e := range shown.Elements {
			has = has || strings.EqualFold(e, w.Target.Element)
		}
	}
	return work.NewFlag(has)
}

// back reports whether somebody put there again what this run wrote, after a
// later run had written something else.
func (b *builder) back(w Write, now work.Value) bool {
	e, ok := b.scene.Ledger.Entry(w.Target)
	u, undone := b.scene.Undone[w.Target]
	return ok && !e.Pending && !alike(e.Value, now) && (!undone || !alike(u.Value, now))
}

// afterUndo reports whether somebody changed since what an undo put there, though it
// be to what Tandem wrote before, or back to what the undo had put there: that counts
// no more then. To undo an undo puts there what is Tandem's, and so does not count.
func (b *builder) afterUndo(w Write, now work.Value, blind bool) bool {
	put, undid := b.scene.Undid[w.Target]
	if !undid || blind || w.Target.Path == work.NativeRemoteLink {
		return false
	}
	_, counts := b.scene.Undone[w.Target]
	e, _ := b.scene.Ledger.Entry(w.Target)
	return !alike(now, put) || !counts && !alike(e.Value, put)
}

// putBack reports whether what stands there is what an undo put back, and
// everything is to go. It was Tandem's hand that put it there: unless it is what
// stood there before Tandem, an earlier write of Tandem was put back.
func (b *builder) putBack(w Write, now work.Value) bool {
	u, undone := b.scene.Undone[w.Target]
	return b.errand.Kind == work.Retire && undone && alike(u.Value, now)
}

// other tells a later write of Tandem from somebody's change.
func (b *builder) other(w Write, now work.Value, record *work.Record) {
	if e, ok := b.scene.Ledger.Entry(w.Target); ok && alike(e.Value, now) {
		b.laterRun(w, now.String())
		return
	}
	b.changed(w, now, record)
}

func (b *builder) laterRun(w Write, wrote string) {
	b.left(w, "Tandem wrote "+wrote+" there since; undo that run first, or undo by --item")
}

// cameBack reports whether somebody changed the value since and came back to it.
func (b *builder) cameBack(w Write) bool {
	touch, later := b.scene.Later[w.Target]
	return later && touch.At.After(w.At.Add(plan.Settling))
}

// changed lists a write that somebody changed since.
func (b *builder) changed(w Write, now work.Value, record *work.Record) {
	c := Changed{Write: w, Now: now}
	if u, ok := b.scene.Undone[w.Target]; ok && alike(u.Value, now) {
		c.By, c.At = u.By, u.At
	} else if touch, ok := b.scene.Later[w.Target]; ok && touch.At.After(w.At) {
		c.By, c.At = touch.By, touch.At
	} else if touch, ok := record.Touched[w.Target.Path]; ok && touch.At.After(w.At) {
		c.By, c.At = touch.By, touch.At
	}
	b.plan.Changed = append(b.plan.Changed, c)
}

func (b *builder) left(w Write, why string) {
	b.plan.Left = append(b.plan.Left, Left{Write: w, Why: why})
}

func (b *builder) edit(w Write, record *work.Record, now work.Value) {
	verb, value := work.SetField, w.Before
	on, isFlag := w.Before.Flag()
	switch {
	case w.Target.InList() && isFlag && on:
		verb = work.AddLabel
	case w.Target.InList():
		verb, value = work.RemoveLabel, work.NewFlag(false)
	case !w.Before.Present():
		verb, value = work.ClearField, work.Empty()
	case w.Target.Path == work.NativeRemoteLink:
		verb = work.PutLink
	}
	b.add(w, work.Edit{Verb: verb, Value: value, Expect: now, Key: record.Key, Place: record.Place})
}

// add completes an edit.
func (b *builder) add(w Write, e work.Edit) {
	e.Target, e.Item, e.Team, e.Field = w.Target, w.Item, w.Team, w.Field
	e.Audience = b.audience(w.Target)
	e.Errand, e.By, e.Because = b.errand.Kind, b.errand.By, b.errand.Because
	e.ID = plan.EditID(&e) + "-" + string(b.errand.Kind)
	b.plan.Edits = append(b.plan.Edits, e)
}

// alike reports whether two values say the same, in whatever form.
func alike(a, b work.Value) bool {
	return a.Says(b) || a.Known() && b.Known() && !a.Present() && !b.Present()
}

// Fold joins the edits of one run into writes, one for each target: what stood
// there before the first, what the last one wrote, and what may stand there of
// one without an answer. The edits come in the order in which they were sent.
func Fold(sent []work.AuditEntry) []Write {
	at := map[work.Target]int{}
	var writes []Write
	for i := range sent {
		e := &sent[i].Edit
		n, known := at[e.Target]
		if !known {
			n = len(writes)
			at[e.Target] = n
			w := Write{Target: e.Target, Before: e.Expect, Audience: e.Audience}
			if e.Verb == work.MoveInBacklog {
				w.Before = e.From
			}
			writes = append(writes, w)
		}
		w := &writes[n]
		w.Key, w.Place, w.Item, w.Team, w.Field = e.Key, e.Place, e.Item, e.Team, e.Field
		w.Kept, w.Over, w.Run, w.At = e.Keeps, e.While, sent[i].Run, sent[i].Begun
		if sent[i].State == work.Uncertain {
			w.May = e.Value
		}
		if sent[i].State != work.Uncertain || !w.Wrote.Known() {
			w.Wrote = e.Value
		}
	}
	return writes
}

// compareMoves orders moves by their backlog.
func compareMoves(a, b Write) int {
	return cmp.Or(cmp.Compare(a.Target.Connector, b.Target.Connector), cmp.Compare(a.Target.Element, b.Target.Element))
}
