package store_test

import (
	"testing"
	"time"

	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/work"
)

func (k *kept) says(o work.Override) work.Override {
	k.t.Helper()
	num, err := k.SaveOverride(k.t.Context(), o)
	if err != nil {
		k.t.Fatalf("save override: %v", err)
	}
	o.Number, o.At = num, k.clock.Now()
	return o
}

func pinned(id, place, by string, days int) work.Override {
	return work.Override{Ref: ref(id), Kind: work.Pin, Value: place, By: by, Reason: "promised", Until: today.AddDate(0, 0, days)}
}

func TestAPersonsWordCountsUntilItEnds(t *testing.T) {
	onBoth(t, func(k *kept) {
		k.page(issue("1", 1, "High"))
		var first, objection, second work.Override
		k.grows(true, "a pin", func() { first = k.says(pinned("1", "1", "ana", 14)) })
		k.grows(true, "an objection", func() {
			objection = k.says(work.Override{Ref: ref("1"), Kind: work.Objection, By: "cy", Reason: "not without design", Until: today.AddDate(0, 0, 1)})
		})
		other := k.says(work.Override{Ref: ref("1"), Kind: work.Objection, By: "dee", Reason: "nor without me", Until: today.AddDate(0, 0, 30)})
		diff(k.t, "open", []work.Override{first, objection, other}, k.snapshot().Overrides)
		all, _, err := k.Stale(k.t.Context(), 1, "jira")
		if err != nil || !all {
			k.t.Errorf("a plan from before still counts: %v", err)
		}
		k.looked()
		run := k.looked()
		was := k.snapshot().Overrides
		k.clock.pass(time.Hour)
		second = k.says(pinned("1", "3", "cy", 7))
		diff(k.t, "replaced", []work.Override{objection, other, second}, k.snapshot().Overrides)
		k.reopen()
		if o, err := k.Status(k.t.Context()); err != nil || o.Overrides != 1 || o.Objections != 2 || o.Ending != 2 {
			k.t.Errorf("status counts %d, %d, %d: %v", o.Overrides, o.Objections, o.Ending, err)
		}
		tomorrow, err := k.Snapshot(k.t.Context(), today.AddDate(0, 0, 1))
		if err != nil {
			k.t.Fatal(err)
		}
		diff(k.t, "a day later", []work.Override{other, second}, tomorrow.Overrides)
		k.grows(true, "an answer", func() {
			ended, err := k.EndOverrides(k.t.Context(), []int64{other.Number, first.Number, 99}, "ana", "see the new design")
			if err != nil {
				k.t.Fatal(err)
			}
			diff(k.t, "ended", []int64{other.Number}, ended)
		})
		k.grows(false, "the same answer", func() {
			if ended, err := k.EndOverrides(k.t.Context(), []int64{other.Number}, "ana", "again"); err != nil || len(ended) > 0 {
				k.t.Errorf("ended %v: %v", ended, err)
			}
		})
		open, over, err := k.Overrides(k.t.Context(), today.AddDate(0, 0, 1), 10)
		if err != nil {
			k.t.Fatal(err)
		}
		first.Ended, first.EndedBy, first.Ending = k.clock.Now(), "cy", "replaced"
		other.Ended, other.EndedBy, other.Ending = k.clock.Now(), "ana", "see the new design"
		diff(k.t, "open", []work.Override{second}, open)
		diff(k.t, "over", []work.Override{objection, other, first}, over)
		then, err := k.SnapshotOf(k.t.Context(), run)
		if err != nil {
			k.t.Fatal(err)
		}
		diff(k.t, "then", was, then.Overrides)
		if _, err := k.Prune(k.t.Context(), noon.AddDate(0, 0, 5)); err != nil {
			k.t.Fatal(err)
		}
		_, over, err = k.Overrides(k.t.Context(), today.AddDate(0, 0, 30), 10)
		if err != nil || len(over) != 1 || over[0].Number != second.Number {
			k.t.Errorf("after a sweep %+v: %v", over, err)
		}
	})
}

func TestAPersonsWordFollowsARecordThatMoves(t *testing.T) {
	onBoth(t, func(k *kept) {
		old := keyed("acme/pay#3", 1, "High")
		k.page(old)
		o := k.says(work.Override{Ref: old.Ref, Kind: work.MoveHorizon, Value: "now", By: "ana", Reason: "fair", Until: today.AddDate(0, 0, 3)})
		moved := issue("2", 2, "High")
		moved.Key, moved.Was = "acme/web#9", "1"
		k.read([]work.Ref{old.Ref}, moved)
		o.Ref.ID = "2"
		diff(k.t, "moved", []work.Override{o}, k.snapshot().Overrides)
	})
}

// Since when a horizon and a route last is kept from run to run, and found
// again for those that are past.
func TestHowLongAHorizonAndARouteLastIsKept(t *testing.T) {
	onBoth(t, func(k *kept) {
		k.page(issue("1", 1, "High"))
		place := func(p engine.Previous) engine.Run {
			snap, run := k.snapshot(), emptyRun()
			run.DataSeq, run.AsOf, run.At, run.Seen = snap.Seq, snap.AsOf, k.clock.Now(), snap.Seen()
			run.Placements["jira:1"] = p
			run.Seq = k.run(run)
			return run
		}
		p := engine.Previous{Place: 1, Tier: "2", TierSince: today, Horizon: "now", Score: 0}
		place(p)
		place(p)
		diff(k.t, "not known", p, k.snapshot().Previous["jira:1"])
		q := p
		q.Ranked, q.HorizonSince, q.Route, q.RouteSince = 4, today.AddDate(0, 0, -3), "/route/routes/2", today.AddDate(0, 0, -1)
		k.grows(true, "what is known now", func() { place(q) })
		k.reopen()
		diff(k.t, "known", q, k.snapshot().Previous["jira:1"])
		run := place(q)
		r := q
		r.RouteSince = today
		place(r)
		then, err := k.SnapshotOf(k.t.Context(), run)
		if err != nil {
			k.t.Fatal(err)
		}
		diff(k.t, "then", q, then.Previous["jira:1"])
	})
}

func TestARejectionKeepsWhatTheProposalWasMadeOf(t *testing.T) {
	onBoth(t, func(k *kept) {
		k.looked()
		r := plan.Rejection{Slot: plan.SlotRef{Ref: ref("1").RefID, Field: work.Priority}, Edits: []string{"a"}, Inputs: "x", By: "ana", Because: "no", At: noon}
		for range 2 {
			if err := k.Reject(k.t.Context(), r); err != nil {
				k.t.Fatal(err)
			}
		}
		diff(k.t, "rejected", []plan.Rejection{r}, k.snapshot().Rejected)
		run := k.looked()
		again := r
		again.Inputs = "y"
		if err := k.Reject(k.t.Context(), again); err != nil {
			k.t.Fatal(err)
		}
		diff(k.t, "anew", []plan.Rejection{again}, k.snapshot().Rejected)
		then, err := k.SnapshotOf(k.t.Context(), run)
		if err != nil {
			k.t.Fatal(err)
		}
		diff(k.t, "then", []plan.Rejection{r}, then.Rejected)
	})
}
