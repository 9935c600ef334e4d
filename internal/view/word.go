package view

import (
	"time"

	"tandem/internal/engine"
	"tandem/internal/work"
)

// Word is what a person said against decisions.
type Word struct {
	Restricted string            `json:"restricted,omitempty"`
	Number     int64             `json:"number"`
	Kind       work.OverrideKind `json:"kind"`
	Ref        string            `json:"ref,omitempty"`
	Value      string            `json:"value,omitempty"`
	By         string            `json:"by,omitempty"`
	Because    string            `json:"because,omitempty"`
	At         time.Time         `json:"at,omitzero"`
	// Until is the last day on which it counts.
	Until   string    `json:"until"`
	Ended   time.Time `json:"ended,omitzero"`
	EndedBy string    `json:"ended_by,omitempty"`
	Ending  string    `json:"ending,omitempty"`
}

// Doubt tells of a word that does not do what it says.
type Doubt struct {
	Number int64      `json:"number"`
	Level  work.Level `json:"level"`
	What   string     `json:"what"`
	Remedy string     `json:"remedy,omitempty"`
}

// someone stands for who is not named to the public.
const someone = "a person said so"

// word shows what was said, as far as the item may be seen. Names of people and
// their reasons are for those inside.
func (l *lens) word(o *work.Override) Word {
	s, _ := l.at(o.Ref.RefID)
	v := Word{Number: o.Number, Kind: o.Kind, Until: o.LastDay().Format(time.DateOnly), Ended: o.Ended}
	if s == nothing {
		v.Restricted = s.restriction()
		return v
	}
	v.Ref, v.Value, v.At = o.Ref.String(), o.Value, o.At
	if l.sees(work.Internal) {
		v.By, v.Because, v.EndedBy, v.Ending = o.By, o.Reason, o.EndedBy, o.Ending
	}
	return v
}

// words shows what was said of an item. A doubt that names another item is told
// to those only who may see that one.
func (l *lens) words(v *Explanation, d *engine.Decided) {
	if d.Words == nil {
		return
	}
	for _, o := range d.Words.All() {
		v.Said = append(v.Said, l.word(o))
	}
	for i := range d.Words.Doubts {
		doubt := &d.Words.Doubts[i]
		if !l.sees(work.Internal) {
			break
		}
		if doubt.Other != nil {
			if s, _ := l.at(doubt.Other.Item.Birth); s == nothing {
				continue
			}
		}
		v.Doubts = append(v.Doubts, Doubt{doubt.Number, doubt.Level, doubt.What, doubt.Remedy})
	}
}

// horizonBecause is why an item has its horizon.
func (l *lens) horizonBecause(d *engine.Decided) string {
	if d.Words != nil && d.Words.Horizon != nil && !l.sees(work.Internal) {
		return someone
	}
	return d.HorizonBecause
}

// Overrides are what people said: what counts today, and what ended.
type Overrides struct {
	Ended     []Word `json:"ended"`
	Overrides []Word `json:"overrides"`
}

// OverridesQuery asks for what people said; empty ones are for all.
type OverridesQuery struct {
	// Ref is an item.
	Ref string
	// Kind is place, horizon, priority or objection.
	Kind string
	// Ended lists also what ended.
	Ended bool
}

// Overrides lists what people said against decisions.
func (vi *Visit) Overrides(q OverridesQuery) (Overrides, error) {
	var of work.OverrideKind
	if q.Kind != "" && of.UnmarshalText([]byte(q.Kind)) != nil {
		return Overrides{}, BadRequest("there is no such kind", "write place, horizon, priority or objection")
	}
	ended := 0
	if q.Ended {
		ended = MostPage
	}
	l, err := vi.lens()
	if err != nil {
		return Overrides{}, err
	}
	open, over, err := vi.desk.conf.Store.Overrides(vi.ctx, vi.today(), ended)
	if err != nil {
		return Overrides{}, err
	}
	var item *engine.Decided
	if q.Ref != "" {
		var ok bool
		if item, ok = l.find(q.Ref); !ok {
			return Overrides{}, noItem()
		}
	}
	pick := func(all []work.Override) []Word {
		views := []Word{}
		if item != nil {
			all = item.Said(all, "")
		}
		for i := range all {
			if q.Kind == "" || all[i].Kind == of {
				views = append(views, l.word(&all[i]))
			}
		}
		return views
	}
	return Overrides{Ended: pick(over), Overrides: pick(open)}, nil
}
