package store_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"tandem/connectors"
	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/store"
	"tandem/internal/work"

	"tandem/mapping/evidence"
)

// take takes a lease that is free.
func (k *kept) take(duty, node string) work.Lease {
	k.t.Helper()
	l, ok, err := k.Acquire(k.t.Context(), duty, node, 30*time.Second)
	if err != nil || !ok {
		k.t.Fatalf("%s did not get %s: %+v, %v", node, duty, l, err)
	}
	if l.Duty != duty || l.Node != node || l.Token == 0 {
		k.t.Fatalf("the lease is %+v", l)
	}
	return l
}

func TestLeaseIsHeldByOneNodeAtATime(t *testing.T) {
	onBoth(t, func(k *kept) {
		first := k.take("jira", "a")
		if l, ok, err := k.Acquire(k.t.Context(), "jira", "b", time.Minute); ok || err != nil || l.Node != "a" {
			k.t.Errorf("b got %+v, %v, %v while a has it", l, ok, err)
		}
		other := k.take("github", "b")
		k.later(20 * time.Second)
		again := k.take("jira", "a")
		if again.Token != first.Token || !again.Expires.After(first.Expires) {
			k.t.Errorf("renewed from %+v to %+v", first, again)
		}
		k.later(20 * time.Second)
		held, err := k.Held(k.t.Context())
		if err != nil || len(held) != 1 || held[0].Duty != "jira" || held[0].Token != again.Token {
			k.t.Errorf("held: %+v, %v", held, err)
		}
		if late := k.take("github", "b"); late.Token != other.Token {
			k.t.Errorf("nobody took it, and the token went from %d to %d", other.Token, late.Token)
		}
		if taken := k.take("github", "b"); taken.Token != other.Token {
			k.t.Errorf("the token went from %d to %d", other.Token, taken.Token)
		}
		k.later(time.Minute)
		if taken := k.take("jira", "b"); taken.Token <= again.Token {
			k.t.Errorf("another node has the token %d after %d", taken.Token, again.Token)
		}
	})
}

func TestLeaseThatIsGivenBackIsFreeAtOnce(t *testing.T) {
	onBoth(t, func(k *kept) {
		first := k.take("jira", "a")
		if err := k.Yield(k.t.Context(), first); err != nil {
			k.t.Fatal(err)
		}
		second := k.take("jira", "b")
		if err := k.Yield(k.t.Context(), first); err != nil { // lost already: nothing happens
			k.t.Fatal(err)
		}
		if held, err := k.Held(k.t.Context()); err != nil || len(held) != 1 || held[0].Node != "b" {
			k.t.Errorf("held: %+v, %v", held, err)
		}
		if err := k.Yield(k.t.Context(), second); err != nil {
			k.t.Fatal(err)
		}
		third := k.take("jira", "b")
		if first.Token >= second.Token || second.Token >= third.Token {
			k.t.Errorf("tokens: %d, %d, %d", first.Token, second.Token, third.Token)
		}
	})
}

func TestNodesThatBeatAreAlive(t *testing.T) {
	onBoth(t, func(k *kept) {
		beat := func(node string, span time.Duration, want ...string) {
			k.t.Helper()
			got, err := k.Beat(k.t.Context(), node, span)
			if seen, e := k.Alive(k.t.Context()); e != nil || !slices.Equal(seen, got) {
				k.t.Errorf("others see %v, %v, and not %v", seen, e, got)
			}
			if err != nil || !slices.Equal(got, want) {
				k.t.Errorf("alive after %s: %q, %v, want %q", node, got, err, want)
			}
		}
		beat("b", 30*time.Second, "b")
		beat("a", time.Minute, "a", "b")
		k.later(40 * time.Second)
		beat("c", 30*time.Second, "a", "c")
		beat("a", 0, "c")
	})
}

