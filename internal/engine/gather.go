package engine

import (
	"slices"

	"tandem/internal/plan"
	"tandem/internal/work"

	"tandem/mapping/route"
)

// sheet is what was decided of a run of items, as they were found.
type sheet struct {
	rules   *Rules
	verdict plan.Verdict // of the field at hand

	edits    pile[plan.Planned]
	holds    pile[work.Hold]
	adopted  pile[plan.Entry]
	findings pile[work.Finding]
	unknowns map[work.Pointer]int
	routes   map[work.Pointer][]*route.Decision
}

func newSheet(rules *Rules) *sheet {
	return &sheet{rules: rules, unknowns: map[work.Pointer]int{}, routes: map[work.Pointer][]*route.Decision{}}
}

// count adds the unknown values that rules met.
func (s *sheet) count(unknowns map[string]int) {
	for rule, n := range s.unknowns {
		unknowns[string(rule)] += n
	}
}

// route returns the decision, the same one for all items that are routed
// alike.
func (s *sheet) route(made *route.Decision) *route.Decision {
	for _, p := range made.Unknowns {
		s.unknowns[p]++
	}
	for _, r := range s.routes[made.At] {
		if r.Late == made.Late && slices.Equal(r.Unknowns, made.Unknowns) {
			return r
		}
	}
	kept := *made
	s.routes[made.At] = append(s.routes[made.At], &kept)
	return &kept
}

// gather takes what was decided of one field of an item, and counts it.
func (s *sheet) gather(n *tally) {
	v := &s.verdict
	for i := range v.Edits {
		e := &v.Edits[i]
		e.Team = s.placeTeam(e)
		s.edits.add(plan.Planned{Edit: *e})
	}
	n[editsOf] += int32(len(v.Edits))       //nolint:gosec // of one item
	n[holdsOf] += int32(len(v.Holds))       //nolint:gosec // of one item
	n[adoptedOf] += int32(len(v.Adopted))   //nolint:gosec // of one item
	n[findingsOf] += int32(len(v.Findings)) //nolint:gosec // of one item
	s.holds.add(v.Holds...)
	s.adopted.add(v.Adopted...)
	s.findings.add(v.Findings...)
	v.Edits, v.Holds, v.Adopted, v.Findings = v.Edits[:0], v.Holds[:0], v.Adopted[:0], v.Findings[:0]
}

// placeTeam is the team that owns the place of an edit: its mode counts there,
// whoever owns the item.
func (s *sheet) placeTeam(edit *work.Edit) string {
	t, _ := s.rules.org.TeamOf(edit.Target.Connector, edit.Place)
	return t.Name
}

// merge brings what is on the sheets into the order of the items. It is nil
// where there is nothing.
func merge[T any](order []*Decided, sheets []*sheet, of func(*sheet) *pile[T], spans *spans, list int) []T {
	total := spans.totals[list]
	if total == 0 {
		return nil
	}
	all := make([]T, total)
	split(len(order), func(part, from, to int) {
		p := of(sheets[part])
		for at := from; at < to; at++ {
			p.move(all[spans.starts[at][list]:][:spans.counts[at][list]])
		}
	})
	return all
}

// pile is a list that grows without copying what it holds.
type pile[T any] struct{ blocks [][]T }

func (p *pile[T]) add(more ...T) {
	for _, x := range more {
		last := len(p.blocks) - 1
		if last < 0 || len(p.blocks[last]) == cap(p.blocks[last]) {
			const least, most = 4, 1024
			room := least
			if last >= 0 {
				room = min(2*cap(p.blocks[last]), most)
			}
			p.blocks, last = append(p.blocks, make([]T, 0, room)), last+1
		}
		p.blocks[last] = append(p.blocks[last], x)
	}
}

// size is how many it holds.
func (p *pile[T]) size() int {
	n := 0
	for _, b := range p.blocks {
		n += len(b)
	}
	return n
}

// all takes everything.
func (p *pile[T]) all() []T {
	all := make([]T, p.size())
	p.move(all)
	return all
}

// move takes as many as there is room for from the front of the pile.
func (p *pile[T]) move(to []T) {
	for len(to) > 0 {
		n := copy(to, p.blocks[0])
		to = to[n:]
		if p.blocks[0] = p.blocks[0][n:]; len(p.blocks[0]) == 0 {
			p.blocks = p.blocks[1:]
		}
	}
}
