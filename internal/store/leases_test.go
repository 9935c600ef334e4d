package store_test

import (
	"errors"
	"testing"
	"time"

	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/work"
)

func TestHolderOfSeveralLeasesWritesUnderEach(t *testing.T) {
	onBoth(t, func(k *kept) {
		k.page(issue("1", 1, "High"))
		ctx, e := k.t.Context(), edit("1", "High", "Low")
		view := k.Under(k.take("jira", "a"), k.take(work.Deciding, "a"))
		decides := func() error { _, err := view.SaveRun(ctx, engine.Run{AsOf: today, At: noon}); return err }
		if err := errors.Join(decides(), view.Begin(ctx, 1, []work.Edit{e})); err != nil {
			k.t.Fatal(err)
		}
		k.later(time.Minute)
		k.take("jira", "b")
		k.take(work.Deciding, "a")
		if err := decides(); err != nil {
			k.t.Errorf("under the lease that is kept: %v", err)
		}
		if err := view.Begin(ctx, 1, []work.Edit{edit("1", "High", "Medium")}); !errors.Is(err, work.ErrLeaseLost) {
			k.t.Errorf("under the lease that is lost: %v", err)
		}
		if err := view.Finish(ctx, []work.Result{result(e, work.Applied)}); err != nil { // late, and nobody knows better
			k.t.Fatal(err)
		}
		k.wantLine("late", e, plan.Entry{Value: text("Low"), Written: true, Pending: true, Before: text("High")})
	})
}
