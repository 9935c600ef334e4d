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
	if e.kept {
		p.ranking.keep(p.items)
	}
	if p.past == nil { // the first one after a whole evaluation
		p.ranking.settle(p.seats)
	}
	e.ranking, e.seats = p.ranking, make([]int32, len(e.items))
	to := make([]int32, len(p.items)) // where each item went
	for i := range to {
		to[i] = -1
	}
	for i, from := range p.from {
		if e.seats[i] = -1; from >= 0 {
			to[from] = int32(i) //nolint:gosec // no memory holds so many items
			e.seats[i] = p.seats[from]
		}
	}
	var more []int32
	for _, i := range p.anew {
		if e.items[i].Item.Done() {
			more = append(more, i)
		}
	}
	for was, i := range to {
		if i < 0 {
			p.left = append(p.left, int32(was)) //nolint:gosec // see above
		}
	}
	e.done = make([]int32, 0, len(p.done)+len(more))
	for _, was := range p.done {
		if i := to[was]; i >= 0 && !p.fresh[i] {
			e.done = append(e.done, i)
		}
	}
	slices.SortFunc(more, e.byID)
	e.done = mergeSorted(e.done, more, e.byID)
}

// mergeSorted adds few sorted ones to a sorted list.
func mergeSorted[T any](all, few []T, compare func(T, T) int) []T {
	end := len(all)
	all = append(all, few...)
	for i, one := range slices.Backward(few) { // from behind, each part moves once
		at, _ := slices.BinarySearchFunc(all[:end], one, compare)
		copy(all[at+i+1:], all[at:end])
		all[at+i], end = one, at
	}
	return all
}

// decideAgain decides the items that are judged anew, and takes over what was
// decided of the others.
func (e *evaluation) decideAgain(o *Outcome) {
	p := e.past
	e.spans = newSpans(len(e.items))
	for i, from := range p.from {
		if from >= 0 {
			e.spans.counts[i], e.spans.filled[i] = p.spans.counts[from], p.spans.filled[from]
		}
	}
	for _, i := range e.standingOtherwise() {
		if !p.fresh[i] {
			e.judgeAnew(&e.items[i])
		}
	}
	slices.Sort(p.anew)
	made := newSheet(e.rules)
	starts := make(map[int32]tally, len(p.anew))
	h := e.newHand()
	for _, i := range p.anew {
		e.spans.counts[i], e.spans.filled[i] = tally{}, 0
		starts[i] = tally{int32(made.edits.size()), int32(made.holds.size()), int32(made.adopted.size()), int32(made.findings.size())} //nolint:gosec // of few items
		h.decide(&e.items[i], made, &e.spans.counts[i])
	}
	source := func(at int32, list int) (fresh bool, start int32) {
		if p.fresh[at] {
			return true, starts[at][list]
		}
		return false, p.spans.starts[p.from[at]][list]
	}
	e.spans.place(e.open, e.done)
	o.Plan = plan.Plan{
		Edits:    weave(made.edits.all(), p.plan.Edits, source, &e.spans, editsOf),
		Holds:    weave(made.holds.all(), p.plan.Holds, source, &e.spans, holdsOf),
		Adopted:  weave(made.adopted.all(), p.plan.Adopted, source, &e.spans, adoptedOf),
		Findings: weave(made.findings.all(), p.plan.Findings, source, &e.spans, findingsOf),
	}
	split(len(e.spans.busy), func(_, from, to int) {
		for _, at := range e.spans.busy[from:to] {
			e.explainAgain(&e.items[at], e.spans.edits(o.Plan.Edits, &e.items[at]))
		}
	})
	e.countAgain(made)
	for _, i := range slices.Concat(p.watching, p.anew) {
		e.watch(&e.items[i])
	}
	slices.Sort(e.watched)
	e.watched = slices.Compact(e.watched)
}

// standingOtherwise are the items that may have to be judged anew though nothing
// changed of them: those that rank otherwise in what is decided of them, and
// those that are watched.
func (e *evaluation) standingOtherwise() []int32 {
	p := e.past
	all := p.moved
	for _, i := range p.watching {
		if p.fresh[i] {
			continue
		}
		from := p.from[i]
		if e.waitsAnew(&e.items[i], &p.items[from]) || p.spans.counts[from][editsOf] > most { // nobody knows which reasons were filled in
			all = append(all, i)
		}
	}
	if !e.rules.reads.sees.place {
		return all
	}
	for i, from := range p.from {
		if from >= 0 && e.items[i].TeamPlace != p.items[from].TeamPlace {
			all = append(all, int32(i)) //nolint:gosec // no memory holds so many items
		}
	}
	return all
}

// watch notes an item of which standingOtherwise asks the next time.
func (e *evaluation) watch(d *Decided) {
	if d.Place == 0 && !d.Route.Waiting && d.routed != evidence.DayNumber(e.snap.AsOf) || e.spans.counts[d.at][editsOf] > most {
		e.watched = append(e.watched, d.at)
	}
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
		if edit := &edits[i]; edit.Gate != "" || edit.Terms != nil {
			edit.Gate, edit.Terms = "", nil
		}
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
	for _, i := range p.anew {
		if from := p.from[i]; from >= 0 {
			forget(from)
		}
	}
	for _, was := range p.left {
		forget(was)
	}
}

// weave brings what was decided now and before into the order of the items. It
// is nil where there is nothing. Most items follow each other as they did before:
// these are copied in one go.
func weave[T any](made, before []T, source func(int32, int) (bool, int32), spans *spans, list int) []T {
	total := spans.totals[list]
	if total == 0 {
		return nil
	}
	all := make([]T, total)
	split(len(spans.busy), func(_, from, to int) {
		var run struct {
			fresh        bool
			start, n, at int32
		}
		flush := func() {
			from := before
			if run.fresh {
				from = made
			}
			copy(all[run.at:], from[run.start:][:run.n])
		}
		for _, at := range spans.busy[from:to] {
			n := spans.counts[at][list]
			if n == 0 {
				continue
			}
			fresh, start := source(at, list)
			if run.fresh == fresh && run.start+run.n == start && run.n > 0 {
				run.n += n
				continue
			}
			flush()
			run.fresh, run.start, run.n, run.at = fresh, start, n, spans.starts[at][list]
		}
		flush()
	})
	return all
}
