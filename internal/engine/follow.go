package engine

import (
	"slices"

	"tandem/internal/work"
)

// past is what an evaluation goes on from.
type past struct {
	items []Decided
	spans spans
	// from says for each item which one it was before; -1 where it was none.
	from []int32
	// fresh are the items that are judged anew, anew lists them, and left are those
	// that are no more.
	fresh      []bool
	anew, left []int32
	// moved are those of which something that is decided goes by where they stand,
	// and changed; watching are those that the evaluation before watched.
	moved, watching []int32
	hand            *hand
	*evaluation
}

// rest is what is of use after the evaluation.
func (p *past) rest() *past { return &past{fresh: p.fresh, anew: p.anew} }

// follow looks at what changed since the evaluation, and ranks all items. It is
// nil where a whole snapshot is needed.
func (e *evaluation) follow(d *Delta) *evaluation {
	now := d.Now.Small()
	n := &evaluation{
		rules: e.rules, snap: &now, identities: e.identities, voices: e.voices.with(d.Evidence), beside: e.beside,
		previous: e.previous, kept: d.Kept, members: e.members, clashes: e.clashes, homes: e.homes, twins: e.twins,
	}
	again, rejoin := stale{refs: map[work.RefID]bool{}, items: map[work.ItemID]bool{}}, false
	n.state = remembered(e.rules, &now)
	n.state.Ledger, n.state.Holds, n.state.Fresh = e.state.Ledger.With(d.Ledger, d.Dropped), e.state.Holds, e.state.Fresh
	again.compare(e.state, n.state)
	for _, said := range [][]work.Override{e.snap.Overrides, now.Overrides} { // of few items: these are judged anew each time
		for i := range said {
			again.refs[said[i].Ref.RefID] = true
		}
	}
	for i := range d.Ledger {
		again.refs[d.Ledger[i].Target.RefID] = true
	}
	for _, t := range d.Dropped {
		again.refs[t.RefID] = true
	}
	if d.Kept {
		again.keepHolds(n.state, e)
		rejoin, n.previous = e.keepIdentities(&n.identities), nil
	}
	for ref, id := range d.Identities {
		if stored, _ := n.identities.get(ref); stored != id {
			return nil
		}
	}
	if n.records = e.records; len(d.Records)+len(d.Gone) > 0 {
		n.records = merged(e.records, d.Records, d.Gone)
		rejoin = rejoin || e.otherTies(d)
	}
	n.past = &past{items: e.items, spans: e.spans, evaluation: e}
	if rejoin {
		groups := e.rules.program.JoinStored(n.records, n.identities.get)
		n.members, n.clashes = groups.Members, groups.Clashes
		n.home()
	}
	if !n.carry(n.dirty(d, &again), again.items, rejoin) {
		return nil
	}
	n.hear()
	n.divideAgain()
	n.rank()
	return n
}

// otherTies reports whether what changed may join records in another way.
func (e *evaluation) otherTies(d *Delta) bool {
	for _, ref := range d.Gone {
		if _, known := e.find(ref); known {
			return true
		}
	}
	return slices.ContainsFunc(d.Records, func(r *work.Record) bool {
		at, known := e.find(r.RefID)
		return !known || !e.rules.program.SameTies(e.records[at], r)
	})
}

func (e *evaluation) find(ref work.RefID) (int, bool) {
	return slices.BinarySearchFunc(e.records, ref, func(r *work.Record, ref work.RefID) int { return r.Compare(ref) })
}

// keepIdentities stores the ids of the items. It reports whether records may
// join in another way now: what was joined before holds more.
func (e *evaluation) keepIdentities(stored *layered[work.RefID, work.ItemID]) (rejoin bool) {
	for i := range e.items {
		if e.kept && e.past != nil && !e.past.fresh[i] {
			continue // kept before
		}
		id := e.items[i].Item.ID
		for _, m := range e.members[i] {
			ref := e.records[m].RefID
			if was, known := stored.get(ref); was != id {
				rejoin = rejoin || known || len(e.members[i]) > 1
				stored.set(ref, id)
			}
		}
	}
	stored.settle()
	return rejoin
}

// dirty tells which records are to be looked at again.
func (e *evaluation) dirty(d *Delta, again *stale) []int {
	var all []int
	note := func(ref work.RefID) {
		if at, known := e.find(ref); known {
			all = append(all, at)
		}
	}
	for ref := range again.refs {
		note(ref)
	}
	for _, r := range d.Records {
		note(r.RefID)
	}
	e.mark(d.Evidence, func(record int) { all = append(all, record) })
	return all
}

