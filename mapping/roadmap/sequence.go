package roadmap

import (
	"cmp"
	"slices"

	"tandem/internal/work"
)

// ordered is the sequence in which items are looked at, as indexes of items:
// by place, and each behind what it needs. What items in a circle need of each
// other does not count, whichever stands first: else a circle would move things
// on a day on which nothing happened.
type ordered struct {
	items  []*Item
	order  []int
	byID   map[work.ItemID]int // nil where nothing needs anything
	state  []uint8
	circle []int // the same number for items in one circle; nil before they are known
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
	o.walk(places)
	o.circle = o.circles()
	clear(o.state)
	o.order = o.order[:0]
	o.walk(places)
	return o
}

func (o *ordered) walk(places []int) {
	for _, i := range places {
		o.visit(i)
	}
}

// circles numbers the items so that those in one circle of needs have the same
// number, and no others (Kosaraju's search: from the last item that was placed
// to the first, backwards along the needs).
func (o *ordered) circles() []int {
	backwards := make([][]int, len(o.items))
	for i := range o.items {
		for _, n := range o.items[i].Needs {
			if j, counts := o.counts(i, n); counts {
				backwards[j] = append(backwards[j], i)
			}
		}
	}
	numbers, count := make([]int, len(o.items)), 0
	for _, i := range slices.Backward(o.order) {
		if numbers[i] != 0 {
			continue
		}
		count++
		numbers[i] = count
		for stack := []int{i}; len(stack) > 0; {
			top := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			for _, j := range backwards[top] {
				if numbers[j] == 0 {
					numbers[j], stack = count, append(stack, j)
				}
			}
		}
	}
	return numbers
}

// counts returns what is needed, where that can come first: it is known, not
// done, another item, and in no circle with this one.
func (o *ordered) counts(i int, n Need) (int, bool) {
	j, known := o.byID[n.ID]
	return j, known && j != i && !o.items[j].Done && (o.circle == nil || o.circle[i] != o.circle[j])
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

// needs ties the slots to those that come first, and to those in one circle
// with them, which is told and nothing more.
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
			} else if _, known := o.byID[need.ID]; known && j != i && !o.items[j].Done {
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

// priors are the slots that a slot is tied to; circle are those that need it in
// turn.
type priors struct{ needs, circle []prior }

func (s *slot) tie() *priors {
	if s.ties == nil {
		s.ties = new(priors)
	}
	return s.ties
}

// all are those that it needs, in a circle or not.
func (p *priors) all() []prior {
	if p == nil {
		return nil
	}
	return slices.Concat(p.needs, p.circle)
}
