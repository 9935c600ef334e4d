package github

import (
	"slices"
	"strings"

	"tandem/internal/work"
)

// Batches puts the edits of many issues into one GraphQL request. Of few
// issues, all changes of the labels of one are a batch: one REST request for
// what is added, and one for each removal. A label that is added and removed
// keeps its order, in batches of their own.
func (s *sink) Batches(edits []work.Edit) [][]work.Edit {
	if !s.client.graph.absent() && (len(spotsOf(edits)) > fewIssues || needsGraphQL(edits)) {
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

// groups returns the indexes of the edits that are sent together by REST.
func groups(edits []work.Edit) [][]int {
	var all [][]int
	open := map[work.RefID]*additions{}
	turned := map[work.RefID]int{}
	plain := plainly(edits)
	relabelled := map[work.RefID]int{}
	for i, e := range edits {
		ref, label := e.Target.RefID, strings.ToLower(e.Target.Element)
		if e.Target.Path == work.NativeLabels && plain[ref] {
			if at, ok := relabelled[ref]; ok {
				all[at] = append(all[at], i)
				continue
			}
			relabelled[ref] = len(all)
			all = append(all, []int{i})
			continue
		}
		if isTurn(e) { // the state and its reason are one request
			if at, ok := turned[ref]; ok {
				all[at] = append(all[at], i)
				continue
			}
			turned[ref] = len(all)
		}
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

// plainly returns the issues of which each label stands in one edit.
func plainly(edits []work.Edit) map[work.RefID]bool {
	plain := map[work.RefID]bool{}
	seen := map[work.Target]bool{}
	for _, e := range edits {
		if e.Target.Path != work.NativeLabels {
			continue
		}
		at := work.Target{RefID: e.Target.RefID, Element: strings.ToLower(e.Target.Element)}
		was, known := plain[at.RefID]
		plain[at.RefID] = (was || !known) && !seen[at]
		seen[at] = true
	}
	return plain
}

// together fills requests with whole issues. An issue with more edits than fit
// has a request of its own.
func together(edits []work.Edit) [][]work.Edit {
	byIssue := map[work.RefID][]work.Edit{}
	var order []work.RefID
	var comments [][]work.Edit
	for _, e := range edits {
		if e.Target.Path == work.NativeComment { // a request of its own
			comments = append(comments, []work.Edit{e})
			continue
		}
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
	return append(batches, comments...)
}

// turns counts the mutations of one issue: neighbours that add labels are one,
// and so are those that remove some.
func turns(edits []work.Edit) int {
	n := 0
	for i, e := range edits {
		if i == 0 || e.Target.Path != work.NativeLabels || e.Target.Path != edits[i-1].Target.Path || e.Verb != edits[i-1].Verb {
			n++
		}
	}
	return n
}

// needsGraphQL reports whether an edit can be made in no other way.
func needsGraphQL(edits []work.Edit) bool {
	return slices.ContainsFunc(edits, func(e work.Edit) bool { return strings.HasPrefix(e.Target.Path, work.ProjectFieldPrefix) })
}
