package github

import (
	"strings"

	"tandem/internal/work"
)

// Batches puts the edits of many issues into one GraphQL request. Of few
// issues it puts all additions of one issue into one REST request; each removal
// is then a request of its own. A label that is added and removed keeps its
// order.
func (s *sink) Batches(edits []work.Edit) [][]work.Edit {
	if !s.client.graph.absent() && len(spotsOf(edits)) > fewIssues {
		return together(edits)
	}
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

// together fills requests with whole issues. An issue with more edits than fit
// has a request of its own.
func together(edits []work.Edit) [][]work.Edit {
	byIssue := map[work.RefID][]work.Edit{}
	var order []work.RefID
	for _, e := range edits {
		if byIssue[e.Target.RefID] == nil {
			order = append(order, e.Target.RefID)
		}
		byIssue[e.Target.RefID] = append(byIssue[e.Target.RefID], e)
	}
	var batches [][]work.Edit
	room := 0
	for _, ref := range order {
		own := byIssue[ref]
		need := turns(own)
		if need > room || len(batches) == 0 {
			batches, room = append(batches, nil), mostMutations
		}
		batches[len(batches)-1] = append(batches[len(batches)-1], own...)
		room -= need
	}
	return batches
}

// turns counts the mutations of one issue: neighbours of one verb are one.
func turns(edits []work.Edit) int {
	n := 0
	for i, e := range edits {
		if i == 0 || e.Verb != edits[i-1].Verb {
			n++
		}
	}
	return n
}
