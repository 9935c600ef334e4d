package roadmap_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/work"
	"tandem/mapping/roadmap"
)

// told are the horizons and reasons of some items on a day, one line each.
func told(t *testing.T, spec roadmap.Spec, day string, effort float64, lines ...string) []string {
	t.Helper()
	p := compile(t, spec).On(dayOf(t, day))
	var all []string
	for _, a := range p.Assign(roadmap.Team{Name: "pay", Effort: effort, Every: 2 * week}, items(t, lines...)) {
		all = append(all, fmt.Sprintf("%s %s: %s", a.ID, a.Horizon, a.Because))
	}
	return all
}

func quarters(count int) roadmap.Spec {
	return roadmap.Spec{Quarters: &roadmap.Calendar{Count: &count}}
}

func TestTheRoadmapTellsItsStory(t *testing.T) {
	t.Parallel()
	frozen := roadmap.Spec{Now: &roadmap.Horizon{Capacity: new(1.0), Frozen: true}, Next: holds(1)}
	frozenQuarter := quarters(2)
	frozenQuarter.Quarters.Frozen = true
	usual := roadmap.Spec{Now: holds(1), Next: holds(1)}
	cases := []struct {
		name   string
		spec   roadmap.Spec
		day    string
		effort float64
		items  []string
		want   []string
	}{
		{
			"a quarter holds the periods that fit into it", quarters(2), "2026-10-01", 10,
			[]string{"a 40", "b 30", "c 30", "d 61"},
			[]string{ // 92 days are six periods of two weeks, and so are 90
				"a 2026-Q4: effort 40 fits in 2026-Q4 (40 of 60 planned)",
				"b 2027-Q1: effort 30 does not fit in 2026-Q4 (40 of 60 planned), fits in 2027-Q1 (60 of 60 planned)",
				"c 2027-Q1: effort 30 does not fit in 2026-Q4 (40 of 60 planned), fits in 2027-Q1 (60 of 60 planned)",
				"d later: effort 61 does not fit in 2026-Q4 (40 of 60 planned), does not fit in 2027-Q1 (60 of 60 planned), so it is later",
			},
		},
		{
			"the first day of a quarter is in that quarter", quarters(2), "2026-10-01", 10,
			[]string{"a 40", "b 20", "c 30 target=2027-01-01", "d 10 target=2026-12-31"},
			[]string{
				"a 2026-Q4: effort 40 fits in 2026-Q4 (50 of 60 planned)",
				"b 2027-Q1: effort 20 does not fit in 2026-Q4 (50 of 60 planned), fits in 2027-Q1 (50 of 60 planned)",
				"c 2027-Q1: effort 30 does not fit in 2026-Q4 (50 of 60 planned), is pulled into 2027-Q1 (50 of 60 planned) by its target date 2027-01-01",
				"d 2026-Q4: effort 10 is pulled into 2026-Q4 (50 of 60 planned) by its target date 2026-12-31",
			},
		},
		{
			"who comes late to a quarter finds the time that is left", quarters(2), "2026-11-22", 10,
			[]string{"a 40 was=2026-Q4", "b 15"},
			[]string{
				"a 2026-Q4: effort 40 stays in 2026-Q4 (40 of 60 planned, time left for 20)",
				"b 2027-Q1: effort 15 does not fit in 2026-Q4 (40 of 60 planned, time left for 20), fits in 2027-Q1 (15 of 60 planned)",
			},
		},
		{
			"what a quarter did not finish moves on when it is over", quarters(2), "2027-01-01", 10,
			[]string{"a 30 was=2026-Q4", "b 20 was=2027-Q1", "c 30 was=2026-Q4", "d 5 was=2026-Q4 done", "e 5 fixed=2026-Q4"},
			[]string{
				"a 2027-Q1: 2026-Q4 is over; effort 30 fits in 2027-Q1 (50 of 60 planned)",
				"b 2027-Q1: effort 20 stays in 2027-Q1 (50 of 60 planned)",
				"c 2027-Q2: 2026-Q4 is over; effort 30 does not fit in 2027-Q1 (50 of 60 planned), fits in 2027-Q2 (30 of 60 planned)",
				"d : finished",
				"e 2026-Q4: set by a person; at risk: 2026-Q4 is over, and it is not finished",
			},
		},
		{
			"nothing goes into a frozen horizon or out of it", frozen, "2026-11-22", 10,
			[]string{"a 5", "b 20 was=now", "c 1 fixed=now", "d 6 was=now done"},
			[]string{
				"a next: effort 5 does not enter now (21 of 10 planned), which is frozen, fits in next (5 of 10 planned)",
				"b now: effort 20 stays in now (21 of 10 planned), which is frozen",
				"c now: set by a person; uses 1 of now's 10",
				"d : finished",
			},
		},
		{
			"a quarter that is frozen takes nothing over from the last", frozenQuarter, "2027-01-01", 10,
			[]string{"a 30 was=2026-Q4", "b 20 was=2027-Q1"},
			[]string{
				"a 2027-Q2: 2026-Q4 is over; effort 30 does not enter 2027-Q1 (20 of 60 planned), which is frozen, fits in 2027-Q2 (30 of 60 planned)",
				"b 2027-Q1: effort 20 stays in 2027-Q1 (20 of 60 planned), which is frozen",
			},
		},
		{
			"a date pulls in, past whom it has to", usual, "2026-11-22", 10,
			[]string{"a 8 was=now", "b 5 target=2026-12-01", "c 4 launch=2026-12-10 target=2026-12-07"},
			[]string{
				"a later: effort 8 does not fit in now (5 of 10 planned), does not fit in next (4 of 10 planned), so it is later",
				"b now: effort 5 is pulled into now (5 of 10 planned) by its target date 2026-12-01",
				"c next: effort 4 stands behind what does not enter now (5 of 10 planned), is pulled into next (4 of 10 planned) by its target date 2026-12-07",
			},
		},
		{
			"a date that cannot be met is told", usual, "2026-11-22", 10,
			[]string{"a 8 fixed=now", "b 5 target=2026-12-01", "c 1 fixed=later launch=2026-11-30", "d 1 target=2026-11-01", "e 1 target=2027-03-01 launch=2027-02-01"},
			[]string{
				"a now: set by a person; uses 8 of now's 10",
				"b next: effort 5 does not fit in now (8 of 10 planned), fits in next (7 of 10 planned); at risk: its target date 2026-12-01 cannot be met: now (8 of 10 planned) has no room beside what people set and other dates, and this needs 5",
				"c later: set by a person; at risk: its launch date 2026-11-30 cannot be met: a person set it to later, and the date lies in now",
				"d next: effort 1 stands behind what does not enter now (8 of 10 planned), fits in next (7 of 10 planned); at risk: its target date 2026-11-01 has passed",
				"e next: effort 1 stands behind what does not enter now (8 of 10 planned), fits in next (7 of 10 planned); at risk: its launch date 2027-02-01 is before its target date 2027-03-01",
			},
		},
		{
			"what others need comes before them", usual, "2026-11-22", 10,
			[]string{"a 6 needs=c", "b 4", "c 7", "d 1 needs=e", "e 1 needs=d", "f 1 fixed=now needs=g", "g 1 fixed=later"},
			[]string{
				"c now: effort 7 fits in now (8 of 10 planned)",
				"a next: effort 6 does not fit in now (8 of 10 planned), fits in next (10 of 10 planned)",
				"b next: effort 4 does not fit in now (8 of 10 planned), fits in next (10 of 10 planned)",
				"d later: effort 1 stands behind what does not enter now (8 of 10 planned), does not fit in next (10 of 10 planned), so it is later; it is in a circle of needs with E, so it does not wait for it",
				"e later: effort 1 stands behind what does not enter now (8 of 10 planned), does not fit in next (10 of 10 planned), so it is later; it is in a circle of needs with D, so it does not wait for it",
				"g later: set by a person",
				"f now: set by a person; uses 1 of now's 10; at risk: it needs G first, which is later",
			},
		},
		{
			"nothing is nearer than what it needs", usual, "2026-11-22", 10,
			[]string{"a 1 needs=b", "b 1 fixed=next", "c 1 target=2026-12-01 needs=b"},
			[]string{
				"b next: set by a person; uses 1 of next's 10",
				"a next: effort 1 comes behind what it needs, so not in now (0 of 10 planned), fits in next (3 of 10 planned)",
				"c next: effort 1 comes behind what it needs, so not in now (0 of 10 planned), fits in next (3 of 10 planned); at risk: its target date 2026-12-01 cannot be met: what it needs is not in now (0 of 10 planned)",
			},
		},
		{
			"who came a short time ago stays", usual, "2026-11-22", 10,
			[]string{"a 8 was=next since=2026-10-01", "b 9 was=now since=2026-11-20", "c 2 was=next since=2026-11-20"},
			[]string{
				"a next: effort 8 does not fit in now (9 of 10 planned), stays in next (10 of 10 planned)",
				"b now: effort 9 stays in now (9 of 10 planned), where it is since 2026-11-20",
				"c next: effort 2 does not fit in now (9 of 10 planned), stays in next (10 of 10 planned), where it is since 2026-11-20",
			},
		},
		{
			"and waits before it climbs", usual, "2026-11-22", 10,
			[]string{"a 5 was=next since=2026-11-20", "b 2"},
			[]string{
				"a next: effort 5 dwells until 2026-11-27 before it may enter now (0 of 10 planned), stays in next (7 of 10 planned), where it is since 2026-11-20",
				"b next: effort 2 stands behind what does not enter now (0 of 10 planned), fits in next (7 of 10 planned)",
			},
		},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tc.want, told(t, tc.spec, tc.day, tc.effort, tc.items...)); diff != "" {
				t.Errorf("told (-want +got):\n%s", diff)
			}
		})
	}
}

