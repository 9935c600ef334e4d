package github

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"tandem/internal/work"
)

// mutate sends the mutations, as many in one request as the service takes.
func (s *sink) mutate(ctx context.Context, all []*mutation) {
	for len(all) > 0 {
		size := min(s.client.graph.mutations(), len(all))
		part := all[:size]
		again := s.mutateTogether(ctx, part)
		if len(again) == 0 {
			all = all[size:]
			continue
		}
		if !s.client.graph.lighten() {
			for _, m := range again {
				s.finish(m, s.deferred("GitHub could not finish even one change in time", s.now().Add(soon)))
			}
			all = all[size:]
			continue
		}
		all = append(again, all[size:]...)
	}
}

// mutateTogether sends one request. What the service says it did not get to is
// returned, to be sent in smaller parts.
func (s *sink) mutateTogether(ctx context.Context, part []*mutation) (again []*mutation) {
	document, variables := compose(part)
	if err := errors.Join(s.wait(ctx), s.client.graph.allowed()); err != nil {
		for _, m := range part {
			s.finish(m, s.outcome(err, false))
		}
		return nil
	}
	a, err := s.client.graphQL(ctx, document, variables)
	s.written = s.now()
	for i, m := range part {
		alias := fmt.Sprintf("m%d", i)
		raw := a.data[alias]
		done := len(raw) > 0 && string(raw) != "null"
		switch {
		case done:
			if err := m.act.compare(m, raw); err != nil {
				s.finish(m, s.outcome(err, true))
			}
		case errors.Is(err, errTooHeavy) && a.answered:
			again = append(again, m) // the service says itself that it did not get there
		case err != nil:
			s.finish(m, s.outcome(err, true))
		default:
			s.finish(m, refused(a, alias, m.act.rights()))
			if put, ok := m.act.(*putting); ok {
				put.board.drop() // an option or field may have another id now
			}
		}
	}
	return again
}

// act is what a mutation does to its issue.
type act interface {
	// compose declares variables, puts them into vars and writes the field; n
	// tells the mutations of one document apart.
	compose(m *mutation, n int, vars map[string]any) (params []string, field string)
	// compare looks whether the answer shows what was wished: GitHub drops
	// silently what the credentials may not do.
	compare(m *mutation, raw json.RawMessage) error
	// join takes the next act of the same issue into this one, where one
	// mutation can do both.
	join(next act) bool
	// rights says what to grant where it is refused.
	rights() string
}

// compose writes the document: one field for each mutation.
func compose(part []*mutation) (document string, variables map[string]any) {
	var b strings.Builder
	var params []string
	variables = map[string]any{}
	for n, m := range part {
		declared, field := m.act.compose(m, n, variables)
		params = append(params, declared...)
		fmt.Fprintf(&b, " m%d: %s", n, field)
	}
	return "mutation(" + strings.Join(params, ", ") + ") {" + b.String() + " }", variables
}

// labelling adds labels to an issue, or takes them off.
type labelling struct {
	add bool
	ids []string
}

func (l *labelling) rights() string { return issueRights }

func (l *labelling) join(next act) bool {
	other, ok := next.(*labelling)
	if !ok || other.add != l.add {
		return false
	}
	l.ids = append(l.ids, other.ids...)
	return true
}

func (l *labelling) compose(m *mutation, n int, vars map[string]any) (params []string, field string) {
	name := "removeLabelsFromLabelable"
	if l.add {
		name = "addLabelsToLabelable"
	}
	id, labels := fmt.Sprintf("i%d", n), fmt.Sprintf("l%d", n)
	vars[id], vars[labels] = m.at.node.ID, l.ids
	return []string{"$" + id + ": ID!", "$" + labels + ": [ID!]!"},
		fmt.Sprintf("%s(input: {labelableId: $%s, labelIds: $%s}) { labelable { ... on Issue { labels(first: 100) { nodes { name } } } } }", name, id, labels)
}

func (l *labelling) compare(m *mutation, raw json.RawMessage) error {
	var body struct {
		Labelable node `json:"labelable"`
	}
	if err := json.Unmarshal(raw, &body); err != nil {
		return errForm
	}
	m.at.node.Labels = body.Labelable.Labels
	m.applied(m.at.node.state(), dropped(m.at.node.Repository.Name))
	return nil
}

// applied compares the issue with the wishes of the edits.
func (m *mutation) applied(state *issueState, otherwise work.Result) {
	for i, e := range m.edits {
		*m.results[i] = otherwise
		if decide(state, e).State == work.Unchanged {
			*m.results[i] = work.Result{State: work.Applied}
		}
	}
}

const issueRights = "grant Issues (read and write)"

func dropped(repository string) work.Result {
	return rejected("GitHub dropped the change silently: no push access; give the credentials write access to " + repository)
}

func (s *sink) finish(m *mutation, r work.Result) {
	for i := range m.results {
		*m.results[i] = r
	}
}

// refused says what an error means for the one mutation that it belongs to.
func refused(a graphAnswer, alias, rights string) work.Result {
	for _, f := range a.faults {
		if !f.at(alias) {
			continue
		}
		switch f.Type {
		case "FORBIDDEN", "INSUFFICIENT_SCOPES":
			return rejected("GitHub refuses: " + f.Message + "; " + rights)
		case "NOT_FOUND", "UNPROCESSABLE", "VALIDATION":
			return rejected("GitHub refuses: " + f.Message)
		default:
			return work.Result{State: work.Uncertain, Detail: "GitHub failed: " + f.Message}
		}
	}
	return work.Result{State: work.Uncertain, Detail: "GitHub does not say what became of it"}
}
