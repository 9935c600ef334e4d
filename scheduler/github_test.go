package scheduler_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/internal/plan"
	"tandem/internal/plan/undo"
	"tandem/internal/sim"
	"tandem/internal/sim/githubsim"
	"tandem/internal/sim/jirasim"
	"tandem/internal/work"
)

// hubbed are issues of Jira with twins in GitHub.
func hubbed() world {
	return world{
		issues: issues("PAY", 3),
		github: []githubsim.Issue{twin("acme/pay", 1, "PAY-1", "bug"), twin("acme/pay", 2, "PAY-2"), twin("acme/pay", 3, "PAY-3", "priority/asap", "team")},
		patch:  roomy(),

		oneWriter: true,
	}
}

// labels are those of an issue in GitHub, sorted.
func (f *firm) labels(key string) []string {
	f.Helper()
	i, ok := f.github.Issue(key)
	if !ok {
		f.Fatalf("%s is not in GitHub", key)
	}
	return slices.Sorted(slices.Values(i.Labels))
}

// relabel changes the labels of an issue in GitHub by hand.
func (f *firm) relabel(key string, labels ...string) {
	f.Helper()
	f.ok(f.github.Edit(key, "ana-acme", func(i *githubsim.Issue) { i.Labels = labels }))
}

// hubWrote returns what Tandem changed at issues in GitHub.
func (f *firm) hubWrote() []string {
	return slices.DeleteFunc(spelled(f.github.Writes(), true), func(s string) bool { return !strings.Contains(s, "#") })
}

func TestS1APersonsLabelInGitHubIsHeldAndTravelsToJira(t *testing.T) {
	story(t, hubbed(), func(f *firm) {
		f.run()
		same(f, "labels", []string{"bug", "priority/p4", "roadmap/now"}, f.labels("acme/pay#1"))
		f.pass(time.Minute)
		f.relabel("acme/pay#1", "bug", "priority/p1", "roadmap/now")
		report := f.run()
		same(f, "held", []string{"acme/pay#1 priority changed_by_person"}, holds(report))
		same(f, "in Jira", "Critical", f.priority("PAY-1"))

		f.pass(time.Minute)
		f.relabel("acme/pay#1", "bug", "priority/p1", "priority/p2", "roadmap/now")
		before := f.wrote()
		report = f.run()
		same(f, "held", []string{"acme/pay#1 priority ambiguous_label"}, holds(report))
		same(f, "Tandem's labels since", []string{"bug", "priority/p1", "priority/p2", "roadmap/now"}, f.labels("acme/pay#1"))
		f.Log(before, f.wrote())
	})
}

// A person put p1 beside Tandem's p4 and released the field. Tandem took p4 off,
// and p1 stands there by its choice: nobody's change keeps it from going on.
func TestS8TheLabelThatTandemLeftOfTwoIsTandems(t *testing.T) {
	story(t, hubbed(), func(f *firm) {
		f.run()
		f.pass(time.Minute)
		f.relabel("acme/pay#1", "bug", "priority/p1", "priority/p4", "roadmap/now")
		f.sets("PAY-1", 90)
		same(f, "held", []string{"acme/pay#1 priority ambiguous_label"}, holds(f.run()))
		f.releases("acme/pay#1")
		f.run()
		same(f, "after the release", []string{"bug", "priority/p1", "roadmap/now"}, f.labels("acme/pay#1"))

		f.pass(time.Minute)
		f.sets("PAY-1", 10)
		same(f, "held later", []string{}, holds(f.run()))
		same(f, "what Tandem wants later", []string{"bug", "priority/p4", "roadmap/now"}, f.labels("acme/pay#1"))

		f.pass(time.Minute)
		f.relabel("acme/pay#1", "bug", "priority/p1", "roadmap/now")
		same(f, "a person's label", []string{"acme/pay#1 priority changed_by_person"}, holds(f.run()))
	})
}

// Tandem left a person's p1 of two labels, and later put p4 in its place: what
// comes back when it retires is p1.
func TestS14TheLabelThatTandemLeftOfTwoComesBack(t *testing.T) {
	story(t, hubbed(), func(f *firm) {
		f.run()
		f.pass(time.Minute)
		f.relabel("acme/pay#1", "bug", "priority/p1", "priority/p4", "roadmap/now")
		f.sets("PAY-1", 90)
		f.run()
		f.releases("acme/pay#1")
		f.run()
		f.pass(time.Minute)
		f.sets("PAY-1", 10)
		f.run()
		f.pass(time.Minute)
		f.retires(undo.Scope{}, plan.Retirement{Kind: plan.RetiredAll, By: "ana"})
		same(f, "labels", []string{"bug", "priority/p1"}, f.labels("acme/pay#1"))
	})
}

