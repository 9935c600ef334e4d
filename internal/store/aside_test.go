package store_test

import (
	"errors"
	"testing"

	"tandem/internal/store"
	"tandem/internal/work"
)

func TestWhatIsSetAsideIsKeptUntilItIsTakenBack(t *testing.T) {
	onBoth(t, func(k *kept) {
		k.page(issue("1", 1, "High"))
		stranger := work.Aside{Of: work.RefID{Connector: "hotjar", ID: "none"}, Because: "x", By: "ana"}
		if err := k.SetAside(k.t.Context(), stranger); !errors.Is(err, store.ErrNoFeedback) {
			k.t.Errorf("what is not there is set aside: %v", err)
		}
		stranger.Insight = true
		if err := k.SetAside(k.t.Context(), stranger); !errors.Is(err, store.ErrNoFeedback) {
			k.t.Errorf("an insight that is not there is set aside: %v", err)
		}
		if was, err := k.TakeBack(k.t.Context(), stranger.Of, true); err != nil || was {
			k.t.Errorf("taken back: %t, %v", was, err)
		}
		k.hear([]work.Feedback{{Ref: work.NewRef("hotjar", "r-1", ""), Text: "nice weather", At: noon, Version: noon}}, nil)
		a := work.Aside{Of: work.RefID{Connector: "hotjar", ID: "r-1"}, Because: "small talk", By: "ana"}
		waiting := func() int {
			rows, err := k.UnlinkedBefore(k.t.Context(), 0, 10)
			if err != nil {
				k.t.Fatal(err)
			}
			return len(rows)
		}
		diff(k.t, "waiting at first", 1, waiting())
		if err := k.SetAside(k.t.Context(), a); err != nil {
			k.t.Fatal(err)
		}
		diff(k.t, "waiting afterwards", 0, waiting())
		all, err := k.Asides(k.t.Context())
		if a.At = k.clock.Now(); err != nil {
			k.t.Fatal(err)
		}
		diff(k.t, "set aside", []work.Aside{a}, all)
		if was, err := k.TakeBack(k.t.Context(), a.Of, false); err != nil || !was {
			k.t.Errorf("taken back: %t, %v", was, err)
		}
		diff(k.t, "waiting again", 1, waiting())
	})
}
