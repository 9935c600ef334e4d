package jira

import "time"

// What we moved is known only to the process that did it. Where a person puts an
// issue back before the search was seen to show our move, the backlog stands as
// it was handed out last, and no comparison shows that anything happened. So an
// order counts as told only as long as this process alone moved and read: else
// it is handed out once more, and whoever keeps it sees whether it is another
// than the one that is believed (promise S1).

// unsureSince tells since when it is not sure that what the cursor remembers is
// still believed; zero where it is. The cursor of another process, or from
// before a page that was never stored, hides what was moved meanwhile.
func (r *ranking) unsureSince(scope string, seen *seenOrder, now time.Time) time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	if left, known := r.left[scope]; seen != nil && (!known || !left.Equal(seen.At)) {
		r.question(scope, now)
	}
	return r.unsure[scope]
}

// disputed notes that a plan expects another order than the one that stands.
func (r *ranking) disputed(scope string, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.question(scope, now)
}

// question begins a doubt; one that lasts keeps its time. The caller has mu.
func (r *ranking) question(scope string, now time.Time) {
	if _, lasts := r.unsure[scope]; !lasts {
		r.unsure[scope] = now
	}
}

// told notes that an order is handed out. That ends a doubt that began before
// it was read, unless its page gets lost: then the cursor is an older one.
func (r *ranking) told(scope string, began time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.left[scope] = began
	if !r.unsure[scope].After(began) {
		delete(r.unsure, scope)
	}
}

// leave notes what the cursor remembers from now on.
func (r *ranking) leave(scopes map[string]*seenOrder) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for scope, seen := range scopes {
		if seen != nil {
			r.left[scope] = seen.At
		}
	}
}

// early reports whether it is too early to hand out an order once more. Data
// Center shows ranks one by one, so that a long order is not proved as a whole:
// the search gets the time that it is believed to need at most.
func (s *site) early(order []string, unsure time.Time) bool {
	return !s.config.cloud() && len(order) > maxSingle && s.now().Sub(unsure) < rankLag
}
