package github

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"tandem/internal/work"
)

// Native fields that are written as a whole.
const (
	nativeMilestone = "milestone"
	nativeState     = "state"
	nativeReason    = "state_reason"
)

const (
	isOpen   = "open"
	isClosed = "closed"
)

// reasons are why an issue can be closed.
func reasons() []string { return []string{"completed", "not_planned"} }

func isTurn(e work.Edit) bool {
	return e.Target.Path == nativeState || e.Target.Path == nativeReason
}

func refuseState(e work.Edit) string {
	known := []string{isOpen, isClosed}
	if e.Target.Path == nativeReason {
		known = reasons()
	}
	switch {
	case e.Verb == work.ClearField:
		return "an issue always has a " + e.Target.Path + "; write one of: " + strings.Join(known, ", ")
	case !slices.Contains(known, e.Value.Text()):
		return fmt.Sprintf("%q is no %s that can be written; write one of: %s", e.Value.Text(), e.Target.Path, strings.Join(known, ", "))
	default:
		return ""
	}
}

// fieldsOf are the fields of an issue that are written as a whole. GraphQL
// spells constants large.
func fieldsOf(state, reason string, milestone *wireTitle) map[string]work.Value {
	fields := map[string]work.Value{
		nativeState: work.NewText(strings.ToLower(state)), nativeReason: work.NewText(strings.ToLower(reason)), nativeMilestone: work.Empty(),
	}
	if milestone != nil {
		fields[nativeMilestone] = work.NewText(milestone.Title)
	}
	return fields
}

// see takes over what an answer says of the issue.
func (i *issueState) see(w wireIssue) {
	i.labels, i.fields = names(w.Labels), fieldsOf(w.State, deref(w.StateReason), w.Milestone)
}

// wishOf is what the field should hold.
func wishOf(e work.Edit) work.Value {
	if e.Verb == work.ClearField {
		return work.Empty()
	}
	return work.NewText(e.Value.Text())
}

// decideField compares wish, expectation and truth of a field that is written
// as a whole. No state means: write it.
func decideField(state *issueState, e work.Edit) work.Result {
	have := state.fields[e.Target.Path]
	switch {
	case have == wishOf(e) && (e.Target.Path != nativeReason || state.fields[nativeState].Text() == isClosed):
		return work.Result{State: work.Unchanged}
	case e.Expect.Known() && e.Expect != have:
		return work.Result{State: work.Conflict, Detail: fmt.Sprintf("the %s of %s is %s, and was %s when the edit was planned", e.Target.Path, e.Key, have, e.Expect)}
	case e.Target.Path == nativeReason && state.fields[nativeState].Text() == isClosed:
		return rejected(fmt.Sprintf("%s is closed as %s already, and GitHub changes the reason of no closed issue; reopen it first", e.Key, have))
	default:
		return work.Result{}
	}
}

// turning closes an issue, or opens it again.
type turning struct {
	close  bool
	reason string
}

// turnOf is what an edit of the state or its reason asks for.
func turnOf(e work.Edit) *turning {
	if e.Target.Path == nativeReason {
		return &turning{close: true, reason: e.Value.Text()}
	}
	return &turning{close: e.Value.Text() == isClosed}
}

func (t *turning) rights() string { return issueRights }

func (t *turning) join(next act) bool {
	other, ok := next.(*turning)
	if !ok || !t.close || !other.close {
		return false
	}
	if other.reason != "" {
		t.reason = other.reason
	}
	return true
}

func (t *turning) compose(m *mutation, n int, vars map[string]any) (params []string, field string) {
	id, reason := fmt.Sprintf("i%d", n), fmt.Sprintf("r%d", n)
	vars[id] = m.at.node.ID
	params = []string{"$" + id + ": ID!"}
	const shown = " { issue { state stateReason } }"
	switch {
	case !t.close:
		return params, fmt.Sprintf("reopenIssue(input: {issueId: $%s})", id) + shown
	case t.reason == "":
		return params, fmt.Sprintf("closeIssue(input: {issueId: $%s})", id) + shown
	}
	vars[reason] = strings.ToUpper(t.reason)
	return append(params, "$"+reason+": IssueClosedStateReason"), fmt.Sprintf("closeIssue(input: {issueId: $%s, stateReason: $%s})", id, reason) + shown
}

func (t *turning) compare(m *mutation, raw json.RawMessage) error {
	var body struct {
		Issue *node `json:"issue"`
	}
	if json.Unmarshal(raw, &body) != nil || body.Issue == nil {
		return errForm
	}
	m.at.node.State, m.at.node.StateReason = body.Issue.State, body.Issue.StateReason
	m.applied(m.at.node.state(), dropped(m.at.node.Repository.Name))
	return nil
}

// patch changes fields of one issue by REST. A redirect is never followed: it
// would turn the change into a look.
func (s *sink) patch(ctx context.Context, state *issueState, batch []work.Edit, todo []int, results []work.Result) {
	body := map[string]any{}
	var ready []int
	for _, i := range todo {
		e := batch[i]
		switch e.Target.Path {
		case nativeMilestone:
			m, refusal := s.milestoneOf(ctx, state.name, e)
			if refusal != nil {
				results[i] = *refusal
				continue
			}
			if body[nativeMilestone] = nil; m != nil {
				body[nativeMilestone] = m.Number
			}
		case nativeState:
			body[nativeState] = e.Value.Text()
		case nativeReason:
			body[nativeState], body[nativeReason] = isClosed, e.Value.Text()
		}
		ready = append(ready, i)
	}
	if len(ready) == 0 {
		return
	}
	var w wireIssue
	a, sent, err := s.write(ctx, http.MethodPatch, issuePath(state.name, state.number), body)
	if err == nil {
		err = a.into(&w)
	}
	if err == nil && w.State == "" {
		err = &answerError{"the answer is no issue"}
	}
	if err != nil {
		for _, i := range ready {
			results[i] = s.outcome(err, sent)
		}
		return
	}
	state.see(w)
	state.at = s.now()
	for _, i := range ready {
		results[i] = dropped(state.name)
		if decide(state, batch[i]).State == work.Unchanged {
			results[i] = work.Result{State: work.Applied}
		}
	}
}
