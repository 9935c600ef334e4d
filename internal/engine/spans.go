package engine

import "tandem/internal/plan"

// The lists of a plan.
const (
	editsOf = iota
	holdsOf
	adoptedOf
	findingsOf
	lists
)

// tally counts what was decided of one item, by list.
type tally [lists]int32

// spans tells where in the lists of the plan stands what was decided of each
// item, as they were found.
type spans struct {
	starts, counts []tally
	totals         tally
	// filled are the edits of each item, as bits, whose reason was filled in from
	// what ranking found.
	filled []uint64
	// busy are the items of which there is anything, in their order.
	busy []int32
}

func newSpans(n int) spans {
	return spans{starts: make([]tally, n), counts: make([]tally, n), filled: make([]uint64, n)}
}

// place gives each item its room in the lists, in the order of the items.
func (s *spans) place(orders ...[]int32) {
	s.totals, s.busy = tally{}, nil
	for _, order := range orders {
		for _, at := range order {
			if s.counts[at] == (tally{}) {
				continue
			}
			s.starts[at], s.busy = s.totals, append(s.busy, at)
			for list, n := range s.counts[at] {
				s.totals[list] += n
			}
		}
	}
}

// edits are those of one item.
func (s *spans) edits(all []plan.Planned, d *Decided) []plan.Planned {
	return all[s.starts[d.at][editsOf]:][:s.counts[d.at][editsOf]]
}

// most is for how many edits of an item it is remembered which were filled.
const most = 64

// explain fills in the reasons that come from ranking.
func (e *evaluation) explain(d *Decided, edits []plan.Planned) {
	why := ""
	for i := range edits {
		if edits[i].Because != "" {
			continue
		}
		if i == 0 || edits[i].Field != edits[i-1].Field || why == "" {
			why = because(d, edits[i].Field)
		}
		edits[i].Because = why
		e.spans.filled[d.at] |= 1 << min(i, most-1)
	}
}
