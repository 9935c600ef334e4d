package plan_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tandem/internal/plan"
	"tandem/internal/work"
)

// zones are those that clocks are hard in: UTC+14 and -12, summer time of half
// an hour, of two hours, at midnight, backwards in winter; a day that never
// was.
func zones() []string {
	return []string{
		"UTC", "Europe/Berlin", "Pacific/Kiritimati", "Etc/GMT+12", "Australia/Lord_Howe", "Antarctica/Troll", "America/Sao_Paulo",
		"Africa/Casablanca", "Asia/Kathmandu", "Pacific/Apia", "America/St_Johns", "Asia/Beirut", "Africa/Cairo", "America/Scoresbysund", "Europe/Dublin",
	}
}

func zone(tb rapid.TB, name string) *time.Location {
	tb.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		tb.Fatal(err)
	}
	return loc
}

// onTheWall says the same as the calendar from nothing but what a clock and a
// calendar on the wall show, as text.
func onTheWall(w work.Windows, local time.Time) plan.Gate {
	date, day, clock := local.Format("2006-01-02"), strings.ToLower(local.Format("Mon")), local.Format("15:04")
	for _, f := range w.Freeze {
		if date >= f.From.String() && date <= f.To.String() {
			return plan.Frozen
		}
	}
	for _, d := range w.Quiet.Days {
		if d.String() == day {
			return plan.Quiet
		}
	}
	if w.Quiet.From == nil {
		return ""
	}
	from, to := w.Quiet.From.String(), w.Quiet.To.String()
	if from < to && from <= clock && clock < to || from > to && (clock >= from || clock < to) {
		return plan.Quiet
	}
	return ""
}

// someWindows are windows that Check accepts.
func someWindows(t *rapid.T, around time.Time, name string) work.Windows {
	var w work.Windows
	if rapid.Bool().Draw(t, name+" hours") {
		from, to := work.Clock(rapid.IntRange(0, 1439).Draw(t, name+" from")), work.Clock(rapid.IntRange(0, 1440).Draw(t, name+" to"))
		w.Quiet.From, w.Quiet.To = &from, &to
	}
	w.Quiet.Days = rapid.SliceOfNDistinct(rapid.Custom(func(t *rapid.T) work.Weekday {
		return work.Weekday(rapid.IntRange(0, 6).Draw(t, "day"))
	}), 0, 3, rapid.ID).Draw(t, name+" days")
	for range rapid.IntRange(0, 2).Draw(t, name+" freezes") {
		first := around.AddDate(0, 0, rapid.IntRange(-5, 20).Draw(t, "freeze"))
		w.Freeze = append(w.Freeze, work.Freeze{From: work.DateOf(first), To: work.DateOf(first.AddDate(0, 0, rapid.IntRange(0, 12).Draw(t, "days")))})
	}
	if len(w.Check("")) > 0 {
		w.Quiet.From, w.Quiet.To = nil, nil
	}
	return w
}

// The law of quiet hours: closed is what the clock on the wall says in the
// team's zone, and the end that is told is the first moment that is not closed.
func TestAWindowEndsExactlyWhenTheClockOnTheWallSaysSo(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		loc := zone(t, rapid.SampledFrom(zones()).Draw(t, "zone"))
		year := rapid.IntRange(2010, 2030).Draw(t, "year")
		at := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.Int64Range(0, 366*24*3600).Draw(t, "second")) * time.Second)
		if rapid.Bool().Draw(t, "at a change of the clocks") {
			if _, end := at.In(loc).ZoneBounds(); !end.IsZero() {
				at = end.Add(time.Duration(rapid.IntRange(-30*3600, 6*3600).Draw(t, "near")) * time.Second)
			}
		}
		team, instance := someWindows(t, at, "team"), someWindows(t, at, "instance")
		c := plan.Calendar{
			Instance: instance, Teams: map[string]work.Windows{"pay": team}, Zone: time.UTC, Zones: map[string]*time.Location{"pay": loc},
		}
		wall := func(at time.Time) plan.Gate {
			a, b := onTheWall(instance, at.In(loc)), onTheWall(team, at.In(loc))
			if a == plan.Frozen || b == "" {
				return a
			}
			return b
		}
		got := c.At(at, "jira", "pay")
		if got.Gate != wall(at) {
			t.Fatalf("%s: %q, the wall says %q", at.In(loc), got.Gate, wall(at))
		}
		if got.Gate == "" {
			return
		}
		if got.Until.IsZero() { // hours of both that leave none
			if instance.Quiet.From == nil || team.Quiet.From == nil {
				t.Fatalf("%s: it never opens", at.In(loc))
			}
			return
		}
		if !got.Until.After(at) || wall(got.Until) != "" {
			t.Fatalf("%s: until %s, when the wall says %q", at.In(loc), got.Until.In(loc), wall(got.Until))
		}
		for probe := at; probe.Before(got.Until); probe = probe.Add(7*time.Minute + 13*time.Second) {
			if wall(probe) == "" {
				t.Fatalf("%s: it opened at %s, not at %s", at.In(loc), probe.In(loc), got.Until.In(loc))
			}
		}
		if last := got.Until.Add(-time.Nanosecond); wall(last) == "" {
			t.Fatalf("%s: open at %s already", at.In(loc), last.In(loc))
		}
	})
}

