package scheduler_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/sim/jirasim"
	"tandem/internal/store"
	"tandem/internal/work"
)

// backlog is what a firm has before Tandem comes: half of the issues have a
// priority that a person chose, some are finished, and of those where nobody
// chose the default is mostly right. All have labels that look like Tandem's.
// It returns how many of each there are.
func backlog(n int) (all []jirasim.Issue, chose, agree, blank, done int) {
	for k := range n {
		i := issue(fmt.Sprintf("PAY-%d", k+1), 70) // Major would be right
		switch {
		case k%2 == 0:
			i.Priority = priorityID([]string{"Blocker", "Major", "Minor", "Trivial"}[k/2%4])
			if k/2%4 == 1 {
				agree++
			} else {
				chose++
			}
		case k%10 == 9:
			i.Status, i.Resolved, i.Custom[valueField] = "10001", i.Updated, 90.0
			done++
		case k%100 == 1:
			i.Custom[valueField] = 90.0
			blank++
		default:
			agree++
		}
		i.Labels = []string{"team", "priority/asap", "roadmap/2027-ideas"}
		all = append(all, i)
	}
	return all, chose, agree, blank, done
}

func TestS17OfFiveThousandIssuesNoneThatAPersonPrioritisedChanges(t *testing.T) {
	all, chose, agree, blank, done := backlog(5000)
	w := world{issues: all, brake: "{edits: 20, share: 10%}", unjudged: true, pageSize: 1000}
	w.patch = []string{"  horizon:\n    owner: tandem\n    from: roadmap\n    jira: {label: 'roadmap/{value}'}\n", ""}
	story(t, w, func(f *firm) {
		report := f.run()
		same(f, "written on first contact", []string{}, f.wrote())
		count := func(gate plan.Gate) (n int) {
			for _, e := range report.Outcome.Plan.Edits {
				if e.Field == work.Priority && e.Gate == gate {
					n++
				}
			}
			return n
		}
		adopted := 0
		for _, e := range report.Outcome.Plan.Adopted {
			if e.Target.Path == "priority" {
				adopted++
			}
		}
		groups := map[string]int{"held": report.Outcome.Held()[work.PredatesTandem], "adopted": adopted, "to write": count(plan.Braked), "finished": done}
		same(f, "groups of the plan", map[string]int{"held": chose, "adopted": agree, "to write": blank, "finished": done}, groups)
		same(f, "other holds", 1, len(report.Outcome.Held()))

		f.runWith(shown(report)) // a person lets all of them through
		same(f, "written in the end", blank, len(f.wrote()))
		f.onlyDefaultsChanged(all)
	})
}

// onlyDefaultsChanged checks by Jira's own log that nothing changed but
// priorities that nobody had chosen, of issues that are not finished.
func (f *firm) onlyDefaultsChanged(before []jirasim.Issue) {
	f.Helper()
	free := map[string]bool{}
	for _, i := range before {
		free[i.Key] = i.Priority == "" && i.Status == ""
	}
	for _, e := range f.jira.Writes().Effects(true) {
		if e.Field != "priority" || !free[e.Ref] || priorityName(e.From) != "Major" {
			f.Errorf("Tandem changed %s %s from %s to %s", e.Ref, e.Field, e.From, e.To)
		}
	}
}

// Labels that stood there before Tandem are somebody's choice, and what only
// looks like a label of Tandem's is nobody's business.
func TestS17LabelsOlderThanTandemAreNotTakenForItsOwn(t *testing.T) {
	w := world{issues: issues("PAY", 3), patch: roomy()} // all are for now
	w.issues[0].Labels = []string{"roadmap/now"}
	w.issues[1].Labels = []string{"roadmap/later"}
	w.issues[2].Labels = []string{"roadmap/2027-ideas", "roadmap/now", "roadmap/later"}
	story(t, w, func(f *firm) {
		for range 2 {
			report := f.run()
			same(f, "held", []string{"PAY-1 horizon predates_tandem", "PAY-2 horizon predates_tandem", "PAY-3 horizon ambiguous_label"}, holds(report))
			f.pass(time.Minute)
		}
		for _, line := range f.wrote() {
			if strings.Contains(line, "labels") {
				f.Errorf("Tandem wrote %s", line)
			}
		}
	})
}

