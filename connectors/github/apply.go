package github

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"tandem/connectors"
	"tandem/internal/work"
)

// sink writes, one request after the other.
type sink struct {
	client *client
	board  *board
	now    func() time.Time
	pause  time.Duration
	// newcomers are not written.
	newcomers *newcomers
	names     *nameBook
	// viewers are who could read a repository when its issues were read.
	viewers *viewers
	// looked is when each repository was looked at for writing.
	looked map[string]time.Time

	// owner signs labels and comments.
	owner connectors.Owner
	// claims are what looks at labels said, by repository.
	claims map[string]claim

	// sending lets one batch at a time write.
	sending sync.Mutex
	// written is when the last write was sent.
	written time.Time
	// last is the issue that was read or written last.
	last *issueState
	// defined are the labels that exist, by repository and label, lower case.
	defined map[string]bool
	// labelIDs are GitHub's ids of labels, by repository and label.
	labelIDs map[string]string
	// known are issues that were looked up for writing.
	known map[spot]*prepared
	// milestones are the open ones, by repository.
	milestones map[string]*milestones
	// self is the login that our comments have.
	self string
	// commented is when comments were made in the last hour.
	commented []time.Time
}

// issueState is what an issue showed a moment ago.
type issueState struct {
	ref    work.RefID
	name   string // of the repository
	number int
	labels []string
	// fields are those that are written as a whole: milestone, state.
	fields map[string]work.Value
	at     time.Time
}

// freshness is how long a read counts as "just read".
const freshness = 10 * time.Second

// send writes one batch.
func (s *sink) send(ctx context.Context, batch []work.Edit) []work.Result {
	s.sending.Lock()
	defer s.sending.Unlock()
	results := make([]work.Result, len(batch))
	if !s.together(ctx, batch, results) {
		for _, group := range groups(batch) {
			s.issue(ctx, batch, group, results)
		}
	}
	s.putBack(ctx, batch, results)
	for i, e := range batch {
		results[i].EditID = e.ID
		if results[i].State != work.Applied && results[i].State != work.Unchanged {
			s.last = nil // look again before the next
		}
	}
	return results
}

// issue writes one request's edits of one issue.
func (s *sink) issue(ctx context.Context, batch []work.Edit, group []int, results []work.Result) {
	var able []int
	for _, i := range group {
		if why := refuse(batch[i]); why != "" {
			results[i] = rejected(why)
			continue
		}
		if needsGraphQL(batch[i : i+1]) {
			results[i] = rejected("fields of a project are written by GraphQL alone, which is not to be had with these credentials; map the field to a label")
			continue
		}
		able = append(able, i)
	}
	if len(able) == 0 {
		return
	}
	all := func(r work.Result) {
		for _, i := range able {
			results[i] = r
		}
	}
	if ctx.Err() != nil {
		all(s.outcome(ctx.Err(), false))
		return
	}
	if able = s.unopened(ctx, batch, able, results); len(able) == 0 {
		return
	}
	if first := batch[able[0]]; first.Target.Path == work.NativeComment && s.lookedUp(first) {
		name, number, _ := splitKey(first.Key) // it was found by it
		results[able[0]] = s.comment(ctx, first, name, number)
		return
	}
	state, refusal := s.current(ctx, batch[able[0]])
	if refusal != nil {
		all(*refusal)
		return
	}
	if batch[able[0]].Target.Path == work.NativeComment {
		results[able[0]] = s.comment(ctx, batch[able[0]], state.name, state.number)
		return
	}
	var todo []int
	for _, i := range able {
		if results[i] = decide(state, batch[i]); results[i].State == "" {
			todo = append(todo, i)
		}
	}
	switch {
	case len(todo) == 0:
	case batch[todo[0]].Target.Path == work.NativeLabels:
		s.relabel(ctx, state, batch, todo, results)
	default:
		s.patch(ctx, state, batch, todo, results)
	}
}

// unopened leaves out edits whose repository has more readers than they were
// planned for.
func (s *sink) unopened(ctx context.Context, batch []work.Edit, able []int, results []work.Result) []int {
	return slices.DeleteFunc(able, func(i int) bool {
		name, _, err := splitKey(batch[i].Key)
		if err != nil || !batch[i].Tells() {
			return false
		}
		now, err := s.readers(ctx, name)
		if err != nil {
			results[i] = s.outcome(err, false)
			return true
		}
		refusal := s.viewers.opened(batch[i], name, now)
		if refusal != nil {
			results[i] = *refusal
		}
		return refusal != nil
	})
}

// readers is who may read a repository, looked at a moment ago.
func (s *sink) readers(ctx context.Context, name string) (work.Audience, error) {
	if s.looked == nil {
		s.looked = map[string]time.Time{}
	}
	if work.Fresh(s.looked[name], s.now(), freshness) {
		return s.viewers.of(ctx, name)
	}
	is, err := s.viewers.within(ctx, name, 0)
	if err == nil {
		s.looked[name] = s.now()
	}
	return is, err
}

// splitKey reads acme/pay#7.
func splitKey(key string) (name string, number int, err error) {
	name, digits, found := strings.Cut(key, "#")
	number, convErr := strconv.Atoi(digits)
	owner, repository, both := strings.Cut(name, "/")
	if !found || convErr != nil || number <= 0 || !both || owner == "" || repository == "" || strings.Contains(repository, "/") {
		return "", 0, fmt.Errorf("%q is no issue; an issue is written acme/pay#7", key)
	}
	return name, number, nil
}

