package github

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"tandem/internal/work"
)

// fewIssues is how many issues are written one by one: fewer requests than
// looking their ids up first.
const fewIssues = 2

// preparedFor is how long a look-up stands in for a read right before the
// write: a hundred issues are ten requests, a second apart.
const preparedFor = 20 * time.Second

// Prepare looks up many issues that will be written, a hundred in a request.
func (s *sink) Prepare(ctx context.Context, edits []work.Edit) {
	spots := spotsOf(edits)
	if len(spots) <= fewIssues && !needsGraphQL(edits) || len(spots) == 0 || s.client.graph.absent() {
		return
	}
	s.sending.Lock()
	defer s.sending.Unlock()
	_ = s.prepare(ctx, spots) // Send looks again, and tells
}

// prepare looks issues up, and the labels that they have.
func (s *sink) prepare(ctx context.Context, spots []spot) error {
	all, shape, err := s.board.lookUp(ctx, s.client, spots, lookFields, preparedFor)
	if errors.Is(err, errNoGraphQL) {
		s.client.graph.giveUp()
	}
	for at, f := range all {
		p := prepared{at: s.now(), denied: f.denied, gone: f.raw == nil && f.denied == "", shape: shape}
		if f.raw != nil && json.Unmarshal(f.raw, &p.node) != nil {
			continue
		}
		if f.raw != nil && shape != nil {
			var unread error
			if p.card, unread = shape.cardOf(f.raw, s.board.wanted); unread != nil {
				p.shape = nil
			}
		}
		s.keep(at, p)
	}
	return err
}

func (s *sink) keep(at spot, p prepared) {
	if s.known == nil {
		s.known = map[spot]*prepared{}
	}
	maps.DeleteFunc(s.known, func(_ spot, old *prepared) bool { return !work.Fresh(old.at, s.now(), preparedFor) })
	s.known[at] = &p
}

// prepared is what was looked up of an issue.
type prepared struct {
	node node
	// shape is nil where the board cannot be used.
	shape  *shape
	card   card
	gone   bool
	denied string
	at     time.Time
}

// together writes the edits of many issues with few GraphQL requests. It
// reports false where that cannot be done here: nothing was written then.
func (s *sink) together(ctx context.Context, batch []work.Edit, results []work.Result) bool {
	spots := spotsOf(batch)
	if len(spots) <= fewIssues && !needsGraphQL(batch) || len(spots) == 0 || s.client.graph.absent() {
		return false
	}
	missing := slices.DeleteFunc(slices.Clone(spots), func(at spot) bool {
		p := s.known[at]
		return p != nil && work.Fresh(p.at, s.now(), preparedFor)
	})
	if len(missing) > 0 {
		if err := s.prepare(ctx, missing); err != nil {
			if errors.Is(err, errNoGraphQL) {
				return false
			}
			s.settle(batch, results, s.outcome(err, false))
			return true
		}
	}
	var todo []*mutation
	for i, e := range batch {
		if m := s.judge(ctx, e, &results[i]); m != nil {
			todo = append(todo, m)
		}
	}
	s.mutate(ctx, merge(s.addCards(ctx, s.inOrder(todo, batch, results))))
	return true
}

// settle gives all edits without a result the same one.
func (s *sink) settle(batch []work.Edit, results []work.Result, r work.Result) {
	for i := range batch {
		if results[i].State == "" {
			results[i] = r
		}
	}
}

// mutation is one field of a mutation document and the edits that it makes.
type mutation struct {
	at      *prepared
	edits   []work.Edit
	results []*work.Result
	act     act
}

// judge compares an edit with what stands there; nil where there is nothing
// to write.
func (s *sink) judge(ctx context.Context, e work.Edit, result *work.Result) *mutation {
	if why := refuse(e); why != "" {
		*result = rejected(why)
		return nil
	}
	name, number, err := splitKey(e.Key)
	if err != nil {
		*result = rejected(err.Error())
		return nil
	}
	p := s.known[spot{e.Target.RefID, name, number}]
	refusal := misplaced(p, e, name)
	if refusal == nil && !strings.HasPrefix(e.Target.Path, work.ProjectFieldPrefix) {
		refusal = s.viewers.opened(e, name, p.node.audience())
	}
	if refusal != nil {
		*result = *refusal
		return nil
	}
	if strings.HasPrefix(e.Target.Path, work.ProjectFieldPrefix) {
		return s.judgeCard(ctx, e, p, result)
	}
	if e.Target.Path == work.NativeComment {
		*result = s.comment(ctx, e, name, number)
		return nil
	}
	if *result = decide(p.node.state(), e); result.State != "" {
		return nil
	}
	act, refusal := s.actOf(ctx, e, name)
	if refusal != nil {
		*result = *refusal
		return nil
	}
	return &mutation{at: p, edits: []work.Edit{e}, results: []*work.Result{result}, act: act}
}

// actOf is what an edit of the issue itself does.
func (s *sink) actOf(ctx context.Context, e work.Edit, name string) (act, *work.Result) {
	switch e.Target.Path {
	case nativeMilestone:
		m, refusal := s.milestoneOf(ctx, name, e)
		return &milestoning{m}, refusal
	case nativeState, nativeReason:
		return turnOf(e), nil
	}
	if e.Verb == work.AddLabel {
		if refusal := s.ensure(ctx, name, e.Target.Element); refusal != nil {
			return nil, refusal
		}
	}
	id, refusal := s.labelID(ctx, name, e.Target.Element)
	return &labelling{add: e.Verb == work.AddLabel, ids: []string{id}}, refusal
}

// lookedUp reports whether the issue was looked up a moment ago and can be
// written.
func (s *sink) lookedUp(e work.Edit) bool {
	name, number, err := splitKey(e.Key)
	if err != nil {
		return false
	}
	p := s.known[spot{e.Target.RefID, name, number}]
	return p != nil && work.Fresh(p.at, s.now(), preparedFor) && misplaced(p, e, name) == nil
}

// misplaced says why an issue cannot be written; nil if it can.
func misplaced(p *prepared, e work.Edit, name string) *work.Result {
	var r work.Result
	switch {
	case p == nil:
		r = work.Result{State: work.Deferred, Scope: "issue", Detail: "the issue could not be looked up; it is tried again"}
	case p.denied != "":
		r = rejected("GitHub does not show the issue: " + p.denied)
	case p.gone:
		r = work.Result{State: work.Conflict, Detail: e.Key + " is not there any more: it was transferred or deleted"}
	case strconv.FormatInt(int64(p.node.DatabaseID), 10) != e.Target.ID:
		r = work.Result{State: work.Conflict, Detail: fmt.Sprintf("at %s stands another issue now: it was transferred", e.Key)}
	case !strings.EqualFold(p.node.Repository.Name, name):
		r = work.Result{State: work.Conflict, Detail: fmt.Sprintf("the repository %s is %s now; write its new name into repositories:", name, p.node.Repository.Name)}
	case p.node.Repository.Archived:
		r = rejected("the repository " + name + " is archived and takes no changes; take it out of repositories:")
	default:
		return nil
	}
	return &r
}

// merge puts neighbours of one issue into one mutation where that can do both.
func merge(all []*mutation) []*mutation {
	var merged []*mutation
	last := map[*prepared]*mutation{}
	for _, m := range all {
		if before := last[m.at]; before != nil && before.act.join(m.act) {
			before.edits, before.results = append(before.edits, m.edits...), append(before.results, m.results...)
			continue
		}
		last[m.at] = m
		merged = append(merged, m)
	}
	return merged
}
