package scheduler_test

import (
	"slices"
	"testing"
	"time"

	"tandem/internal/sim/githubsim"
	"tandem/internal/work"
)

// Tandem is down while an issue is transferred and another one deleted. GitHub
// repeats neither, no poll shows either, and the next census is hours away.
func TestWhatWasAnnouncedWhileTandemWasDownIsReadAtTheStart(t *testing.T) {
	w := bothOpen()
	w.hooks, w.sees = true, true
	story(t, w, func(f *firm) {
		before, _ := f.run().Outcome.FindKey("github:acme/pay#3")
		id := before.Item.ID
		f.github.Deliveries()
		f.pass(time.Minute)
		f.run()
		wrote := len(f.hubWrote())
		f.github.Deliveries()
		f.pass(time.Minute)
		key, err := f.github.Transfer("acme/pay#3", "ana-acme", "acme/web")
		f.ok(err)
		f.ok(f.github.Delete("acme/pay#2", "ana-acme"))
		f.github.Miss()
		f.restart()
		report := f.run()
		after, ok := report.Outcome.FindKey("github:" + key)
		if !ok || after.Item.ID != id {
			f.Errorf("%s: %v, %+v", key, ok, after)
		}
		if _, there := report.Outcome.FindKey("github:acme/pay#2"); there {
			f.Error("a deleted issue is still there")
		}
		same(f, "written since", wrote, len(f.hubWrote()))
		same(f, "findings", []work.Finding(nil), report.Findings)
		f.pass(time.Minute)
		f.github.ResetCounts()
		f.run()
		if n := f.github.Calls("GET", "/orgs/{org}/hooks/{hook_id}/deliveries"); n != 0 {
			f.Errorf("deliveries were looked up %d times within an hour", n)
		}
		f.pass(time.Hour)
		f.run()
		same(f, "looked up after an hour", 1, f.github.Calls("GET", "/orgs/{org}/hooks/{hook_id}/deliveries"))
	})
}

// Without the right to see deliveries all goes on, and one sentence says so.
func TestWithoutTheRightToSeeDeliveriesCyclesGoOn(t *testing.T) {
	w := bothOpen()
	w.hooks = true
	story(t, w, func(f *firm) {
		f.ok(f.github.Edit("acme/pay#1", "ana-acme", func(i *githubsim.Issue) { i.Title = "PAY-1: x" }))
		f.github.Miss()
		report := f.run()
		n := slices.IndexFunc(report.Findings, func(x work.Finding) bool { return x.Subject == "github webhook" && x.Level == work.Note })
		if n < 0 || len(report.Failures) > 0 {
			f.Errorf("findings %+v, failures %v", report.Findings, report.Failures)
		}
		f.pass(2 * time.Hour)
		same(f, "told again", []work.Finding(nil), f.run().Findings)
	})
}

// Nodes that share the work poll and follow by separate jobs.
func TestAPollStoresWhatDidNotArriveForTheNextFollow(t *testing.T) {
	w := bothOpen()
	w.hooks, w.sees = true, true
	story(t, w, func(f *firm) {
		f.run()
		f.pass(2 * time.Hour)
		f.github.Deliveries()
		f.ok(f.github.Delete("acme/pay#2", "ana-acme"))
		f.github.Miss()
		_, err := f.cycle.Poll(f.Context())
		f.ok(err)
		followed, err := f.cycle.Follow(f.Context())
		f.ok(err)
		same(f, "followed", 1, followed.Hinted)
		if _, there := f.run().Outcome.FindKey("github:acme/pay#2"); there {
			f.Error("a deleted issue is still there")
		}
	})
}
