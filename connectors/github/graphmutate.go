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
			s.compare(m, raw)
		case errors.Is(err, errTooHeavy) && a.answered:
			again = append(again, m) // the service says itself that it did not get there
		case err != nil:
			s.finish(m, s.outcome(err, true))
		default:
			s.finish(m, s.refused(a, alias))
		}
	}
	return again
}

// compose writes the document: one field for each mutation.
func compose(part []*mutation) (document string, variables map[string]any) {
	var b strings.Builder
	var params []string
	variables = map[string]any{}
	for i, m := range part {
		field := "addLabelsToLabelable"
		if m.verb() == work.RemoveLabel {
			field = "removeLabelsFromLabelable"
		}
		id, labels := fmt.Sprintf("i%d", i), fmt.Sprintf("l%d", i)
		params = append(params, "$"+id+": ID!", "$"+labels+": [ID!]!")
		variables[id], variables[labels] = m.at.node.ID, m.labels
		fmt.Fprintf(&b, " m%d: %s(input: {labelableId: $%s, labelIds: $%s}) { labelable { ... on Issue { labels(first: 100) { nodes { name } } } } }", i, field, id, labels)
	}
	return "mutation(" + strings.Join(params, ", ") + ") {" + b.String() + " }", variables
}

// compare looks whether the answer shows what was wished: GitHub drops
// silently what the credentials may not do.
func (s *sink) compare(m *mutation, raw json.RawMessage) {
	var body struct {
		Labelable node `json:"labelable"`
	}
	if err := json.Unmarshal(raw, &body); err != nil {
		s.finish(m, s.outcome(&answerError{"the GraphQL answer has not the form that was asked for"}, true))
		return
	}
	m.at.node.Labels = body.Labelable.Labels
	state := issueState{labels: names(body.Labelable.Labels.Nodes)}
	for i, e := range m.edits {
		_, has := state.has(e.Target.Element)
		if has == (e.Verb == work.AddLabel) {
			*m.results[i] = work.Result{State: work.Applied}
			continue
		}
		*m.results[i] = rejected("GitHub dropped the change silently: no push access; give the credentials write access to " + m.at.node.Repository.Name)
	}
}

func (s *sink) finish(m *mutation, r work.Result) {
	for i := range m.results {
		*m.results[i] = r
	}
}

// refused says what an error means for the one mutation that it belongs to.
func (s *sink) refused(a graphAnswer, alias string) work.Result {
	for _, f := range a.faults {
		if !f.at(alias) {
			continue
		}
		switch f.Type {
		case "FORBIDDEN", "INSUFFICIENT_SCOPES":
			return rejected("GitHub refuses: " + f.Message + "; grant Issues (read and write)")
		case "NOT_FOUND", "UNPROCESSABLE", "VALIDATION":
			return rejected("GitHub refuses: " + f.Message)
		default:
			return work.Result{State: work.Uncertain, Detail: "GitHub failed: " + f.Message}
		}
	}
	return work.Result{State: work.Uncertain, Detail: "GitHub does not say what became of it"}
}
