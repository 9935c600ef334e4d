package engine

import (
	"maps"
	"slices"

	"tandem/internal/work"

	"tandem/mapping/evidence"
)

// bench decides part of an outcome once more with something changed: what a
// score needs, one team at a time. It changes nothing of the outcome.
type bench struct {
	rules *Rules
	snap  *Snapshot
	o     *Outcome
	days  targets
}

func newBench(rules *Rules, snap *Snapshot, o *Outcome) *bench {
	return &bench{rules: rules, snap: snap, o: o, days: byTarget(snap.Evidence)}
}

// plain is a copy of an item as it was before ranking: what ranking found of it
// is taken out again.
func (b *bench) plain(d *Decided) Decided {
	c := d.clone()
	if d.Words != nil { // what is doubted of them is told of the outcome alone
		words := *d.Words
		words.Doubts = nil
		c.Words = &words
	}
	if !d.HorizonFixed {
		c.Item.Fields.Set(work.Horizon, work.Value{})
	}
	if d.Item.Fields.Get(work.Priority) == work.NewText(d.Tier) {
		c.Item.Fields.Set(work.Priority, work.Value{})
	}
	c.Place, c.TeamPlace, c.Tied = 0, 0, false
	return c
}

// clone is a copy that may be changed: all its values are as ranking is to see
// them.
func (d *Decided) clone() Decided {
	c, judged := *d, *d.Judged
	c.Judged, judged.shown, judged.Item.Fields = &judged, 0, judged.Item.Fields.Clone()
	return c
}

// score scores an item that was changed.
func (b *bench) score(d *Decided) {
	d.Place = 0 // scores are found before places
	s := b.rules.subject(d, b.o.AsOf)
	d.Scored = b.rules.ranker.Score(&s)
}

// said is what feedback says of the item, and so many accounts more that ask
// for it today.
func (b *bench) said(d *Decided, more int) []evidence.Day {
	var records []*work.Record
	for i := range d.Item.Parts {
		if at, ok := b.o.find(d.Item.Parts[i].RefID); ok {
			records = append(records, b.o.records[at])
		}
	}
	h := &hand{evaluation: &evaluation{rules: b.rules, snap: b.snap, voices: b.days}, records: records}
	days := slices.Clone(h.said())
	for i := range more {
		days = append(days, evidence.Day{
			Key:   evidence.Key{Target: d.Item.Key(), Account: string(rune(1)) + "one more " + string(rune('a'+i%26)) + string(rune('a'+i/26%26)), Method: work.Request, Day: evidence.DayNumber(b.o.AsOf)},
			Count: 1, Audience: work.Internal,
		})
	}
	return days
}

// order ranks copies of items anew, all of a team. What is doubted of people's
// words is found anew too, and stays with the copies.
func (b *bench) order(items []*Decided) {
	e := &evaluation{
		rules: b.rules, snap: b.snap, previous: b.snap.Previous, again: b.o,
		items: make([]Decided, len(items)), ranking: &ranking{teams: map[string][]int{}},
	}
	for i, d := range items {
		e.items[i] = *d
		if d.Words != nil { // doubts are told of the real order
			words := *d.Words
			words.Doubts = nil
			e.items[i].Words, e.spoken = &words, append(e.spoken, &e.items[i])
		}
		e.items[i].at = int32(i) //nolint:gosec // no memory holds so many items
	}
	e.divide()
	e.rank()
	for i, d := range items {
		at := d.at
		*d = e.items[i]
		d.at = at
	}
}

// team returns plain copies of a team's open items, in the order of their
// places.
func (b *bench) team(name string) []Decided {
	var all []Decided
	for _, d := range b.o.Items {
		if d.Place > 0 && d.Item.Team == name {
			all = append(all, b.plain(d))
		}
	}
	return all
}

// teamsOf lists the teams that have open items.
func (o *Outcome) teams() []string {
	names := map[string]bool{}
	for _, d := range o.Items {
		if d.Place > 0 {
			names[d.Item.Team] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}