// Tandem took a person's p1 off beside its own p4: what comes back when it retires is
// p1, and p4 goes. So it is where the answer was lost, and GitHub said to the same
// request once more that no such label stands there.
func TestS14TheLabelThatTandemTookOffOfTwoComesBack(t *testing.T) {
	for name, faults := range map[string][]*sim.Fault{"answered": nil, "the answer was lost": {sim.LostAnswer()}, "lost behind a proxy": {{Name: "bad gateway", Status: http.StatusBadGateway, After: true}}} {
		t.Run(name, func(t *testing.T) {
			story(t, hubbed(), func(f *firm) {
				f.run()
				f.pass(time.Minute)
				f.relabel("acme/pay#1", "bug", "priority/p1", "priority/p4", "roadmap/now")
				f.run()
				f.releases("acme/pay#1")
				f.github.SetFault(sim.Script(http.MethodDelete, "", faults...))
				f.run()
				same(f, "after the release", []string{"bug", "priority/p4", "roadmap/now"}, f.labels("acme/pay#1"))
				f.pass(time.Minute)
				f.retires(undo.Scope{}, plan.Retirement{Kind: plan.RetiredAll, By: "ana"})
				same(f, "labels", []string{"bug", "priority/p1"}, f.labels("acme/pay#1"))
			})
		})
	}
}

func TestS1APersonsChangeInJiraTravelsToGitHub(t *testing.T) {
	story(t, hubbed(), func(f *firm) {
		f.run()
		f.pass(time.Minute)
		f.person("PAY-3", func(i *jirasim.Issue) { i.Priority = priorityID("Trivial") })
		same(f, "held", []string{"PAY-3 priority changed_by_person"}, holds(f.run()))
		same(f, "labels", []string{"priority/asap", "priority/p4", "roadmap/now", "team"}, f.labels("acme/pay#3"))
	})
}

func TestS2LabelsAreAddedAndRemovedOneByOneAndOthersStay(t *testing.T) {
	story(t, hubbed(), func(f *firm) {
		f.run()
		for n := range 4 {
			f.pass(time.Hour)
			f.sets("PAY-3", []float64{10, 90}[n%2])
			f.relabel("acme/pay#3", append(f.labels("acme/pay#3"), []string{"a", "b", "c", "d"}[n])...)
			f.run()
		}
		same(f, "labels", []string{"a", "b", "c", "d", "priority/asap", "priority/p1", "roadmap/now", "team"}, f.labels("acme/pay#3"))
		for _, line := range f.hubWrote() {
			if !strings.Contains(line, "priority/p") && !strings.Contains(line, "roadmap/now") {
				f.Errorf("Tandem wrote %s", line)
			}
		}
		for _, c := range f.github.Counts() {
			if c.Method == http.MethodPut || c.Method == http.MethodPatch {
				f.Errorf("labels were replaced as a set: %+v", c)
			}
		}
	})
}

func TestS4AnIdleCycleAsksEachSiteAndEachRepositoryOnce(t *testing.T) {
	w := hubbed()
	w.github = append(w.github, twin("acme/web", 1, "no twin"))
	story(t, w, func(f *firm) {
		f.run()
		f.pass(10 * time.Minute)
		f.run()
		f.pass(10 * time.Minute)
		f.run()
		for range 3 {
			f.pass(time.Minute)
			f.jira.ResetCounts()
			f.github.ResetCounts()
			report := f.run()
			if n := f.jira.Calls("", ""); n != 1 || report.Sent > 0 {
				f.Errorf("%d calls of Jira: %v", n, f.jira.Counts())
			}
			for _, c := range f.github.Counts() {
				if c.Calls != 2 || c.Status[http.StatusNotModified] != 2 {
					f.Errorf("calls of GitHub: %+v", c)
				}
			}
		}
	})
}

func TestS5AGitHubThatCannotBeReadKeepsItsIssuesAndJiraGoesOn(t *testing.T) {
	story(t, hubbed(), func(f *firm) {
		before := f.look()
		f.github.SetFault(sim.Script("", "", sim.HTMLPage(200), sim.HTMLPage(200), sim.HTMLPage(200)))
		report := f.run()
		if report.Failures["github"] == nil || report.Failures["jira"] != nil {
			f.Fatalf("failures: %v", report.Failures)
		}
		same(f, "items", len(before.Outcome.Items), len(report.Outcome.Items))
		same(f, "twins", 3, report.Outcome.Twins)
		same(f, "held as stale", 6, report.Outcome.Held()[work.ConnectorStale])
		same(f, "written in GitHub", []string{}, f.hubWrote())
		same(f, "in Jira", "Critical", f.priority("PAY-3"))
		f.github.SetFault(nil)
		f.pass(time.Minute)
		report = f.run()
		same(f, "held in the end", []string{}, holds(report))
		same(f, "labels", []string{"priority/p3", "roadmap/now"}, f.labels("acme/pay#2"))
	})
}

