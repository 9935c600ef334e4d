package roadmap

import (
	"cmp"
	"slices"

	"tandem/internal/work"

	"tandem/mapping/circle"
)

// ordered is the sequence in which items are looked at, as indexes of items:
// by place, and each behind what it needs; of a circle counts what package circle
// says.
type ordered struct {
	items   []*Item
	order   []int
	byID    map[work.ItemID]int // nil where nothing needs anything
	state   []uint8
	circles circle.Circles
}

const (
	unseen uint8 = iota
	open
	placed
)

// byPlace returns the indexes of items in the order of their places.
func byPlace(items []Item) []int {
	places := make([]int, len(items))
	for i := range places {
		places[i] = i
	}
	slices.SortFunc(places, func(a, b int) int {
		return cmp.Or(cmp.Compare(items[a].Place, items[b].Place), cmp.Compare(items[a].ID, items[b].ID))
	})
	return places
}

// sequence puts some of the items in order, which come in the order of their
// places.
func sequence(all []Item, some []int) *ordered {
	places := make([]int, len(some))
	for i := range places {
		places[i] = i
	}
	if !slices.ContainsFunc(some, func(i int) bool { return len(all[i].Needs) > 0 }) {
		return &ordered{order: places}
	}
	items := make([]*Item, len(some))
	for i, at := range some {
		items[i] = &all[at]
	}
	o := &ordered{items: items, order: make([]int, 0, len(items))}
	o.byID, o.state = make(map[work.ItemID]int, len(items)), make([]uint8, len(items))
	for i := range items {
		o.byID[items[i].ID] = i
	}
	o.circles = circle.Find(o.links())
	for _, i := range places {
		o.visit(i)
	}
	return o
}

// links are the indexes of what each item needs that can come first.
func (o *ordered) links() [][]int32 {
	links := make([][]int32, len(o.items))
	for i := range o.items {
		for _, n := range o.items[i].Needs {
			if j, known := o.awaited(n); known {
				links[i] = append(links[i], int32(j)) //nolint:gosec // no memory holds so many
			}
		}
	}
	return links
}

// awaited finds what is needed, where it is known and not done.
func (o *ordered) awaited(n Need) (int, bool) {
	j, known := o.byID[n.ID]
	return j, known && !o.items[j].Done
}

// counts returns what is needed, where that has to come first.
func (o *ordered) counts(i int, n Need) (int, bool) {
	j, known := o.awaited(n)
	return j, known && o.circles.Counts(int32(i), int32(j)) //nolint:gosec // no memory holds so many
}

// visit places an item behind what it needs. It keeps a stack of its own: a
// chain of needs may be as long as the backlog.
func (o *ordered) visit(i int) {
	if o.state[i] != unseen {
		return
	}
	stack := []int{i}
	for len(stack) > 0 {
		top := stack[len(stack)-1]
		if o.state[top] == placed {
			stack = stack[:len(stack)-1]
			continue
		}
		o.state[top] = open
		next := slices.IndexFunc(o.items[top].Needs, func(n Need) bool {
			j, counts := o.counts(top, n)
			return counts && o.state[j] == unseen
		})
		if next >= 0 {
			stack = append(stack, o.byID[o.items[top].Needs[next].ID])
			continue
		}
		o.state[top] = placed
		o.order = append(o.order, top)
		stack = stack[:len(stack)-1]
	}
}

// needs ties the slots to those that come first, and to those that they need in
// a circle, which is told and nothing more.
func (o *ordered) needs(f *filling) {
	if o.byID == nil {
		return
	}
	at := make([]int, len(o.items)) // the slot of each item
	for n, i := range o.order {
		at[i] = n
	}
	for n, i := range o.order {
		for _, need := range o.items[i].Needs {
			if j, counts := o.counts(i, need); counts {
				f.slots[n].tie().needs = append(f.slots[n].tie().needs, prior{at[j], need.Key})
			} else if j, known := o.awaited(need); known && j != i {
				f.slots[n].tie().circle = append(f.slots[n].tie().circle, prior{at[j], need.Key})
			}
		}
	}
}

// prior is a slot that comes first.
type prior struct {
	slot int
	key  string
}

// priors are the slots that a slot is tied to; circle are those that it needs and
// that need it in turn, by way of others perhaps.
type priors struct{ needs, circle []prior }

func (s *slot) tie() *priors {
	if s.ties == nil {
		s.ties = new(priors)
	}
	return s.ties
}
