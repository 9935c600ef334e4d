package backlog_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tandem/internal/plan/backlog"
	"tandem/internal/work"
)

var month = work.Span(30 * 24 * time.Hour)

// names are n different ids.
func names(n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = fmt.Sprintf("%05d", i)
	}
	return ids
}

// scene draws a backlog with everything that can be true of it.
func scene(t *rapid.T, most int) (*backlog.State, []backlog.Entry) {
	n := rapid.IntRange(1, most).Draw(t, "n")
	ids := names(n)
	s := &backlog.State{Order: work.Order{IDs: rapid.Permutation(ids).Draw(t, "observed")}}
	s.Confirmed = slices.Clone(s.IDs)
	if rapid.Bool().Draw(t, "dragged") {
		s.Confirmed = rapid.Permutation(ids).Draw(t, "confirmed")
	}
	for _, id := range s.IDs {
		if rapid.IntRange(0, 5).Draw(t, "pin") == 0 {
			s.Pins = append(s.Pins, backlog.Pin{ID: id, Since: today.AddDate(0, 0, -rapid.IntRange(0, 40).Draw(t, "age")), Drift: rapid.IntRange(-2, 2).Draw(t, "drift")})
		}
		if rapid.IntRange(0, 9).Draw(t, "doubt") == 0 {
			s.Doubtful = append(s.Doubtful, id)
		}
		if rapid.IntRange(0, 3).Draw(t, "named") == 0 {
			s.Moved = append(s.Moved, work.Moved{ID: id, By: "ana", At: today.Add(-time.Duration(rapid.IntRange(1, 99).Draw(t, "at")) * time.Hour)})
		}
	}
	places := rapid.Permutation(names(n)).Draw(t, "places")
	entries := make([]backlog.Entry, n)
	for i := range entries {
		entries[i] = backlog.Entry{
			Stance: rapid.SampledFrom([]backlog.Stance{backlog.Fixed, backlog.Kept, backlog.Free, backlog.Free, backlog.Free, backlog.Free}).Draw(t, "stance"),
			Place:  slices.Index(places, s.IDs[i]) + 1,
		}
	}
	return s, entries
}

// follow makes moves, with what the store remembers of them.
func follow(t *rapid.T, s *backlog.State, v *backlog.Verdict, moves []backlog.Move) *backlog.State {
	next := &backlog.State{Order: work.Order{IDs: s.IDs, Moved: s.Moved}, Told: s.Moved, Pins: slices.Clone(v.Pins)}
	for _, m := range moves {
		after, ok := backlog.Follow(next.IDs, m.ID, m.Anchor)
		if !ok {
			t.Fatalf("%s cannot go to %v", m.ID, m.Anchor)
		}
		backlog.Shift(next.Pins, next.IDs, after)
		next.IDs = after
	}
	next.Confirmed = next.IDs
	return next
}

// again brings the entries into another order of the same records.
func again(s, next *backlog.State, entries []backlog.Entry) []backlog.Entry {
	moved := make([]backlog.Entry, len(entries))
	for i, id := range next.IDs {
		moved[i] = entries[slices.Index(s.IDs, id)]
	}
	return moved
}

func policy() backlog.Policy { return backlog.Policy{AsOf: today, RespectFor: month} }

func TestS3S4MovesGiveTheResultAndMovingAgainGivesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, entries := scene(t, 12)
		v := backlog.Decide(s, entries, policy())
		next := follow(t, s, &v, v.Moves)
		if diff := cmp.Diff(v.Result, next.IDs); diff != "" {
			t.Fatalf("after the moves (-result):\n%s", diff)
		}
		twice := follow(t, next, &v, v.Moves)
		if diff := cmp.Diff(v.Result, twice.IDs); diff != "" {
			t.Fatalf("after making them twice:\n%s", diff)
		}
		w := backlog.Decide(next, again(s, next, entries), policy())
		if len(w.Moves) > 0 {
			t.Fatalf("then moves %v", w.Moves)
		}
		if pins, later := pinned(v), pinned(w); len(pins) != len(later) {
			t.Fatalf("pinned %q, then %q", pins, later)
		}
	})
}

func TestNothingFixedKeptOrPinnedIsAmongTheMoves(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, entries := scene(t, 12)
		v := backlog.Decide(s, entries, policy())
		for _, m := range v.Moves {
			if entries[slices.Index(s.IDs, m.ID)].Stance != backlog.Free {
				t.Errorf("%s moves and is not free", m.ID)
			}
			if slices.ContainsFunc(v.Pins, func(p backlog.Pin) bool { return p.ID == m.ID }) {
				t.Errorf("%s moves and is pinned", m.ID)
			}
		}
	})
}

// Every set of records that need not move is tried.
func TestTheNumberOfMovesIsTheLeast(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, entries := scene(t, 7)
		v := backlog.Decide(s, entries, policy())
		best := len(s.IDs)
		for set := range 1 << len(s.IDs) {
			var stay []string
			whole := true
			for i, id := range s.IDs {
				switch {
				case set&(1<<i) != 0:
					stay = append(stay, id)
				case entries[i].Stance != backlog.Free, slices.ContainsFunc(v.Pins, func(p backlog.Pin) bool { return p.ID == id }):
					whole = false
				}
			}
			common := slices.DeleteFunc(slices.Clone(v.Result), func(id string) bool { return !slices.Contains(stay, id) })
			if whole && slices.Equal(stay, common) {
				best = min(best, len(s.IDs)-len(stay))
			}
		}
		if len(v.Moves) != best {
			t.Fatalf("%d moves where %d are enough", len(v.Moves), best)
		}
	})
}

