package scheduler_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/internal/plan"
	"tandem/internal/sim/jirasim"
	"tandem/internal/work"
)

// pair is one issue that has a twin in the roadmap file.
func pair() world {
	return world{issues: []jirasim.Issue{issue("PAY-1", 90)}, rows: map[string]string{"R-1": "PAY-1"}}
}

func TestS1APersonsChangeBetweenCyclesIsHeldAndTravelsToTheTwin(t *testing.T) {
	story(t, pair(), func(f *firm) {
		f.run()
		same(f, "after the first cycle", []string{"Critical", "1"}, []string{f.priority("PAY-1"), f.planned("R-1")})

		f.pass(time.Minute)
		f.person("PAY-1", func(i *jirasim.Issue) { i.Priority = priorityID("Minor") })
		before := f.wrote()
		second := f.run()
		same(f, "held", []string{"PAY-1 priority changed_by_person"}, holds(second))
		same(f, "after the person's change", []string{"Minor", "3"}, []string{f.priority("PAY-1"), f.planned("R-1")})

		f.pass(24 * time.Hour)
		f.sets("PAY-1", 10) // Tandem would say 4 by now
		third := f.run()
		same(f, "a day later", []string{"PAY-1 priority changed_by_person"}, holds(third))
		same(f, "Tandem's writes since", before, f.wrote())
		same(f, "the twin", "3", f.planned("R-1"))
		if since := third.Outcome.Plan.Holds[0].Since; !since.Equal(monday().Truncate(24 * time.Hour)) {
			f.Errorf("the hold counts from %s; it began on %s", since, monday())
		}

		f.release("PAY-1")
		f.run()
		same(f, "after the release", []string{"Trivial", "4"}, []string{f.priority("PAY-1"), f.planned("R-1")})
		f.pass(time.Minute)
		same(f, "in the end", []string{}, holds(f.run()))
	})
}

func TestS1APersonsChangeOfTheTwinTravelsBack(t *testing.T) {
	story(t, pair(), func(f *firm) {
		f.run()
		f.pass(time.Minute)
		f.plans("R-1", "1", "4")
		report := f.run()
		same(f, "held", []string{"R-1 priority changed_by_person"}, holds(report))
		same(f, "both places", []string{"Trivial", "4"}, []string{f.priority("PAY-1"), f.planned("R-1")})
	})
}

func TestS1TwoPeopleWhoDisagreeAreBothLeftAlone(t *testing.T) {
	story(t, pair(), func(f *firm) {
		f.run()
		f.pass(time.Minute)
		f.plans("R-1", "1", "4")
		f.person("PAY-1", func(i *jirasim.Issue) { i.Priority = priorityID("Minor") })
		before := f.wrote()
		same(f, "held", []string{"PAY-1 priority people_disagree", "R-1 priority people_disagree"}, holds(f.run()))
		same(f, "both places", []string{"Minor", "4"}, []string{f.priority("PAY-1"), f.planned("R-1")})
		same(f, "Tandem's writes since", before, f.wrote())
	})
}

func TestS1ALabelThatAPersonTookOffStaysOff(t *testing.T) {
	story(t, pair(), func(f *firm) {
		f.run()
		f.pass(time.Minute)
		f.person("PAY-1", func(i *jirasim.Issue) { i.Labels = []string{"team"} })
		before := f.wrote()
		same(f, "held", []string{"PAY-1 horizon changed_by_person"}, holds(f.run()))
		same(f, "Tandem's writes since", before, f.wrote())
		same(f, "labels", []string{"team"}, f.issue("PAY-1").Labels)
	})
}

func TestS1WhereTheRulesSayOverruleTheChangeIsWrittenBackWithItsReason(t *testing.T) {
	w := pair()
	w.patch = []string{"from: tiers", "from: tiers\n    respect: overrule"}
	story(t, w, func(f *firm) {
		f.run()
		f.pass(time.Minute)
		f.person("PAY-1", func(i *jirasim.Issue) { i.Priority = priorityID("Minor") })
		f.run()
		same(f, "after the overruling", "Critical", f.priority("PAY-1"))
		entries, err := f.db.Audit(f.Context(), f.ref("PAY-1"), 1)
		f.ok(err)
		same(f, "what stood there", "Minor", entries[0].Edit.Expect.String())
	})
}

// The search of Jira shows a change a minute late: after its own writes Tandem
// finds what stood there before, again and again.
func TestS8OurOwnEchoIsNoPersonsChangeThoughTheSearchLags(t *testing.T) {
	story(t, world{issues: issues("PAY", 6)}, func(f *firm) {
		f.jira.SetLag(time.Minute)
		f.run()
		before := f.wrote()
		for range 12 {
			f.pass(10 * time.Second)
			report := f.run()
			if h, e := holds(report), edits(report); len(h)+len(e) > 0 {
				f.Fatalf("at %s: held %v, planned %v", time.Now(), h, e)
			}
		}
		same(f, "Tandem's writes since", before, f.wrote())
	})
}

func TestS8APersonsChangeThatTheSearchDoesNotShowYetIsNotOverwritten(t *testing.T) {
	story(t, pair(), func(f *firm) {
		f.run()
		f.pass(5 * time.Minute)
		f.sets("PAY-1", 10)
		f.jira.SetLag(time.Minute)
		f.person("PAY-1", func(i *jirasim.Issue) { i.Priority = priorityID("Minor") })
		report := f.run() // the search shows the value, and still Critical
		same(f, "refused", work.Conflict, report.Refused[0].Result.State)
		same(f, "the person's priority", "Minor", f.priority("PAY-1"))
		for range 8 {
			f.pass(10 * time.Second)
			report = f.run()
		}
		same(f, "held", []string{"PAY-1 priority changed_by_person"}, holds(report))
		same(f, "the person's priority", "Minor", f.priority("PAY-1"))
	})
}

