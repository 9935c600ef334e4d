package scheduler_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tandem/connectors"
	"tandem/internal/sim"
	"tandem/internal/sim/jirasim"
	"tandem/scheduler"
)

// The same as with the board in memory, with everything that is real of Jira's
// side: search, ids, ranks, changelogs. Nobody else than who was dragged is
// held in the end, and nobody who was dragged is moved by Tandem later.
func TestS1WhateverHappensNobodysDragInJiraIsUndone(t *testing.T) {
	for _, seed := range []uint64{0, 1, 8} {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				time.Sleep(time.Until(monday()))
				w := backlogged(10)
				w.unjudged = true
				if seed%2 == 1 { // it signs what it writes
					w.owner = connectors.Owner{Instance: "acme-test", Store: "A"}
				}
				l := &jiraLife{firm: found(t, w), rng: rand.New(rand.NewPCG(seed, 5)), dragged: map[string]*dragOfLife{}}
				l.run()
				for range 50 {
					l.step()
				}
				l.peace()
			})
		})
	}
}

type jiraLife struct {
	*firm

	rng     *rand.Rand
	dragged map[string]*dragOfLife
	// tried are those that were dragged, though it may have changed nothing, and
	// those that changed places with them: where Jira does not tell who was moved,
	// both may have been.
	tried []string
}

// dragOfLife is when somebody dragged an issue, how the backlog stood before, and
// whether Tandem is known to have seen it.
type dragOfLife struct {
	at    time.Time
	stood []string
	seen  bool
}

// forgets drops the drags that Tandem cannot know of: of those that it may see at
// once, without the others' one left everything as it was.
func (l *jiraLife) forgets(stands []string) {
	var unseen []string
	first := &dragOfLife{at: time.Now()}
	for key, d := range l.dragged {
		if d.seen {
			continue
		}
		if unseen = append(unseen, strings.TrimPrefix(key, "PAY-")); d.at.Before(first.at) {
			first = d
		}
	}
	for _, number := range unseen {
		others := func(order []string) []string {
			return slices.DeleteFunc(slices.Clone(order), func(n string) bool { return n != number && slices.Contains(unseen, n) })
		}
		if len(unseen) > 1 && slices.Equal(others(first.stood), others(stands)) {
			delete(l.dragged, "PAY-"+number)
		}
	}
}

func (l *jiraLife) step() {
	l.pass(time.Second)
	key := fmt.Sprintf("PAY-%d", 1+l.rng.IntN(10))
	switch l.rng.IntN(9) {
	case 0:
		l.drag(key)
	case 1, 2, 3:
		l.sets(key, float64(l.rng.IntN(9900))/100)
	case 4:
		l.jira.SetLag(time.Duration(l.rng.IntN(120)) * time.Second)
	case 5:
		l.breaks(l.fault())
	case 6:
		l.mended()
	case 7:
		l.another()
	default:
		l.jira.SetLag(0)
	}
	l.pass(time.Second + time.Duration(l.rng.IntN(3600))*time.Second/time.Duration(1+l.rng.IntN(60)))
	if l.rng.IntN(4) > 0 {
		for key := range l.heldPlaces(l.run()) {
			if d := l.dragged[key]; d != nil {
				d.seen = true
			}
		}
	}
}

// heldPlaces are the issues that are held where somebody dragged them.
func (l *jiraLife) heldPlaces(r scheduler.Report) map[string]bool {
	held := map[string]bool{}
	for _, h := range holds(r) {
		key, rest, _ := strings.Cut(h, " ")
		if rest == "rank changed_by_person" {
			held[key] = true
		}
	}
	return held
}

func (l *jiraLife) drag(key string) {
	to := fmt.Sprintf("PAY-%d", 1+l.rng.IntN(10))
	if _, again := l.dragged[key]; again || to == key || len(l.dragged) == 4 {
		return
	}
	was := strings.Fields(l.stands())
	l.tried = append(l.tried, key)
	l.ok(l.jira.Rank(jirasim.Ana, []string{key}, to, ""))
	stands := strings.Fields(l.stands())
	if !slices.Equal(was, stands) {
		l.dragged[key] = &dragOfLife{at: time.Now(), stood: was}
	}
	l.forgets(stands)
	from := slices.Index(was, strings.TrimPrefix(key, "PAY-"))
	switch place := slices.Index(was, strings.TrimPrefix(to, "PAY-")); place - from {
	case -1: // one up
		l.tried = append(l.tried, to)
	case 2: // one down
		l.tried = append(l.tried, "PAY-"+was[from+1])
	}
}

func (l *jiraLife) fault() func(*http.Request) *sim.Fault {
	kinds := []func() *sim.Fault{sim.LostAnswer, sim.Refused, status(http.StatusInternalServerError)}
	kind := kinds[l.rng.IntN(len(kinds))]
	return func(*http.Request) *sim.Fault {
		if l.rng.IntN(3) > 0 {
			return nil
		}
		return kind()
	}
}

func (l *jiraLife) peace() {
	l.mended()
	l.jira.SetLag(0)
	l.jira.Settle()
	for range 4 {
		l.pass(10 * time.Minute)
		l.run()
	}
	r := l.run()
	if left := edits(r); len(left) > 0 {
		l.Errorf("left: %v", left)
	}
	held := l.heldPlaces(r)
	for key := range held {
		if !slices.Contains(l.tried, key) {
			l.Errorf("%s is held; dragged were %v", key, l.tried)
		}
	}
	for key, d := range l.dragged {
		if !held[key] {
			l.Errorf("%s was dragged and is not held: %v", key, held)
		}
		for _, w := range l.jira.Writes().All() {
			if w.Service && w.At.After(d.at) && slices.ContainsFunc(w.Effects, func(e sim.Effect) bool { return e.Ref == key && e.Field == "Rank" }) {
				l.Errorf("%s was dragged at %s, and Tandem moved it at %s", key, d.at.Format(time.TimeOnly), w.At.Format(time.TimeOnly))
			}
		}
	}
	if n := l.jira.Calls("PUT", ""); n < 10 {
		l.Errorf("little happened: %d writes", n)
	}
}
