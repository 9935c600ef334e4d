package github

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"tandem/internal/work"
)

// mostLabels is how many labels an issue takes.
const mostLabels = 100

// A field that is kept in labels is changed by adding one and removing another.
// GitHub does both by themselves, and one may be refused. So the new label
// comes first, and the old one goes when it stands. Where an issue is full the
// old one must go first; if the new one is refused then, the old one is put
// back.

// arrangement is in which order labels of one issue are changed, by index.
type arrangement struct {
	adds, removals []int
	// full tells that there is no room before the removals.
	full bool
	// refused find no room at all; waiting must stay for their sake.
	refused, waiting []int
}

// arrange puts changes of the labels of an issue in order. No label may stand
// in two of them. hopeless tells fields of which a label was refused already.
func arrange(have int, edits []work.Edit, hopeless func(work.Edit) bool) arrangement {
	type pair struct{ adds, removals []int }
	var a arrangement
	var fields []work.Field
	pairs := map[work.Field]*pair{}
	for i, e := range edits {
		p := pairs[e.Field]
		if p == nil {
			p = &pair{}
			pairs[e.Field], fields = p, append(fields, e.Field)
		}
		switch {
		case e.Verb == work.AddLabel:
			p.adds = append(p.adds, i)
		case hopeless(e):
			a.waiting = append(a.waiting, i)
		default:
			p.removals = append(p.removals, i)
		}
	}
	slices.SortStableFunc(fields, func(x, y work.Field) int { // what makes room goes first
		return (len(pairs[x].adds) - len(pairs[x].removals)) - (len(pairs[y].adds) - len(pairs[y].removals))
	})
	room := mostLabels - have
	for _, f := range fields {
		p := pairs[f]
		if more := len(p.adds) - len(p.removals); more > 0 && more > room {
			a.refused, a.waiting = append(a.refused, p.adds...), append(a.waiting, p.removals...)
			continue
		}
		room -= len(p.adds) - len(p.removals)
		a.adds, a.removals = append(a.adds, p.adds...), append(a.removals, p.removals...)
	}
	for _, list := range [][]int{a.adds, a.removals, a.refused, a.waiting} {
		slices.Sort(list)
	}
	a.full = len(a.adds) > mostLabels-have
	return a
}

func fullResult(e work.Edit) work.Result {
	return rejected(fmt.Sprintf("%s has %d labels, and GitHub takes no more; take some off, and release the field", e.Key, mostLabels))
}

func (s *sink) waiting(label string) work.Result {
	return work.Result{State: work.Deferred, Scope: "issue", Until: s.now().Add(soon), Detail: fmt.Sprintf("the label %q stays until the one that takes its place stands", label)}
}

// relabel changes the labels of one issue by REST.
func (s *sink) relabel(ctx context.Context, state *issueState, batch []work.Edit, todo []int, results []work.Result) {
	edits := make([]work.Edit, len(todo))
	for n, i := range todo {
		edits[n] = batch[i]
	}
	a := arrange(len(state.labels), edits, func(e work.Edit) bool { return failed(batch, results, e, work.AddLabel) })
	for _, n := range a.refused {
		results[todo[n]] = fullResult(edits[n])
	}
	for _, n := range a.waiting {
		results[todo[n]] = s.waiting(edits[n].Target.Element)
	}
	add := func() {
		var able []int
		for _, n := range a.adds {
			if failed(batch, results, edits[n], work.RemoveLabel) {
				results[todo[n]] = s.waiting(edits[n].Target.Element)
				continue
			}
			able = append(able, todo[n])
		}
		if len(able) > 0 {
			s.add(ctx, state, batch, able, results)
		}
	}
	if !a.full {
		add()
	}
	for _, n := range a.removals {
		if !a.full && failed(batch, results, edits[n], work.AddLabel) {
			results[todo[n]] = s.waiting(edits[n].Target.Element)
			continue
		}
		results[todo[n]] = s.remove(ctx, state, edits[n])
	}
	if a.full {
		add()
	}
}

