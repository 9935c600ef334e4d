package store_test

import (
	"errors"
	"testing"

	"tandem/internal/plan"
	"tandem/internal/store"
	"tandem/internal/work"
)

func TestRejectedEditBlocksItsItemUntilReleased(t *testing.T) {
	onBoth(t, func(k *kept) {
		run := emptyRun()
		run.Identities[ref("1").RefID], run.Identities[ref("2").RefID] = "item-a", "item-a"
		k.run(run)
		e := edit("1", "High", "Low")
		k.begin(e)
		k.finish(result(e, work.Rejected))
		diff(k.t, "blocked", map[work.ItemID]string{"item-a": "because rejected"}, k.snapshot().Blocked)
		letters, err := k.DeadLetters(k.t.Context(), 10)
		if err != nil {
			k.t.Fatal(err)
		}
		diff(k.t, "dead letters", []work.DeadLetterEntry{{
			ID: 1, What: "edit", Ref: "jira:PAY-1", Cause: "because rejected", Remedy: "mend the cause, then: tandem release jira:PAY-1 priority", At: noon,
		}}, letters)
		run.Identities[ref("1").RefID] = "item-b" // the item is split
		k.run(run)
		diff(k.t, "blocked after a split", map[work.ItemID]string{"item-b": "because rejected"}, k.snapshot().Blocked)
		run.Identities[ref("2").RefID] = "item-b" // and another record joins it
		k.run(run)
		k.grows(true, "release", func() { k.release("2", work.Horizon) })
		diff(k.t, "blocked", map[work.ItemID]string{}, k.snapshot().Blocked)
	})
}

// A right was taken from the account and given back: what was refused meanwhile
// is tried again at once, and nobody's value is overruled by that.
func TestAllThatWasSetAsideIsTriedAgain(t *testing.T) {
	onBoth(t, func(k *kept) {
		run := emptyRun()
		run.Identities[ref("1").RefID], run.Identities[ref("2").RefID] = "item-a", "item-b"
		k.run(run)
		for _, id := range []string{"1", "2"} {
			e := edit(id, "High", "Low")
			k.begin(e)
			k.finish(work.Result{EditID: e.ID, State: work.Rejected, Detail: "no right"})
		}
		retry := func(connector string, want int) {
			n, err := k.Retry(k.t.Context(), connector)
			if err != nil || n != want {
				k.t.Errorf("%d of %q, %v; want %d", n, connector, err, want)
			}
		}
		k.grows(false, "retry of another connector", func() { retry("github", 0) })
		diff(k.t, "blocked", map[work.ItemID]string{"item-a": "no right", "item-b": "no right"}, k.snapshot().Blocked)
		k.grows(true, "retry", func() { retry("jira", 2) })
		diff(k.t, "blocked", map[work.ItemID]string{}, k.snapshot().Blocked)
		if released := k.snapshot().Released; len(released) > 0 {
			k.t.Errorf("released %v", released)
		}
	})
}

func TestWriteEndsTheRelease(t *testing.T) {
	t.Parallel()
	for where, openStore := range stores() {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			for _, state := range []work.ResultState{work.Applied, work.Unchanged, work.Conflict, work.Uncertain} {
				t.Run(string(state), func(t *testing.T) {
					t.Parallel()
					k := openStore(t)
					k.release("1", work.Priority)
					k.release("1", work.Horizon)
					want := []plan.Release{{Slot: plan.SlotRef{Ref: ref("1").RefID, Field: work.Horizon}}, {Slot: plan.SlotRef{Ref: ref("1").RefID, Field: work.Priority}}}
					diff(t, "released", want, k.snapshot().Released)
					e := edit("1", "High", "Low")
					k.begin(e)
					k.finish(result(e, state))
					if state == work.Applied || state == work.Unchanged {
						want = want[:1]
					}
					diff(t, "released", want, k.snapshot().Released)
				})
			}
		})
	}
}

func TestNothingBeginsWhilePaused(t *testing.T) {
	onBoth(t, func(k *kept) {
		begun := edit("2", "High", "Low")
		k.begin(begun)
		k.grows(true, "pause", func() { k.pause(true, "release day") })
		k.grows(false, "pause again", func() { k.pause(true, "still") })
		e := edit("1", "High", "Low")
		err := k.Begin(k.t.Context(), 1, []work.Edit{e})
		if !errors.Is(err, store.ErrPaused) {
			k.t.Errorf("begin while paused: %v", err)
		}
		k.wantLine("paused", e, plan.Entry{})
		if !k.snapshot().Paused {
			k.t.Error("the snapshot is not paused")
		}
		k.finish(result(begun, work.Applied)) // what was sent is still finished
		k.reopen()
		status := k.status()
		if !status.Paused || status.PausedBy != "ana" || status.PausedWhy != "still" {
			k.t.Errorf("status: %+v", status)
		}
		k.grows(true, "resume", func() { k.pause(false, "") })
		k.grows(false, "resume again", func() { k.pause(false, "") })
		k.begin(e)
	})
}