// What was read inside the firm does not show in a public repository, unless
// the rules name the field for it, as the roadmap here.
func TestS7NothingInternalReachesAPublicRepository(t *testing.T) {
	w := world{issues: []jirasim.Issue{issue("WEB-1", 90)}, github: []githubsim.Issue{twin("acme/web", 1, "WEB-1")}, public: true}
	w.patch = []string{"write: observe", "write: auto"}
	story(t, w, func(f *firm) {
		report := f.run()
		same(f, "held", []string{"acme/web#1 priority leak_guard"}, holds(report))
		same(f, "labels", []string{"roadmap/now"}, f.labels("acme/web#1"))
		same(f, "in Jira", "Highest", f.priority("WEB-1"))
	})
}

func TestS9GitHubsLostAnswersRepeatNothing(t *testing.T) {
	story(t, hubbed(), func(f *firm) {
		f.github.SetFault(func(r *http.Request) *sim.Fault {
			if r.Method == http.MethodPost || r.Method == http.MethodDelete {
				return sim.LostAnswer()
			}
			return nil
		})
		for range 2 {
			f.run()
			f.pass(10 * time.Minute)
			f.sets("PAY-3", 10)
		}
		f.github.SetFault(nil)
		f.run()
		f.pass(time.Minute)
		report := f.run()
		same(f, "left to do", []string{}, append(edits(report), holds(report)...))
		same(f, "labels", []string{"priority/asap", "priority/p4", "roadmap/now", "team"}, f.labels("acme/pay#3"))
		seen := map[string]bool{}
		for _, line := range f.hubWrote() {
			if seen[line] {
				f.Errorf("written twice: %s", line)
			}
			seen[line] = true
		}
	})
}

func TestS10GitHubIsLeftAloneForAsLongAsItAsks(t *testing.T) {
	story(t, hubbed(), func(f *firm) {
		began := time.Now()
		until := began.Add(9*time.Minute + 30*time.Second)
		later := 0
		f.github.SetFault(func(r *http.Request) *sim.Fault {
			if r.Method == http.MethodGet || !time.Now().Before(until) {
				return nil
			}
			if time.Now().After(began) { // what was on its way already is no offence
				later++
			}
			return &sim.Fault{
				Name: "secondary limit", Status: http.StatusForbidden,
				Header: http.Header{"Content-Type": {"application/json"}, "Retry-After": {"570"}, "X-Github-Request-Id": {"1"}},
				Body:   `{"message":"You have exceeded a secondary rate limit."}`,
			}
		})
		for range 9 {
			f.run()
			f.pass(time.Minute)
		}
		if later > 0 {
			f.Errorf("GitHub was written to %d times before the pause was over", later)
		}
		same(f, "in Jira", "Critical", f.priority("PAY-3"))
		f.pass(time.Minute)
		f.run()
		same(f, "labels", []string{"priority/asap", "priority/p1", "roadmap/now", "team"}, f.labels("acme/pay#3"))
		same(f, "set aside", []string{}, f.letters())
	})
}

func TestS15AnOddIssueOfGitHubIsSetAsideAlone(t *testing.T) {
	w := hubbed()
	w.github[1].Raw = map[string]any{"number": "two"}
	w.unjudged = true // the judge would blame the stand-in
	story(t, w, func(f *firm) {
		report := f.run()
		same(f, "twins", 2, report.Outcome.Twins)
		same(f, "set aside", 1, len(f.letters()))
		same(f, "labels", []string{"bug", "priority/p4", "roadmap/now"}, f.labels("acme/pay#1"))
		same(f, "untouched", 0, len(f.labels("acme/pay#2")))
	})
}

func TestS18HandsOffInGitHubLeavesTheTwinInJiraToTandem(t *testing.T) {
	w := hubbed()
	w.github[2].Labels = []string{"tandem/hands-off"}
	story(t, w, func(f *firm) {
		report := f.run()
		same(f, "held", []string{"acme/pay#3 horizon hands_off", "acme/pay#3 priority hands_off"}, holds(report))
		same(f, "labels", []string{"tandem/hands-off"}, f.labels("acme/pay#3"))
		same(f, "in Jira", "Critical", f.priority("PAY-3"))
	})
}

// The team of a place decides how far Tandem goes there, whoever owns the item.
func TestATeamOnObserveKeepsItsRepositoryAsItIs(t *testing.T) {
	w := hubbed()
	w.github = []githubsim.Issue{twin("acme/web", 1, "PAY-3"), twin("acme/pay", 1, "PAY-1")}
	story(t, w, func(f *firm) {
		report := f.runWith(everything)
		for _, e := range report.Outcome.Plan.Edits {
			if e.Place == "acme/web" && e.Gate != plan.Observed {
				f.Errorf("an edit of %s is %s", e.Key, e.Gate)
			}
		}
		same(f, "in the observed repository", 0, len(f.labels("acme/web#1")))
		same(f, "in Jira", "Critical", f.priority("PAY-3"))
		for _, line := range f.hubWrote() {
			if !strings.HasPrefix(line, "acme/pay#1 ") {
				f.Errorf("Tandem wrote %s", line)
			}
		}
	})
}
