package view

import (
	"slices"
	"strings"
	"time"

	"tandem/internal/engine"
	"tandem/internal/work"
)

// Since is when an item last moved, and why.
type Since struct {
	// Run is the run that moved it, and After the one before.
	Run   int64     `json:"run"`
	After int64     `json:"after"`
	At    time.Time `json:"at"`
	// From and To are places in the team's order; 0 is none.
	From     int            `json:"from"`
	To       int            `json:"to"`
	Priority *engine.Change `json:"priority,omitempty"`
	Horizon  *engine.Change `json:"horizon,omitempty"`
	Route    *engine.Change `json:"route,omitempty"`
	Causes   []engine.Cause `json:"causes"`
	Because  string         `json:"because,omitempty"`
}

// Part is a term of a score.
type Part struct {
	// Lens is why, next, or rank where one lens answers both questions.
	Lens string `json:"lens"`
	Name string `json:"name"`
	// Source is the formula, and Value what it yields; Prior where that stands
	// in for what nobody said.
	Source string     `json:"source"`
	Value  work.Value `json:"value"`
	Prior  bool       `json:"prior,omitempty"`
	// Points is what it adds: a share of the score where terms are added, else
	// the difference that it makes.
	Points float64 `json:"points"`
	Text   string  `json:"text"`
}

func partsOf(x *engine.Explanation) []Part {
	parts := []Part{}
	for i := range x.Terms {
		t := &x.Terms[i]
		parts = append(parts, Part{t.Lens, t.Name, t.Source, t.Value, t.Prior, t.Contribution, t.Text})
	}
	return parts
}

// inputs are what ranking read, with who said so for those inside. What comes
// first may be somebody else's: a service hides such links too.
func (l *lens) inputs(x *engine.Explanation) []engine.Input {
	all := append([]engine.Input{}, x.Inputs...)
	for i := range all {
		in := &all[i]
		if in.Field == work.Dependencies.String() && l.stranger() != everything {
			in.Value, in.Native = l.needed(x), work.Value{}
		}
		switch connector, _, _ := strings.Cut(in.Ref, ":"); {
		case in.By == "":
		case l.sees(work.Internal):
			in.By = l.desk.conf.Who(connector, in.By)
		default:
			in.By = ""
		}
	}
	return all
}

// needed is what an item needs, of what may be seen.
func (l *lens) needed(x *engine.Explanation) work.Value {
	var names []string
	for _, d := range x.Needs {
		if l.neighbour(d).Restricted != restrictedItem {
			names = append(names, d.Item.Key())
		}
	}
	return work.NewList(names...)
}

// climb tells what it would take to stand higher. It asks for the feedback of
// this item only; a snapshot of a kept run has it all.
func (l *lens) climb(o *engine.Outcome, rules *engine.Rules, snap *engine.Snapshot, d *engine.Decided) (*engine.Climb, error) {
	if snap == nil || d.Place == 0 {
		return nil, nil //nolint:nilnil // it stands nowhere, or nobody knows what it would take
	}
	if snap == l.snap {
		some := *snap
		var err error
		if some.Evidence, err = l.desk.conf.Store.DaysOf(l.ctx, o.Targets(rules, d)); err != nil {
			return nil, err
		}
		snap = &some
	}
	c := o.Climb(rules, snap, d)
	for _, steps := range []*[]engine.Step{&c.Place, &c.Priority, &c.Horizon} {
		*steps = append([]engine.Step{}, *steps...)
	}
	return &c, nil
}

// since finds the newest kept run that moved the item, up to a run; 0 is any.
func (l *lens) since(d *engine.Decided, upTo int64) (*Since, error) {
	last, ok, err := l.desk.conf.Store.LastMove(l.ctx, d.Item.ID, upTo)
	if err != nil || !ok {
		return nil, err
	}
	m := &last.Move
	return &Since{last.Run, last.Since, last.At, m.From, m.To, m.Priority, m.Horizon, m.Route, append([]engine.Cause{}, m.Causes...), m.Because}, nil
}

// mostTies is how many items are named that one cannot be told from.
const mostTies = 20

// ties names some items, as far as they may be seen.
func (l *lens) ties(all []*engine.Decided) []Item {
	var some []Item
	for _, d := range all[:min(len(all), mostTies)] {
		some = append(some, *l.neighbour(d))
	}
	return slices.Clip(some)
}
