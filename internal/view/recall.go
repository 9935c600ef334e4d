package view

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"tandem/internal/engine"
	"tandem/internal/work"
)

// recall remembers what was found out about one decision, for all who see as
// much: with 100,000 items nobody goes through them for each page. What was
// asked of one decision is asked of the next before anybody sees that one.
type recall struct {
	mu    sync.Mutex
	known map[question]*memory
}

// question is what was asked, and by whom.
type question struct {
	what, of string
	audience work.Audience
	// plan is the kept plan that it is about; empty where it is about none.
	plan string
}

// memory is an answer, found by whoever asks first, while others wait for it.
type memory struct {
	find  func(*lens) (any, error)
	once  sync.Once
	value any
	err   error
	// asked is when somebody last asked, and again that it may be asked of the
	// next decision.
	asked time.Time
	again bool
}

const (
	// mostKnown bounds how much is remembered of one decision, and mostAgain how
	// much of it is found out again for the next.
	mostKnown = 200
	mostAgain = 60
	// mostRecalled is the longest list that is remembered: pages show no more.
	mostRecalled = 20
)

// put returns the answer to a question, which may be still to be found.
func (r *recall) put(q question, fresh *memory) *memory {
	r.mu.Lock()
	defer r.mu.Unlock()
	a := r.known[q]
	if a == nil {
		if r.known == nil || len(r.known) >= mostKnown {
			r.known = map[question]*memory{}
		}
		a, r.known[q] = fresh, fresh
	}
	if a.asked.Before(fresh.asked) {
		a.asked = fresh.asked
	}
	return a
}

// drop forgets an answer that could not be found, so that it is tried again.
func (r *recall) drop(q question, a *memory) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.known[q] == a {
		delete(r.known, q)
	}
}

// ask finds an answer where nobody has.
func (l *lens) ask(q question, fresh *memory) (any, error) {
	a := l.recall.put(q, fresh)
	a.once.Do(func() { a.value, a.err = a.find(l) })
	if a.err != nil {
		l.recall.drop(q, a)
	}
	return a.value, a.err
}

// asking is a question that is answered by a function, which may be asked of
// another decision too: it goes by the lens that it is given.
func asking[T any](l *lens, again bool, find func(*lens) (T, error)) *memory {
	return &memory{find: func(l *lens) (any, error) { return find(l) }, asked: l.desk.conf.Now(), again: again}
}

// recalled returns what find finds out, from memory where it was asked before.
// Nobody may change it.
func recalled[T any](l *lens, what, of string, find func(*lens) (T, error)) (T, error) {
	return recalledAs[T](l, question{what: what, of: of, audience: l.who.Audience}, asking(l, true, find))
}

func recalledAs[T any](l *lens, q question, a *memory) (T, error) {
	found, err := l.ask(q, a)
	value, _ := found.(T)
	return value, err
}

// common returns what find finds out about an outcome, whoever looks.
func common[T any](l *lens, what, of string, find func(*engine.Outcome) T) T {
	value, _ := recalledAs[T](l, question{what: what, of: of}, asking(l, true, func(l *lens) (T, error) { return find(l.outcome), nil })) // it cannot fail
	return value
}

// recent are the questions that somebody asked since, the last ones first.
func (r *recall) recent(since time.Time) (asked []question, answers []*memory) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for q, a := range r.known {
		if a.again && !a.asked.Before(since) {
			asked = append(asked, q)
		}
	}
	slices.SortFunc(asked, func(a, b question) int {
		return cmp.Or(r.known[b].asked.Compare(r.known[a].asked), cmp.Compare(a.what, b.what), cmp.Compare(a.of, b.of), cmp.Compare(a.audience, b.audience), cmp.Compare(a.plan, b.plan))
	})
	asked = asked[:min(len(asked), mostAgain)]
	for _, q := range asked {
		a := r.known[q]
		answers = append(answers, &memory{find: a.find, asked: a.asked, again: true})
	}
	return asked, answers
}

// warm asks a decision what was asked of another one of late, about the plan
// that is kept by now.
func (d *Desk) warm(ctx context.Context, next, last *decision, since time.Time) {
	asked, answers := last.recall.recent(since)
	plan := d.plans.last()
	for i, q := range asked {
		if ctx.Err() != nil {
			return
		}
		vi := &Visit{ctx: ctx, who: Who{Audience: q.audience}, desk: d}
		vi.looked = &lens{vi, next}
		if q.plan != "" {
			if plan == nil {
				continue
			}
			q.plan, vi.plan = plan.hash, plan
		}
		_, _ = vi.looked.ask(q, answers[i]) // whoever asks hears of it
	}
	if last.taughtBefore() {
		vi := &Visit{ctx: ctx, desk: d}
		_, _ = next.taught(vi)
	}
}
