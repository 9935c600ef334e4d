package github

import (
	"strings"

	"tandem/internal/work"
)

// Batches puts all additions of one issue into one request; each removal is a
// request of its own. A label that is added and removed keeps its order.
func (s *sink) Batches(edits []work.Edit) [][]work.Edit {
	var batches [][]work.Edit
	for _, group := range groups(edits) {
		batch := make([]work.Edit, len(group))
		for i, at := range group {
			batch[i] = edits[at]
		}
		batches = append(batches, batch)
	}
	return batches
}

// additions are those of one issue that go into one request.
type additions struct {
	group int
	// added and removed are the labels of later edits, in lower case: an edit
	// must not pass another one of the same label.
	added, removed map[string]bool
}

// groups returns the indexes of the edits of each request.
func groups(edits []work.Edit) [][]int {
	var all [][]int
	open := map[work.RefID]*additions{}
	for i, e := range edits {
		ref, label := e.Target.RefID, strings.ToLower(e.Target.Element)
		a := open[ref]
		switch {
		case e.Verb == work.AddLabel && a != nil && !a.removed[label]:
			all[a.group] = append(all[a.group], i)
			a.added[label] = true
			continue
		case e.Verb == work.AddLabel:
			open[ref] = &additions{group: len(all), added: map[string]bool{label: true}, removed: map[string]bool{}}
		case a != nil && a.added[label]:
			delete(open, ref)
		case a != nil:
			a.removed[label] = true
		}
		all = append(all, []int{i})
	}
	return all
}
