package rank_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/work"
	"tandem/mapping/rank"
)

// day returns the n-th day of the tests.
func day(n int) time.Time { return time.Date(2026, 1, 1+n, 0, 0, 0, 0, time.UTC) }

func tiered(band work.Percent, dwell time.Duration) rank.Spec {
	return rank.Spec{
		Lens:  rank.Lens{Method: "rice"},
		Tiers: &rank.Tiers{Least: map[string]float64{"1": 80, "2": 60, "3": 30, "4": 0}},
		Band:  &band, Dwell: new(work.Span(dwell)),
	}
}

func score(value float64) rank.Score {
	return rank.Score{Value: value, Low: value, High: value, Known: true}
}

func between(low, value, high float64) rank.Score {
	return rank.Score{Value: value, Low: low, High: high, Known: true}
}

func TestTheOrderIsTotal(t *testing.T) {
	t.Parallel()
	both := func(why, next float64) rank.Scored { return rank.Scored{Why: score(why), Next: score(next)} }
	cases := []struct {
		name    string
		order   []string
		entries []rank.Entry
		want    []work.ItemID
	}{
		{"nearer horizons first, none last", nil, []rank.Entry{
			{ID: "none", Scored: both(99, 99)}, {ID: "later", Horizon: 3, Scored: both(90, 90)}, {ID: "now", Horizon: 1, Scored: both(1, 1)}, {ID: "next", Horizon: 2},
		}, []work.ItemID{"now", "next", "later", "none"}},
		{"then the PO's score, then the PM's", nil, []rank.Entry{
			{ID: "a", Scored: both(9, 1)}, {ID: "b", Scored: both(1, 2)}, {ID: "c", Scored: both(3, 1)},
		}, []work.ItemID{"b", "a", "c"}},
		{"by why alone", []string{"why"}, []rank.Entry{
			{ID: "a", Horizon: 1, Scored: both(1, 9)}, {ID: "b", Horizon: 2, Scored: both(2, 1)},
		}, []work.ItemID{"b", "a"}},
		{"the surer of equals", nil, []rank.Entry{
			{ID: "wide", Scored: rank.Scored{Next: between(20, 50, 90)}}, {ID: "sure", Scored: rank.Scored{Next: score(50)}},
		}, []work.ItemID{"sure", "wide"}},
		{"then the earlier place, the new ones last", nil, []rank.Entry{
			{ID: "new", Created: day(1)}, {ID: "second", Previous: rank.Previous{Place: 2}, Created: day(3)}, {ID: "first", Previous: rank.Previous{Place: 1}, Created: day(4)},
		}, []work.ItemID{"first", "second", "new"}},
		{"then the older, then the id", nil, []rank.Entry{
			{ID: "z", Created: day(2)}, {ID: "y", Created: day(1)}, {ID: "b", Created: day(3)}, {ID: "a", Created: day(3)},
		}, []work.ItemID{"y", "z", "a", "b"}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			spec := method("rice")
			spec.Order = tc.order
			var got []work.ItemID
			for i, p := range compile(t, spec).Order(tc.entries, day(0)) {
				got = append(got, p.ID)
				if p.Overall != i+1 || p.Memory.Place != i+1 {
					t.Errorf("%s is number %d, and says %d and %d", p.ID, i+1, p.Overall, p.Memory.Place)
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("order (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPlacesAreCountedPerTeamAndTiesAreShown(t *testing.T) {
	t.Parallel()
	entries := []rank.Entry{
		{ID: "a", Team: "pay", Horizon: 1, Scored: rank.Scored{Next: between(70, 80, 90)}},
		{ID: "x", Team: "web", Horizon: 1, Scored: rank.Scored{Next: score(79)}},
		{ID: "b", Team: "pay", Horizon: 1, Scored: rank.Scored{Next: between(60, 75, 85)}},
		{ID: "c", Team: "pay", Horizon: 1, Scored: rank.Scored{Next: between(50, 69, 69.9)}}, // overlaps b, not a
		{ID: "d", Team: "pay", Horizon: 1, Scored: rank.Scored{Next: score(60)}},
		{ID: "e", Team: "pay", Horizon: 2, Scored: rank.Scored{Next: score(60)}},
		{ID: "f", Team: "pay", Horizon: 2, Scored: rank.Scored{Next: score(60)}},
	}
	type row struct {
		ID             work.ItemID
		Place, Overall int
		Tie            int
	}
	var got []row
	for _, p := range compile(t, method("rice")).Order(entries, day(0)) {
		got = append(got, row{p.ID, p.Place, p.Overall, p.Tie})
	}
	want := []row{{"a", 1, 1, 1}, {"x", 1, 2, 1}, {"b", 2, 3, 1}, {"c", 3, 4, 3}, {"d", 4, 5, 3}, {"e", 5, 6, 5}, {"f", 6, 7, 5}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("places (-want +got):\n%s", diff)
	}
}

func TestHorizonsAreFilledByWhyAlone(t *testing.T) {
	t.Parallel()
	entries := []rank.Entry{
		{ID: "a", Horizon: 1, Scored: rank.Scored{Why: score(1), Next: score(99)}},
		{ID: "b", Horizon: 3, Scored: rank.Scored{Why: score(50), Next: score(1)}},
		{ID: "c", Horizon: 3, Scored: rank.Scored{Why: score(50), Next: score(2)}},
	}
	want := []work.ItemID{"c", "b", "a"}
	if diff := cmp.Diff(want, compile(t, method("rice")).WhyOrder(entries)); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}

func TestTiersDoNotFlap(t *testing.T) {
	t.Parallel()
	const week = 7 * 24 * time.Hour
	since := day(0)
	was := func(tier string) rank.Previous { return rank.Previous{Tier: tier, Since: since} }
	unknown := rank.Score{Value: 90, Low: 10, High: 95}
	leave := tiered(0.05, week)
	assume := tiered(0.05, week)
	assume.Unknown = "prior"
	why := tiered(0.05, week)
	why.Tiers.Of = "why"
	cases := []struct {
		name     string
		spec     rank.Spec
		scored   rank.Scored
		previous rank.Previous
		asOf     time.Time
		want     string
		changed  bool
	}{
		{"new", leave, rank.Scored{Next: score(60)}, rank.Previous{}, day(0), "2", true},
		{"new at the bottom", leave, rank.Scored{Next: score(0)}, rank.Previous{}, day(0), "4", true},
		{"renamed tier", leave, rank.Scored{Next: score(60)}, was("P2"), day(1), "2", true},
		{"same", leave, rank.Scored{Next: score(70)}, was("2"), day(30), "2", false},
		{"up within the band", leave, rank.Scored{Next: score(82.4)}, was("2"), day(30), "2", false},
		{"up beyond the band", leave, rank.Scored{Next: score(82.5)}, was("2"), day(30), "1", true},
		{"up at the end of the scale", tiered(0.5, week), rank.Scored{Next: score(100)}, was("2"), day(30), "1", true},
		{"down within the band", leave, rank.Scored{Next: score(57.5)}, was("2"), day(30), "2", false},
		{"down beyond the band", leave, rank.Scored{Next: score(57.4)}, was("2"), day(30), "3", true},
		{"down at the end of the scale", tiered(0.5, week), rank.Scored{Next: score(0)}, was("2"), day(30), "4", true},
		{"up by two, as far as it is clear", leave, rank.Scored{Next: score(81)}, was("4"), day(30), "2", true},
		{"down by two, as far as it is clear", leave, rank.Scored{Next: score(29)}, was("1"), day(30), "3", true},
		{"too soon", leave, rank.Scored{Next: score(1)}, was("1"), day(6), "1", false},
		{"soon enough", leave, rank.Scored{Next: score(1)}, was("1"), day(7), "4", true},
		{"without band and dwell", tiered(0, 0), rank.Scored{Next: score(79.9)}, was("1"), day(0), "2", true},
		{"of the other lens", why, rank.Scored{Why: score(10), Next: score(90)}, rank.Previous{}, day(0), "4", true},
		{"unknown is left alone", leave, rank.Scored{Next: unknown}, was("3"), day(30), "", false},
		{"unknown is assumed", assume, rank.Scored{Next: unknown}, was("3"), day(30), "1", true},
		{"without tiers", method("rice"), rank.Scored{Next: score(90)}, was("3"), day(30), "", false},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := compile(t, tc.spec).Order([]rank.Entry{{ID: "i", Scored: tc.scored, Previous: tc.previous}}, tc.asOf)[0]
			want := rank.Previous{Tier: tc.previous.Tier, Since: tc.previous.Since, Place: 1}
			if tc.changed {
				want = rank.Previous{Tier: tc.want, Since: tc.asOf, Place: 1}
			}
			if got.Tier != tc.want || got.Memory != want {
				t.Errorf("got tier %q, memory %+v; want %q, %+v", got.Tier, got.Memory, tc.want, want)
			}
		})
	}
}

func TestTiersAreNamedFromTheMostUrgent(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff([]string{"1", "2", "3", "4"}, compile(t, tiered(0, 0)).Tiers()); diff != "" {
		t.Errorf("tiers (-want +got):\n%s", diff)
	}
}

func TestTiesFillHorizonsByNoLastPlace(t *testing.T) {
	t.Parallel()
	entries := chain(nil, "a", "b")
	entries[1].Scored = entries[0].Scored
	entries[0].Previous.Place, entries[1].Previous.Place = 2, 1
	if diff := cmp.Diff([]work.ItemID{"a", "b"}, compile(t, method("rice")).WhyOrder(entries)); diff != "" {
		t.Errorf("a last place comes from horizons and must not decide them (-want +got):\n%s", diff)
	}
}