func TestWhatAPersonDraggedIsPinnedAndNothingElse(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		ids := names(rapid.IntRange(2, 20).Draw(t, "n"))
		order := slices.Clone(ids)
		s := &backlog.State{Confirmed: ids}
		dragged := rapid.SliceOfNDistinct(rapid.SampledFrom(ids), 1, min(6, len(ids)), rapid.ID).Draw(t, "dragged")
		for i, id := range dragged {
			order = slices.DeleteFunc(order, func(o string) bool { return o == id })
			order = slices.Insert(order, rapid.IntRange(0, len(order)).Draw(t, "to"), id)
			s.Moved = append(s.Moved, work.Moved{ID: id, By: "ana", At: today.Add(time.Duration(i) * time.Minute)})
		}
		s.IDs = order
		wanted := rapid.Permutation(ids).Draw(t, "wanted")
		v := backlog.Decide(s, free(s, wanted...), policy())
		for _, p := range v.Pins {
			if !slices.Contains(dragged, p.ID) {
				t.Errorf("%s is pinned; only %v were dragged", p.ID, dragged)
			}
		}
		for _, id := range dragged {
			stays := slices.ContainsFunc(v.Pins, func(p backlog.Pin) bool { return p.ID == id && p.By == "ana" })
			if others(ids, order, id) && !stays {
				t.Errorf("%s was dragged and is not pinned", id)
			}
			if stays && slices.Index(v.Result, id) != slices.Index(order, id) {
				t.Errorf("%s was put at %d and ends at %d", id, slices.Index(order, id), slices.Index(v.Result, id))
			}
		}
		next := follow(t, s, &v, v.Moves) // and stays there, whatever Tandem wants next
		rethought := rapid.Permutation(ids).Draw(t, "rethought")
		w := backlog.Decide(next, free(next, rethought...), policy())
		for _, p := range v.Pins {
			if slices.Index(w.Result, p.ID) != slices.Index(order, p.ID) {
				t.Errorf("%s did not keep its place", p.ID)
			}
		}
	})
}

// others reports whether the id stands otherwise to some other than before.
func others(before, after []string, id string) bool {
	for _, o := range before {
		was, is := slices.Index(before, o) < slices.Index(before, id), slices.Index(after, o) < slices.Index(after, id)
		if o != id && was != is {
			return true
		}
	}
	return false
}

// Without a history, what moved is still among what is pinned, if it is one.
func TestOneDragWithoutAHistoryIsAlwaysPinned(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		ids := names(rapid.IntRange(2, 20).Draw(t, "n"))
		id := rapid.SampledFrom(ids).Draw(t, "dragged")
		order := slices.DeleteFunc(slices.Clone(ids), func(o string) bool { return o == id })
		order = slices.Insert(order, rapid.IntRange(0, len(order)).Draw(t, "to"), id)
		s := &backlog.State{Order: work.Order{IDs: order}, Confirmed: ids}
		v := backlog.Decide(s, free(s, ids...), policy())
		stays := slices.ContainsFunc(v.Pins, func(p backlog.Pin) bool { return p.ID == id })
		if stays == slices.Equal(order, ids) {
			t.Errorf("dragged %s: pinned %v", id, v.Pins)
		}
	})
}

// Moves are cut short anywhere, as often as it happens; a pinned record ends
// where the person put it.
func TestS9MovesThatWereCutShortEndWhereTheyWereMeantTo(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, entries := scene(t, 12)
		for i := range entries { // sprints hold what is in them, not its number
			if entries[i].Stance != backlog.Free {
				entries[i].Stance = backlog.Free
			}
		}
		for i := range s.Pins {
			s.Pins[i].Drift = 0
		}
		s.Doubtful = nil
		v := backlog.Decide(s, entries, policy())
		next, w := s, v
		for range rapid.IntRange(1, 3).Draw(t, "crashes") {
			before := next
			next = follow(t, before, &w, w.Moves[:rapid.IntRange(0, len(w.Moves)).Draw(t, "until")])
			entries = again(before, next, entries)
			w = backlog.Decide(next, entries, policy())
		}
		if diff := cmp.Diff(v.Result, w.Result); diff != "" {
			t.Fatalf("(-meant +planned anew):\n%s", diff)
		}
	})
}

func TestIdleDaysMoveNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, entries := scene(t, 12)
		v := backlog.Decide(s, entries, policy())
		next := follow(t, s, &v, v.Moves)
		entries = again(s, next, entries)
		p := policy()
		for day := range 30 {
			p.AsOf = today.AddDate(0, 0, day)
			w := backlog.Decide(next, entries, p)
			expired := len(w.Pins) < len(next.Pins)
			if len(w.Moves) > 0 && !expired {
				t.Fatalf("day %d moves %v", day, w.Moves)
			}
			next.Pins = w.Pins
			if expired {
				return
			}
		}
	})
}

func TestS16TheOrderOfWhatIsKnownChangesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, entries := scene(t, 12)
		turned := *s
		turned.Pins, turned.Doubtful, turned.Moved = slices.Clone(s.Pins), slices.Clone(s.Doubtful), slices.Clone(s.Moved)
		slices.Reverse(turned.Pins)
		slices.Reverse(turned.Doubtful)
		slices.Reverse(turned.Moved)
		if diff := cmp.Diff(backlog.Decide(s, entries, policy()), backlog.Decide(&turned, entries, policy())); diff != "" {
			t.Fatal(diff)
		}
	})
}