func TestNodeThatLostItsLeaseWritesNothing(t *testing.T) {
	onBoth(t, func(k *kept) {
		k.page(issue("1", 1, "High"))
		mine, deciding := k.Under(k.take("jira", "a")), k.Under(k.take(work.Deciding, "a"))
		e := edit("1", "High", "Low")
		ctx := k.t.Context()
		record := issue("1", 2, "Low")
		acts := map[string]func() error{
			"begin": func() error { return mine.Begin(ctx, 1, []work.Edit{e}) },
			"page": func() error {
				_, err := mine.SavePage(ctx, "jira", "issues", connectors.Page{Records: []work.Record{record}}, nil)
				return err
			},
			"read":    func() error { return mine.SaveRead(ctx, []work.Ref{e.Ref()}, nil) },
			"hinted":  func() error { _, err := mine.SaveHinted(ctx, "jira", 1, []work.Ref{e.Ref()}, nil); return err },
			"polled":  func() error { return mine.SavePolled(ctx, "jira", 1) },
			"failure": func() error { return mine.SaveFailure(ctx, "jira", "issues", "no") },
			"census":  func() error { return mine.SaveCensus(ctx, "jira", work.CensusMark{}, true) },
			"run":     func() error { _, err := deciding.SaveRun(ctx, engine.Run{AsOf: today, At: noon}); return err },
			"links": func() error {
				_, err := deciding.Relink(ctx, "h", linker(func(*work.Feedback) []evidence.Link { return nil }), 0)
				return err
			},
		}
		k.later(time.Minute)
		before := k.seq()
		for name, act := range acts {
			if err := act(); !errors.Is(err, work.ErrLeaseLost) {
				k.t.Errorf("%s after the lease ran out: %v", name, err)
			}
		}
		k.take("jira", "b")
		k.take(work.Deciding, "b")
		for name, act := range acts {
			if err := act(); !errors.Is(err, work.ErrLeaseLost) {
				k.t.Errorf("%s after another node took over: %v", name, err)
			}
		}
		if k.seq() != before {
			k.t.Errorf("seq moved from %d to %d", before, k.seq())
		}
		if err := mine.SaveFailure(ctx, "github", "issues", "no"); err != nil {
			k.t.Errorf("another connector is none of the lease's business: %v", err)
		}
	})
}

func TestHolderOfALeaseWrites(t *testing.T) {
	onBoth(t, func(k *kept) {
		k.page(issue("1", 1, "High"))
		k.later(time.Hour)
		view := k.Under(k.take("jira", "a"))
		e := edit("1", "High", "Low")
		if err := view.Begin(k.t.Context(), 1, []work.Edit{e}); err != nil {
			k.t.Fatal(err)
		}
		if err := view.Finish(k.t.Context(), []work.Result{result(e, work.Applied)}); err != nil {
			k.t.Fatal(err)
		}
		if err := view.SaveRead(k.t.Context(), []work.Ref{e.Ref()}, []work.Record{issue("1", 2, "Low")}); err != nil {
			k.t.Fatal(err)
		}
		k.wantPending("read back", nil, nil)
		if _, err := k.Under(k.take(work.Deciding, "a")).SaveRun(k.t.Context(), engine.Run{AsOf: today, At: noon}); err != nil {
			k.t.Fatal(err)
		}
	})
}

// cutShort begins an edit under a lease that another node then takes over.
func cutShort(k *kept) (e work.Edit, late, now *store.Store) {
	k.t.Helper()
	k.page(issue("1", 1, "High"))
	e = edit("1", "High", "Low")
	late = k.Under(k.take("jira", "a"))
	if err := late.Begin(k.t.Context(), 1, []work.Edit{e}); err != nil {
		k.t.Fatal(err)
	}
	k.later(time.Minute)
	return e, late, k.Under(k.take("jira", "b"))
}

