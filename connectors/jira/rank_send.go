package jira

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"tandem/internal/work"
)

// singlePause is how long to wait before what Jira could not do just now is
// tried once more.
const singlePause = time.Second

// run is one batch of moves on its way: issues that go, in their order, beside
// one anchor.
type run struct {
	edits   []work.Edit
	results []work.Result
	ids     []string
	anchor  work.Anchor
	plan    *plan
}

// move makes one run of moves. The backlog is read before the first one of a
// plan; if it is not as the plan saw it, nothing is moved. After each call the
// moved issues and their neighbours are read by id.
func (s *sink) move(ctx context.Context, batch []work.Edit) []work.Result {
	r := &run{edits: batch, results: make([]work.Result, len(batch))}
	for i, e := range batch {
		r.results[i].EditID = e.ID
		r.ids = append(r.ids, e.Target.ID)
	}
	if fault := r.refusal(s.site.config.Projects); fault != "" {
		r.all(work.Rejected, fault)
		return r.results
	}
	select {
	case s.site.ranks.turn <- struct{}{}:
		defer func() { <-s.site.ranks.turn }()
		s.site.make(ctx, r)
	case <-ctx.Done():
		r.settle(&notSentError{ctx.Err()}, false, s.site.now())
	}
	return r.results
}

// refusal says why a batch cannot be one run of moves; empty if it can.
func (r *run) refusal(projects []string) string {
	first := r.edits[0]
	if !slices.Contains(projects, first.Target.Element) {
		return fmt.Sprintf("%q is no backlog of this connector; it has those of its projects", first.Target.Element)
	}
	for i, e := range r.edits {
		a, ok := anchorOf(e)
		switch {
		case e.Verb != work.MoveInBacklog:
			return fmt.Sprintf("%q is no move", e.Verb)
		case !ok:
			return fmt.Sprintf("%q is no place in a backlog", e.Value.Text())
		case i == 0:
			r.anchor = a
		case e.Target.Element != first.Target.Element || !continues(r.edits[:i], e):
			return "these moves are no run, so they cannot be one call"
		}
	}
	return ""
}

// make makes the run.
func (s *site) make(ctx context.Context, r *run) {
	first := r.edits[0]
	field, err := s.rankField(ctx)
	if err == nil {
		r.plan, err = s.planOf(ctx, first.Target.Element, first.Expect.Text())
	}
	switch {
	case err != nil:
	case r.ready(s.now()):
		err = s.unmoved(ctx, r)
	case r.plan != nil && r.plan.foreign:
		s.really(ctx, r)
	}
	if err != nil {
		r.settle(err, false, s.now())
	}
	if !r.settled() {
		s.send(ctx, r, field)
	}
	r.finish(s.now())
}

// send makes the call and settles every edit.
func (s *site) send(ctx context.Context, r *run, field rankField) {
	s.ranks.moved(r.edits[0].Target.Element, r.ids)
	entries, err := s.rank(ctx, r.ids, r.anchor, field)
	if err != nil {
		r.settle(err, true, s.now())
		return
	}
	if s.retry(ctx, r, entries, field); !r.settled() {
		s.confirm(ctx, r)
	}
}

// ready settles what the plan's backlog forbids, and reports whether anything
// is left.
func (r *run) ready(now time.Time) bool {
	const anew = "; the next plan decides anew"
	switch p := r.plan; {
	case p == nil:
		r.deferAll("the backlog was read more than a minute ago"+anew, now)
	case p.foreign:
		for i, e := range r.edits {
			r.results[i].State = work.Unchanged
			if a, _ := anchorOf(e); !p.stands(e.Target.ID, a) {
				r.results[i].State, r.results[i].Detail = work.Conflict, "the backlog was reordered since the plan"+anew
			}
		}
	case p.fault != "":
		r.all(work.Conflict, p.fault+anew)
	case p.lost[r.anchor.ID]:
		r.all(work.Conflict, "the issue that this one goes beside was not moved to its place"+anew)
	case !p.has(append(r.ids, r.anchor.ID)...):
		r.all(work.Conflict, "the issue, or the one it goes beside, is no longer in the backlog"+anew)
	}
	return !r.settled()
}

// unmoved makes sure that nobody moved these issues or the anchor since the
// backlog was read, and that the search did not miss what a person did a moment
// before.
func (s *site) unmoved(ctx context.Context, r *run) error {
	why, err := s.contradiction(ctx, r.plan.order, windows(r.plan.order, append(slices.Clone(r.ids), r.anchor.ID)))
	switch {
	case err != nil:
		return err
	case why == balancing:
		r.deferAll(why+"; wait until it is done", s.now())
	case why != "":
		r.all(work.Conflict, "somebody moves issues here ("+why+"); the next plan decides anew")
	}
	return nil
}

// really makes sure that what the search shows in its place stands there: a late
// one shows where an issue stood before our own last move, and one that leaves
// an issue out shows those beside each other that it stands between. What is
// believed is read again all the same, with the whole backlog.
func (s *site) really(ctx context.Context, r *run) {
	scope, believed := r.edits[0].Target.Element, []string{}
	late, fault := s.vanished(ctx, scope, s.ranks.last(scope), r.plan.order)
	for i := range r.edits {
		result := &r.results[i]
		if result.State != work.Unchanged {
			continue
		}
		a, _ := anchorOf(r.edits[i])
		why, err := late, fault
		if err == nil && why == "" {
			why, err = s.contradiction(ctx, r.plan.order, windows(r.plan.order, []string{r.ids[i], a.ID}))
		}
		if err != nil || why != "" {
			result.State, result.Detail = work.Conflict, "the search may be late; the next plan decides anew"
			continue
		}
		believed = append(believed, r.ids[i])
	}
	s.ranks.moved(scope, believed)
}

