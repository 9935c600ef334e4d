package roadmap

import (
	"cmp"
	"slices"

	"tandem/internal/work"
)

// ordered is the sequence in which items are looked at, as indexes of items:
// by place, and each behind what it needs. In a circle of needs, the one that
// would close it does not count.
type ordered struct {
	items []Item
	order []int
	byID  map[work.ItemID]int // nil where nothing needs anything
	state []uint8
}

const (
	unseen uint8 = iota
	open
	placed
)

func sequence(items []Item) *ordered {
	o := &ordered{items: items, order: make([]int, 0, len(items))}
	places := make([]int, len(items))
	for i := range places {
		places[i] = i
	}
	slices.SortFunc(places, func(a, b int) int {
		return cmp.Or(cmp.Compare(items[a].Place, items[b].Place), cmp.Compare(items[a].ID, items[b].ID))
	})
	if !slices.ContainsFunc(items, func(it Item) bool { return len(it.Needs) > 0 }) {
		o.order = places
		return o
	}
	o.byID, o.state = make(map[work.ItemID]int, len(items)), make([]uint8, len(items))
	for i := range items {
		o.byID[items[i].ID] = i
	}
	for _, i := range places {
		o.visit(i)
	}
	return o
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
			j, known := o.byID[n.ID]
			return known && o.state[j] == unseen && !o.items[j].Done
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

// needs ties the slots to those that come first. A need whose slot is behind
// its own would close a circle.
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
			j, known := o.byID[need.ID]
			switch {
			case !known || o.items[j].Done || j == i:
			case at[j] < n:
				f.slots[n].needs = append(f.slots[n].needs, prior{at[j], need.Key})
			default:
				f.slots[n].circle = need.Key
			}
		}
	}
}

// prior is a slot that comes first.
type prior struct {
	slot int
	key  string
}
