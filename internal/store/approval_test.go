package store_test

import (
	"testing"

	"tandem/internal/plan"
	"tandem/internal/work"
)

func TestApprovalCountsOnceAndAgainWhereNothingWasSent(t *testing.T) {
	onBoth(t, func(k *kept) {
		k.page(issue("1", 1, "High"), issue("2", 1, "High"))
		e, other := edit("1", "High", "Low"), edit("2", "High", "Low")
		slot := plan.SlotRef{Ref: e.Target.RefID, Field: e.Field}
		yes := func(quiet bool) {
			k.t.Helper()
			if err := k.Approve(k.t.Context(), []plan.Approval{{Edit: e.ID, Slot: slot, Key: e.Key, By: "ana", Run: 1, Quiet: quiet}}); err != nil {
				k.t.Fatal(err)
			}
		}
		k.grows(true, "a yes", func() { yes(false) })
		k.grows(false, "the same again", func() { yes(false) })
		k.grows(true, "for quiet hours too", func() { yes(true) })
		if got := k.snapshot().Approved; len(got) != 1 || !got[0].Quiet || got[0].By != "ana" {
			k.t.Errorf("approved: %+v", got)
		}
		k.begin(e, other)
		if snap := k.snapshot(); len(snap.Approved) != 0 || snap.Sent != 1 {
			k.t.Errorf("begun: approved %+v, sent %d", snap.Approved, snap.Sent)
		}
		k.finish(result(e, work.Deferred), result(other, work.Applied))
		if got := k.snapshot().Approved; len(got) != 1 {
			k.t.Errorf("put off: approved %+v", got)
		}
		all, err := k.Approvals(k.t.Context(), 10)
		if err != nil || len(all) != 3 || all[0].End != "" {
			k.t.Errorf("approvals: %+v, %v", all, err)
		}
	})
}

func TestFiguresAndPulseTellTheSameOnBothStores(t *testing.T) {
	onBoth(t, func(k *kept) {
		k.page(issue("1", 1, "High"))
		k.run(fullRun())
		k.begin(edit("1", "High", "Low"))
		f, err := k.Figures(k.t.Context())
		if err != nil {
			k.t.Fatal(err)
		}
		if f.Bytes <= 0 || f.StoreID == "" || f.Copied != nil || !f.Newest["jira"].Equal(issue("1", 1, "").Version) || len(f.Held) != 2 {
			k.t.Errorf("figures: %+v", f)
		}
		p, err := k.Pulse(k.t.Context())
		if err != nil || p.Run != 1 || p.Seq != k.seq() {
			k.t.Errorf("pulse: %+v, %v", p, err)
		}
	})
}

func TestCopyOfASchemaDoesNotWrite(t *testing.T) {
	t.Parallel()
	k := openServer(t)
	k.exec("UPDATE meta SET value = replace(value, 'test_', 'copy_') WHERE key = 'home'")
	k.reopen()
	wantError(t, k.Begin(t.Context(), 1, []work.Edit{edit("1", "High", "Low")}), work.ErrPaused, "copy_", "tandem resume --here")
	if ok, err := k.Adopt(t.Context()); err != nil || !ok {
		t.Fatalf("adopted: %v, %v", ok, err)
	}
	k.begin(edit("1", "High", "Low"))
}
