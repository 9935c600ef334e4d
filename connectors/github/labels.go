package github

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"tandem/connectors"
	"tandem/internal/httpx"
	"tandem/internal/work"
)

const (
	maxLabel = 50
	// labelColour is that of labels that we create.
	labelColour = "5319e7"
)

// add puts labels on an issue with one POST.
func (s *sink) add(ctx context.Context, state *issueState, batch []work.Edit, todo []int, results []work.Result) {
	var ready []int
	var labels []string
	for _, i := range todo {
		if refusal := s.ensure(ctx, state.name, batch[i].Target.Element); refusal != nil {
			results[i] = *refusal
			continue
		}
		ready = append(ready, i)
		labels = append(labels, batch[i].Target.Element)
	}
	if len(ready) == 0 {
		return
	}
	a, sent, err := s.write(ctx, http.MethodPost, issuePath(state.name, state.number)+"/labels", map[string][]string{"labels": labels})
	if err == nil {
		err = s.stands(state, a)
	}
	for _, i := range ready {
		switch _, has := state.has(batch[i].Target.Element); {
		case err != nil:
			results[i] = s.outcome(err, sent)
		case !has:
			results[i] = rejected("GitHub dropped the label silently: no push access; give the credentials write access to " + state.name)
		default:
			results[i] = work.Result{State: work.Applied}
		}
	}
}

// remove takes one label off an issue.
func (s *sink) remove(ctx context.Context, state *issueState, e work.Edit) work.Result {
	spelled, _ := state.has(e.Target.Element)
	a, sent, err := s.write(ctx, http.MethodDelete, issuePath(state.name, state.number)+"/labels/"+url.PathEscape(spelled), nil)
	if status, ok := errors.AsType[*httpx.StatusError](err); ok && status.Status == http.StatusNotFound &&
		strings.Contains(strings.ToLower(status.Reason), "label does not exist") {
		state.labels = slices.DeleteFunc(state.labels, func(l string) bool { return l == spelled })
		if status.Repeated {
			return work.Result{State: work.Applied} // by the try whose answer was lost
		}
		return work.Result{State: work.Unchanged} // somebody was faster
	}
	if err == nil {
		err = s.stands(state, a)
	}
	if err != nil {
		return s.outcome(err, sent)
	}
	if _, has := state.has(e.Target.Element); has {
		return rejected("GitHub left the label there: no push access; give the credentials write access to " + state.name)
	}
	return work.Result{State: work.Applied}
}

// stands learns from an answer which labels the issue has now.
func (s *sink) stands(state *issueState, a answer) error {
	var labels []wireLabel
	if err := a.into(&labels); err != nil {
		return err
	}
	state.labels, state.at = names(labels), s.now()
	return nil
}

// labelID returns GitHub's id of a label that exists.
func (s *sink) labelID(ctx context.Context, name, label string) (string, *work.Result) {
	key := definedKey(name, label)
	if id := s.labelIDs[key]; id != "" {
		return id, nil
	}
	var w struct {
		NodeID string `json:"node_id"`
	}
	a, err := s.client.get(ctx, repositoryPath(name)+"/labels/"+url.PathEscape(label), "")
	if err == nil {
		err = a.into(&w)
	}
	if err == nil && w.NodeID == "" {
		err = &answerError{"the label has no id"}
	}
	if err != nil {
		delete(s.defined, key)
		r := s.outcome(err, false) // the issue was not touched
		r.Detail = fmt.Sprintf("the label %q: %s", label, r.Detail)
		return "", &r
	}
	s.noteLabel(name, label, w.NodeID)
	return w.NodeID, nil
}

func (s *sink) noteLabel(name, label, id string) {
	if s.labelIDs == nil {
		s.labelIDs = map[string]string{}
	}
	s.define(name, label)
	if id != "" {
		s.labelIDs[definedKey(name, label)] = id
	}
}

func definedKey(name, label string) string { return strings.ToLower(name + "\x00" + label) }

func (s *sink) define(name, label string) {
	if s.defined == nil {
		s.defined = map[string]bool{}
	}
	s.defined[definedKey(name, label)] = true
}

// forget drops a label that is not there any more.
func (s *sink) forget(name, label string) {
	s.sending.Lock()
	defer s.sending.Unlock()
	delete(s.defined, definedKey(name, label))
	delete(s.labelIDs, definedKey(name, label))
}

// ensure creates the label in the repository where it is missing: GitHub would
// create it grey and without a word.
func (s *sink) ensure(ctx context.Context, name, label string) *work.Result {
	if s.defined[definedKey(name, label)] {
		return nil
	}
	a, err := s.client.get(ctx, repositoryPath(name)+"/labels/"+url.PathEscape(label), "")
	if statusOf(err) == http.StatusNotFound {
		a, err = s.create(ctx, name, label)
	}
	if err != nil {
		r := s.outcome(err, false) // the issue was not touched
		r.Detail = fmt.Sprintf("the label %q: %s", label, r.Detail)
		return &r
	}
	var w definedLabel
	_ = a.into(&w) // its id is asked for again where it is needed
	if by := s.foreign(w.Description); by != "" {
		s.claim(name, by)
		r := rejected(connectors.Refusal(by))
		return &r
	}
	s.noteLabel(name, label, w.NodeID)
	return nil
}

func (s *sink) create(ctx context.Context, name, label string) (answer, error) {
	a, _, err := s.write(ctx, http.MethodPost, repositoryPath(name)+"/labels", map[string]string{
		"name": label, "color": labelColour, "description": description(s.owner),
	})
	if statusOf(err) == http.StatusUnprocessableEntity && alreadyExists(err) { // somebody was faster
		if a, err = s.client.get(ctx, labelPath(name, label), ""); statusOf(err) == http.StatusNotFound {
			return answer{}, nil // GitHub shows it in a moment
		}
	}
	return a, err
}

// alreadyExists finds GitHub's code in a 422.
func alreadyExists(err error) bool {
	e, ok := errors.AsType[*httpx.StatusError](err)
	if !ok {
		return false
	}
	var body struct {
		Errors []struct {
			Code string `json:"code"`
		} `json:"errors"`
	}
	known := answer{body: e.Raw()}.into(&body) == nil
	return known && slices.ContainsFunc(body.Errors, func(x struct {
		Code string `json:"code"`
	},
	) bool {
		return x.Code == "already_exists"
	})
}

func statusOf(err error) int {
	if e, ok := errors.AsType[*httpx.StatusError](err); ok {
		return e.Status
	}
	return 0
}
