package jira

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync"
	"time"

	"tandem/connectors"
	"tandem/internal/work"
)

const (
	rankStream = "rank"
	// backlogFeature is what rules use when they order a backlog.
	backlogFeature = "backlog"
)

// ranking is what was learned about backlogs since open.
type ranking struct {
	mu    sync.Mutex
	field rankField
	self  string
	// plans are the backlogs that are being reordered, by scope.
	plans map[string]*plan
	// ours are the issues that we moved and that the search was not yet seen
	// to show at their new place, by scope.
	ours map[string]map[string]bool
	// handed are the orders that the stream handed out last, by scope.
	handed map[string][]string
	// left are the times that the stream left in its cursor last, by scope;
	// unsure says since when an order must be handed out once more.
	left, unsure map[string]time.Time
	// opened is when, by our clock, the site was opened.
	opened time.Time
	// turn lets one batch of moves through at a time.
	turn chan struct{}
}

// rankLag is how late the search is believed to be at most. What was moved
// before open, by another node or by a command, is not in ours.
const rankLag = 15 * time.Minute

func newRanking(now time.Time) *ranking {
	return &ranking{
		opened: now, plans: map[string]*plan{}, ours: map[string]map[string]bool{}, handed: map[string][]string{},
		left: map[string]time.Time{}, unsure: map[string]time.Time{}, turn: make(chan struct{}, 1),
	}
}

// orders yields the backlogs that changed since the cursor, each as a whole.
// A project that cannot be read stops no other one.
func (s *source) orders(ctx context.Context, from connectors.Cursor) iter.Seq2[connectors.Page, error] {
	return func(yield func(connectors.Page, error) bool) {
		c := parseRankCursor(from)
		c.keep(s.site.config.Projects)
		var page connectors.Page
		var faults []error
		read := map[string]*seenOrder{} // by this process: only of those it knows what it left
		for i, project := range s.site.config.Projects {
			order, changed, err := s.site.backlog(ctx, project, c.Scopes[project])
			if err != nil {
				faults = append(faults, fmt.Errorf("read backlog of %s in %s: %w", project, s.site.name, err))
			}
			if ctx.Err() != nil {
				break
			}
			c.Scopes[project] = order.seen
			if err == nil {
				read[project] = order.seen
			}
			page.Progress = connectors.Progress{Done: i + 1, Total: len(s.site.config.Projects)}
			page.Done = i+1 == len(s.site.config.Projects) && len(faults) == 0
			if changed {
				page.Orders = append(page.Orders, order.Order)
			}
			if !changed && i+1 < len(s.site.config.Projects) {
				continue
			}
			if page.Cursor, err = c.encode(); err != nil {
				faults = append(faults, err)
				break
			}
			s.site.ranks.leave(read)
			if !yield(page, nil) || page.Done {
				return
			}
			page = connectors.Page{}
		}
		if err := errors.Join(append(faults, ctx.Err())...); err != nil {
			yield(connectors.Page{}, err)
		}
	}
}

// observed is a backlog as the search shows it, and what the cursor is to
// remember of it.
type observed struct {
	work.Order
	seen *seenOrder
}

// backlog reads one backlog and tells whether it changed. The search is late
// by seconds or minutes, and what it does not show yet must never look like a
// person's move: a change counts only where the issues' own ranks, read by id,
// say the same.
func (s *site) backlog(ctx context.Context, project string, seen *seenOrder) (o observed, changed bool, err error) {
	o = observed{Order: work.Order{Scope: project}, seen: seen}
	began := s.now()
	if o.IDs, err = s.readOrder(ctx, project); err != nil {
		return o, false, err
	}
	if seen != nil {
		s.ranks.hand(project, seen.IDs)
	}
	ours := s.ranks.pending(project)
	same := seen != nil && slices.Equal(seen.IDs, o.IDs)
	unsure := s.ranks.unsureSince(project, seen, began)
	switch {
	case !same || len(ours) > 0:
	case unsure.IsZero():
		o.seen = &seenOrder{IDs: seen.IDs, At: began}
		return o, false, nil
	case s.early(o.IDs, unsure):
		o.seen = &seenOrder{IDs: seen.IDs, At: seen.At} // since then people may have moved some
		return o, false, nil
	}
	var moved shift
	var late string
	if seen != nil {
		moved = compareOrders(seen.IDs, o.IDs)
		late, err = s.vanished(ctx, project, seen.IDs, o.IDs)
	}
	suspects := slices.Concat(ours, moved.outside)
	if same && !unsure.IsZero() && (s.config.cloud() || len(ours) == 0) {
		suspects = o.IDs // whichever others moved in our name
	}
	if err == nil && late == "" {
		late, err = s.contradiction(ctx, o.IDs, s.doubtful(o.IDs, suspects, seen != nil && !same))
	}
	if err != nil {
		return o, false, err
	}
	if late != "" {
		s.log.DebugContext(ctx, "backlog in the search is not what the issues say; it is read again", "ref", project, "err", late)
		o.seen, err = seen.doubted(began, late)
		return o, false, err
	}
	if seen != nil {
		// A person may have put back what we moved, which no comparison shows.
		candidates := slices.Concat(moved.outside, ours, arrivals(seen.IDs, o.IDs), moved.rivals)
		if !unsure.IsZero() {
			candidates = append(candidates, o.IDs...)
		}
		if o.Moved, err = s.movers(ctx, candidates, seen.At); err != nil {
			return o, false, err
		}
	}
	s.ranks.shown(project, ours)
	s.ranks.hand(project, o.IDs)
	s.ranks.told(project, began)
	o.seen = &seenOrder{IDs: o.IDs, At: began}
	return o, true, nil
}

// doubtful returns the places that are to be proved: of the issues that changed
// places and those that we moved lately, and of their neighbours. All of them are
// where an order changed and others may have moved some in our name shortly before
// open.
func (s *site) doubtful(order, moved []string, changed bool) []int {
	switch places := windows(order, moved); {
	case !s.config.cloud():
		return places[:min(len(places), maxSingle)]
	case changed && s.now().Sub(s.ranks.opened) < rankLag:
		return windows(order, order)
	default:
		return places
	}
}

// pending returns what we moved in a scope and did not see in the search yet.
func (r *ranking) pending(scope string) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	ids := make([]string, 0, len(r.ours[scope]))
	for id := range r.ours[scope] {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// hand notes an order that the stream hands out.
func (r *ranking) hand(scope string, ids []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.handed[scope] = ids
}

// last is the order that the stream handed out last; empty before the first.
func (r *ranking) last(scope string) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.handed[scope]
}

// moved notes our own moves.
func (r *ranking) moved(scope string, ids []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ours[scope] == nil {
		r.ours[scope] = map[string]bool{}
	}
	for _, id := range ids {
		r.ours[scope][id] = true
	}
}

// shown notes that the search has caught up with moves of ours.
func (r *ranking) shown(scope string, ids []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, id := range ids {
		delete(r.ours[scope], id)
	}
}
