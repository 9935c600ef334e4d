package mapping

import (
	"slices"

	"tandem/internal/work"
)

// sets is a union-find over records, by index.
type sets struct{ parent []int }

func newSets(n int) *sets {
	s := &sets{parent: make([]int, n)}
	for i := range s.parent {
		s.parent[i] = i
	}
	return s
}

func (s *sets) find(i int) int {
	for s.parent[i] != i {
		s.parent[i] = s.parent[s.parent[i]]
		i = s.parent[i]
	}
	return i
}

func (s *sets) union(a, b int) { s.parent[s.find(b)] = s.find(a) }

// joinTier joins along edges of one strength. Where the result would hold two
// records of one connector, none of the edges of that cluster is used; they
// are returned.
func (s *sets) joinTier(tier []edge, records []*work.Record) []edge {
	if len(tier) == 0 {
		return nil
	}
	trial := &sets{parent: slices.Clone(s.parent)}
	for _, e := range tier {
		trial.union(e.a, e.b)
	}
	touched := map[int]bool{}
	for _, e := range tier {
		touched[trial.find(e.a)] = true
	}
	connectors := map[int]map[string]int{}
	for i, r := range records {
		root := trial.find(i)
		if !touched[root] {
			continue
		}
		if connectors[root] == nil {
			connectors[root] = map[string]int{}
		}
		connectors[root][r.Connector]++
	}
	var refused []edge
	for _, e := range tier {
		if crowded(connectors[trial.find(e.a)]) {
			if s.find(e.a) != s.find(e.b) {
				refused = append(refused, e)
			}
			continue
		}
		s.union(e.a, e.b)
	}
	return refused
}

func crowded(connectors map[string]int) bool {
	for _, n := range connectors {
		if n > 1 {
			return true
		}
	}
	return false
}

// members lists the sets, each in the order of its records, the sets in the
// order of their first record.
func (s *sets) members() [][]int {
	at := make(map[int]int, len(s.parent))
	var groups [][]int
	for i := range s.parent {
		root := s.find(i)
		g, ok := at[root]
		if !ok {
			g = len(groups)
			at[root] = g
			groups = append(groups, nil)
		}
		groups[g] = append(groups[g], i)
	}
	return groups
}
