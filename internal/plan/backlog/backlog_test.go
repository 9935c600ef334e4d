package backlog_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/plan/backlog"
	"tandem/internal/work"
)

var today = time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)

// free says that Tandem wants the ids in this order and may move them all.
func free(s *backlog.State, wanted ...string) []backlog.Entry {
	entries := make([]backlog.Entry, len(s.IDs))
	for i, id := range s.IDs {
		entries[i] = backlog.Entry{Stance: backlog.Free, Place: slices.Index(wanted, id) + 1}
	}
	return entries
}

// state is a backlog of one-letter ids, before and after.
func state(confirmed, observed string) *backlog.State {
	return &backlog.State{Order: work.Order{IDs: split(observed)}, Confirmed: split(confirmed)}
}

func split(s string) []string { return strings.Split(s, "") }

// spelled are moves as "c<a b>c": c before a, b after c.
func spelled(v backlog.Verdict) string {
	var words []string
	for _, m := range v.Moves {
		mark := ">"
		if m.Anchor.Before {
			mark = "<"
		}
		words = append(words, m.ID+mark+m.Anchor.ID)
	}
	return strings.Join(words, " ")
}

func pinned(v backlog.Verdict) string {
	var b strings.Builder
	for _, p := range v.Pins {
		b.WriteString(p.ID)
	}
	return b.String()
}

func TestOnlyWhatLiesOutsideTheLongestRunMoves(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, observed, wanted, fixed string
		moves                         string
	}{
		{"nothing to do", "abcde", "abcde", "", ""},
		{"the last to the top", "abcde", "eabcd", "", "e<a"},
		{"the first to the end", "abcde", "bcdea", "", "a>e"},
		{"a block of two", "abcde", "deabc", "", "d<a e>d"},
		{"behind what is fixed", "abcde", "eabcd", "a", "e>a"},
		{"around what is fixed", "abcde", "edcba", "c", "e<c d>e b>c a>b"},
		{"everything is fixed", "abcde", "edcba", "abcde", ""},
		{"one", "a", "a", "", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := state(c.observed, c.observed)
			entries := free(s, split(c.wanted)...)
			for i, id := range s.IDs {
				if strings.Contains(c.fixed, id) {
					entries[i].Stance = backlog.Fixed
				}
			}
			v := backlog.Decide(s, entries, backlog.Policy{AsOf: today})
			if got := spelled(v); got != c.moves {
				t.Errorf("moves %q, want %q", got, c.moves)
			}
		})
	}
}

func TestWhatPeopleMovedIsFound(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, before, after string
		named               string // newest first
		want                string
	}{
		{"one far", "abcdef", "bcdeaf", "", "a"},
		{"two neighbours, nobody knows which", "abcdef", "acbdef", "", "bc"},
		{"two neighbours, the history knows", "abcdef", "acbdef", "c", "c"},
		{"three over one: the history knows", "abcdef", "eabcdf", "abcd", "abcd"},
		{"three over one: without history it is the one", "abcdef", "eabcdf", "", "e"},
		{"the history names one that stands where it stood", "abcdef", "acbdef", "cf", "c"},
		{"the history knows another one only", "abcdef", "bcdeaf", "c", "ac"},
		{"the history knows a part", "abcdef", "fbadce", "a", "acdf"},
		{"new and gone ones are no moves", "abcdef", "xacdyf", "", ""},
		{"a new one that somebody dragged since it came", "abcdef", "xacdyf", "x", "x"},
		{"a new one and an old one were dragged", "abcdef", "xbcdaf", "xa", "ax"},
		{"all turned round", "abc", "cba", "", "abc"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := state(c.before, c.after)
			for i, id := range strings.Split(c.named, "") {
				if id != "" {
					s.Moved = append(s.Moved, work.Moved{ID: id, By: "ana", At: today.Add(time.Duration(-i) * time.Minute)})
				}
			}
			v := backlog.Decide(s, free(s, s.IDs...), backlog.Policy{AsOf: today})
			got := split(pinned(v))
			slices.Sort(got)
			if strings.Join(got, "") != c.want {
				t.Errorf("pinned %v, want %s", got, c.want)
			}
		})
	}
}

