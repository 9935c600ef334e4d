package jira_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"tandem/connectors"
	"tandem/internal/sim/jirasim"
	"tandem/internal/work"
)

// TestNoZoneLosesAChange: accounts in the zones furthest from each other, and
// in those whose clocks are put forward and back by an hour and by half an
// hour, while people change something every few minutes and the search is late,
// out of order, and forgets.
func TestNoZoneLosesAChange(t *testing.T) {
	t.Parallel()
	for _, zone := range []string{"Pacific/Kiritimati", "Pacific/Pago_Pago", "Australia/Lord_Howe", "Australia/Adelaide", "Asia/Kolkata", "Europe/Berlin"} {
		for _, deployment := range []jirasim.Deployment{jirasim.Cloud, jirasim.DataCenter} {
			for _, at := range changesOfClock(t, zone) {
				t.Run(fmt.Sprintf("%s %d %s", zone, deployment, at.UTC().Format(time.DateTime)), func(t *testing.T) {
					t.Parallel()
					crossing(t, zone, deployment, at)
				})
			}
		}
	}
}

// changesOfClock are the moments of 2026 when the clocks of a zone change, and
// the turn of the year.
func changesOfClock(t *testing.T, zone string) []time.Time {
	t.Helper()
	loc, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	all := []time.Time{time.Date(2026, 12, 31, 24, 0, 0, 0, loc)}
	for at := time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC); at.Year() == 2026; at = at.Add(30 * time.Minute) {
		_, before := at.Add(-30 * time.Minute).In(loc).Zone()
		if _, after := at.In(loc).Zone(); after != before {
			all = append(all, at)
		}
	}
	return all
}

// crossing polls from three hours before to three hours after a moment.
func crossing(t *testing.T, zone string, deployment jirasim.Deployment, at time.Time) {
	t.Helper()
	const issues = 60
	random := rand.New(rand.NewPCG(uint64(at.Unix()), uint64(deployment)))
	now := at.Add(-3 * time.Hour)
	world := jirasim.Sample()
	world.People[0].TimeZone = zone
	env := connectors.Env{Now: func() time.Time { return now }}
	c, site := liveIn(t, world, deployment, issues, plain, env)
	site.SetLagFunc(func(i jirasim.Issue) time.Duration { return time.Duration(i.Version*97%280) * time.Second })
	known, edits := map[string]work.Record{}, 0
	cursor := drain(t, c, nil, known)
	for now.Before(at.Add(3 * time.Hour)) {
		for range random.IntN(4) {
			key := fmt.Sprintf("PAY-%d", 1+random.IntN(issues))
			if err := site.Edit(key, jirasim.Ana, func(i *jirasim.Issue) { i.Summary += "." }); err != nil {
				t.Fatal(err)
			}
			edits++
			now = now.Add(time.Duration(random.IntN(50)) * time.Second)
		}
		if random.IntN(10) == 0 {
			site.Vanish(fmt.Sprintf("PAY-%d", 1+random.IntN(issues)), 90*time.Second)
		}
		now = now.Add(time.Duration(20+random.IntN(200)) * time.Second)
		cursor = drain(t, c, cursor, known)
	}
	for range 5 {
		now = now.Add(time.Minute)
		cursor = drain(t, c, cursor, known)
	}
	w := site.World()
	if len(known) != len(w.Issues) {
		t.Errorf("%d records of %d issues", len(known), len(w.Issues))
	}
	for _, i := range w.Issues {
		if have := known[fmt.Sprint(i.ID)]; have.Fields["summary"].Text() != i.Summary || !have.Version.Equal(i.Updated) {
			t.Errorf("%s of %v was read as of %v, after %d edits", i.Key, i.Updated, have.Version, edits)
		}
	}
	site.ResetCounts()
	now = now.Add(6 * time.Minute)
	cursor = drain(t, c, cursor, known)
	now = now.Add(time.Minute)
	site.ResetCounts()
	drain(t, c, cursor, known)
	if n := site.Calls("", ""); n != 1 {
		t.Errorf("a poll without changes took %d calls: %v", n, site.Counts())
	}
}