func TestS8TheChangeOfAnotherBotIsHeldAsAPersonsIs(t *testing.T) {
	story(t, pair(), func(f *firm) {
		f.run()
		f.pass(time.Minute)
		f.ok(f.jira.Edit("PAY-1", "automation", func(i *jirasim.Issue) { i.Priority = priorityID("Minor") }))
		same(f, "held", []string{"PAY-1 priority changed_by_person"}, holds(f.run()))
	})
}

func TestS18TheHandsOffLabelStopsTandemOnThatIssueAlone(t *testing.T) {
	w := world{issues: issues("PAY", 2)}
	w.issues[0].Labels = []string{"tandem/hands-off"}
	story(t, w, func(f *firm) {
		report := f.run()
		same(f, "held", []string{"PAY-1 horizon hands_off", "PAY-1 priority hands_off"}, holds(report))
		for _, line := range f.wrote() {
			if !strings.HasPrefix(line, "PAY-2 ") {
				f.Errorf("Tandem wrote %s", line)
			}
		}
		same(f, "the other issue", "Critical", f.priority("PAY-2"))

		f.pass(time.Minute)
		f.person("PAY-1", func(i *jirasim.Issue) { i.Labels = nil })
		same(f, "held without the label", []string{}, holds(f.run()))
		same(f, "priority without the label", "Trivial", f.priority("PAY-1"))

		f.pass(time.Minute)
		f.person("PAY-1", func(i *jirasim.Issue) { i.Labels = append(i.Labels, "tandem/hands-off") })
		f.sets("PAY-1", 50)
		f.run()
		same(f, "priority with the label", "Trivial", f.priority("PAY-1"))
		if !slices.Contains(f.issue("PAY-1").Labels, "tandem/hands-off") {
			f.Error("Tandem took the label off")
		}
	})
}

func TestS18PauseStopsAllWritingAndResumeGoesOn(t *testing.T) {
	story(t, pair(), func(f *firm) {
		f.ok(f.db.Pause(f.Context(), true, "ana", "looking at the plan"))
		for range 3 {
			report := f.runWith(everything)
			if n := report.Outcome.Plan.Count(plan.Paused); n != len(report.Outcome.Plan.Edits) || n == 0 {
				f.Errorf("%d of %d edits are paused: %v", n, len(report.Outcome.Plan.Edits), edits(report))
			}
			f.pass(time.Minute)
		}
		same(f, "written while paused", []string{}, f.wrote())
		same(f, "planned while paused", "", f.planned("R-1"))
		f.restart()
		f.run()
		same(f, "written while paused, after a restart", []string{}, f.wrote())

		f.ok(f.db.Pause(f.Context(), false, "ana", ""))
		f.run()
		same(f, "after resume", []string{"Critical", "1"}, []string{f.priority("PAY-1"), f.planned("R-1")})
	})
}

// Somebody pauses while hundreds of edits are on their way: what had begun is
// finished and read back, the rest stays planned, and nothing went wrong.
func TestS18PauseStopsACycleThatIsWriting(t *testing.T) {
	story(t, world{issues: issues("PAY", 60)}, func(f *firm) {
		f.before("PUT", "/issue/", func() { f.ok(f.db.Pause(f.Context(), true, "ana", "stop")) })
		report := f.runWith(everything)
		if !strings.Contains(report.Paused, "paused by ana: stop; tandem resume") || len(report.Refused) > 0 {
			f.Errorf("the cycle ended with %q, refused %v", report.Paused, report.Refused)
		}
		same(f, "finished", report.Sent, report.Applied())
		unsure, unread, err := f.db.Pending(f.Context())
		f.ok(err)
		same(f, "left in doubt", 0, len(unsure)+len(unread))
		planned := len(report.Outcome.Plan.Edits)
		report = f.runWith(everything)
		same(f, "still planned", planned-len(f.wrote()), report.Outcome.Plan.Count(plan.Paused))
		same(f, "told once", "", report.Paused)
		if puts := f.jira.Calls("PUT", "/rest/api/2/issue/{issueIdOrKey}"); puts > 4 {
			f.Errorf("%d issues were written after the pause", puts)
		}
		f.ok(f.db.Pause(f.Context(), false, "ana", ""))
		f.pass(time.Minute)
		f.run()
		f.pass(time.Minute)
		same(f, "left to do", []string{}, edits(f.run()))
		f.writtenOnce()
	})
}

// Ana releases a hold at the very moment when the daemon decides: it acts on
// that in its next cycle at the latest, though nothing else happens.
func TestS18AReleaseWhileTandemDecidesIsNotLost(t *testing.T) {
	story(t, world{issues: issues("PAY", 1)}, func(f *firm) {
		f.run()
		f.pass(time.Minute)
		f.person("PAY-1", func(i *jirasim.Issue) { i.Priority = priorityID("Minor") })
		f.cycle = f.newCycle(&late{Store: f.db, act: func() { f.release("PAY-1") }})
		f.run()
		f.pass(time.Minute)
		f.run()
		same(f, "after the release", "Trivial", f.priority("PAY-1"))
	})
}
