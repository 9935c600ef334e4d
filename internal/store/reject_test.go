package store_test

import (
	"testing"
	"time"

	"tandem/internal/plan"
	"tandem/internal/work"
)

func TestARejectionIsKeptUntilAPersonReleasesTheField(t *testing.T) {
	onBoth(t, func(k *kept) {
		slot := plan.SlotRef{Ref: ref("1").RefID, Field: work.Priority}
		r := plan.Rejection{Slot: slot, Edits: []string{"a", "b"}, By: "ana", Because: "agreed", Until: noon.Add(72 * time.Hour)}
		other := plan.Rejection{Slot: plan.SlotRef{Ref: ref("1").RefID, Field: work.Rank}, By: "cy", Because: "no"}
		k.grows(true, "reject", func() {
			for _, r := range []plan.Rejection{r, other, r} {
				if err := k.Reject(k.t.Context(), r); err != nil {
					k.t.Fatal(err)
				}
			}
		})
		k.reopen()
		r.At, other.At, other.Edits = noon, noon, []string{}
		diff(k.t, "rejected", []plan.Rejection{r, other}, k.snapshot().Rejected)
		if err := k.Release(k.t.Context(), plan.Release{Slot: slot}, "ana"); err != nil {
			k.t.Fatal(err)
		}
		diff(k.t, "after the release", []plan.Rejection{other}, k.snapshot().Rejected)
	})
}

// touched is an issue with who set its priority.
func touched(version int, priority, by string) work.Record {
	r := issue("1", version, priority)
	r.Touched = map[string]work.Touch{"priority": {By: by}}
	return r
}

// A target that was written once says nothing about a fight; one that was
// written again tells what stood there before each write, and who put it there.
func TestWritesAtTheSameTargetAreRememberedForAWeek(t *testing.T) {
	onBoth(t, func(k *kept) {
		write := func(e work.Edit) {
			k.clock.pass(time.Second)
			k.begin(e)
			k.finish(result(e, work.Applied))
			k.clock.pass(time.Second)
			k.read([]work.Ref{e.Ref()})
		}
		k.page(touched(1, "High", ""))
		k.page(issue("2", 1, "High"))
		write(edit("1", "High", "Low"))
		write(edit("2", "High", "Low"))
		diff(k.t, "after one write", []plan.Attempt(nil), k.snapshot().Attempts)
		k.page(touched(2, "High", "bot"))
		write(edit("1", "High", "Low"))
		k.page(touched(3, "High", "ana"))
		failed := edit("1", "High", "Low")
		k.begin(failed)
		k.finish(result(failed, work.Conflict))

		all := func() []string {
			got := []string{}
			for _, a := range k.snapshot().Attempts {
				got = append(got, a.Expect.Text()+"→"+a.Value.Text()+" by "+a.By)
			}
			return got
		}
		diff(k.t, "after two", []string{"High→Low by ", "High→Low by bot"}, all())
		k.clock.pass(7*24*time.Hour - 2*time.Second)
		diff(k.t, "a week later", []string{}, all())
	})
}