// In spring the hour from 2 to 3 never comes, in autumn it comes twice.
func TestQuietHoursFollowTheClocksOfSpringAndAutumn(t *testing.T) {
	t.Parallel()
	berlin, lord := zone(t, "Europe/Berlin"), zone(t, "Australia/Lord_Howe")
	for _, c := range []struct {
		name, from, to string
		zone           *time.Location
		at, until      string // UTC
	}{
		{"spring, the end never comes", "22:00", "02:30", berlin, "2027-03-27T23:00:00Z", "2027-03-28T01:00:00Z"},
		{"spring, an hour less", "22:00", "08:00", berlin, "2027-03-27T23:00:00Z", "2027-03-28T06:00:00Z"},
		{"autumn, an hour more", "22:00", "08:00", berlin, "2026-10-24T21:00:00Z", "2026-10-25T07:00:00Z"},
		{"autumn, the first 02:30", "22:00", "02:30", berlin, "2026-10-24T23:00:00Z", "2026-10-25T00:30:00Z"},
		{"autumn, closed again at the second 02:00", "22:00", "02:30", berlin, "2026-10-25T01:10:00Z", "2026-10-25T01:30:00Z"},
		{"half an hour less", "18:00", "08:00", lord, "2026-10-03T12:00:00Z", "2026-10-03T21:00:00Z"},
		{"half an hour more", "18:00", "08:00", lord, "2027-04-03T12:00:00Z", "2027-04-03T21:30:00Z"},
	} {
		var w work.Windows
		w.Quiet.From, w.Quiet.To = clock(t, c.from), clock(t, c.to)
		at, err := time.Parse(time.RFC3339, c.at)
		if err != nil {
			t.Fatal(err)
		}
		got := (&plan.Calendar{Instance: w, Zone: c.zone}).At(at, "jira", "")
		if got.Gate != plan.Quiet || got.Until.Format(time.RFC3339) != c.until {
			t.Errorf("%s: %s until %s, want %s", c.name, got.Gate, got.Until.Format(time.RFC3339), c.until)
		}
	}
}

func clock(tb testing.TB, text string) *work.Clock {
	tb.Helper()
	var c work.Clock
	if err := c.UnmarshalText([]byte(text)); err != nil {
		tb.Fatal(err)
	}
	return &c
}

// A freeze that ends at night goes over into quiet hours: until is the end of
// both.
func TestWindowsThatFollowEachOtherAreOne(t *testing.T) {
	t.Parallel()
	c := plan.Calendar{
		Instance:   work.Windows{Freeze: []work.Freeze{{From: 20261220, To: 20270103, Because: "year end"}}},
		Connectors: map[string]work.Windows{"jira": {Quiet: work.Quiet{From: clock(t, "18:00"), To: clock(t, "08:00")}}},
		Zone:       zone(t, "Europe/Berlin"),
	}
	now := time.Date(2026, 12, 24, 12, 0, 0, 0, time.UTC)
	want := plan.Closure{
		Gate: plan.Frozen, Until: time.Date(2027, 1, 4, 7, 0, 0, 0, time.UTC),
		Window: "freeze of the instance from 2026-12-20 to 2027-01-03, year end (Europe/Berlin)",
	}
	if diff := cmp.Diff(want, c.At(now, "jira", "")); diff != "" {
		t.Error(diff)
	}
	if got := c.At(now, "github", "").Until; !got.Equal(time.Date(2027, 1, 3, 23, 0, 0, 0, time.UTC)) {
		t.Errorf("without quiet hours it is open from %s on", got)
	}
	all := c.Closed(now.AddDate(0, 1, 0).Add(8*time.Hour), []string{"github", "jira"}, []string{"pay"})
	if len(all) != 1 || !strings.Contains(all[0].Window, "connector jira, 18:00 to 08:00") {
		t.Errorf("closed: %+v", all)
	}
}

func TestEditsWaitForTheEndOfQuietHours(t *testing.T) {
	t.Parallel()
	p := plan.Plan{Edits: []plan.Planned{
		moveOf("PAY", "1", "night"), moveOf("PAY", "2", "auto"), moveOf("OPS", "3", "auto"), moveOf("WEB", "4", "propose"),
		moveOf("X", "5", "observe"), moveOf("Y", "6", "frozen"),
	}}
	night := work.Windows{Quiet: work.Quiet{From: clock(t, "18:00"), To: clock(t, "08:00")}}
	g := plan.Guard{
		Instance: work.Auto, BrakeEdits: 1, Ledger: plan.NewLedger(nil),
		Teams: map[string]work.WriteMode{"auto": work.Auto, "propose": work.Propose, "observe": work.Observe, "night": work.Auto, "frozen": work.Auto},
		Calendar: plan.Calendar{Teams: map[string]work.Windows{
			"night": night, "propose": night, "observe": night, "frozen": {Freeze: []work.Freeze{{From: 20260101, To: 20260131}}},
		}},
		At: time.Date(2026, 1, 5, 20, 0, 0, 0, time.UTC),
	}
	g.Apply(&p)
	want := []plan.Gate{plan.Quiet, plan.Quiet, plan.Ready, plan.Quiet, plan.Observed, plan.Frozen}
	if diff := cmp.Diff(want, gates(p)); diff != "" {
		t.Error(diff)
	}
	morning := time.Date(2026, 1, 6, 8, 0, 0, 0, time.UTC)
	if !p.Reopens().Equal(morning) || !p.Edits[1].Until().Equal(morning) {
		t.Errorf("it reopens at %s", p.Reopens())
	}
	g.At = morning // now the brake sees them
	g.Apply(&p)
	want = []plan.Gate{plan.Braked, plan.Braked, plan.Braked, plan.NeedsApproval, plan.Observed, plan.Frozen}
	if diff := cmp.Diff(want, gates(p)); diff != "" {
		t.Error(diff)
	}
	if slices.ContainsFunc(p.Edits[:5], func(e plan.Planned) bool { return !e.Until().IsZero() || e.Window() != "" }) {
		t.Error("an edit that waits for no window names one")
	}
}