func TestQuartersAndMonthsAreNamedByTheCalendar(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		spec roadmap.Spec
		day  string
		want string
	}{
		{quarters(3), "2026-11-22", "2026-Q4 2027-Q1 2027-Q2 later"},
		{roadmap.Spec{Quarters: &roadmap.Calendar{}}, "2026-01-01", "2026-Q1 2026-Q2 2026-Q3 2026-Q4 later"},
		{roadmap.Spec{Quarters: &roadmap.Calendar{Count: new(2), Starts: "April"}}, "2027-03-31", "2026-Q4 2027-Q1 later"},
		{roadmap.Spec{Quarters: &roadmap.Calendar{Count: new(2), Starts: "october", Name: "FY{end_yy} Q{quarter}"}}, "2026-11-22", "FY27 Q1 FY27 Q2 later"},
		{roadmap.Spec{Months: &roadmap.Calendar{Count: new(3)}}, "2026-11-30", "2026-11 2026-12 2027-01 later"},
		{roadmap.Spec{Months: &roadmap.Calendar{Count: new(1), Name: "{month}.{yy}"}}, "2026-02-28", "02.26 later"},
	} {
		p := compile(t, tc.spec)
		on := p.On(dayOf(t, tc.day))
		if diff := cmp.Diff(tc.want, strings.Join(on.Horizons(), " ")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.day, diff)
		}
		values := map[string]bool{}
		for _, v := range p.Values() {
			if values[v] {
				t.Errorf("%s is there twice", v)
			}
			values[v] = true
		}
		for _, h := range on.Horizons() {
			if !values[h] {
				t.Errorf("%s is no value of the roadmap", h)
			}
		}
	}
}

