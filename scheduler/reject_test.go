package scheduler_test

import (
	"strings"
	"testing"
	"time"

	"tandem/internal/plan"
	"tandem/internal/sim/jirasim"
	"tandem/internal/work"
	"tandem/scheduler"
)

// reject says no to all edits of a field at an issue, as tandem reject does.
func (f *firm) reject(r scheduler.Report, key string, field work.Field, span time.Duration) {
	f.Helper()
	ids, unknown := plan.Select(r.Outcome.Plan.Edits, []string{key + " " + field.String()})
	if len(unknown) > 0 {
		f.Fatalf("nothing of %s is planned at %s", field, key)
	}
	for _, rejection := range plan.Reject(r.Outcome.Plan.Edits, ids) {
		rejection.By, rejection.Because = "cy", "agreed with sales"
		if span > 0 {
			rejection.Until = time.Now().Add(span)
		}
		f.ok(f.db.Reject(f.Context(), rejection))
	}
}

func only(all []string, part string) []string {
	some := []string{}
	for _, s := range all {
		if strings.Contains(s, part) {
			some = append(some, s)
		}
	}
	return some
}

// A proposal that a person rejected comes back when it is another one: another
// value, or something else stands there.
func TestARejectedProposalReturnsWhenItsInputsChange(t *testing.T) {
	w := world{issues: issues("PAY", 3), write: "propose", patch: roomy()}
	story(t, w, func(f *firm) {
		f.reject(f.look(), "PAY-3", work.Priority, 0) // Major → Critical
		f.reject(f.look(), "PAY-3", work.Horizon, 0)  // + roadmap/now
		report := f.look()
		same(f, "held", []string{"PAY-3 horizon rejected", "PAY-3 priority rejected"}, holds(report))
		h := report.Outcome.Plan.Holds[1]
		if h.By != "cy" || h.Detail != "rejected on 2026-11-23: agreed with sales" || h.Have.Text() != "Major" || h.Want.Text() != "Critical" {
			f.Errorf("held as %+v", h)
		}
		f.restart()
		f.pass(100 * 24 * time.Hour) // no time ends it
		f.runWith(everything)
		same(f, "priority", "Major", f.priority("PAY-3"))
		same(f, "labels", 0, len(f.issue("PAY-3").Labels))

		f.sets("PAY-3", 10)
		same(f, "another value", []string{"PAY-3 priority Major→Trivial needs_approval"}, only(edits(f.look()), "PAY-3 priority"))
		f.sets("PAY-3", 90)
		same(f, "the same again", []string{"PAY-3 horizon rejected", "PAY-3 priority rejected"}, holds(f.look()))
		f.person("PAY-3", func(i *jirasim.Issue) { i.Labels = []string{"roadmap/next"} })
		f.pass(time.Minute)
		report = f.look()
		same(f, "something else stands there", []string{"PAY-3 horizon predates_tandem", "PAY-3 priority rejected"}, holds(report))

		f.release("PAY-3")
		f.runWith(everything)
		same(f, "after the release", "Critical", f.priority("PAY-3"))
	})
}

// A no also holds against what a person chose in another place, until somebody
// chooses something else there.
func TestARejectedValueOfTheTwinReturnsWhenItIsAnother(t *testing.T) {
	labels := func(f *firm, label string) {
		f.Helper()
		f.person("PAY-1", func(i *jirasim.Issue) { i.Labels = []string{label} })
		f.pass(time.Minute)
	}
	story(t, carded(), func(f *firm) {
		f.run()
		labels(f, "roadmap/next")
		f.reject(f.look(), "acme/pay#1", work.Horizon, 0)
		f.pass(time.Minute)
		same(f, "held", []string{"PAY-1 horizon changed_by_person", "acme/pay#1 horizon rejected"}, only(holds(f.run()), " horizon "))
		same(f, "cards", []string{"a", "a"}, f.cards())
		labels(f, "roadmap/later")
		f.run()
		same(f, "cards after another label", []string{"c", "a"}, f.cards())
	})
}

