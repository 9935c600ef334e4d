package scheduler_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/internal/sim"
	"tandem/internal/sim/jirasim"
	"tandem/internal/work"
)

// backlogged is a firm whose rules order the backlog of PAY.
func backlogged(n int) world {
	all := issues("PAY", n)
	slices.Reverse(all) // the least valuable first
	for i := range all {
		all[i].ID = int64(10001 + i)
	}
	return world{issues: all, patch: []string{
		"fields:\n", "fields:\n  rank: {owner: tandem, jira: {backlog: true}}\n",
		"  method: expression\n", "  method: expression\n  order: [next]\n",
	}}
}

// stands is the backlog of PAY as Jira has it, first to last.
func (f *firm) stands() string {
	all := f.jira.World().Issues
	slices.SortFunc(all, func(a, b jirasim.Issue) int { return strings.Compare(a.Rank, b.Rank) })
	var keys []string
	for _, i := range all {
		keys = append(keys, strings.TrimPrefix(i.Key, "PAY-"))
	}
	return strings.Join(keys, " ")
}

// Two issues that a person drags to the top stay there for a month; what comes
// first since then stands behind them.
func TestS1TheBacklogOfJiraIsOrderedAroundWhatAPersonDragged(t *testing.T) {
	story(t, backlogged(8), func(f *firm) {
		f.sets("PAY-8", 2)
		f.sets("PAY-3", 99)
		f.run()
		same(f, "in order", "3 7 6 5 4 2 8 1", f.stands())
		f.pass(time.Minute)
		same(f, "left", []string{}, edits(f.run()))
		f.pass(10 * time.Minute)
		f.ok(f.jira.Rank(jirasim.Ana, []string{"PAY-5", "PAY-4"}, "PAY-3", ""))
		r := f.run()
		same(f, "held", []string{"PAY-4 rank changed_by_person", "PAY-5 rank changed_by_person"}, holds(r))
		same(f, "kept", "5 4 3 7 6 2 8 1", f.stands())
		f.sets("PAY-1", 99.5)
		f.pass(time.Minute)
		f.run()
		same(f, "flow", "5 4 1 3 7 6 2 8", f.stands())
		for range 10 {
			f.pass(time.Minute)
			r = f.run()
		}
		same(f, "held", []string{"PAY-4 rank changed_by_person", "PAY-5 rank changed_by_person"}, holds(r))
		f.pass(31 * 24 * time.Hour)
		f.run()
		f.pass(time.Minute)
		r = f.run()
		same(f, "free", "1 3 7 6 5 4 2 8", f.stands())
		same(f, "held", []string{}, holds(r))
	})
}

func TestS8TheBacklogOfJiraComesInOrderThoughTheSearchLags(t *testing.T) {
	story(t, backlogged(8), func(f *firm) {
		f.run()
		f.jira.SetLag(2 * time.Minute)
		f.sets("PAY-8", 2)
		f.sets("PAY-3", 99)
		for range 12 {
			f.pass(30 * time.Second)
			r := f.run()
			if len(holds(r)) > 0 {
				f.Fatal(holds(r), f.stands())
			}
		}
		same(f, "in order", "3 7 6 5 4 2 8 1", f.stands())
	})
}

func TestS9ALostAnswerInTheBacklogOfJiraIsNoPersonsMove(t *testing.T) {
	story(t, backlogged(8), func(f *firm) {
		f.run()
		f.sets("PAY-8", 2)
		f.sets("PAY-3", 99)
		f.pass(time.Minute)
		f.breaks(at("PUT", "/issue/rank", sim.LostAnswer))
		r := f.run()
		if r.Results[work.Uncertain] == 0 {
			f.Error(r.Results)
		}
		f.mended()
		for range 12 {
			f.pass(time.Minute)
			r = f.run()
		}
		same(f, "in order", "3 7 6 5 4 2 8 1", f.stands())
		same(f, "held", []string{}, holds(r))
	})
}

