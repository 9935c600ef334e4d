package engine

import (
	"maps"
	"slices"

	"tandem/internal/plan"

	"tandem/mapping/evidence"
)

// divideAgain finds the finished items and the seats of the others, as they were
// before.
func (e *evaluation) divideAgain() {
	p := e.past
	if p.past == nil { // the first one after a whole evaluation
		p.ranking.settle(p.seats)
	}
	e.ranking, e.seats = p.ranking, make([]int32, len(e.items))
	to := make([]int32, len(p.items)) // where each item went
	for i := range to {
		to[i] = -1
	}
	var more []*Decided
	for i, from := range p.from {
		d := &e.items[i]
		if e.seats[i] = -1; from >= 0 {
			to[from] = int32(i) //nolint:gosec // no memory holds so many items
			e.seats[i] = p.seats[from]
		}
		if p.fresh[i] && d.Item.Done() {
			more = append(more, d)
		}
	}
	for was, i := range to {
		if i < 0 {
			p.left = append(p.left, int32(was)) //nolint:gosec // see above
		}
	}
	e.done = make([]*Decided, 0, len(p.done)+len(more))
	for _, was := range p.done {
		if i := to[was.at]; i >= 0 && !p.fresh[i] {
			e.done = append(e.done, &e.items[i])
		}
	}
	slices.SortFunc(more, byID)
	e.done = mergeSorted(e.done, more, byID)
}

// mergeSorted merges two sorted lists.
func mergeSorted[T any](a, b []T, compare func(T, T) int) []T {
	if len(b) == 0 {
		return a
	}
	all := make([]T, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if compare(a[0], b[0]) <= 0 {
			all, a = append(all, a[0]), a[1:]
		} else {
			all, b = append(all, b[0]), b[1:]
		}
	}
	return append(append(all, a...), b...)
}

// decideAgain decides the items that are judged anew, and takes over what was
// decided of the others.
func (e *evaluation) decideAgain(o *Outcome) {
	p := e.past
	e.spans = newSpans(len(e.items))
	for i, from := range p.from {
		if p.fresh[i] {
			continue
		}
		d, was := &e.items[i], &p.items[from]
		if d.decidedBy(e.rules) != was.decidedBy(e.rules) || e.waitsAnew(d, was) || p.spans.counts[from][editsOf] > most { // nobody knows which reasons were filled in
			e.judgeAnew(d)
			continue
		}
		e.spans.counts[i], e.spans.filled[i] = p.spans.counts[from], p.spans.filled[from]
	}
	made := newSheet(e.rules)
	starts := make([]tally, len(e.items))
	h := e.newHand()
	for i := range e.items {
		if p.fresh[i] {
			starts[i] = tally{int32(made.edits.size()), int32(made.holds.size()), int32(made.adopted.size()), int32(made.findings.size())} //nolint:gosec // of few items
			h.decide(&e.items[i], made, &e.spans.counts[i])
		}
	}
	source := func(d *Decided, list int) (fresh bool, start int32) {
		if p.fresh[d.at] {
			return true, starts[d.at][list]
		}
		return false, p.spans.starts[p.from[d.at]][list]
	}
	e.spans.place(o.Items)
	o.Plan = plan.Plan{
		Edits:    weave(o.Items, made.edits.all(), p.plan.Edits, source, &e.spans, editsOf),
		Holds:    weave(o.Items, made.holds.all(), p.plan.Holds, source, &e.spans, holdsOf),
		Adopted:  weave(o.Items, made.adopted.all(), p.plan.Adopted, source, &e.spans, adoptedOf),
		Findings: weave(o.Items, made.findings.all(), p.plan.Findings, source, &e.spans, findingsOf),
	}
	split(len(o.Items), func(_, from, to int) {
		for _, d := range o.Items[from:to] {
			e.explainAgain(d, e.spans.edits(o.Plan.Edits, d))
		}
	})
	e.countAgain(made)
}

// decidedBy is what is decided of an item by where it stands, and so is decided
// again where that changes: all of it but what fills in reasons.
func (d *Decided) decidedBy(rules *Rules) Decided {
	by := *d
	by.Judged, by.at, by.stay = nil, 0, nil
	by.Place, by.ranked, by.Tied, by.Standing, by.HorizonBecause, by.HorizonRisk = 0, 0, false, Standing{}, "", ""
	if !rules.reads.sees.place {
		by.TeamPlace = 0
	}
	return by
}

// waitsAnew reports whether since when an item is with its route was kept of the
// last run and is no more: of finished items nothing is kept where nobody must
// act.
func (e *evaluation) waitsAnew(d, was *Decided) bool {
	return e.kept && was.Place == 0 && !was.Route.Waiting && d.routed != evidence.DayNumber(e.snap.AsOf)
}

// explainAgain fills in the reasons that come from ranking, and forgets the
// gates of before.
func (e *evaluation) explainAgain(d *Decided, edits []plan.Planned) {
	if len(edits) == 0 {
		return
	}
	if e.past.fresh[d.at] {
		e.explain(d, edits)
		return
	}
	filled := e.spans.filled[d.at]
	was := &e.past.items[e.past.from[d.at]]
	moved := was.TeamPlace != d.TeamPlace || was.HorizonBecause != d.HorizonBecause
	for i := range edits {
		edits[i] = plan.Planned{Edit: edits[i].Edit}
		if moved && filled&(1<<i) != 0 {
			edits[i].Because = ""
		}
	}
	if moved && filled != 0 {
		e.explain(d, edits)
	}
}

// countAgain counts the unknown values that rules met.
func (e *evaluation) countAgain(made *sheet) {
	p := e.past
	e.unknowns = make(map[string]int, len(p.unknowns))
	maps.Copy(e.unknowns, p.unknowns)
	made.count(e.unknowns)
	forget := func(was int32) {
		for _, rule := range p.items[was].Route.Unknowns {
			if e.unknowns[string(rule)]--; e.unknowns[string(rule)] == 0 {
				delete(e.unknowns, string(rule))
			}
		}
	}
	for i, from := range p.from {
		if from >= 0 && p.fresh[i] {
			forget(from)
		}
	}
	for _, was := range p.left {
		forget(was)
	}
}

// weave brings what was decided now and before into the order of the items. It
// is nil where there is nothing.
func weave[T any](order []*Decided, made, before []T, source func(*Decided, int) (bool, int32), spans *spans, list int) []T {
	total := spans.totals[list]
	if total == 0 {
		return nil
	}
	all := make([]T, total)
	split(len(order), func(_, from, to int) {
		for _, d := range order[from:to] {
			n := spans.counts[d.at][list]
			if n == 0 {
				continue
			}
			fresh, start := source(d, list)
			from := before
			if fresh {
				from = made
			}
			copy(all[spans.starts[d.at][list]:], from[start:][:n])
		}
	})
	return all
}
