package backlog

import (
	"cmp"
	"maps"
	"slices"

	"tandem/internal/work"
)

// drags returns what people moved between the confirmed and the observed
// order: the record's id, and who and when where the source tells. Where the
// history of the source explains the difference, it counts: somebody who
// dragged three issues over one moved three, not one. Where it does not, what
// lies outside every longest common run was moved, and so may have been what
// lies outside some.
func drags(s *State) map[string]work.Moved {
	c := compare(s)
	all := rising(c.numbers, func(int) bool { return false })
	if all && len(c.untold) == 0 {
		return nil
	}
	moved := map[string]work.Moved{}
	for id := range c.untold {
		if m, ok := c.fresh[id]; ok {
			moved[id] = m
		}
	}
	maps.Copy(moved, c.passed(s))
	if all {
		return moved
	}
	for i, out := range c.movers() {
		if out {
			moved[c.ids[i]] = cmp.Or(c.named[c.ids[i]], work.Moved{ID: c.ids[i]})
		}
	}
	return moved
}

// comparison is the records that stand in both orders.
type comparison struct {
	ids     []string // as observed
	numbers []int    // their places in the confirmed order
	// named are the moves that the source tells of, fresh those of them that
	// are news.
	named, fresh map[string]work.Moved
	// untold are records of which only the history can tell: those in doubt, and
	// those that stood elsewhere before.
	untold map[string]bool
}

func compare(s *State) *comparison {
	c := &comparison{named: map[string]work.Moved{}, fresh: map[string]work.Moved{}, untold: map[string]bool{}}
	for _, id := range s.Doubtful {
		c.untold[id] = true
	}
	for _, m := range s.Moved {
		c.named[m.ID] = m
		if !slices.ContainsFunc(s.Told, func(t work.Moved) bool { return t.ID == m.ID && t.At.Equal(m.At) }) {
			c.fresh[m.ID] = m
		}
	}
	places := index(s.Confirmed)
	for _, id := range s.IDs {
		switch place, known := places[id]; {
		case !known:
			c.untold[id] = true
		case !c.untold[id]:
			c.ids, c.numbers = append(c.ids, id), append(c.numbers, place)
		}
	}
	return c
}

// passed are the moves that are news and may have gone past a record of which only
// the history can tell, such as one that came since: without that one nothing
// changed places.
func (c *comparison) passed(s *State) map[string]work.Moved {
	if len(c.fresh) == 0 || len(c.untold) == 0 {
		return nil
	}
	found := map[string]work.Moved{}
	was, is := index(s.Confirmed), index(s.IDs)
	behind := func(places map[string]int, id, other string) bool { return places[id] > places[other] }
	for id, m := range c.fresh {
		if _, known := was[id]; !known || c.untold[id] {
			continue
		}
		for other := range c.untold {
			_, before := was[other]
			_, there := is[other]
			if there && (!before || behind(was, id, other) != behind(is, id, other)) {
				found[id] = m
			}
		}
	}
	return found
}

// movers marks the moved records, where the orders differ.
func (c *comparison) movers() []bool {
	out := crossed(c.numbers)
	explained := func(names func(id string) bool) bool {
		without := func(i int) bool { return names(c.ids[i]) }
		if !rising(c.numbers, without) {
			return false
		}
		for i := range out { // a move that changed nothing is none
			out[i] = out[i] && without(i)
		}
		return true
	}
	if explained(func(id string) bool { return c.fresh[id].ID != "" }) || explained(c.newest()) {
		return out
	}
	return c.guess(out)
}

// guess marks what the history tells of, and of the rest what is not in all of
// its longest runs.
func (c *comparison) guess(crossed []bool) []bool {
	out := make([]bool, len(c.ids))
	var rest, numbers []int
	for i, id := range c.ids {
		if out[i] = crossed[i] && c.fresh[id].ID != ""; !out[i] {
			rest, numbers = append(rest, i), append(numbers, c.numbers[i])
		}
	}
	for k, sure := range inAll(numbers) {
		out[rest[k]] = !sure
	}
	return out
}

// newest names the newest moves, as few as explain the difference; all of them
// where none do. The history may have been faster than the order: what it
// tells is then no news any more when the order shows it.
func (c *comparison) newest() func(id string) bool {
	named := make([]work.Moved, 0, len(c.named))
	for _, m := range c.named {
		named = append(named, m)
	}
	slices.SortFunc(named, func(a, b work.Moved) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.ID, b.ID)) })
	rank := make(map[string]int, len(named))
	for i, m := range named {
		rank[m.ID] = i + 1
	}
	among := func(n int) func(id string) bool {
		return func(id string) bool { return rank[id] > 0 && rank[id] <= n }
	}
	low, high := 0, len(named)
	for low < high {
		mid := (low + high) / 2
		if names := among(mid); rising(c.numbers, func(i int) bool { return names(c.ids[i]) }) {
			high = mid
		} else {
			low = mid + 1
		}
	}
	return among(low)
}

// index returns the place of each id.
func index(ids []string) map[string]int {
	places := make(map[string]int, len(ids))
	for i, id := range ids {
		places[id] = i
	}
	return places
}