// retry sends what Jira could not move once more, each alone.
func (s *site) retry(ctx context.Context, r *run, entries []ranked, field rankField) {
	var failed []int
	busy := false
	for i, e := range r.edits {
		if entry, ok := rankedOf(entries, e); ok && !entry.done() {
			settleEntry(&r.results[i], entry, s.now()) // until it is known better
			failed, busy = append(failed, i), busy || entry.Status >= http.StatusInternalServerError
		}
	}
	if busy {
		pause(ctx, singlePause)
	}
	for _, i := range failed {
		e := r.edits[i]
		again, err := s.rank(ctx, []string{e.Target.ID}, r.beside(i), field)
		entry, ok := rankedOf(again, e)
		switch {
		case err != nil:
			settleRank(&r.results[i], err, true, s.now())
		case ok && !entry.done():
			settleEntry(&r.results[i], entry, s.now())
		default:
			r.results[i] = work.Result{EditID: e.ID}
		}
	}
}

func rankedOf(entries []ranked, e work.Edit) (ranked, bool) {
	for _, entry := range entries {
		if string(entry.ID) == e.Target.ID || entry.ID == "" && entry.Key == e.Key {
			return entry, true
		}
	}
	return ranked{}, false
}

// beside returns the place of one issue of the run: behind the one before that
// was moved, before the one behind if there is none, else at the anchor.
func (r *run) beside(i int) work.Anchor {
	for j := i - 1; j >= 0; j-- {
		if r.results[j].State == "" {
			return work.Anchor{ID: r.ids[j]}
		}
	}
	if !r.anchor.Before {
		return r.anchor
	}
	for j := i + 1; j < len(r.ids); j++ {
		if r.results[j].State == "" {
			return work.Anchor{ID: r.ids[j], Before: true}
		}
	}
	return r.anchor
}

// confirm reads the moved issues and their neighbours by id, once.
func (s *site) confirm(ctx context.Context, r *run) {
	moved := r.open()
	before, after := around(r.plan.with(moved, r.anchor), moved)
	ids := slices.DeleteFunc(append(slices.Clone(moved), before, after), func(id string) bool { return id == "" })
	ranks, _, err := s.ranksOf(ctx, ids)
	if err == nil && mixedBuckets(ranks) {
		err = fmt.Errorf("%s", balancing)
	}
	in := between(before, moved, after, ranks)
	for i := range r.results {
		switch result := &r.results[i]; {
		case result.State != "":
		case err != nil:
			result.State, result.Detail = work.Uncertain, "sent, but not confirmed: "+err.Error()
		case in[r.ids[i]]:
			result.State = work.Applied
		default:
			// It was sent, so that it may have displaced others: no plain conflict.
			result.State, result.Detail = work.Uncertain, "somebody else moved issues there at the same time; the next plan decides anew"
		}
	}
}

// open returns the issues without a result yet.
func (r *run) open() []string {
	var ids []string
	for i, id := range r.ids {
		if r.results[i].State == "" {
			ids = append(ids, id)
		}
	}
	return ids
}

// settled reports that every edit has its result.
func (r *run) settled() bool { return len(r.open()) == 0 }

// finish notes in the plan what was moved and what was not.
func (r *run) finish(now time.Time) {
	if r.plan == nil || r.plan.foreign {
		return
	}
	var applied []string
	for i, id := range r.ids {
		switch r.results[i].State {
		case work.Applied:
			applied = append(applied, id)
			delete(r.plan.lost, id)
		case work.Uncertain:
			r.plan.fault = "it is not known whether an earlier move of this plan was made"
		default:
			r.plan.lost[id] = true
		}
	}
	if len(applied) > 0 {
		r.plan.order, r.plan.at = r.plan.with(applied, r.anchor), now
	}
}

// all gives every edit without a result the same one.
func (r *run) all(state work.ResultState, detail string) {
	for i := range r.results {
		if r.results[i].State == "" {
			r.results[i].State, r.results[i].Detail = state, detail
		}
	}
}

func (r *run) deferAll(detail string, now time.Time) {
	for i := range r.results {
		r.results[i].Until, r.results[i].Scope = now.Add(pauseAfterFailure), "issue"
	}
	r.all(work.Deferred, detail)
}

// settle says of every edit without a result what an error means. What passes
// by itself, or concerns this backlog alone, stops no other edit.
func (r *run) settle(err error, sent bool, now time.Time) {
	switch {
	case errors.Is(err, errMoving), errors.Is(err, errLoading):
		r.deferAll(err.Error(), now)
	case errors.Is(err, errNoRank), errors.Is(err, errHidden):
		r.all(work.Rejected, err.Error())
	}
	for i := range r.results {
		if r.results[i].State == "" {
			settleRank(&r.results[i], err, sent, now)
		}
	}
}

// pause waits, unless the context ends.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
