package jirasim

import (
	"cmp"
	"container/heap"
	"strconv"
	"strings"
	"time"

	"tandem/internal/sim"
)

// entry is one stored version of an issue. It is never changed.
type entry struct {
	*Issue
	number int // of the key
}

func newEntry(i *Issue) *entry {
	_, digits, _ := strings.Cut(i.Key, "-")
	number, err := strconv.Atoi(digits)
	if err != nil {
		number = 0
	}
	return &entry{Issue: i, number: number}
}

func compareKeys(a, b *entry) int {
	return cmp.Or(cmp.Compare(a.Project, b.Project), cmp.Compare(a.number, b.number))
}

func compareUpdated(a, b *entry) int {
	return cmp.Or(a.Updated.Compare(b.Updated), compareKeys(a, b))
}

func compareCreated(a, b *entry) int {
	return cmp.Or(a.Created.Compare(b.Created), compareKeys(a, b))
}

func compareRanks(a, b *entry) int {
	return cmp.Or(cmp.Compare(a.Rank, b.Rank), compareKeys(a, b))
}

// index is what the search knows. It holds versions of issues that may be
// older than the truth, sorted in every order that a page can be read in.
type index struct {
	issues                       map[int64]*entry
	updated, created, keys, rank *sim.Order[*entry]
	gone                         map[int64]bool
	pending                      arrivals
}

func newIndex(all []*entry) *index {
	x := &index{
		issues:  make(map[int64]*entry, len(all)),
		updated: sim.NewOrder(compareUpdated, all...),
		created: sim.NewOrder(compareCreated, all...),
		keys:    sim.NewOrder(compareKeys, all...),
		rank:    sim.NewOrder(compareRanks, all...),
		gone:    map[int64]bool{},
	}
	for _, e := range all {
		x.issues[e.ID] = e
	}
	return x
}

// arrival is a change on its way into the index.
type arrival struct {
	due     time.Time
	id      int64
	version int
	entry   *entry // nil: deleted
}

// learn puts a change on its way.
func (x *index) learn(a arrival) { heap.Push(&x.pending, a) }

// catchUp applies what is due.
func (x *index) catchUp(now time.Time) {
	for len(x.pending) > 0 && !x.pending[0].due.After(now) {
		x.apply(heap.Pop(&x.pending).(arrival))
	}
}

// settle applies everything.
func (x *index) settle() {
	for len(x.pending) > 0 {
		x.apply(heap.Pop(&x.pending).(arrival))
	}
}

func (x *index) apply(a arrival) {
	if x.gone[a.id] {
		return
	}
	old := x.issues[a.id]
	if old != nil {
		if old.Version >= a.version {
			return // a later version came first
		}
		for _, order := range x.orders() {
			order.Delete(old)
		}
		delete(x.issues, a.id)
	}
	if a.entry == nil {
		x.gone[a.id] = true
		return
	}
	x.issues[a.id] = a.entry
	for _, order := range x.orders() {
		order.Insert(a.entry)
	}
}

func (x *index) orders() [4]*sim.Order[*entry] {
	return [4]*sim.Order[*entry]{x.updated, x.created, x.keys, x.rank}
}

// arrivals is a heap by due time, then by version.
type arrivals []arrival

func (a *arrivals) Len() int { return len(*a) }

func (a *arrivals) Less(i, j int) bool {
	x, y := (*a)[i], (*a)[j]
	return cmp.Or(x.due.Compare(y.due), cmp.Compare(x.id, y.id), cmp.Compare(x.version, y.version)) < 0
}

func (a *arrivals) Swap(i, j int) { (*a)[i], (*a)[j] = (*a)[j], (*a)[i] }

// Push is called by package heap.
func (a *arrivals) Push(v any) { *a = append(*a, v.(arrival)) }

// Pop is called by package heap.
func (a *arrivals) Pop() any {
	last := (*a)[len(*a)-1]
	*a = (*a)[:len(*a)-1]
	return last
}
