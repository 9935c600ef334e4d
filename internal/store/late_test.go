package store_test

import (
	"testing"
	"time"

	"tandem/internal/plan"
	"tandem/internal/work"
)

func TestLateAnswerCountsWhileNobodyKnowsBetter(t *testing.T) {
	t.Parallel()
	for where, openStore := range stores() {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			for _, state := range []work.ResultState{work.Applied, work.Rejected, work.Conflict} {
				t.Run(string(state), func(t *testing.T) {
					t.Parallel()
					k := openStore(t)
					e, late, _ := cutShort(k)
					if err := late.Finish(t.Context(), []work.Result{result(e, state)}); err != nil {
						t.Fatal(err)
					}
					if state == work.Applied {
						k.wantPending("late", nil, []string{e.ID})
						k.wantLine("late", e, plan.Entry{Value: text("Low"), Written: true, Pending: true, Before: text("High")})
						return
					}
					k.wantPending("late", nil, nil)
					k.wantLine("late", e, plan.Entry{})
				})
			}
		})
	}
}

func TestLateAnswerChangesNothingThatWasReadBack(t *testing.T) {
	t.Parallel()
	for where, openStore := range stores() {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			for _, state := range []work.ResultState{work.Rejected, work.Conflict, work.Deferred, work.Uncertain} {
				t.Run(string(state), func(t *testing.T) {
					t.Parallel()
					k := openStore(t)
					e, late, now := cutShort(k)
					if err := now.Finish(t.Context(), []work.Result{result(e, work.Applied)}); err != nil {
						t.Fatal(err)
					}
					k.read([]work.Ref{e.Ref()}, issue("1", 2, "Low"))
					if err := late.Finish(t.Context(), []work.Result{result(e, state)}); err != nil {
						t.Fatal(err)
					}
					k.wantPending("late", nil, nil)
					k.wantLine("late", e, plan.Entry{Value: text("Low"), Written: true, Before: text("High")})
				})
			}
		})
	}
}

func TestEditThatArrivedAfterTheNextNodeLookedIsTandems(t *testing.T) {
	onBoth(t, func(k *kept) {
		e, late, now := cutShort(k)
		if err := now.Finish(k.t.Context(), []work.Result{result(e, work.Deferred)}); err != nil { // it is not there yet
			k.t.Fatal(err)
		}
		k.wantPending("it may be on its way", []string{e.ID}, nil)
		k.wantLine("it may be on its way", e, plan.Entry{Value: text("Low"), Pending: true, Before: text("High")})
		k.later(20 * time.Second)
		if err := now.Finish(k.t.Context(), []work.Result{result(e, work.Deferred)}); err != nil {
			k.t.Fatal(err)
		}
		k.wantLine("not there", e, plan.Entry{})
		if err := late.Finish(k.t.Context(), []work.Result{result(e, work.Applied)}); err != nil {
			k.t.Fatal(err)
		}
		k.wantPending("arrived after all", nil, []string{e.ID})
		k.wantLine("arrived after all", e, plan.Entry{Value: text("Low"), Written: true, Pending: true, Before: text("High")})
	})
}

func TestEditThatArrivesWhileTheNextNodeWaitsIsTandems(t *testing.T) {
	onBoth(t, func(k *kept) {
		e, late, now := cutShort(k)
		if err := now.Finish(k.t.Context(), []work.Result{result(e, work.Deferred)}); err != nil {
			k.t.Fatal(err)
		}
		if err := late.Finish(k.t.Context(), []work.Result{result(e, work.Uncertain)}); err != nil { // nobody heard the answer
			k.t.Fatal(err)
		}
		k.later(20 * time.Second)
		if err := now.Finish(k.t.Context(), []work.Result{result(e, work.Applied)}); err != nil { // it shows
			k.t.Fatal(err)
		}
		k.wantLine("arrived meanwhile", e, plan.Entry{Value: text("Low"), Written: true, Pending: true, Before: text("High")})
	})
}

func TestLateAnswerDoesNotDisturbWhatTheNextNodeSent(t *testing.T) {
	t.Parallel()
	for where, openStore := range stores() {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			for name, next := range map[string]work.Edit{"the same again": edit("1", "High", "Low"), "another value": edit("1", "High", "Medium")} {
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					k := openStore(t)
					e, late, now := cutShort(k)
					k.later(20 * time.Second)
					if err := now.Finish(t.Context(), []work.Result{result(e, work.Deferred)}); err != nil {
						t.Fatal(err)
					}
					if err := now.Begin(t.Context(), 2, []work.Edit{next}); err != nil {
						t.Fatal(err)
					}
					if err := late.Finish(t.Context(), []work.Result{result(e, work.Applied)}); err != nil {
						t.Fatal(err)
					}
					k.wantPending("late", []string{next.ID}, nil)
					k.wantLine("late", next, plan.Entry{Value: next.Value, Pending: true, Before: text("High")})
				})
			}
		})
	}
}