func TestTheNamesOfQuartersEverWrittenStayOurs(t *testing.T) {
	t.Parallel()
	p := compile(t, quarters(4))
	all := strings.Join(p.Values(), " ")
	for _, name := range []string{"2020-Q1", "2026-Q3", "2031-Q4", "2059-Q4", "later"} {
		if !strings.Contains(all, name) {
			t.Errorf("%s is not among the values", name)
		}
	}
	if got := strings.Join(p.Horizons(), " "); got != all {
		t.Errorf("without a day the horizons are %s", got)
	}
	on := p.On(today)
	if got := []int{on.Place("2026-Q3"), on.Place("2026-Q4"), on.Place("2027-Q1"), on.Place("later"), on.Place("2030-Q1"), on.Place("icebox")}; !cmp.Equal(got, []int{1, 1, 2, 5, 0, 0}) {
		t.Errorf("places %v", got)
	}
}

func TestNonsenseOfCalendarsIsToldAtOnce(t *testing.T) {
	t.Parallel()
	_, got := load(t, `roadmap:
  now: {capacity: 1}
  later: {frozen: true}
  quarters: {count: 0, starts: janury, name: 'Q{quarter}'}
  months: {starts: may, count: 99, name: '{year}-{moon}'}
  dwell: 9999d
  band: 60%
`)
	want := `rules.yaml:2:3: now does not go with quarters or months; keep one kind of horizon: the current quarter or month is what now was
rules.yaml:3:19: later holds the rest, so it cannot be frozen; remove it
rules.yaml:4:21: a roadmap has 1 to 12 quarters; write count: 4
rules.yaml:4:32: "janury" is no month; did you mean "january"?
rules.yaml:4:46: the name "Q{quarter}" is the same for several quarters; name year and quarter, as in '{year}-Q{quarter}'
rules.yaml:5:3: the roadmap has quarters already; keep quarters or months
rules.yaml:6:10: an item dwells in a horizon for a year at most; write 7d
rules.yaml:7:9: a band is a share of the capacity, at most 50%; write 5%`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("mistakes (-want +got):\n%s", diff)
	}
	_, got = load(t, "roadmap: {months: {starts: may, count: 99, name: '{year}-{moon}'}}\n")
	for _, w := range []string{"months start when they start; remove it", "1 to 24 months; write count: 6", `"{year}-{moon}" has a placeholder that is none; use {year}, {yy}, {month}`} {
		if !strings.Contains(got, w) {
			t.Errorf("nobody tells %q: %s", w, got)
		}
	}
}

func TestCapacityThatIsNoNumberIsNone(t *testing.T) {
	t.Parallel()
	for _, spec := range []roadmap.Spec{{}, quarters(2)} {
		p := compile(t, spec).On(today)
		for _, team := range []roadmap.Team{
			{Effort: math.NaN(), Every: 2 * week}, {Effort: math.Inf(1), Every: 2 * week}, {Effort: -1, Every: 2 * week}, {},
		} {
			a := p.Assign(team, []roadmap.Item{{ID: "a", Effort: work.NewNumber(1), Target: today.Add(24 * time.Hour)}})[0]
			if a.Horizon != roadmap.Later || !strings.HasPrefix(a.Because, "the team has no capacity") {
				t.Errorf("%+v gives %+v", team, a)
			}
		}
	}
	// A period that is longer than a quarter still has a share of it.
	a := compile(t, quarters(1)).On(dayOf(t, "2026-10-01")).Assign(roadmap.Team{Effort: 100, Every: 184 * 24 * time.Hour}, []roadmap.Item{{ID: "a", Effort: work.NewNumber(50)}})[0]
	if a.Because != "effort 50 fits in 2026-Q4 (50 of 50 planned)" {
		t.Errorf("%+v", a)
	}
}