// current reads the issue again, unless that was just done.
func (s *sink) current(ctx context.Context, e work.Edit) (*issueState, *work.Result) {
	name, number, err := splitKey(e.Key)
	if err != nil {
		r := rejected(err.Error())
		return nil, &r
	}
	if l := s.last; l != nil && l.ref == e.Target.RefID && l.name == name && l.number == number && work.Fresh(l.at, s.now(), freshness) {
		return l, nil
	}
	s.last = nil
	var w wireIssue
	a, err := s.client.get(ctx, issuePath(name, number), "")
	if err == nil {
		err = a.into(&w)
	}
	if err == nil && w.ID == 0 {
		err = &answerError{"the answer is no issue"}
	}
	if isAbsent(err) {
		r := work.Result{State: work.Conflict, Detail: e.Key + " is not there: " + remedyGone}
		return nil, &r
	}
	if err != nil {
		r := s.outcome(err, false)
		return nil, &r
	}
	is := repositoryOf(w.RepositoryURL, name)
	switch {
	case strconv.FormatInt(w.ID, 10) != e.Target.ID:
		r := work.Result{State: work.Conflict, Detail: fmt.Sprintf("at %s stands another issue now: it was transferred", e.Key)}
		return nil, &r
	case !strings.EqualFold(is, name):
		r := work.Result{State: work.Conflict, Detail: fmt.Sprintf("the repository %s is %s now; write its new name into repositories:", name, is)}
		return nil, &r
	}
	s.last = &issueState{ref: e.Target.RefID, name: name, number: number, at: s.now()}
	s.last.see(w)
	for _, label := range s.last.labels {
		s.define(name, label)
	}
	return s.last, nil
}

// has finds a label on the issue; GitHub ignores case.
func (i *issueState) has(label string) (spelled string, there bool) {
	at := slices.IndexFunc(i.labels, func(l string) bool { return strings.EqualFold(l, label) })
	if at < 0 {
		return "", false
	}
	return i.labels[at], true
}

// misses returns the first of the labels that does not stand on the issue.
func (i *issueState) misses(labels work.Value) (label string, misses bool) {
	for label := range labels.Elements {
		if _, there := i.has(label); !there {
			return label, true
		}
	}
	return "", false
}

// decide compares wish, expectation and truth. No state means: write it.
func decide(state *issueState, e work.Edit) work.Result {
	if e.Target.Path != work.NativeLabels {
		return decideField(state, e)
	}
	if other, misses := state.misses(e.Keeps); misses {
		return work.Result{State: work.Conflict, Detail: fmt.Sprintf("the label %q that was to stay in place of %q was taken off %s; the next plan decides anew", other, e.Target.Element, e.Key)}
	}
	_, has := state.has(e.Target.Element)
	if want := e.Verb == work.AddLabel; has == want {
		if other, misses := state.misses(e.While); misses && !want {
			return work.Result{State: work.Conflict, Detail: fmt.Sprintf("the label %q was taken off %s before %q took its place; the next plan decides anew", e.Target.Element, e.Key, other)}
		}
		return work.Result{State: work.Unchanged}
	}
	for other := range e.Unless.Elements {
		if spelled, there := state.has(other); there {
			return work.Result{State: work.Conflict, Detail: fmt.Sprintf("the label %q stands on %s by now; the next plan decides anew", spelled, e.Key)}
		}
	}
	if other, misses := state.misses(e.While); misses && e.Verb == work.AddLabel {
		return work.Result{State: work.Conflict, Detail: fmt.Sprintf("the label %q that %q is to replace was taken off %s; the next plan decides anew", other, e.Target.Element, e.Key)}
	}
	if expected, said := expectedLabel(e.Expect, e.Target.Element); said && expected != has {
		return work.Result{State: work.Conflict, Detail: fmt.Sprintf("the label %q of %s is not as it was when the edit was planned", e.Target.Element, e.Key)}
	}
	return work.Result{}
}

// expectedLabel reads what the plan saw of a label: yes/no, or a list that has
// it or not.
func expectedLabel(expect work.Value, label string) (there, said bool) {
	switch expect.Kind() {
	case work.Flag:
		there, said = expect.Flag()
		return there, said
	case work.None:
		return false, true
	case work.List, work.Text:
		return slices.ContainsFunc(expect.List(), func(l string) bool { return strings.EqualFold(l, label) }), true
	default:
		return false, false
	}
}

// wait keeps the pause between two writes.
func (s *sink) wait(ctx context.Context) error {
	left := s.pause - s.now().Sub(s.written)
	if s.pause <= 0 || s.written.IsZero() || left <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(left)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// write sends one write. sent reports whether it may have arrived.
func (s *sink) write(ctx context.Context, method, address string, body any) (a answer, sent bool, err error) {
	if err := errors.Join(s.wait(ctx), s.client.budget.allowed()); err != nil {
		return answer{}, false, err
	}
	defer func() { s.written = s.now() }()
	a, err = s.client.send(ctx, method, address, body, "")
	return a, true, err
}
