package jira

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

// TestTheLiteralIsNeverLaterThanTheBound: however Jira reads the literal in
// the account's zone, it reads a moment that is not after the bound.
func TestTheLiteralIsNeverLaterThanTheBound(t *testing.T) {
	t.Parallel()
	zones := []string{
		"UTC", "Europe/Berlin", "America/New_York", "Asia/Shanghai", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Kiritimati",
		"Etc/GMT+12", "America/St_Johns", "Africa/Casablanca", "", "Mars/Olympus",
	}
	rapid.Check(t, func(t *rapid.T) {
		zone := rapid.SampledFrom(zones).Draw(t, "zone")
		at := time.Unix(rapid.Int64Range(1.5e9, 2.0e9).Draw(t, "seconds"), 0)
		text := sinceLiteral(at, zone)
		readers := []string{zone}
		if _, err := time.LoadLocation(zone); err != nil || zone == "" {
			readers = zones[:10] // nobody knows in which one Jira reads it
		}
		for _, z := range readers {
			loc, err := time.LoadLocation(z)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range meanings(text, loc) {
				if m.After(at) {
					t.Fatalf("%s in %s is %v, after %v", text, z, m, at)
				}
			}
		}
	})
}

// meanings are all moments that a wall clock shows with the literal.
func meanings(text string, loc *time.Location) []time.Time {
	t, err := time.ParseInLocation(literal, text, loc)
	if err != nil {
		return nil
	}
	var all []time.Time
	for d := -3 * time.Hour; d <= 3*time.Hour; d += 30 * time.Minute {
		if m := t.Add(d); m.In(loc).Format(literal) == text {
			all = append(all, m)
		}
	}
	return all
}

func TestTheHourThatComesTwiceIsReadTwice(t *testing.T) {
	t.Parallel()
	second := time.Date(2026, 10, 25, 1, 30, 0, 0, time.UTC) // 02:30 for the second time in Berlin
	first := second.Add(-time.Hour)
	for _, at := range []time.Time{first, second} {
		got := sinceLiteral(at, "Europe/Berlin")
		for _, m := range meanings(got, must(time.LoadLocation("Europe/Berlin"))) {
			if m.After(at) {
				t.Errorf("%v became %s, which may mean %v", at, got, m)
			}
		}
	}
}

func must(loc *time.Location, err error) *time.Location {
	if err != nil {
		panic(err)
	}
	return loc
}

func TestAMovedAccountDoesNotHideChanges(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := &listing{issues: manyIssues(1, time.Now()), size: 10, zone: "Europe/Berlin"}
		s := &stub{}
		// Like Jira, read the bound in the account's own zone.
		s.answer = func(w http.ResponseWriter, c call) {
			if _, bound, ok := strings.Cut(c.Query.Get("jql"), `updated >= "`); ok {
				at, err := time.ParseInLocation(literal, bound[:len(literal)], must(time.LoadLocation(l.zone)))
				if err != nil {
					t.Error(err)
				}
				if at.After(time.Now()) {
					_, _ = w.Write([]byte(`{"issues":[],"isLast":true}`))
					return
				}
			}
			l.answer(w, c)
		}
		live := connect(t, s, testConfig())
		got := poll(t, live, poll(t, live, nil).cursor)
		l.zone = "America/New_York" // the bound is now six hours in the future
		time.Sleep(2 * time.Hour)
		s.reset()
		got = poll(t, live, got.cursor)
		if got.err != nil || !slices.Equal(s.paths(), []string{"GET search/jql", "GET myself", "GET search/jql"}) {
			t.Errorf("%d records by %v, %v", len(got.records), s.paths(), got.err)
		}
	})
}

func TestAnEmptyPollIsDoubtedEveryTenMinutes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := &listing{issues: manyIssues(1, time.Now()), size: 10, zone: "UTC"}
		s := &stub{answer: l.answer}
		live := connect(t, s, testConfig())
		got := poll(t, live, poll(t, live, nil).cursor)
		l.issues = nil // the newest issue was deleted
		s.reset()
		for range 120 {
			time.Sleep(time.Minute)
			got = poll(t, live, got.cursor)
		}
		if n := len(s.calls); got.err != nil || n > 120+12 {
			t.Errorf("%d calls in 120 polls, %v", n, got.err)
		}
	})
}

