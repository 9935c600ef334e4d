package engine

import (
	"tandem/internal/plan"
	"tandem/internal/work"

	"tandem/mapping"
	"tandem/mapping/expression"
)

// assess builds each item of its records: fields, owners, evidence, goal and
// scores.
func (e *evaluation) assess() {
	e.items = make([]Decided, len(e.members))
	judged := make([]Judged, len(e.members))
	split(len(e.items), func(_, from, to int) {
		h := e.newHand()
		for i := from; i < to; i++ {
			e.items[i].Judged, e.items[i].at = &judged[i], int32(i) //nolint:gosec // no memory holds so many items
			h.assess(&e.items[i])
		}
	})
}

// hand decides items one after the other and reuses what that takes. It is
// used by one goroutine.
type hand struct {
	*evaluation

	reader  *mapping.Reader
	field   *plan.Case
	subject expression.Subject
	records []*work.Record
	lines   []plan.Lines
	name    []byte
}

func (e *evaluation) newHand() *hand {
	reader := e.rules.program.NewReader()
	return &hand{evaluation: e, reader: reader, field: plan.NewCase(reader, e.state)}
}

// take collects the records of an item.
func (h *hand) take(d *Decided) {
	h.records, h.lines = h.records[:0], h.lines[:0]
	for _, m := range h.members[d.at] {
		h.records = append(h.records, h.evaluation.records[m])
		if h.evaluation.lines != nil {
			h.lines = append(h.lines, h.evaluation.lines[m])
		} else {
			h.lines = append(h.lines, h.state.Ledger.Of(h.evaluation.records[m].RefID))
		}
	}
}

func (h *hand) assess(d *Decided) {
	h.take(d)
	d.Item = h.reader.Draft(h.records).Item
	d.Item.ID = ownID(&d.Item, h.identities.get)
	h.field.Open(&d.Item, h.records, h.lines)
	for i, rule := range h.rules.program.Rules() {
		settled := h.field.Settle(rule)
		if !settled.Quiet() {
			d.undecided |= 1 << i
		}
		effective := settled.Effective()
		if effective.Known() {
			d.Item.Fields.Set(rule.Field, effective)
		}
		if effective.Present() {
			d.Item.Audience = d.Item.Audience.And(settled.Audience()) // a field may be stricter than its record
		}
	}
	d.Item.Team = h.team(&d.Item)
	d.Evidence, d.Voices = h.rules.evidence.Summarise(h.said(), h.snap.AsOf)
	h.count(d)
	if s := h.look(d); !d.Item.Done() {
		d.Scored = h.rules.ranker.Score(s)
	}
}

// look shows the item to expressions, until the next one is shown.
func (h *hand) look(d *Decided) *expression.Subject {
	h.subject = h.rules.subject(d, h.snap.AsOf)
	return &h.subject
}

// team is the team of the place where the item was born, else of the first
// place that has one.
func (e *evaluation) team(item *work.Item) string {
	name := ""
	for i := range item.Parts {
		p := &item.Parts[i]
		t, ok := e.rules.org.TeamOf(p.Connector, p.Place)
		if ok && (name == "" || p.RefID == item.Birth) {
			name = t.Name
		}
	}
	return name
}

// goalOf returns the goal that the item names, or that its theme serves: then
// it is named from now on.
func (r *Rules) goalOf(item *work.Item) expression.Goal {
	if name := item.Fields.Get(work.Goal); name.Present() {
		if g, ok := r.goals[name.Text()]; ok {
			return g
		}
		return expression.Goal{Name: name.Text(), Weight: 1}
	}
	if theme := item.Fields.Get(work.Theme); theme.Present() {
		if name, ok := r.themes[theme.Text()]; ok {
			item.Fields.Set(work.Goal, work.NewText(name))
			return r.goals[name]
		}
	}
	return expression.Goal{}
}
