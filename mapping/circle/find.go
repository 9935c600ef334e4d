package circle

import "slices"

// Circles are those of some work.
type Circles struct {
	// Members are those of each circle, by their numbers, the smallest first. The
	// circle with the number n is Members[n-1].
	Members [][]int32

	of []int32
}

// Find finds the circles of needs: for each piece of work it takes the indexes
// of those that it needs (R. Tarjan, Depth-first search and linear graph
// algorithms, SIAM J. Comput. 1 (1972) 146–160). What needs itself is a circle
// of one.
func Find(needs [][]int32) Circles {
	s := search{needs: needs, seen: make([]int32, len(needs)), low: make([]int32, len(needs)), of: make([]int32, len(needs))}
	for i := range needs {
		if s.seen[i] == 0 && len(needs[i]) > 0 {
			s.visit(int32(i)) //nolint:gosec // no memory holds so many
		}
	}
	for _, members := range s.found {
		slices.Sort(members)
	}
	return Circles{s.found, s.of}
}

// Of is the number of the circle that the work is in; 0 for none.
func (c *Circles) Of(i int32) int32 { return c.of[i] }

// Counts reports whether what one needs has to come first: always, but in one
// circle with it.
func (c *Circles) Counts(i, need int32) bool { return c.of[i] == 0 || c.of[i] != c.of[need] }

// search is the state of Tarjan's algorithm.
type search struct {
	needs     [][]int32
	seen, low []int32 // from 1; 0 is not seen yet
	count     int32
	stack     []int32
	of        []int32 // -1 while it lies on the stack
	found     [][]int32
}

func (s *search) visit(i int32) {
	s.count++
	s.seen[i], s.low[i] = s.count, s.count
	s.stack = append(s.stack, i)
	s.of[i] = -1
	self := false
	for _, need := range s.needs[i] {
		self = self || need == i
		switch {
		case s.seen[need] == 0:
			s.visit(need)
			s.low[i] = min(s.low[i], s.low[need])
		case s.of[need] < 0:
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
		s.of[m] = number
	}
}