func TestS17FinishedIssuesAreNeverEdited(t *testing.T) {
	w := pair()
	w.issues = append(w.issues, issue("PAY-2", 90))
	w.issues[1].Status = "10001"
	story(t, w, func(f *firm) {
		f.run()
		f.pass(time.Hour)
		f.person("PAY-1", func(i *jirasim.Issue) { i.Status = "10001" })
		f.sets("PAY-1", 10)
		before, roadmap := f.wrote(), f.roadmap()
		for range 3 {
			report := f.run()
			same(f, "left to do", []string{}, append(edits(report), holds(report)...))
			f.pass(time.Hour)
		}
		same(f, "Tandem's writes", before, f.wrote())
		same(f, "the twin", roadmap, f.roadmap())
		same(f, "the finished one", "Major", f.priority("PAY-2"))
	})
}

func TestS13EveryWrittenChangeCarriesItsReasonAndItsRun(t *testing.T) {
	story(t, world{issues: issues("PAY", 8), rows: map[string]string{"R-1": "PAY-8"}}, func(f *firm) {
		f.run()
		f.pass(time.Hour)
		f.sets("PAY-1", 90)
		f.person("PAY-8", func(i *jirasim.Issue) { i.Priority = priorityID("Minor") })
		f.run()
		f.restart()
		f.audited()
		entries, err := f.db.Audit(f.Context(), work.RefID{}, 1000)
		f.ok(err)
		reasons := map[string]string{}
		for _, e := range entries {
			if e.Run == 0 || e.Begun.IsZero() || e.Ended.IsZero() {
				f.Errorf("%s %s: run %d, begun %s, ended %s", e.Edit.Ref(), e.Edit.Field, e.Run, e.Begun, e.Ended)
			}
			name := e.Edit.Key + " " + e.Edit.Field.String() + " " + e.Edit.Value.String()
			reasons[name] = e.Edit.Because
		}
		for name, want := range map[string]string{
			"PAY-8 priority Critical": "score 99.0 of 100, place 1 of team pay",
			"PAY-1 priority Critical": "score 90.0 of 100, place",
			"R-1 priority 3":          "a person set it in another place",
			"PAY-8 horizon true":      "now",
		} {
			if !strings.Contains(reasons[name], want) {
				f.Errorf("%s was written because %q, not because of %q", name, reasons[name], want)
			}
		}
	})
}

// What tandem explain shows needs nothing but the store.
func TestS13ExplainReproducesThePlaceOffline(t *testing.T) {
	story(t, world{issues: issues("PAY", 8), rows: map[string]string{"R-1": "PAY-5"}}, func(f *firm) {
		report := f.run()
		f.transport = nil // no service answers any more
		f.pass(3 * time.Hour)
		db, err := store.OpenReadOnly(f.Context(), f.settings.Store, f.settings.Instance, store.Options{})
		f.ok(err)
		defer func() { f.ok(db.Close()) }()
		snapshot, err := db.Snapshot(f.Context(), time.Now().UTC().Truncate(24*time.Hour))
		f.ok(err)
		outcome := engine.Evaluate(f.rules, snapshot)
		for _, then := range report.Outcome.Items {
			now, ok := outcome.Find(then.Item.Birth)
			if !ok {
				f.Fatalf("%s is not in the store", then.Item.Key())
			}
			x := outcome.Explain(f.rules, now)
			same(f, "place of "+then.Item.Key(), fmt.Sprint(then.TeamPlace, then.Place, then.Tier, then.Horizon, then.Scored.Next.Value),
				fmt.Sprint(x.Item.TeamPlace, x.Item.Place, x.Item.Tier, x.Item.Horizon, x.Item.Scored.Next.Value))
			if len(x.Terms) == 0 || x.TeamItems != 8 {
				f.Errorf("%s: %d terms, %d items of the team", then.Item.Key(), len(x.Terms), x.TeamItems)
			}
		}
		same(f, "left to do", 0, len(outcome.Plan.Edits))
	})
}
