package scheduler_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"tandem/internal/plan"
)

// quietPay gives team pay quiet hours; it works in Berlin, where a story begins
// at eight.
func quietPay(quiet string) []string {
	return append(roomy(), "write: auto, capacity", "write: auto, timezone: Europe/Berlin, "+quiet+", capacity")
}

// What was planned in quiet hours goes out at their end.
func TestEditsOfTheNightGoOutInTheMorning(t *testing.T) {
	story(t, world{issues: issues("PAY", 3), patch: quietPay("quiet: {from: '18:00', to: '08:30', days: [sat, sun]}")}, func(f *firm) {
		d := f.daemonOfHours(seldom, time.Minute)
		f.pass(29 * time.Minute)
		same(f, "written at 8:29", []string{}, f.wrote())
		run, _, err := f.db.LastRun(f.Context())
		f.ok(err)
		first := run.Plan
		same(f, "waiting", len(first.Edits), first.Count(plan.Quiet))
		if want := monday().Add(30 * time.Minute); !first.Reopens().Equal(want) {
			f.Errorf("it reopens at %s", first.Reopens())
		}
		f.pass(time.Minute + 45*time.Second)
		done := len(f.wrote())
		same(f, "written at 8:31", len(first.Edits), done)

		d.ends()
		f.pass(10 * time.Hour) // into the evening
		f.sets("PAY-1", 90)
		f.run()
		f.pass(13 * time.Hour)
		f.run()
		same(f, "written in the evening and at night", done, len(f.wrote()))
		f.pass(time.Hour)
		f.run()
		same(f, "written on Tuesday", done+1, len(f.wrote()))
	})
}

// A person may write at night, and says so; a freeze holds for everybody.
func TestAPersonOverrulesQuietHoursAndNoFreeze(t *testing.T) {
	patch := append(quietPay("quiet: {from: '18:00', to: '08:30'}"), "places: {jira: [WEB], plan: [web]}, write: observe",
		"places: {jira: [WEB], plan: [web]}, write: auto, freeze: [{from: 2026-11-01, to: 2026-11-22, because: year end}]")
	w := world{issues: append(issues("PAY", 2), issues("WEB", 2)...), patch: patch, extra: "timezone: Pacific/Kiritimati\n"}
	story(t, w, func(f *firm) {
		seen := f.look()
		quiet, frozen := seen.Outcome.Plan.Count(plan.Quiet), seen.Outcome.Plan.Count(plan.Frozen)
		if quiet == 0 || frozen != 0 { // on the islands it is the 23rd already
			f.Errorf("%d edits wait for the morning, %d for the end of the freeze", quiet, frozen)
		}
		report := f.run()
		for _, line := range f.wrote() {
			if !strings.HasPrefix(line, "WEB-") {
				f.Errorf("written at night: %s", line)
			}
		}
		report = f.runWith(everything)
		same(f, "written with a person's leave", quiet, report.Applied())
	})
	w.extra = "timezone: Pacific/Honolulu\n"
	t.Run("frozen", func(t *testing.T) {
		story(t, w, func(f *firm) {
			f.runWith(everything)
			for _, line := range f.wrote() {
				if strings.HasPrefix(line, "WEB-") {
					f.Errorf("written in a freeze: %s", line)
				}
			}
			report := f.look()
			left := report.Outcome.Plan
			if left.Count(plan.Frozen) == 0 || !strings.Contains(left.Edits[0].Window(), "freeze of team web from 2026-11-01 to 2026-11-22, year end (Pacific/Honolulu)") {
				f.Errorf("left: %+v", left.Edits)
			}
			f.pass(3*time.Hour - time.Minute) // Honolulu is ten hours behind
			f.run()
			if left := f.look().Outcome.Plan; left.Count(plan.Frozen) == 0 {
				t.Error("it opened before midnight")
			}
			f.pass(time.Minute)
			f.run()
			same(f, "left after the freeze", []string{}, edits(f.look()))
		})
	})
}

// slow is a service that takes twenty seconds for each write.
type slow struct {
	http.RoundTripper

	mu sync.Mutex
	// at is when the last write was taken.
	at time.Time
}

func (s *slow) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodPut {
		s.mu.Lock()
		s.at = time.Now()
		s.mu.Unlock()
		time.Sleep(20 * time.Second)
	}
	return s.RoundTripper.RoundTrip(r)
}

// A write that takes long stops where quiet hours begin: the rest goes out
// after them.
func TestNoEditBeginsInQuietHoursWhenTheWriteBeganBefore(t *testing.T) {
	w := world{issues: issues("PAY", 12), oneWriter: true, patch: quietPay("quiet: {from: '08:02', to: '10:00'}")}
	story(t, w, func(f *firm) {
		road := &slow{RoundTripper: f.transport["jira"]}
		f.transport["jira"] = road
		report := f.run()
		begin := monday().Add(2 * time.Minute)
		if !road.at.Before(begin) || report.Sent == 0 {
			f.Errorf("the last of %d edits began at %s", report.Sent, road.at)
		}
		sent := len(f.wrote())
		if sent == 0 || sent == len(report.Outcome.Plan.Edits) {
			f.Fatalf("%d of %d edits are written", sent, len(report.Outcome.Plan.Edits))
		}
		f.run()
		same(f, "written in quiet hours", sent, len(f.wrote()))
		f.pass(2 * time.Hour)
		f.run()
		same(f, "left", []string{}, edits(f.look()))
	})
}
