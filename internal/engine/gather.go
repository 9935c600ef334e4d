package engine

import (
	"slices"

	"tandem/internal/plan"
	"tandem/internal/work"

	"tandem/mapping/route"
)

// sheet is what was decided of some of the items, in their order.
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

// route returns the decision, the same one for all items that are routed
// alike.
func (s *sheet) route(made *route.Decision) *route.Decision {
	for _, p := range made.Unknowns {
		s.unknowns[p]++
	}
	for _, r := range s.routes[made.At] {
		if slices.Equal(r.Unknowns, made.Unknowns) {
			return r
		}
	}
	kept := *made
	s.routes[made.At] = append(s.routes[made.At], &kept)
	return &kept
}

// gather takes what was decided of one field of an item.
func (s *sheet) gather(d *Decided) {
	v, why := &s.verdict, ""
	for i := range v.Edits {
		e := &v.Edits[i]
		if e.Because == "" {
			if why == "" {
				why = because(d, e.Field)
			}
			e.Because = why
		}
		e.Team = s.placeTeam(e)
		s.edits.add(plan.Planned{Edit: *e})
	}
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

// join lists what is in one pile of each sheet; nil where there is nothing.
func join[T any](sheets []*sheet, of func(*sheet) *pile[T]) []T {
	var blocks [][]T
	for _, s := range sheets {
		blocks = append(blocks, of(s).blocks...)
	}
	return slices.Concat(blocks...)
}
