package mapping

import (
	"slices"

	"tandem/internal/work"
)

// sets is a union-find over records, by index.
type sets struct {
	parent []int
	// next goes round the members of a set.
	next []int
}

func newSets(n int) *sets {
	s := &sets{parent: make([]int, n), next: make([]int, n)}
	for i := range n {
		s.parent[i], s.next[i] = i, i
	}
	return s
}

func (s *sets) clone() *sets {
	return &sets{parent: slices.Clone(s.parent), next: slices.Clone(s.next)}
}

func (s *sets) find(i int) int {
	for s.parent[i] != i {
		s.parent[i] = s.parent[s.parent[i]]
		i = s.parent[i]
	}
	return i
}

func (s *sets) union(a, b int) {
	if a, b = s.find(a), s.find(b); a != b {
		s.parent[b] = a
		s.next[a], s.next[b] = s.next[b], s.next[a] // two rings become one
	}
}

// joinTier joins along edges of one strength. Where the result would hold two
// records of one connector, none of the edges of that cluster is used; they
// are returned.
func (s *sets) joinTier(tier []edge, records []*work.Record) []edge {
	trial := s.clone()
	for _, e := range tier {
		trial.union(e.a, e.b)
	}
	var refused []edge
	for _, e := range tier {
		switch {
		case !trial.crowded(e.a, records):
			s.union(e.a, e.b)
		case s.find(e.a) != s.find(e.b):
			refused = append(refused, e)
		}
	}
	return refused
}

// crowded reports whether two records of one connector are in the set of a
// record. It looks at no more of them than there are connectors, and one.
func (s *sets) crowded(member int, records []*work.Record) bool {
	for i := s.next[member]; i != member; i = s.next[i] {
		for j := member; j != i; j = s.next[j] {
			if records[i].Connector == records[j].Connector {
				return true
			}
		}
	}
	return false
}

// members lists the sets, each in the order of its records, the sets in the
// order of their first record.
func (s *sets) members() [][]int {
	n := len(s.parent)
	sizes, count := make([]int, n), 0
	for i := range n {
		root := s.find(i)
		if sizes[root] == 0 {
			count++
		}
		sizes[root]++
	}
	all, groups := make([]int, n), make([][]int, 0, count)
	group := make([]int, n) // of a root, counted from 1
	for i := range n {
		root := s.find(i)
		if group[root] == 0 {
			groups = append(groups, all[:0:sizes[root]])
			all = all[sizes[root]:]
			group[root] = len(groups)
		}
		g := &groups[group[root]-1]
		*g = append(*g, i)
	}
	return groups
}
