package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/store"
	"tandem/internal/work"
)

func TestAnOrderIsKeptUntilItIsOver(t *testing.T) {
	t.Parallel()
	for where, openStore := range stores() {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			k := openStore(t)
			ctx := t.Context()
			want := work.Commission{
				ID: "o1", Errand: work.Undo, Run: 7, Item: "jira:PAY-1", Field: "priority", By: "api:ana", Confirm: "h", At: k.clock.Now(), Stage: work.Placed,
			}
			is := func(what string, got work.Commission, found bool, err error) {
				t.Helper()
				got.At = want.At
				if diff := cmp.Diff(want, got); err != nil || !found || diff != "" {
					t.Errorf("%s: %v, %v (-want +got):\n%s", what, found, err, diff)
				}
			}
			place := func(order work.Commission) bool {
				placed, err := k.Commission(ctx, order)
				if err != nil {
					t.Fatal(err)
				}
				return placed
			}
			if !place(want) || place(work.Commission{ID: "o2", Errand: work.Retire}) {
				t.Error("there is one at a time")
			}
			want.Told = []byte{}
			want.Targets = []work.Target{}
			got, found, err := k.Commissioned(ctx, "o1")
			is("placed", got, found, err)
			if _, found, err := k.Commissioned(ctx, "o2"); found || err != nil {
				t.Errorf("another one: %v, %v", found, err)
			}
			pulse, err := k.Pulse(ctx)
			if err != nil || pulse.Ordered != 1 {
				t.Errorf("the pulse counts %d, %v", pulse.Ordered, err)
			}
			if err := k.Close(); err != nil {
				t.Fatal(err)
			}
			k.open() // a process that starts anew
			want.Tries = 1
			got, found, err = k.TakeCommission(ctx)
			is("taken", got, found, err)
			want.Stage, want.Number, want.Targets = work.Begun, 9, []work.Target{{RefID: work.RefID{Connector: "jira", ID: "1"}, Path: "labels", Element: "x"}}
			for _, first := range []bool{true, false} {
				if begun, err := k.BeginCommission(ctx, "o1", 9, want.Targets); begun != first || err != nil {
					t.Errorf("begun: %v, %v", begun, err)
				}
			}
			got, found, err = k.NextCommission(ctx)
			is("begun", got, found, err)
			for _, first := range []bool{true, false} {
				if ended, err := k.EndCommission(ctx, "o1", []byte(`{"state": "done"}`)); ended != first || err != nil {
					t.Errorf("ended: %v, %v", ended, err)
				}
			}
			want.Stage, want.Told = work.Over, []byte(`{"state": "done"}`)
			got, found, err = k.Commissioned(ctx, "o1")
			is("over", got, found, err)
			if _, found, err := k.TakeCommission(ctx); found || err != nil {
				t.Errorf("taken again: %v, %v", found, err)
			}
			if !place(work.Commission{ID: "o3", Errand: work.Retire}) {
				t.Error("the next one is not placed")
			}
			k.clock.pass(8 * 24 * time.Hour)
			if _, err := k.Prune(ctx, k.clock.Now().Add(-store.Keep)); err != nil {
				t.Fatal(err)
			}
			_, old, _ := k.Commissioned(ctx, "o1")
			_, open, _ := k.Commissioned(ctx, "o3")
			if old || !open {
				t.Errorf("after a week the finished one is kept: %v, and the open one: %v", old, open)
			}
		})
	}
}

// A node that lost the duty to work alone notes nothing any more.
func TestAnOrderIsNotEndedByANodeThatWakesUpLate(t *testing.T) {
	onBoth(t, func(k *kept) {
		if _, err := k.Commission(k.t.Context(), work.Commission{ID: "o1", Errand: work.Undo}); err != nil {
			k.t.Fatal(err)
		}
		late := k.Under(k.take(work.Alone, "a"))
		k.later(31 * time.Second)
		k.take(work.Alone, "b")
		_, _, took := late.TakeCommission(k.t.Context())
		_, began := late.BeginCommission(k.t.Context(), "o1", 1, nil)
		_, ended := late.EndCommission(k.t.Context(), "o1", nil)
		for _, err := range []error{took, began, ended} {
			if !errors.Is(err, work.ErrLeaseLost) {
				k.t.Errorf("it is answered with %v", err)
			}
		}
	})
}

// What an order is told to have done names people.
func TestForgettingAPersonForgetsWhatOrdersTold(t *testing.T) {
	t.Parallel()
	k := openStore(t)
	ctx := t.Context()
	_, err := k.Commission(ctx, work.Commission{ID: "o1", Errand: work.Undo})
	if err == nil {
		_, err = k.EndCommission(ctx, "o1", []byte(`{"by": "cy"}`))
	}
	if err == nil {
		err = k.ForgetPerson(ctx, store.Acquaintance{Names: []string{"cy"}})
	}
	if _, found, _ := k.Commissioned(ctx, "o1"); found || err != nil {
		t.Errorf("it is still told: %v, %v", found, err)
	}
}

func TestAnOrderIsWithdrawnOnlyBeforeItBegins(t *testing.T) {
	t.Parallel()
	for where, openStore := range stores() {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			k := openStore(t)
			withdrawn := func(id string) bool {
				was, err := k.WithdrawCommission(t.Context(), id, []byte(`{"state": "withdrawn"}`))
				if err != nil {
					t.Error(err)
				}
				return was
			}
			for _, id := range []string{"waits", "taken", "begun"} {
				if placed, err := k.Commission(t.Context(), work.Commission{ID: id, Errand: work.Undo}); err != nil || !placed {
					t.Fatalf("%s: %v, %v", id, placed, err)
				}
				if id != "waits" {
					if _, _, err := k.TakeCommission(t.Context()); err != nil {
						t.Fatal(err)
					}
				}
				if id == "begun" {
					if begun, err := k.BeginCommission(t.Context(), id, 3, nil); err != nil || !begun {
						t.Fatalf("%v, %v", begun, err)
					}
				}
				if got := withdrawn(id); got != (id != "begun") {
					t.Errorf("what %s was withdrawn: %v", id, got)
				}
				if begun, err := k.BeginCommission(t.Context(), id, 3, nil); err != nil || begun {
					t.Errorf("what %s begins: %v, %v", id, begun, err)
				}
			}
			order, found, err := k.Commissioned(t.Context(), "taken")
			if err != nil || !found || order.Stage != work.Over || string(order.Told) != `{"state": "withdrawn"}` {
				t.Errorf("it is told as %+v, %v", order, err)
			}
			if next, waits, err := k.NextCommission(t.Context()); err != nil || !waits || next.ID != "begun" {
				t.Errorf("what begun goes on: %+v, %v", next, err)
			}
		})
	}
}
