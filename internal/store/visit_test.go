package store_test

import (
	"testing"
	"time"

	"tandem/internal/store"
)

func TestTheLastVisitOfEachPersonIsKept(t *testing.T) {
	onBoth(t, func(k *kept) {
		day := func(n int) time.Time { return time.Date(2026, 11, n, 0, 0, 0, 0, time.UTC) }
		seq, err := k.Seq(k.t.Context())
		if err != nil {
			k.t.Fatal(err)
		}
		for _, c := range []struct {
			person      string
			today, want time.Time
		}{
			{"web:ana", day(20), time.Time{}},
			{"web:ana", day(20), time.Time{}},
			{"web:ana", day(23), day(20)},
			{"web:cy", day(23), time.Time{}},
			{"web:ana", day(23), day(20)},
			{"web:ana", day(22), day(20)}, // a clock that was set back
			{"web:ana", day(24), day(23)},
		} {
			if got, err := k.Visited(k.t.Context(), c.person, c.today); err != nil || !got.Equal(c.want) {
				k.t.Errorf("%s on %s was there before on %s, want %s, %v", c.person, c.today, got, c.want, err)
			}
		}
		if now, err := k.Seq(k.t.Context()); err != nil || now != seq {
			k.t.Errorf("a visit lets all be decided anew: %d, %d, %v", seq, now, err)
		}
		k.clock.pass(store.KeepHistory + 60*24*time.Hour)
		if _, err := k.Prune(k.t.Context(), k.clock.Now().Add(-store.Keep)); err != nil {
			k.t.Fatal(err)
		}
		if got, err := k.Visited(k.t.Context(), "web:ana", day(25)); err != nil || !got.IsZero() {
			k.t.Errorf("a visit of long ago is kept: %s, %v", got, err)
		}
	})
}
