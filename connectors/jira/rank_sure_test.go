package jira

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"tandem/internal/sim"
	"tandem/internal/sim/jirasim"
	"tandem/internal/sim/judge"
	"tandem/internal/work"
)

// again opens the connector anew, as the next process does.
func (y *yard) again() {
	y.t.Helper()
	c, service := y.live.Sink.(*sink).site.config, judge.Jira
	if !c.cloud() {
		service = judge.JiraDC
	}
	y.connect(c, service)
}

// putBack lets us move issue 5 behind 1, and Cy put it back behind 4.
func (y *yard) putBack(o work.Order, meanwhile func()) {
	y.t.Helper()
	wantSame(y.t, "sent", []string{"m5 applied"}, y.send(move(o, 5, 1)))
	meanwhile()
	y.clock.Advance(20 * time.Minute)
	y.drag(jirasim.Cy, 5, jirasim.After, 4)
}

// wantPutBack wants to be told once that Cy put issue 5 back.
func (y *yard) wantPutBack(o work.Order) {
	y.t.Helper()
	got := y.one()
	if wantSame(y.t, "order", o.IDs, got.IDs); len(got.Moved) != 1 || got.Moved[0].ID != "10004" {
		y.t.Errorf("moved %+v, want 10004", got.Moved)
	}
	y.clock.Advance(5 * time.Minute)
	y.ResetCounts()
	if later := y.poll(); len(later) != 0 || y.Calls("", "") != 1 {
		y.t.Errorf("later: %v, by %v", later, y.Counts())
	}
}

// TestS1WhatAPersonPutsBackIsToldByTheNextProcess: it does not know what the
// one before moved, and no order of the search differs.
func TestS1WhatAPersonPutsBackIsToldByTheNextProcess(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, deployment string) {
		t.Helper()
		y := openYard(t, deployment, 6, nil).settled()
		o := y.one()
		y.putBack(o, y.again)
		y.wantPutBack(o)
	})
}

// TestS1WhatAPersonPutsBackIsToldThoughOnlyAnotherBacklogCouldBeReadBefore: what
// the next process left in the cursor for one project says nothing of the other.
func TestS1WhatAPersonPutsBackIsToldThoughOnlyAnotherBacklogCouldBeReadBefore(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, deployment string) {
		t.Helper()
		y := openYard(t, deployment, 6, nil).settled()
		y.live.Sink.(*sink).site.config.Projects = []string{"PAY", "WEB"}
		y.again()
		o := y.poll()[0]
		y.putBack(o, y.again)
		y.SetFault(func(r *http.Request) *sim.Fault {
			if strings.Contains(r.URL.RawQuery, "PAY") {
				return &sim.Fault{Status: http.StatusBadGateway}
			}
			return nil
		})
		if _, err := y.tryPoll(); err == nil {
			t.Error("the backlog of PAY could be read")
		}
		y.SetFault(nil)
		got := y.one()
		if wantSame(t, "order", o.IDs, got.IDs); len(got.Moved) != 1 || got.Moved[0].ID != "10004" {
			t.Errorf("moved %+v, want 10004", got.Moved)
		}
	})
}

// TestS1WhatAPersonPutsBackInALongBacklogIsToldByTheNextProcess: on Data Center
// the search gets its time first.
func TestS1WhatAPersonPutsBackInALongBacklogIsToldByTheNextProcess(t *testing.T) {
	t.Parallel()
	y := openYard(t, dataCenter, maxSingle+9, nil).settled()
	o := y.one()
	y.putBack(o, y.again)
	for range 3 {
		if got := y.poll(); len(got) != 0 {
			t.Errorf("too early: %v", got)
		}
		y.clock.Advance(rankLag / 3)
	}
	y.wantPutBack(o)
}

// TestS1WhatAPersonPutsBackIsToldAgainWhereItWasNotKept: the page was handed out,
// and never stored.
func TestS1WhatAPersonPutsBackIsToldAgainWhereItWasNotKept(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, deployment string) {
		t.Helper()
		y := openYard(t, deployment, 6, nil).settled()
		o := y.one()
		y.putBack(o, func() {})
		cursor := y.cursor
		y.one()
		y.cursor = cursor
		y.wantPutBack(o)
	})
}

// TestS1WhatAPersonPutsBackIsToldWhereAPlanExpectsOtherwise: another process
// moved it, and this one reads on with its own cursor.
func TestS1WhatAPersonPutsBackIsToldWhereAPlanExpectsOtherwise(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, deployment string) {
		t.Helper()
		y := openYard(t, deployment, 6, nil).settled()
		o := y.one()
		believed := work.Order{Scope: "PAY", IDs: backlogOf(1, 5, 2, 3, 4, 6)}
		y.putBack(o, func() {
			y.live.Sink.(*sink).site.ranks.shown("PAY", backlogOf(5)) // it was not this one
		})
		if got := y.poll(); len(got) != 0 {
			t.Errorf("nothing tells of it yet: %v", got)
		}
		wantSame(t, "sent", []string{"m6 conflict"}, y.send(move(believed, 6, 1)))
		y.wantPutBack(o)
	})
}

// TestS8TheNextProcessDoesNotMistakeALateSearch: it shows still what it showed
// before we moved one.
func TestS8TheNextProcessDoesNotMistakeALateSearch(t *testing.T) {
	t.Parallel()
	for name, length := range map[string]int{"short": 6, "long": 40} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onBoth(t, func(t *testing.T, deployment string) {
				t.Helper()
				y := openYard(t, deployment, length, nil).settled()
				o := y.one()
				y.SetLag(rankLag)
				wantSame(t, "sent", []string{"m5 applied"}, y.send(move(o, 5, 1)))
				y.again()
				for range 14 {
					y.clock.Advance(time.Minute)
					if got := y.poll(); len(got) != 0 {
						t.Fatalf("the search is late, and yet: %v", got)
					}
				}
				y.clock.Advance(time.Minute)
				wantSame(t, "at last", work.Order{Scope: "PAY", IDs: y.truth()}, y.one())
			})
		})
	}
}
