package rank

import (
	"slices"

	"tandem/internal/work"
)

// ringsOf finds the circles of needs (Tarjan's strongly connected components).
// It returns the members of each circle by the entry of a member, and for each
// item a number of its circle: 0 for none.
func ringsOf(entries []Entry, keys []key, needs [][]int32) (rings map[int][]work.ItemID, circles []int32) {
	s := search{needs: needs, seen: make([]int32, len(needs)), low: make([]int32, len(needs)), circles: make([]int32, len(needs))}
	for i := range needs {
		if s.seen[i] == 0 && len(needs[i]) > 0 {
			s.visit(int32(i)) //nolint:gosec // no memory holds so many
		}
	}
	for _, members := range s.found {
		ring := make([]work.ItemID, 0, len(members))
		for _, m := range members {
			ring = append(ring, entries[keys[m].index].ID)
		}
		slices.Sort(ring)
		if rings == nil {
			rings = map[int][]work.ItemID{}
		}
		for _, m := range members {
			rings[keys[m].index] = ring
		}
	}
	return rings, s.circles
}

// search is the state of Tarjan's algorithm.
type search struct {
	needs     [][]int32
	seen, low []int32 // from 1; 0 is not seen yet
	count     int32
	stack     []int32
	circles   []int32 // -1 while the item lies on the stack
	found     [][]int32
}

func (s *search) visit(i int32) {
	s.count++
	s.seen[i], s.low[i] = s.count, s.count
	s.stack = append(s.stack, i)
	s.circles[i] = -1
	self := false
	for _, need := range s.needs[i] {
		self = self || need == i
		switch {
		case s.seen[need] == 0:
			s.visit(need)
			s.low[i] = min(s.low[i], s.low[need])
		case s.circles[need] < 0:
			s.low[i] = min(s.low[i], s.seen[need])
		}
	}
	if s.low[i] != s.seen[i] {
		return
	}
	first := len(s.stack) - 1
	for s.stack[first] != i {
		first--
	}
	members := slices.Clone(s.stack[first:])
	s.stack = s.stack[:first]
	number := int32(0)
	if len(members) > 1 || self {
		s.found = append(s.found, members)
		number = int32(len(s.found)) //nolint:gosec // no memory holds so many
	}
	for _, m := range members {
		s.circles[m] = number
	}
}