func TestAfterABulkChangePollsBecomeCheapAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		type changed struct {
			at  time.Time
			raw json.RawMessage
		}
		var all []changed
		change := func(at time.Time) { all = append(all, changed{at, rawIssue(len(all)+1, at, "")}) }
		for i := range 50 {
			change(time.Now().Add(time.Duration(i) * 5 * time.Second))
		}
		s := &stub{}
		s.answer = func(w http.ResponseWriter, c call) {
			l := &listing{size: 10, zone: "UTC"}
			from := time.Time{}
			if _, bound, ok := strings.Cut(c.Query.Get("jql"), `updated >= "`); ok {
				from, _ = time.Parse(literal, bound[:len(literal)])
			}
			for _, c := range all {
				if !c.at.Before(from) {
					l.issues = append(l.issues, c.raw)
				}
			}
			l.answer(w, c)
		}
		live := connect(t, s, testConfig())
		got := poll(t, live, nil)
		counts := map[int]int{}
		for range 90 {
			time.Sleep(time.Minute)
			s.reset()
			got = poll(t, live, got.cursor)
			counts[len(s.paths())]++
		}
		// With the overlap all 50 issues are read: five calls, and ever less often.
		if got.err != nil || counts[5] > 8 || counts[1] < 80 {
			t.Errorf("calls of 90 polls: %v, %v", counts, got.err)
		}
		// A new change opens the overlap again.
		change(time.Now())
		got = poll(t, live, got.cursor)
		s.reset()
		got = poll(t, live, got.cursor)
		if last := s.calls[0].Query.Get("jql"); got.err != nil || !strings.Contains(last, time.Now().UTC().Add(-5*time.Minute).Format(literal)) {
			t.Errorf("after a change: %s, %v", last, got.err)
		}
	})
}

// TestALongWalkLooksFurtherBack: what changed while a walk took long may have
// moved behind its back.
func TestALongWalkLooksFurtherBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := &listing{size: 10, zone: "UTC"}
		s := &stub{}
		s.answer = func(w http.ResponseWriter, c call) {
			l.issues = manyIssues(30, time.Now())
			l.answer(w, c)
		}
		live := connect(t, s, testConfig())
		start := time.Now()
		var last polled
		for page, err := range live.Source.Pages(t.Context(), issueStream, nil) {
			if err != nil {
				t.Fatal(err)
			}
			last.cursor = page.Cursor
			time.Sleep(20 * time.Minute) // the caller stores slowly
		}
		s.reset()
		last = poll(t, live, last.cursor)
		if got := s.calls[1].Query.Get("jql"); last.err != nil || !strings.Contains(got, start.UTC().Add(-5*time.Minute).Format(literal)) {
			t.Errorf("the walk began at %v and the next asks %s, %v", start.UTC(), got, last.err)
		}
	})
}

// TestTheBoundNeverPassesWhatWasSeen is a law over all cursors.
func TestTheBoundNeverPassesWhatWasSeen(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		overlap := time.Duration(rapid.Int64Range(1, 60).Draw(t, "overlap")) * time.Minute
		now := time.Unix(1.8e9, 0)
		var c cursor
		for range rapid.IntRange(1, 20).Draw(t, "polls") {
			began := now
			now = now.Add(time.Duration(rapid.Int64Range(0, 7200).Draw(t, "took")) * time.Second)
			seen := c.Updated
			if rapid.Bool().Draw(t, "changed") {
				seen = began.Add(time.Duration(rapid.Int64Range(-3600, int64(now.Sub(began)/time.Second)).Draw(t, "seen")) * time.Second)
			}
			before := c.Updated
			from, wide := c.bound(began, overlap)
			c.Walk = &unfinished{Began: began, Seen: seen, Wide: wide, Pages: rapid.IntRange(1, 3).Draw(t, "pages"), News: seen.After(before)}
			c = c.finish(now, overlap)
			if c.Updated.Before(before) || c.Walk != nil {
				t.Fatalf("the cursor went back from %v to %v", before, c.Updated)
			}
			if c.Updated.IsZero() {
				continue
			}
			bound, wide := c.bound(now, overlap)
			if bound.After(c.Updated) || wide && bound.After(c.Updated.Add(-overlap)) {
				t.Fatalf("bound %v with newest %v, overlap %v", bound, c.Updated, overlap)
			}
			if !from.IsZero() && seen.After(before) && !wide {
				t.Fatalf("after something new came the next walk is narrow")
			}
			// What changed during the walk is at most as old as the walk is long.
			if wide && bound.After(began) && c.Updated.Equal(seen) && seen.After(before) {
				t.Fatalf("bound %v is after the start %v of the walk that saw %v", bound, began, seen)
			}
			now = now.Add(time.Minute)
		}
	})
}