// failed reports whether a change of the other kind, of the same field and
// issue, was tried and did not go through.
func failed(batch []work.Edit, results []work.Result, e work.Edit, verb work.Verb) bool {
	for i, other := range batch {
		if other.Verb == verb && other.Field == e.Field && other.Target.RefID == e.Target.RefID &&
			results[i].State != "" && results[i].State != work.Applied && results[i].State != work.Unchanged {
			return true
		}
	}
	return false
}

// inOrder does the same for mutations of many issues.
func (s *sink) inOrder(all []*mutation, batch []work.Edit, results []work.Result) []*mutation {
	at := map[*prepared][]int{}
	for i, m := range all {
		if _, is := m.act.(*labelling); is {
			at[m.at] = append(at[m.at], i)
		}
	}
	dropped := map[*mutation]bool{}
	ordered := slices.Clone(all)
	for p, places := range at {
		edits := make([]work.Edit, len(places))
		for n, i := range places {
			edits[n] = all[i].edits[0]
		}
		if repeats(edits) {
			continue
		}
		a := arrange(len(p.node.Labels.Nodes), edits, func(e work.Edit) bool { return failed(batch, results, e, work.AddLabel) })
		for _, n := range a.refused {
			*all[places[n]].results[0] = fullResult(edits[n])
		}
		for _, n := range a.waiting {
			*all[places[n]].results[0] = s.waiting(edits[n].Target.Element)
		}
		order := slices.Concat(a.adds, a.removals)
		if a.full {
			order = slices.Concat(a.removals, a.adds)
		}
		order = slices.Concat(order, a.refused, a.waiting)
		for k, n := range order {
			m := all[places[n]]
			ordered[places[k]] = m
			dropped[m] = k >= len(a.adds)+len(a.removals)
		}
	}
	return slices.DeleteFunc(ordered, func(m *mutation) bool { return dropped[m] })
}

// repeats reports whether a label stands in several edits of one issue.
func repeats(edits []work.Edit) bool {
	seen := map[string]bool{}
	for _, e := range edits {
		label := strings.ToLower(e.Target.Element)
		if seen[label] {
			return true
		}
		seen[label] = true
	}
	return false
}

// putBack adds labels again that were removed for others that GitHub refused
// then: the field keeps its old value.
func (s *sink) putBack(ctx context.Context, batch []work.Edit, results []work.Result) {
	type issue struct {
		name   string
		number int
	}
	lost := map[issue][]int{}
	var order []issue
	for i, e := range batch {
		if e.Verb != work.RemoveLabel || results[i].State != work.Applied || !refusedFor(batch, results, e) {
			continue
		}
		name, number, err := splitKey(e.Key)
		if err != nil {
			continue
		}
		at := issue{name, number}
		if lost[at] == nil {
			order = append(order, at)
		}
		lost[at] = append(lost[at], i)
	}
	for _, at := range order {
		var labels []string
		for _, i := range lost[at] {
			labels = append(labels, batch[i].Target.Element)
		}
		if _, _, err := s.write(ctx, http.MethodPost, issuePath(at.name, at.number)+"/labels", map[string][]string{"labels": labels}); err != nil {
			continue // it is gone, as the results say; the next cycle plans anew
		}
		for _, i := range lost[at] {
			results[i] = s.waiting(batch[i].Target.Element)
			delete(s.known, spot{batch[i].Target.RefID, at.name, at.number})
		}
	}
}

// refusedFor reports whether the label that should take the place of a removed
// one was refused for good.
func refusedFor(batch []work.Edit, results []work.Result, e work.Edit) bool {
	for i, other := range batch {
		if other.Target.RefID != e.Target.RefID || other.Target.Path != e.Target.Path {
			continue
		}
		if strings.EqualFold(other.Target.Element, e.Target.Element) && other.Verb == work.AddLabel {
			return false
		}
		if other.Verb == work.AddLabel && other.Field == e.Field && results[i].State == work.Rejected {
			return true
		}
	}
	return false
}
