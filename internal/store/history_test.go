package store_test

import (
	"strconv"
	"testing"

	"tandem/internal/engine"
	"tandem/internal/store"
	"tandem/internal/work"
)

// onDay is a run some days after today with the items in that order, each of a
// team.
func onDay(days int, items ...string) engine.Run {
	run := emptyRun()
	run.AsOf = today.AddDate(0, 0, days)
	last := map[string]int{}
	for i, item := range items {
		team := "pay"
		if item[0] == 'w' {
			team = "web"
		}
		last[team]++
		run.Placements[work.ItemID(item)] = engine.Previous{Place: i + 1, Tier: "2", Horizon: "now", Score: 50}
		run.Seats = append(run.Seats, engine.Seat{Item: work.ItemID(item), Team: team, Place: last[team], Low: 40, High: 60})
	}
	return run
}

func (k *kept) historyOf(item string, days int) []work.Point {
	k.t.Helper()
	points, err := k.HistoryOf(k.t.Context(), work.ItemID(item), today.AddDate(0, 0, days))
	if err != nil {
		k.t.Fatalf("history of %s: %v", item, err)
	}
	return points
}

func at(days, place, ofTeam int) work.Point {
	p := work.Point{Day: today.AddDate(0, 0, days), Team: "pay", Place: place, TeamPlace: ofTeam, Score: 50, Low: 40, High: 60, Horizon: "now", Tier: "2"}
	if place == 0 {
		return work.Point{Day: p.Day, Team: p.Team}
	}
	return p
}

func TestHistoryTellsWhereAnItemStood(t *testing.T) {
	t.Parallel()
	for name, open := range stores() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := open(t)
			k.run(onDay(0, "p1", "w1", "p2"))
			k.run(onDay(1, "p1", "w1", "p2")) // nothing moved
			k.run(onDay(3, "p2", "p1", "w1"))
			k.run(onDay(3, "w1", "p2", "p1")) // the last of a day counts
			k.run(onDay(5, "w1", "p2"))
			k.run(onDay(8, "p1", "w1", "p2"))
			diff(t, "history", []work.Point{at(0, 1, 1), at(3, 3, 2), at(5, 0, 0), at(8, 1, 1)}, k.historyOf("p1", 0))
			diff(t, "what stood when it began comes first", []work.Point{at(3, 3, 2), at(5, 0, 0), at(8, 1, 1)}, k.historyOf("p1", 4))
			diff(t, "history of nothing", []work.Point{}, k.historyOf("p9", 0))

			trails, err := k.HistoryOfTop(t.Context(), "pay", 1, today)
			if err != nil {
				t.Fatal(err)
			}
			diff(t, "who was first of the team", []work.Trail{
				{Item: "p1", Points: k.historyOf("p1", 0)}, {Item: "p2", Points: k.historyOf("p2", 0)},
			}, trails)
			trails, err = k.HistoryOfTop(t.Context(), "", 1, today.AddDate(0, 0, 4))
			if err != nil {
				t.Fatal(err)
			}
			diff(t, "who was first of all since the fourth day", []work.Trail{
				{Item: "p1", Points: k.historyOf("p1", 4)}, {Item: "w1", Points: k.historyOf("w1", 4)},
			}, trails)
		})
	}
}

func TestHistoryLeavesOutWhatNobodyLooksAt(t *testing.T) {
	t.Parallel()
	k := openStore(t)
	far := func(days, place, ofTeam int, score float64) {
		run := onDay(days, "p1")
		run.Placements["p1"] = engine.Previous{Place: place, Tier: "2", Horizon: "now", Score: score}
		run.Seats[0].Place = ofTeam
		k.run(run)
	}
	far(0, 2000, 500, 10)
	far(1, 2003, 510, 10.1) // on the same step
	far(2, 2200, 510, 10.1)
	far(3, 2203, 510, 12)
	far(4, 900, 510, 12)
	far(5, 901, 510, 12.1)
	far(6, 901, 510, 12.11)
	var days []int
	for _, p := range k.historyOf("p1", 0) {
		days = append(days, int(p.Day.Sub(today).Hours()/24))
	}
	diff(t, "days with a point", []int{0, 2, 3, 4, 5}, days)
}

func TestHistoryOfALargeRunIsWhole(t *testing.T) {
	t.Parallel()
	for name, open := range stores() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := open(t)
			items := make([]string, 2500)
			for i := range items {
				items[i] = "p" + strconv.Itoa(i+1)
			}
			k.run(onDay(0, items...))
			diff(t, "the last one", []work.Point{at(0, 2500, 2500)}, k.historyOf("p2500", 0))
			k.exec("INSERT INTO meta (key, value) VALUES ('history', 'unfinished')") // as if it had been killed
			k.exec("DELETE FROM history WHERE place > 1000")
			k.run(onDay(1, items...))
			diff(t, "the last one after a run that was cut short", []work.Point{at(1, 2500, 2500)}, k.historyOf("p2500", 0))
			k.run(onDay(2, items...))
			diff(t, "the first one", []work.Point{at(0, 1, 1), at(1, 1, 1)}, k.historyOf("p1", 0))
		})
	}
}

func TestHistoryIsKeptFourHundredDays(t *testing.T) {
	t.Parallel()
	k := openStore(t)
	k.run(onDay(-900, "p1", "p2"))
	k.run(onDay(-500, "p2"))
	k.run(onDay(-450, "p3", "p2"))
	k.run(onDay(-100, "p2", "p3"))
	if _, err := k.Prune(t.Context(), noon.Add(-store.Keep)); err != nil {
		t.Fatal(err)
	}
	diff(t, "left long ago", []work.Point{}, k.historyOf("p1", -1000))
	diff(t, "still there", []work.Point{at(-450, 2, 2), at(-100, 1, 1)}, k.historyOf("p2", -1000))
}

func TestHistoryDoesNotMoveSeq(t *testing.T) {
	t.Parallel()
	k := openStore(t)
	k.run(onDay(0, "p1", "p2"))
	other := onDay(0, "p1", "p2")
	other.Seats[1].Team, other.Seats[1].Place = "web", 1
	k.grows(false, "an item of another team at the same place", func() { k.run(other) })
	diff(t, "points", "web", k.historyOf("p2", 0)[0].Team)
	later := onDay(1, "p2", "p1")
	later.Seats, later.Placements = nil, onDay(0, "p1", "p2").Placements // the order of the run before goes on
	k.grows(false, "a run that waits", func() { k.run(later) })
	diff(t, "points of a run that waits", 1, len(k.historyOf("p2", 0)))
}