func TestEditsOfTheLastHolderAreUnknown(t *testing.T) {
	onBoth(t, func(k *kept) {
		other := edit("7", "High", "Low")
		other.Target.Connector = "github"
		k.begin(other)
		e, _, _ := cutShort(k)
		k.wantPending("taken over", []string{other.ID, e.ID}, nil)
		states := map[string]work.ResultState{}
		audit, err := k.Audit(k.t.Context(), work.RefID{}, 10)
		if err != nil {
			k.t.Fatal(err)
		}
		for _, a := range audit {
			states[a.Edit.ID] = a.State
		}
		diff(k.t, "states", map[string]work.ResultState{e.ID: work.Uncertain, other.ID: work.Uncertain}, states)
		if audit[0].Detail+audit[1].Detail == "" {
			k.t.Error("nobody says why")
		}
		// The edit of the other connector is still waited for: its detail is empty.
		for _, a := range audit {
			if (a.Detail == "") != (a.Edit.ID == other.ID) {
				k.t.Errorf("%s: %q", a.Edit.ID, a.Detail)
			}
		}
	})
}

func TestStartOfTheOnlyProcessEndsLeases(t *testing.T) {
	t.Parallel()
	k := openStore(t)
	before := k.take("jira", "a")
	if _, err := k.Beat(t.Context(), "a", time.Hour); err != nil {
		t.Fatal(err)
	}
	k.reopen()
	if after := k.take("jira", "b"); after.Token <= before.Token {
		t.Errorf("token %d after %d", after.Token, before.Token)
	}
	if alive, err := k.Beat(t.Context(), "b", time.Hour); err != nil || !slices.Equal(alive, []string{"b"}) {
		t.Errorf("alive: %q, %v", alive, err)
	}
}

func TestWhatMovedMakesPlannedEditsStale(t *testing.T) {
	onBoth(t, func(k *kept) {
		k.page(issue("1", 1, "High"), issue("2", 1, "High"), issue("3", 1, "High"))
		since := k.seq()
		stale := func(wantAll bool, want ...string) {
			k.t.Helper()
			all, refs, err := k.Stale(k.t.Context(), since, "jira")
			var ids []string
			for ref := range refs {
				ids = append(ids, ref.ID)
			}
			slices.Sort(ids)
			if err != nil || all != wantAll || !slices.Equal(ids, want) {
				k.t.Errorf("stale: %v, %q, %v, want %v, %q", all, ids, err, wantAll, want)
			}
		}
		stale(false)
		k.page(issue("1", 1, "High"), issue("2", 2, "Low"))
		k.read([]work.Ref{ref("3")})
		stale(false, "2", "3")
		since = k.seq()
		stale(false)
		for _, cause := range []string{"503", ""} { // a read that failed, and its end
			if err := k.SaveFailure(k.t.Context(), "jira", "rank", cause); err != nil {
				k.t.Fatal(err)
			}
			stale(cause != "")
		}
		slot := plan.SlotRef{Ref: ref("1").RefID, Field: work.Priority}
		acts := map[string]func() error{
			"release": func() error { return k.Release(k.t.Context(), plan.Release{Slot: slot}, "ana") },
			"reject":  func() error { return k.Reject(k.t.Context(), plan.Rejection{Slot: slot, By: "ana"}) },
			"retire":  func() error { return k.Retire(k.t.Context(), plan.Retirement{Kind: "team", Name: "pay", By: "ana"}) },
			"recall":  func() error { _, err := k.Recall(k.t.Context(), "team", "pay"); return err },
			"pause":   func() error { return k.Pause(k.t.Context(), true, "ana", "lunch") },
			"resume":  func() error { return k.Pause(k.t.Context(), false, "ana", "") },
		}
		for _, name := range []string{"release", "reject", "retire", "recall", "pause", "resume"} {
			if err := acts[name](); err != nil {
				k.t.Fatalf("%s: %v", name, err)
			}
			stale(true)
			since = k.seq()
			stale(false)
		}
	})
}