func TestATimeFromTheFutureDoesNotMoveTheCursor(t *testing.T) {
	t.Parallel()
	now := time.Now()
	l := &listing{size: 10, issues: []json.RawMessage{rawIssue(1, now, ""), rawIssue(2, now.AddDate(50, 0, 0), "")}}
	got := poll(t, connect(t, &stub{answer: l.answer}, testConfig()), nil)
	var c cursor
	if err := json.Unmarshal(got.cursor, &c); err != nil || c.Updated.After(now.Add(time.Hour)) || len(got.records) != 2 {
		t.Errorf("cursor %s, %v", got.cursor, err)
	}
}

// TestEveryChangeIsReadThoughTheIndexIsLate is the law of the cursor: a change
// that the index shows no later than the overlap is read, whatever the polls.
func TestEveryChangeIsReadThoughTheIndexIsLate(t *testing.T) {
	t.Parallel()
	type change struct {
		at, shown time.Time
		read      bool
	}
	rapid.Check(t, func(t *rapid.T) {
		const overlap = 5 * time.Minute
		now := time.Unix(1.8e9, 0)
		var c cursor
		var changes []*change
		perPage := rapid.IntRange(1, 50).Draw(t, "page")
		for range rapid.IntRange(1, 80).Draw(t, "polls") {
			for range rapid.SampledFrom([]int{0, 0, 0, 0, 1, 3, 40}).Draw(t, "changes") {
				at := now.Add(time.Duration(rapid.IntRange(0, 50).Draw(t, "at")) * time.Second)
				lag := time.Duration(rapid.SampledFrom([]int{0, 0, 20, 100, 299}).Draw(t, "lag")) * time.Second
				changes = append(changes, &change{at: at, shown: at.Add(lag)})
			}
			now = now.Add(time.Minute * time.Duration(rapid.SampledFrom([]int{1, 1, 1, 1, 2, 7, 45}).Draw(t, "pause")))
			from, wide := c.bound(now, overlap)
			w := &unfinished{Began: now, Wide: wide}
			rows := 0
			for _, one := range changes {
				if one.shown.After(now) || one.at.Before(from.Truncate(time.Minute)) {
					continue
				}
				rows++
				w.News = w.News || !one.read
				one.read = true
				if one.at.After(w.Seen) {
					w.Seen = one.at
				}
			}
			w.Pages = rows/perPage + 1
			c.Walk = w
			c = c.finish(now, overlap)
		}
		// Quiet: whatever is left comes within the time that is promised.
		for range 130 {
			now = now.Add(time.Minute)
			from, wide := c.bound(now, overlap)
			w := &unfinished{Began: now, Wide: wide, Pages: 2}
			for _, one := range changes {
				if !one.shown.After(now) && !one.at.Before(from.Truncate(time.Minute)) {
					w.News = w.News || !one.read
					one.read = true
					if one.at.After(w.Seen) {
						w.Seen = one.at
					}
				}
			}
			c.Walk = w
			c = c.finish(now, overlap)
		}
		for i, one := range changes {
			if !one.read {
				t.Fatalf("change %d at %v, shown at %v, was never read; %+v", i, one.at, one.shown, c)
			}
		}
		if !c.Settled && len(changes) > 0 {
			t.Fatalf("two quiet hours did not settle the cursor: %+v", c)
		}
	})
}

func TestAChangeIsReadOnceAndNotWithEachPollAfterIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := &listing{issues: manyIssues(3, time.Now()), size: 10, zone: "UTC"}
		live := connect(t, &stub{answer: l.answer}, testConfig())
		got := poll(t, live, poll(t, live, nil).cursor)
		for round := range 3 {
			time.Sleep(time.Minute)
			l.issues[1] = rawIssue(2, time.Now(), "")
			for polls := range 3 {
				if got = poll(t, live, got.cursor); (len(got.records) == 1) != (polls == 0) {
					t.Errorf("round %d, poll %d: %d records", round, polls, len(got.records))
				}
			}
		}
	})
}