func TestAHistoryThatWasFasterThanTheOrderStillExplainsIt(t *testing.T) {
	t.Parallel()
	s := state("abcdef", "acbdef")
	s.Moved = []work.Moved{{ID: "b", By: "cy", At: today.Add(-time.Hour)}, {ID: "c", By: "ana", At: today.Add(-time.Minute)}}
	s.Told = slices.Clone(s.Moved)
	v := backlog.Decide(s, free(s, s.IDs...), backlog.Policy{AsOf: today})
	want := []backlog.Pin{{ID: "c", Since: today.AddDate(0, 0, -1), By: "ana"}}
	if diff := cmp.Diff(want, v.Pins); diff != "" {
		t.Error(diff)
	}
}

func TestThePinnedStaysAndTheOthersFlowAroundIt(t *testing.T) {
	t.Parallel()
	s := state("abcdef", "fabcde") // somebody dragged f to the top
	v := backlog.Decide(s, free(s, split("bacdef")...), backlog.Policy{AsOf: today, RespectFor: work.Span(30 * 24 * time.Hour)})
	if got, want := strings.Join(v.Result, ""), "fbacde"; got != want {
		t.Errorf("result %s, want %s", got, want)
	}
	want := []backlog.Stay{{ID: "f", Have: 1, Want: 6, Pin: &backlog.Pin{ID: "f", Since: today}}}
	if diff := cmp.Diff(want, v.Stays); diff != "" {
		t.Error(diff)
	}
}

func TestAPinEndsOnItsDayOrWhenItIsReleasedOrOverruled(t *testing.T) {
	t.Parallel()
	s := state("fabcde", "fabcde")
	s.Pins = []backlog.Pin{{ID: "f", Since: today.AddDate(0, 0, -29)}}
	p := backlog.Policy{AsOf: today, RespectFor: work.Span(30 * 24 * time.Hour)}
	wanted := free(s, split("abcdef")...)
	check := func(name string, p backlog.Policy, moves string) {
		t.Helper()
		if got := spelled(backlog.Decide(s, wanted, p)); got != moves {
			t.Errorf("%s: moves %q, want %q", name, got, moves)
		}
	}
	check("on the last day", p, "")
	over := p
	over.AsOf = today.AddDate(0, 0, 1)
	check("on the day after", over, "f>e")
	over.RespectFor = 0
	check("for good", over, "")
	over = p
	over.Released = map[string]bool{"f": true}
	check("released", over, "f>e")
	over = p
	over.Overrule = true
	check("overruled", over, "f>e")
}

// A released issue could not be moved for a while. Who drags it then wants it there.
func TestS1AReleaseIsNotOfWhatPeopleMoveAfterIt(t *testing.T) {
	t.Parallel()
	p := backlog.Policy{AsOf: today, RespectFor: work.Span(30 * 24 * time.Hour), Released: map[string]bool{"f": true}}
	s := state("abcfde", "fabcde")
	s.Pins = []backlog.Pin{{ID: "f", Since: today.AddDate(0, 0, -9), By: "cy"}}
	s.Moved = []work.Moved{{ID: "f", By: "ana", At: today}}
	v := backlog.Decide(s, free(s, split("abcdef")...), p)
	if pinned(v) != "f" || spelled(v) != "" {
		t.Errorf("pinned %q, moves %q", pinned(v), spelled(v))
	}
}

func TestFixedRecordsAreNeverPinnedAndKeptOnesAre(t *testing.T) {
	t.Parallel()
	s := state("abcdef", "efabcd")
	entries := free(s, split("abcdef")...)
	entries[0].Stance, entries[1].Stance = backlog.Fixed, backlog.Kept
	v := backlog.Decide(s, entries, backlog.Policy{AsOf: today})
	if pinned(v) != "f" || spelled(v) != "" {
		t.Errorf("pinned %q, moves %q", pinned(v), spelled(v))
	}
}

func TestWhatIsDoubtfulIsNoPersonsMoveUnlessTheHistorySaysSo(t *testing.T) {
	t.Parallel()
	s := state("abcdef", "fabcde")
	s.Doubtful = []string{"f"}
	if got := pinned(backlog.Decide(s, free(s, split("fabcde")...), backlog.Policy{AsOf: today})); got != "" {
		t.Errorf("pinned %q", got)
	}
	s.Moved = []work.Moved{{ID: "f", By: "ana", At: today}}
	if got := pinned(backlog.Decide(s, free(s, split("fabcde")...), backlog.Policy{AsOf: today})); got != "f" {
		t.Errorf("pinned %q although the history names it", got)
	}
}