// carry takes over the items that nothing changed of, and assesses the others.
// It reports whether each of these has an id of its own.
func (e *evaluation) carry(dirty []int, items map[work.ItemID]bool, rejoined bool) bool {
	p := e.past
	p.fresh, p.from = make([]bool, len(e.members)), make([]int32, len(e.members))
	if rejoined {
		e.bringOver()
	} else {
		e.items = slices.Clone(p.items)
		e.refusals, p.watching = slices.Clone(p.refusals), slices.Clone(p.watched)
		for i := range p.from {
			p.from[i] = int32(i) //nolint:gosec // no memory holds so many items
		}
	}
	for _, m := range dirty {
		p.fresh[e.homes[m]] = true
	}
	for i := range e.items {
		if len(items) > 0 && p.from[i] >= 0 && items[e.items[i].Item.ID] {
			p.fresh[i] = true
		}
		if p.fresh[i] {
			p.anew = append(p.anew, int32(i))                     //nolint:gosec // see above
			e.items[i] = Decided{Judged: &Judged{}, at: int32(i)} //nolint:gosec // see above
		}
	}
	p.hand = e.newHand()
	split(len(p.anew), func(_, from, to int) {
		h := e.newHand()
		for _, i := range p.anew[from:to] {
			h.assess(&e.items[i])
		}
	})
	for _, i := range p.anew {
		d := &e.items[i]
		if d.Item.ID == "" {
			return false
		}
		if p.from[i] < 0 || p.items[p.from[i]].Item.ID != d.Item.ID {
			p.from[i] = p.named(d)
		}
	}
	return true
}

// bringOver takes over items after records were joined anew.
func (e *evaluation) bringOver() {
	p := e.past
	e.items = make([]Decided, len(e.members))
	watched := make([]bool, len(p.items))
	for _, i := range p.watched {
		watched[i] = true
	}
	before := p.before(e.records)
	for i, members := range e.members {
		from, d := before(members), &e.items[i]
		if p.from[i] = from; from < 0 {
			p.fresh[i] = true
			continue
		}
		*d = p.items[from]
		if d.at = int32(i); d.refused { //nolint:gosec // no memory holds so many items
			e.refusals = append(e.refusals, d.at)
		}
		if watched[from] {
			p.watching = append(p.watching, d.at)
		}
	}
}

// before returns a function that finds the item that held just these records.
func (p *past) before(records []*work.Record) func(members []int) int32 {
	old := make([]int32, len(records)) // where each record was
	at := 0
	for i, r := range records {
		for at < len(p.records) && p.records[at].Compare(r.RefID) < 0 {
			at++
		}
		if old[i] = -1; at < len(p.records) && p.records[at].RefID == r.RefID {
			old[i] = int32(at) //nolint:gosec // no memory holds so many records
		}
	}
	group := 0 // both lists of groups are in the order of their first records
	return func(members []int) int32 {
		first := int(old[members[0]])
		if first < 0 {
			return -1
		}
		for group < len(p.members) && p.members[group][0] < first {
			group++
		}
		if group == len(p.members) || !slices.EqualFunc(members, p.members[group], func(m, was int) bool { return int(old[m]) == was }) {
			return -1
		}
		return int32(group) //nolint:gosec // see above
	}
}

// named finds the item of that id among those that held its records.
func (p *past) named(d *Decided) int32 {
	for i := range d.Item.Parts {
		if at, known := p.find(d.Item.Parts[i].RefID); known && p.items[p.homes[at]].Item.ID == d.Item.ID {
			return p.homes[at]
		}
	}
	return -1
}

// judgeAnew lets an item be decided again that stands otherwise than before.
func (e *evaluation) judgeAnew(d *Decided) {
	d.Judged = &Judged{}
	e.past.hand.assess(d)
	e.past.fresh[d.at], e.past.anew = true, append(e.past.anew, d.at)
}

// was is where the item stood at the last run.
func (e *evaluation) was(d *Decided) Previous {
	if !e.kept {
		return e.previous[d.Item.ID]
	}
	if from := e.past.from[d.at]; from >= 0 {
		was, _ := e.past.items[from].placement()
		return was
	}
	return Previous{}
}
