package scheduler_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tandem/internal/work"
)

// People who drag, thoughts that change, lost answers, searches that lag and
// restarts in any order. What a person dragged Tandem never moves again within
// the month, as far as anything tells that it was dragged; in the end everything that nobody dragged stands as Tandem wants.
func TestS1WhateverHappensNobodysDragIsUndone(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				time.Sleep(time.Until(monday()))
				l := &backlogLife{shop: opened(t, "abcdefghijklmn", "nmlkjihgfedcba"), rng: rand.New(rand.NewPCG(seed, 3)), dragged: map[string]int{}}
				l.board.told, l.board.shy = seed%2 == 0, seed%3 == 0
				l.run()
				for range 60 {
					l.step()
				}
				l.peace()
				if err := l.db.Close(); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

type backlogLife struct {
	*shop

	rng *rand.Rand
	// dragged are the records that people dragged, and how much Tandem had sent
	// by then.
	dragged map[string]int
}

// step lets one thing happen, then mostly a cycle.
func (l *backlogLife) step() {
	ids := strings.Split(l.board.stands(), "")
	switch l.rng.IntN(9) {
	case 0:
		l.dragSome(ids)
	case 1, 2:
		l.rng.Shuffle(len(ids), func(i, k int) { ids[i], ids[k] = ids[k], ids[i] })
		l.wants(strings.Join(ids, ""))
	case 3:
		l.board.shows = ids // from now on a search shows this
	case 4:
		l.board.shows = nil
	case 5:
		f := []fate{{state: work.Uncertain}, {state: work.Uncertain, effect: true}, {state: work.Deferred, until: time.Now().Add(time.Minute)}}[l.rng.IntN(3)]
		l.board.sends = func([]work.Edit) fate {
			if l.rng.IntN(2) == 0 {
				return fate{}
			}
			return f
		}
	case 6:
		l.board.sends = nil
	case 7:
		l.board.unread = !l.board.unread
	default:
		l.restart()
	}
	if l.board.shows != nil && l.rng.IntN(3) > 0 {
		time.Sleep(time.Duration(l.rng.IntN(60)) * time.Second)
	} else {
		l.board.shows = nil
		time.Sleep(time.Duration(l.rng.IntN(3600)) * time.Second)
	}
	if l.rng.IntN(4) > 0 {
		l.run()
	}
}

// dragSome lets somebody drag a record that nobody dragged before.
func (l *backlogLife) dragSome(ids []string) {
	id, to := ids[l.rng.IntN(len(ids))], ids[l.rng.IntN(len(ids))]
	if _, again := l.dragged[id]; again || id == to || len(l.dragged) == 5 {
		return
	}
	if !l.board.told && !l.clear() {
		return
	}
	was := l.board.stands()
	l.board.drag(id, work.Anchor{ID: to, Before: l.rng.IntN(2) == 0})
	if l.board.stands() != was {
		l.dragged[id] = len(l.board.did())
	}
}

// clear reports whether there is nothing that only a history could tell apart:
// no earlier drag that was not seen yet, and no move of Tandem in doubt.
func (l *backlogLife) clear() bool {
	snap, err := l.db.Snapshot(l.Context(), time.Now().UTC().Truncate(24*time.Hour))
	if err != nil {
		l.Fatal(err)
	}
	b := snap.Backlogs[0]
	pinned := map[string]bool{}
	for _, p := range b.Pins {
		pinned[p.ID] = true
	}
	for id := range l.dragged {
		if !pinned[id] {
			return false
		}
	}
	return len(b.Doubtful) == 0
}

// peace ends all trouble and looks how things stand.
func (l *backlogLife) peace() {
	l.board.shows, l.board.sends, l.board.unread = nil, nil, false
	for range 3 {
		time.Sleep(10 * time.Minute)
		l.run()
	}
	report := l.run()
	if len(report.Outcome.Plan.Edits) > 0 {
		l.Errorf("no peace: %v", report.Outcome.Plan.Edits)
	}
	held := map[string]bool{}
	for _, h := range report.Outcome.Plan.Holds {
		held[h.Target.ID] = true
	}
	sent := l.board.did()
	for id, n := range l.dragged {
		if i := slices.IndexFunc(sent[n:], func(s string) bool { return strings.HasPrefix(s, id+" ") }); i >= 0 {
			l.Errorf("a person dragged %s, and Tandem moved it: %s", id, sent[n+i])
		}
		if !held[id] {
			l.Errorf("a person dragged %s, and it is not held: %v", id, held)
		}
	}
	for id := range held { // with a history, nobody else is
		if l.board.told && !slices.ContainsFunc(l.board.moved, func(m work.Moved) bool { return m.ID == id }) {
			l.Errorf("nobody dragged %s, and it is held", id)
		}
	}
	last := 100.0
	for id := range strings.SplitSeq(l.board.stands(), "") {
		if value := l.board.issues[id].value; !held[id] {
			if value > last {
				l.Errorf("%s stands in the wrong place in %s", id, l.board.stands())
			}
			last = value
		}
	}
	if len(sent) < 20 {
		l.Errorf("little happened: %v", sent)
	}
}