func TestARejectionEndsWhenItsTimeIsOver(t *testing.T) {
	story(t, world{issues: issues("PAY", 3), patch: roomy()}, func(f *firm) {
		f.reject(f.look(), "PAY-3", work.Priority, 30*24*time.Hour)
		report := f.run()
		same(f, "held", []string{"PAY-3 priority rejected"}, holds(report))
		if d := report.Outcome.Plan.Holds[0].Detail; !strings.HasSuffix(d, ", until 2026-12-23") {
			f.Errorf("held with %q", d)
		}
		f.pass(30 * 24 * time.Hour)
		f.run()
		same(f, "on the last day", "Major", f.priority("PAY-3"))
		f.pass(24 * time.Hour)
		f.run()
		same(f, "after it", "Critical", f.priority("PAY-3"))
	})
}

// Promise S1: another bot that reverts us twice within a week is named, and
// Tandem stops, even where the rules say overrule.
func TestS1ABotThatRevertsTandemTwiceIsNamedAndTandemStops(t *testing.T) {
	w := world{issues: []jirasim.Issue{issue("PAY-1", 90)}, patch: append(roomy(), "from: tiers\n    jira:", "from: tiers\n    respect: overrule\n    jira:")}
	story(t, w, func(f *firm) {
		bot := func() {
			f.Helper()
			f.pass(12 * time.Hour)
			f.ok(f.jira.Edit("PAY-1", jirasim.Cy, func(i *jirasim.Issue) { i.Priority = priorityID("Major") }))
			f.pass(time.Minute)
		}
		f.run()
		same(f, "first", "Critical", f.priority("PAY-1"))
		bot()
		f.run()
		same(f, "changed back once", "Critical", f.priority("PAY-1"))
		bot()
		f.restart()
		report := f.run()
		same(f, "changed back twice", "Major", f.priority("PAY-1"))
		same(f, "held", []string{"PAY-1 priority fighting"}, holds(report))
		h := report.Outcome.Plan.Holds[0]
		if name, _ := f.rules.Org().PersonByNative("jira", h.By); name != "cy" || !strings.Contains(h.Detail, "twice within 7 days") {
			f.Errorf("held as %+v", h)
		}
		for range 12 {
			f.pass(24 * time.Hour)
			same(f, "held until released", []string{"PAY-1 priority fighting"}, holds(f.run()))
		}
		f.release("PAY-1")
		f.run()
		same(f, "after the release", "Critical", f.priority("PAY-1"))
		f.pass(time.Minute)
		same(f, "in the end", []string{}, holds(f.run()))
	})
}

// Two people who each change a value once are no bot.
func TestS1OneRevertEachByTwoPeopleIsNoFight(t *testing.T) {
	w := world{issues: []jirasim.Issue{issue("PAY-1", 90)}, patch: append(roomy(), "from: tiers\n    jira:", "from: tiers\n    respect: overrule\n    jira:")}
	story(t, w, func(f *firm) {
		for _, who := range []string{jirasim.Ana, jirasim.Cy} {
			f.run()
			f.pass(12 * time.Hour)
			f.ok(f.jira.Edit("PAY-1", who, func(i *jirasim.Issue) { i.Priority = priorityID("Major") }))
			f.pass(time.Minute)
		}
		f.run()
		same(f, "overruled, as the rules say", "Critical", f.priority("PAY-1"))
		f.pass(8 * 24 * time.Hour)
		for range 5 { // once a fortnight is no fight either
			f.ok(f.jira.Edit("PAY-1", jirasim.Cy, func(i *jirasim.Issue) { i.Priority = priorityID("Major") }))
			f.pass(time.Minute)
			f.run()
			same(f, "once a fortnight", "Critical", f.priority("PAY-1"))
			f.pass(14 * 24 * time.Hour)
		}
	})
}
