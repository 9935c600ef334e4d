package engine

import (
	"slices"
	"strconv"
	"strings"

	"tandem/internal/work"
)

// Words are what people said against decisions about one item, by whichever of
// its records: of each kind the last word, and every objection.
type Words struct {
	Place, Horizon, Priority *work.Override
	Objections               []*work.Override
	// Doubts tell of words that do not do what they say, or contradict others.
	Doubts []Doubt
}

// Doubt is a finding about a word.
type Doubt struct {
	work.Finding

	// Number is the word's, and Other the other item that the finding names; nil
	// where it names none.
	Number int64
	Other  *Decided
}

// All lists them in the order of their numbers.
func (w *Words) All() []*work.Override {
	if w == nil {
		return nil
	}
	all := slices.Clone(w.Objections)
	for _, o := range []*work.Override{w.Place, w.Horizon, w.Priority} {
		if o != nil {
			all = append(all, o)
		}
	}
	slices.SortFunc(all, func(a, b *work.Override) int { return byNumber(*a, *b) })
	return all
}

// settle lets a priority that a person set take the place of the ranked one.
// What was ranked is remembered all the same: it is there again, at once and
// with its own past, when the word ends.
func (d *Decided) settle() {
	if d.Words != nil && d.Words.Priority != nil {
		d.Tier = d.Words.Priority.Value
	}
}

// move says who moved the item to its horizon: that is no value of a service,
// which Tandem would only plan around.
func (d *Decided) move() {
	if d.Words.moved() == "" || fixedHorizon(d) != "" {
		return
	}
	_, room, _ := strings.Cut(d.HorizonBecause, "; ")
	d.HorizonFixed, d.HorizonBecause = false, strings.TrimSuffix(d.Words.Horizon.String()+"; "+room, "; ")
}

// moved is the horizon that a person moved the item to; empty for most.
func (w *Words) moved() string {
	if w == nil || w.Horizon == nil {
		return ""
	}
	return w.Horizon.Value
}

// objected reports whether somebody objects.
func (w *Words) objected() bool { return w != nil && len(w.Objections) > 0 }

// because is who set a value that stands, and why; empty where nobody did. In a
// public place it names nobody and no reason: people gave it inside.
func (d *Decided) because(field work.Field, stands string) string {
	if d.Words == nil {
		return ""
	}
	for _, o := range []*work.Override{d.Words.Priority, d.Words.Horizon} {
		switch {
		case o == nil || o.Value != stands || o.Kind.Field() != field:
		case d.Item.Audience == work.Public:
			return "a person said so"
		default:
			return o.String()
		}
	}
	return ""
}

// placeOf is the place that a word means; 0 where it is none.
func placeOf(o *work.Override) int {
	if n, err := strconv.Atoi(o.Value); err == nil && n > 0 {
		return n
	}
	return 0
}

// Speak makes the word of a person of an item, at the record that a reference
// names, or else at the one where the item was born.
func (d *Decided) Speak(named string, kind work.OverrideKind, value string) work.Override {
	o := work.Override{Kind: kind, Value: strings.TrimSpace(value)}
	for i := range d.Item.Parts {
		p := &d.Item.Parts[i]
		if p.String() == named || p.Key == named || o.Ref.ID == "" && p.RefID == d.Item.Birth {
			o.Ref = p.Ref
		}
	}
	return o
}

// Said lists the open words of an item among all: those at the record that a
// reference names, where there are any, else those at all its records.
func (d *Decided) Said(open []work.Override, named string) []work.Override {
	var all, there []work.Override
	for i := range open {
		for j := range d.Item.Parts {
			p := &d.Item.Parts[j]
			if p.RefID != open[i].Ref.RefID {
				continue
			}
			all = append(all, open[i])
			if p.String() == named || p.Key == named {
				there = append(there, open[i])
			}
		}
	}
	if len(there) > 0 {
		return there
	}
	return all
}
