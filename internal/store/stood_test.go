package store_test

import (
	"testing"

	"tandem/internal/work"
)

func TestItIsToldWhereSomeItemsStoodOnADayAndWhatLeftSince(t *testing.T) {
	t.Parallel()
	for name, open := range stores() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := open(t)
			k.run(onDay(0, "p1", "w1", "p2", "p3"))
			k.run(onDay(3, "w1", "p2", "p1"))
			k.run(onDay(5, "w1", "p2"))
			k.run(onDay(8, "p1", "w1", "p4"))
			for days, want := range map[int]map[work.ItemID]work.Point{
				-1: {},
				0:  {"p1": at(0, 1, 1), "p2": at(0, 3, 2)},
				4:  {"p1": at(3, 3, 2), "p2": at(3, 2, 1)},
				6:  {"p2": at(3, 2, 1)},
				9:  {"p1": at(8, 1, 1), "p4": at(8, 3, 2)},
			} {
				stood, err := k.StoodOn(t.Context(), []work.ItemID{"p1", "p2", "p4", "p9"}, today.AddDate(0, 0, days))
				if err != nil {
					t.Fatal(err)
				}
				diff(t, "stood", want, stood)
			}
			for days, want := range map[int][]work.ItemID{0: {"p2", "p3"}, 4: {"p2"}, 8: nil} {
				left, err := k.LeftSince(t.Context(), today.AddDate(0, 0, days), 10)
				if err != nil {
					t.Fatal(err)
				}
				var items []work.ItemID
				for _, trail := range left {
					items = append(items, trail.Item)
				}
				diff(t, "left", want, items)
			}
		})
	}
}
