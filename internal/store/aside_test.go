package store_test

import (
	"errors"
	"testing"

	"tandem/internal/store"
	"tandem/internal/work"
)

func TestWhatIsSetAsideIsKeptUntilItIsTakenBack(t *testing.T) {
	t.Parallel()
	for where, openStore := range onBoth() {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			k := openStore(t)
			k.page(issue("1", 1, "High"))
			stranger := work.Aside{Of: work.RefID{Connector: "hotjar", ID: "none"}, Because: "x", By: "ana"}
			if err := k.SetAside(t.Context(), stranger); !errors.Is(err, store.ErrNoFeedback) {
				t.Errorf("what is not there is set aside: %v", err)
			}
			stranger.Insight = true
			if err := k.SetAside(t.Context(), stranger); !errors.Is(err, store.ErrNoFeedback) {
				t.Errorf("an insight that is not there is set aside: %v", err)
			}
			if was, err := k.TakeBack(t.Context(), stranger.Of, true); err != nil || was {
				t.Errorf("taken back: %t, %v", was, err)
			}
			k.hear([]work.Feedback{{Ref: work.NewRef("hotjar", "r-1", ""), Text: "nice weather", At: noon, Version: noon}}, nil)
			a := work.Aside{Of: work.RefID{Connector: "hotjar", ID: "r-1"}, Because: "small talk", By: "ana"}
			waiting := func() int {
				rows, err := k.UnlinkedBefore(t.Context(), 0, 10)
				if err != nil {
					t.Fatal(err)
				}
				return len(rows)
			}
			diff(t, "waiting at first", 1, waiting())
			if err := k.SetAside(t.Context(), a); err != nil {
				t.Fatal(err)
			}
			diff(t, "waiting afterwards", 0, waiting())
			all, err := k.Asides(t.Context())
			if a.At = k.clock.Now(); err != nil {
				t.Fatal(err)
			}
			diff(t, "set aside", []work.Aside{a}, all)
			if was, err := k.TakeBack(t.Context(), a.Of, false); err != nil || !was {
				t.Errorf("taken back: %t, %v", was, err)
			}
			diff(t, "waiting again", 1, waiting())
		})
	}
}
