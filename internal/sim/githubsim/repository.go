package githubsim

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"tandem/internal/sim"
)

// repository is a repository with its contents. The site's lock guards it.
type repository struct {
	Repository                   // without Labels, Milestones and Next
	labels     map[string]*Label // by folded name
	milestones map[int]*Milestone
	issues     map[int]*Issue
	numbers    map[int64]int // of issues by id
	gone       map[int]grave
	next       int
	lists      [states][orders]*sim.Order[*Issue]
	talk       [2]*sim.Order[remark] // by created, by updated
	progress   map[int][2]int        // of milestones: open, closed
}

// grave is what is left of an issue: nothing, or where it went.
type grave struct{ repository, number int64 }

// The states that lists are kept for.
const (
	openState = iota
	closedState
	anyState
	states
)

// The orders that lists are kept in.
const (
	byCreated = iota
	byUpdated
	byComments
	orders
)

// remark is a comment's place in the lists of a repository's comments.
type remark struct {
	created, updated time.Time
	id               int64
	number           int
}

func newRepository(r Repository) *repository {
	live := &repository{
		Repository: r, labels: map[string]*Label{}, milestones: map[int]*Milestone{}, issues: map[int]*Issue{}, numbers: map[int64]int{},
		gone: map[int]grave{}, next: max(r.Next, 1), progress: map[int][2]int{},
	}
	live.Labels, live.Milestones, live.Next = nil, nil, 0
	live.Created = r.Created.UTC().Truncate(time.Second)
	live.index()
	return live
}

func compareCreated(a, b *Issue) int {
	return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.Number, b.Number))
}

func compareUpdated(a, b *Issue) int {
	return cmp.Or(a.Updated.Compare(b.Updated), cmp.Compare(a.Number, b.Number))
}

func compareComments(a, b *Issue) int {
	return cmp.Or(cmp.Compare(len(a.Comments), len(b.Comments)), cmp.Compare(a.Number, b.Number))
}

// index builds the lists anew from the issues.
func (r *repository) index() {
	var held [states][]*Issue
	var remarks []remark
	r.progress = map[int][2]int{}
	for _, i := range r.issues {
		held[anyState] = append(held[anyState], i)
		held[stateOf(i)] = append(held[stateOf(i)], i)
		remarks = append(remarks, i.remarks()...)
		r.count(i, 1)
	}
	for state, issues := range held {
		r.lists[state][byCreated] = sim.NewOrder(compareCreated, issues...)
		r.lists[state][byUpdated] = sim.NewOrder(compareUpdated, issues...)
		r.lists[state][byComments] = sim.NewOrder(compareComments, issues...)
	}
	r.talk[byCreated] = sim.NewOrder(func(a, b remark) int {
		return cmp.Or(a.created.Compare(b.created), cmp.Compare(a.id, b.id))
	}, remarks...)
	r.talk[byUpdated] = sim.NewOrder(func(a, b remark) int {
		return cmp.Or(a.updated.Compare(b.updated), cmp.Compare(a.id, b.id))
	}, remarks...)
}

func (i *Issue) remarks() []remark {
	all := make([]remark, 0, len(i.Comments))
	for _, c := range i.Comments {
		all = append(all, remark{created: c.Created, updated: c.Updated, id: c.ID, number: i.Number})
	}
	return all
}

func stateOf(i *Issue) int {
	if i.State == Closed {
		return closedState
	}
	return openState
}

func (r *repository) count(i *Issue, by int) {
	if i.Milestone == 0 {
		return
	}
	n := r.progress[i.Milestone]
	n[stateOf(i)] += by
	r.progress[i.Milestone] = n
}

// keep stores an issue without listing it; index does that for all at once.
func (r *repository) keep(i *Issue) {
	r.issues[i.Number], r.numbers[i.ID] = i, i.Number
	r.next = max(r.next, i.Number+1)
}

// put stores a version of an issue in place of the one before.
func (r *repository) put(i *Issue) {
	r.take(i.Number)
	r.keep(i)
	r.count(i, 1)
	for _, state := range []int{anyState, stateOf(i)} {
		for _, list := range r.lists[state] {
			list.Insert(i)
		}
	}
	for _, m := range i.remarks() {
		for _, list := range r.talk {
			list.Insert(m)
		}
	}
}

// take removes an issue.
func (r *repository) take(number int) {
	old := r.issues[number]
	if old == nil {
		return
	}
	delete(r.issues, number)
	delete(r.numbers, old.ID)
	r.count(old, -1)
	for _, state := range []int{anyState, stateOf(old)} {
		for _, list := range r.lists[state] {
			list.Delete(old)
		}
	}
	for _, m := range old.remarks() {
		for _, list := range r.talk {
			list.Delete(m)
		}
	}
}

// plain returns the repository as the world has it.
func (r *repository) plain() Repository {
	p := r.Repository
	p.Next = r.next
	for _, l := range r.sortedLabels() {
		p.Labels = append(p.Labels, *l)
	}
	for _, number := range slices.Sorted(maps.Keys(r.milestones)) {
		p.Milestones = append(p.Milestones, *r.milestones[number])
	}
	return p
}

func (r *repository) sortedLabels() []*Label {
	return slices.SortedFunc(maps.Values(r.labels), func(a, b *Label) int { return cmp.Compare(a.ID, b.ID) })
}

// labelled returns the labels of an issue.
func (r *repository) labelled(i *Issue) []*Label {
	labels := make([]*Label, 0, len(i.Labels))
	for _, name := range i.Labels {
		if l := r.labels[fold(name)]; l != nil {
			labels = append(labels, l)
		}
	}
	return labels
}
