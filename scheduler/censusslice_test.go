package scheduler_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"testing"
	"time"

	"tandem/connectors"
	"tandem/internal/sim/jirasim"
	"tandem/internal/work"
	"tandem/scheduler"
)

// slowCensus lists the issues of a stand-in one by one, which takes its time.
type slowCensus struct {
	site  *jirasim.Site
	calls int
	// fails makes the call of this number fail.
	fails int
	// since are the times from which it was to list changes.
	since []time.Time
}

func (s *slowCensus) IDs(ctx context.Context, since time.Time, from connectors.Cursor) iter.Seq2[connectors.Page, error] {
	s.since = append(s.since, since)
	return func(yield func(connectors.Page, error) bool) {
		at := 0
		if len(from) > 0 && json.Unmarshal(from, &at) != nil {
			yield(connectors.Page{}, errors.New("no cursor"))
			return
		}
		all := s.site.World().Issues
		for ; at < len(all); at++ {
			if s.calls++; s.calls == s.fails {
				yield(connectors.Page{}, errors.New("the token is too old"))
				return
			}
			time.Sleep(12 * time.Second)
			page := connectors.Page{Records: []work.Record{{Ref: work.NewRef("jira", fmt.Sprint(all[at].ID), all[at].Key)}}, Done: at+1 == len(all)}
			if !page.Done {
				page.Cursor = connectors.Cursor(fmt.Sprint(at + 1))
			}
			if !yield(page, nil) {
				return
			}
		}
	}
}

// slowly makes the census of Jira slow.
func (f *firm) slowly(fails int) *slowCensus {
	f.Helper()
	s := &slowCensus{site: f.jira, fails: fails}
	at := slices.IndexFunc(f.live, func(l scheduler.Live) bool { return l.Name == "jira" })
	f.live[at].Conn.Census = s
	f.restart()
	return s
}

// counts takes the slices of a census until one finds something, each by
// another process, and returns what was found and how long each took.
func (f *firm) counts(fresh bool) (found []string, took []time.Duration) {
	f.Helper()
	for range 20 {
		if fresh {
			f.restart()
			_, err := f.cycle.Poll(f.Context()) // a connector that was not read is not counted
			f.ok(err)
		}
		r, err := f.cycle.Census(f.Context())
		f.ok(err)
		if r.Took > 0 {
			took = append(took, r.Took)
		}
		if c, ok := r.Census["jira"]; ok {
			found = append(found, fmt.Sprintf("%d listed, %d asked, %d gone %s", c.Listed, c.Asked, c.Gone, c.Failure))
			return found, took
		}
		f.pass(time.Second)
	}
	return found, took
}

// A census goes on where it was, also in another process, and no slice of it
// keeps other work waiting for longer than a slice and a call.
func TestACensusIsTakenInSlicesAndGoesOnAfterACrash(t *testing.T) {
	for _, fresh := range []bool{false, true} {
		t.Run(fmt.Sprint("fresh ", fresh), func(t *testing.T) {
			story(t, world{issues: issues("PAY", 12), unjudged: true}, func(f *firm) {
				f.run()
				s := f.slowly(0)
				f.run()
				f.ok(f.jira.Delete("PAY-5", jirasim.Ana))
				f.pass(61 * time.Minute)
				found, took := f.counts(fresh)
				same(f, "slices", true, len(took) >= 4)
				same(f, "found", []string{"11 listed, 1 asked, 1 gone "}, found)
				same(f, "calls", 11, s.calls)
				for _, d := range took {
					if d > scheduler.Slice+13*time.Second {
						f.Errorf("a slice took %s", d)
					}
				}
				again, _ := f.counts(false)
				same(f, "at once again", []string(nil), again)
			})
		})
	}
}

// A list that breaks off is begun anew an hour later; nothing is taken for gone.
func TestS5ACensusThatCannotGoOnBeginsAnew(t *testing.T) {
	story(t, world{issues: issues("PAY", 12), unjudged: true}, func(f *firm) {
		f.run()
		s := f.slowly(7)
		f.run()
		f.pass(61 * time.Minute)
		found, _ := f.counts(false)
		same(f, "found", []string{"0 listed, 0 asked, 0 gone the token is too old"}, found)
		f.pass(61 * time.Minute)
		found, _ = f.counts(false)
		same(f, "found", []string{"12 listed, 0 asked, 0 gone "}, found)
		same(f, "calls", 7+12, s.calls)
	})
}

// What was changed before Tandem met a connector, or before a census that left
// nothing doubtful, need not be listed once more.
func TestACensusAsksForChangesSinceTheOneBeforeOrTheFirstRead(t *testing.T) {
	story(t, world{issues: issues("PAY", 2), unjudged: true}, func(f *firm) {
		met := time.Now()
		f.run()
		s := f.slowly(1)
		f.pass(61 * time.Minute)
		f.run()
		f.counts(false) // fails
		f.pass(61 * time.Minute)
		began := time.Now()
		f.run()
		f.counts(false)
		f.pass(6*time.Hour + time.Minute)
		f.run()
		f.counts(false)
		same(f, "lists", 3, len(s.since))
		for i, want := range []time.Time{met, met, began} {
			if d := s.since[i].Sub(want); d < 0 || d > time.Minute {
				f.Errorf("list %d is of changes since %s, want %s", i, s.since[i], want)
			}
		}
	})
}