// Of c nobody knows whether Tandem's move arrived; that b stands before it now the
// history tells of ana. Who stands where they stood beside it moved nothing.
func TestS1ADragPastWhatIsDoubtfulOrNewIsAPersons(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ before, after, named, want string }{
		{"acb", "abc", "b", "b"},
		{"acb", "abc", "", ""},
		{"acb", "acb", "b", ""},
		{"acbd", "dabc", "bd", "bd"},
		{"acbd", "bacd", "a", "a"},
		{"ab", "axb", "a", "a"}, // x came since: a was dragged before it, or else nothing tells why
		{"ab", "axb", "", ""},
	} {
		s := state(c.before, c.after)
		s.Doubtful = []string{"c"}
		for _, id := range split(c.named) {
			s.Moved = append(s.Moved, work.Moved{ID: id, By: "ana", At: today})
		}
		got := split(pinned(backlog.Decide(s, free(s, s.IDs...), backlog.Policy{AsOf: today})))
		slices.Sort(got)
		if strings.Join(got, "") != c.want {
			t.Errorf("%s to %s, of %q the history tells: pinned %v, want %s", c.before, c.after, c.named, got, c.want)
		}
	}
}

// Two moves were planned to swap a and b around the pinned p; only one
// arrived, or one of which the answer was lost.
func TestMovesThatWereCutShortEndWhereTheyWereMeantTo(t *testing.T) {
	t.Parallel()
	wanted := split("bap")
	for _, told := range []bool{true, false} {
		s := state("apb", "apb")
		s.Pins = []backlog.Pin{{ID: "p", Since: today}}
		v := backlog.Decide(s, free(s, wanted...), backlog.Policy{AsOf: today})
		if spelled(v) != "b<p a>p" {
			t.Fatalf("moves %q", spelled(v))
		}
		after, _ := backlog.Follow(s.IDs, v.Moves[0].ID, v.Moves[0].Anchor)
		next := &backlog.State{Order: work.Order{IDs: after}, Confirmed: after, Pins: s.Pins}
		if told {
			backlog.Shift(next.Pins, s.IDs, after)
		} else {
			next.Confirmed, next.Doubtful = s.IDs, []string{"b"}
		}
		v = backlog.Decide(next, free(next, wanted...), backlog.Policy{AsOf: today})
		if got := strings.Join(v.Result, ""); got != "bpa" || pinned(v) != "p" {
			t.Errorf("told %v: result %s, pinned %q", told, got, pinned(v))
		}
	}
}

func TestFollow(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		id     string
		anchor work.Anchor
		want   string
		ok     bool
	}{
		{"a", work.Anchor{ID: "c"}, "bca", true},
		{"c", work.Anchor{Before: true, ID: "a"}, "cab", true},
		{"b", work.Anchor{ID: "a"}, "abc", true},
		{"x", work.Anchor{ID: "a"}, "abc", false},
		{"a", work.Anchor{ID: "x"}, "abc", false},
		{"a", work.Anchor{ID: "a"}, "abc", false},
	} {
		got, ok := backlog.Follow(split("abc"), c.id, c.anchor)
		if strings.Join(got, "") != c.want || ok != c.ok {
			t.Errorf("%s %v: %v %v, want %s %v", c.id, c.anchor, got, ok, c.want, c.ok)
		}
	}
}

func TestAnOrderLagsWhereItDoesNotShowOurOwnMove(t *testing.T) {
	t.Parallel()
	believed := work.Order{IDs: split("fabcde"), Moved: []work.Moved{{ID: "b", At: today}}} // we moved f to the top
	fresh := []work.Moved{{ID: "b", At: today}, {ID: "f", By: "ana", At: today.Add(time.Hour)}}
	for _, c := range []struct {
		name, seen string
		moved      []work.Moved
		doubtful   string
		want       bool
	}{
		{"as before", "abcdef", believed.Moved, "", true},
		{"as we left it", "fabcde", believed.Moved, "", false},
		{"a person moved another one", "fbacde", believed.Moved, "", false},
		{"a person moved another one above it", "bfacde", believed.Moved, "", true},
		{"another one above it may be our own move", "bfacde", believed.Moved, "b", false},
		{"the history says that a person moved it", "abcdef", fresh, "", false},
		{"others came and went", "xfacye", believed.Moved, "", false},
	} {
		if got := backlog.Lags(believed, work.Order{IDs: split(c.seen), Moved: c.moved}, []string{"f"}, split(c.doubtful)); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