// What a person dragged disappears from the search for a while, and comes back.
func TestS1WhatAPersonDraggedStaysThoughTheSearchForgetsItForAWhile(t *testing.T) {
	story(t, backlogged(8), func(f *firm) {
		f.sets("PAY-8", 2)
		f.sets("PAY-3", 99)
		f.run()
		f.pass(30 * time.Minute)
		f.run()
		f.ok(f.jira.Rank(jirasim.Ana, []string{"PAY-4"}, "PAY-3", ""))
		f.pass(6 * time.Minute)
		same(f, "held", []string{"PAY-4 rank changed_by_person"}, holds(f.run()))
		stood := f.stands()
		f.jira.Vanish("PAY-4", 17*time.Minute)
		for range 8 {
			f.pass(6 * time.Minute)
			f.run()
			same(f, "kept", stood, f.stands())
		}
		same(f, "held", []string{"PAY-4 rank changed_by_person"}, holds(f.run()))
	})
}

// another begins another process, which knows nothing but what is stored:
// restart keeps what connectors remember.
func (f *firm) another() {
	f.Helper()
	f.live = f.open(func(kind string) http.RoundTripper { return roads{f, kind} })
	f.restart()
}

// A person puts back what Tandem moved, where it stood before, and the process
// that moved it is gone. The backlog stands as it was read last.
func TestS1WhatAPersonPutsBackIsKeptByTheNextProcess(t *testing.T) {
	story(t, backlogged(8), func(f *firm) {
		f.run()
		f.pass(30 * time.Minute)
		f.run()
		f.pass(30 * time.Minute)
		same(f, "in order", "8 7 6 5 4 3 2 1", f.stands())
		f.sets("PAY-8", 2)
		f.run()
		same(f, "moved", "7 6 5 4 3 2 8 1", f.stands())
		f.another()
		f.pass(30 * time.Minute)
		f.ok(f.jira.Rank(jirasim.Ana, []string{"PAY-8"}, "PAY-7", ""))
		f.sets("PAY-3", 1)
		for range 2 {
			f.pass(6 * time.Minute)
			f.run()
		}
		f.pass(6 * time.Minute)
		r := f.run()
		same(f, "held", []string{"PAY-8 rank changed_by_person"}, holds(r))
		same(f, "nothing is left", 0, len(edits(r)))
		same(f, "as people and rules want", "8 7 6 5 4 2 3 1", f.stands())
	})
}

// People drag while the daemon waits for the time to read the order again,
// which is minutes later. Its move is stopped; the next plan knows their order
// and does not run into the same wall in every cycle.
func TestAMoveThatPeopleStoppedIsPlannedFromAFreshOrder(t *testing.T) {
	story(t, backlogged(8), func(f *firm) {
		f.run()
		stop := f.looping()
		f.pass(time.Second)
		same(f, "in order", "8 7 6 5 4 3 2 1", f.stands())
		f.pass(time.Minute)
		f.ok(f.jira.Rank(jirasim.Ana, []string{"PAY-2"}, "PAY-8", ""))
		f.sets("PAY-3", 99)
		f.pass(2*time.Minute + 30*time.Second)
		conflicts := 0
		for _, r := range stop() {
			conflicts += r.Results[work.Conflict]
		}
		same(f, "around the drag", "2 8 3 7 6 5 4 1", f.stands())
		if conflicts > 1 {
			f.Errorf("%d moves were stopped", conflicts)
		}
	})
}

// A person drags what Tandem had moved a moment before, with an answer that was
// lost. Who moved it only the history tells, and that cannot be read for a while.
func TestS1WhatAPersonDraggedOverAMoveOfUnknownOutcomeIsTheirsThoughTheHistoryComesLate(t *testing.T) {
	for name, wanted := range map[string]float64{"Tandem wants it there by now": 99, "Tandem wants it elsewhere": 2} {
		t.Run(name, func(t *testing.T) {
			story(t, backlogged(8), func(f *firm) {
				f.run()
				f.pass(30 * time.Minute)
				f.sets("PAY-8", 2)
				f.breaks(at("PUT", "/issue/rank", sim.LostAnswer))
				f.run()
				f.ok(f.jira.Rank(jirasim.Ana, []string{"PAY-8"}, "PAY-7", ""))
				f.sets("PAY-8", wanted)
				f.breaks(at("POST", "/changelog/bulkfetch", status(http.StatusInternalServerError)))
				for range 3 {
					f.pass(6 * time.Minute)
					f.run()
				}
				f.mended()
				for range 3 {
					f.pass(6 * time.Minute)
					f.run()
				}
				f.pass(6 * time.Minute)
				r := f.run()
				same(f, "held", []string{"PAY-8 rank changed_by_person"}, holds(r))
				same(f, "as the person wants", "8 7 6 5 4 3 2 1", f.stands())
			})
		})
	}
}
