package scheduler_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/internal/plan/undo"
	"tandem/internal/sim/githubsim"
	"tandem/internal/sim/jirasim"
	"tandem/internal/work"
	"tandem/scheduler"
)

// The field of Jira and the values that stand for horizons.
const choiceField = "customfield_10110"

func horizons() []string {
	return []string{"now", "next", "later", "2026-Q4", "2027-Q1", "2027-Q2", "2027-Q3"}
}

// place is one way to write the horizon: what the rules say of it, and what
// stands there.
type place struct {
	jira, github string
	stands       func(f *firm, n int) []string
}

// places are all of them; issue n of Jira has issue n of GitHub as its twin.
func places() map[string]place {
	field := func(f *firm, n int) []string {
		p, _ := f.github.Project("acme/7")
		option, _ := p.Items[n-1].Values[horizonField].(string)
		return some(option)
	}
	return map[string]place{
		"labels of Jira": {jira: "{label: 'roadmap/{value}'}", stands: func(f *firm, n int) []string {
			var all []string
			for _, l := range f.issue(fmt.Sprint("PAY-", n)).Labels {
				all = append(all, strings.TrimPrefix(l, "roadmap/"))
			}
			return slices.Sorted(slices.Values(all))
		}},
		"fix versions of Jira": {jira: "{field: fix_versions}", stands: func(f *firm, n int) []string {
			all := slices.Clone(f.issue(fmt.Sprint("PAY-", n)).FixVersions)
			slices.Sort(all)
			return all
		}},
		"a custom field of Jira": {jira: "{field: {name: Horizon, id: " + choiceField + "}}", stands: func(f *firm, n int) []string {
			option, _ := f.issue(fmt.Sprint("PAY-", n)).Custom[choiceField].(string)
			return some(option)
		}},
		"labels of GitHub": {github: "{label: 'roadmap/{value}'}", stands: func(f *firm, n int) []string {
			var all []string
			for _, l := range f.labels(fmt.Sprint("acme/pay#", n)) {
				if rest, ours := strings.CutPrefix(l, "roadmap/"); ours {
					all = append(all, rest)
				}
			}
			return all
		}},
		"milestones of GitHub": {github: "{field: milestone}", stands: func(f *firm, n int) []string {
			i, _ := f.github.Issue(fmt.Sprint("acme/pay#", n))
			if i.Milestone == 0 {
				return nil
			}
			return []string{horizons()[i.Milestone-1]}
		}},
		"a select of a GitHub project":      {github: "{project_field: Horizon}", stands: field},
		"an iteration of a GitHub project":  {github: "{project_field: Horizon} ", stands: field},
		"labels and versions of both sides": {jira: "{field: fix_versions}", github: "{label: 'roadmap/{value}'}", stands: func(f *firm, n int) []string { return f.issue(fmt.Sprint("PAY-", n)).FixVersions }},
	}
}

func some(text string) []string {
	if text == "" {
		return nil
	}
	return []string{text}
}

// horizonWorld has three issues that fill a period each, and every value of
// the horizon in every place, except those that lack.
func horizonWorld(name string, p place, roadmap string, lacks ...string) world {
	w := world{issues: issues("PAY", 3), oneWriter: true, horizonAt: strings.TrimSpace(p.github)}
	for i := range w.issues {
		w.issues[i].Custom[effortField] = 9.0
	}
	w.patch = append(w.patch, "roadmap: {now: {capacity: 1}, next: {capacity: 2}, later: {}, dwell: 0d}", roadmap)
	if p.jira != "{label: 'roadmap/{value}'}" {
		w.patch = append(w.patch, "jira: {label: 'roadmap/{value}'}", strings.TrimSuffix("jira: "+p.jira, "jira: "))
	}
	kept := slices.DeleteFunc(horizons(), func(h string) bool { return slices.Contains(lacks, h) })
	if p.github != "" {
		for n := range w.issues {
			t := twin("acme/pay", n+1, w.issues[n].Key)
			t.ID = int64(7001 + n)
			w.github = append(w.github, t)
		}
		w.board = &githubsim.Project{Owner: "acme", Number: 7, Title: "Roadmap", Items: []githubsim.ProjectItem{{Issue: 7001}, {Issue: 7002}, {Issue: 7003}}}
		f := githubsim.ProjectField{ID: horizonField, Name: "Horizon", Kind: githubsim.SelectField}
		if strings.Contains(name, "iteration") {
			f.Kind = githubsim.IterationField
		}
		for i, h := range kept {
			f.Options = append(f.Options, githubsim.ProjectOption{ID: h, Name: h, Start: monday().AddDate(0, 0, 14*i), Days: 14})
		}
		w.board.Fields = []githubsim.ProjectField{f}
	}
	w.shape = func(s *jirasim.World) {
		f := jirasim.Field{ID: choiceField, Name: "Horizon", Kind: jirasim.Option}
		for _, h := range kept {
			f.Options = append(f.Options, jirasim.Choice{ID: h, Value: h})
		}
		s.Fields = append(s.Fields, f)
		for i := range s.Projects {
			if s.Projects[i].Key == "PAY" {
				for _, h := range kept {
					s.Projects[i].Versions = append(s.Projects[i].Versions, jirasim.Version{ID: h, Name: h})
				}
			}
		}
	}
	w.hubShape = func(hub *githubsim.World) {
		for i := range hub.Repositories {
			for n, h := range horizons() {
				if slices.Contains(kept, h) {
					hub.Repositories[i].Milestones = append(hub.Repositories[i].Milestones, githubsim.Milestone{Number: n + 1, Title: h})
				}
			}
		}
	}
	return w
}

// standing is what stands at the issues 3, 2 and 1, which is their order.
func (p place) standing(f *firm) string {
	var all []string
	for n := 3; n > 0; n-- {
		all = append(all, strings.Join(p.stands(f, n), "+"))
	}
	return strings.Join(all, " ")
}

func TestHorizonsAreWrittenInEveryPlaceThatRulesName(t *testing.T) {
	t.Parallel()
	for name, p := range places() {
		t.Run(name, func(t *testing.T) {
			story(t, horizonWorld(name, p, "roadmap: {now: {capacity: 1}, next: {capacity: 2}, dwell: 0d}"), func(f *firm) {
				f.run()
				same(f, "horizons", "now next next", p.standing(f))
				f.pass(time.Minute)
				if report := f.run(); report.Sent > 0 {
					f.Errorf("an idle cycle sent %v", edits(report))
				}
				f.pass(time.Minute)
				f.sets("PAY-1", 100)
				f.run()
				same(f, "horizons of another order", "next next now", p.standing(f))
			})
		})
	}
}

func TestQuartersAreWrittenInEveryPlaceAndTurn(t *testing.T) {
	t.Parallel()
	for name, p := range places() {
		t.Run(name, func(t *testing.T) {
			story(t, horizonWorld(name, p, "roadmap: {quarters: {count: 3}}"), func(f *firm) {
				f.run() // two periods are left of the quarter
				same(f, "quarters", "2026-Q4 2026-Q4 2027-Q1", p.standing(f))
				f.pass(time.Minute)
				if report := f.run(); report.Sent > 0 {
					f.Errorf("an idle cycle sent %v", edits(report))
				}
				for range 30 {
					f.pass(24 * time.Hour)
					if report := f.run(); report.Sent > 0 {
						f.Errorf("an idle day sent %v", edits(report))
					}
				}
				f.person("PAY-3", func(i *jirasim.Issue) { i.Status = "10001" }) // finished in time
				f.pass(10 * 24 * time.Hour)
				report := f.run()
				same(f, "after the turn", "2026-Q4 2027-Q1 2027-Q1", p.standing(f))
				d, _ := report.Outcome.FindKey("jira:PAY-2")
				if want := "2026-Q4 is over; effort 9 fits in 2027-Q1 (18 of 54 planned)"; d.HorizonBecause != want {
					f.Errorf("got %q, want %q", d.HorizonBecause, want)
				}
				f.pass(time.Minute)
				if report := f.run(); report.Sent > 0 {
					f.Errorf("the cycle after the turn sent %v", edits(report))
				}
			})
		})
	}
}

func TestFillLeavesWhatAPersonSetInEveryPlace(t *testing.T) {
	t.Parallel()
	for name, p := range places() {
		if p.jira != "" && p.github != "" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			w := horizonWorld(name, p, "roadmap: {now: {capacity: 1}, next: {capacity: 2}, dwell: 0d}")
			owner := "jira"
			if p.github != "" {
				owner = "github"
			}
			w.patch = append(w.patch, "owner: tandem\n    from: roadmap", "owner: "+owner+"\n    fill: tandem")
			story(t, w, func(f *firm) {
				f.run()
				same(f, "filled", "now next next", p.standing(f))
				f.pass(10 * time.Minute)
				f.fixes(name, 1, "later")
				for range 3 {
					f.run()
					f.pass(10 * time.Minute)
				}
				same(f, "after a person's word", "now next later", p.standing(f))
				d, _ := f.run().Outcome.FindKey("jira:PAY-1")
				if !d.HorizonFixed || d.Horizon != "later" {
					f.Errorf("PAY-1 is %s, fixed %t", d.Horizon, d.HorizonFixed)
				}
			})
		})
	}
}

// fixes sets the horizon of an issue by hand.
func (f *firm) fixes(where string, n int, horizon string) {
	f.Helper()
	jira, hub := fmt.Sprint("PAY-", n), fmt.Sprint("acme/pay#", n)
	switch where {
	case "labels of Jira":
		f.person(jira, func(i *jirasim.Issue) { i.Labels = []string{"roadmap/" + horizon} })
	case "fix versions of Jira":
		f.person(jira, func(i *jirasim.Issue) { i.FixVersions = []string{horizon} })
	case "a custom field of Jira":
		f.person(jira, func(i *jirasim.Issue) { i.Custom[choiceField] = horizon })
	case "labels of GitHub":
		f.relabel(hub, "roadmap/"+horizon)
	case "milestones of GitHub":
		f.ok(f.github.Edit(hub, "ana-acme", func(i *githubsim.Issue) { i.Milestone = slices.Index(horizons(), horizon) + 1 }))
	default:
		f.drags(n-1, horizon)
	}
}

func TestS2VersionsOfTheTeamStayAndASecondHorizonIsHeld(t *testing.T) {
	p := places()["fix versions of Jira"]
	w := horizonWorld("fix versions of Jira", p, "roadmap: {now: {capacity: 1}, next: {capacity: 2}, dwell: 0d}")
	for i := range w.issues {
		w.issues[i].FixVersions = []string{"10300"} // 2026.11, the team's own
	}
	story(t, w, func(f *firm) {
		f.run()
		same(f, "versions", "10300+now 10300+next 10300+next", p.standing(f))
		f.pass(time.Minute)
		f.sets("PAY-1", 100)
		f.run()
		same(f, "versions of another order", "10300+next 10300+next 10300+now", p.standing(f))
		f.pass(time.Minute)
		f.person("PAY-3", func(i *jirasim.Issue) { i.FixVersions = append(i.FixVersions, "later") })
		report := f.run()
		same(f, "with a second one", "10300+later+next 10300+next 10300+now", p.standing(f))
		same(f, "held", []string{"PAY-3 horizon ambiguous_label"}, holds(report))
	})
}

func TestAValueThatAServiceLacksIsToldAndNeverCreated(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"fix versions of Jira":             `PAY has no version "now"; it has: 2026.11, next, later, 2026-Q4`,
		"a custom field of Jira":           `has no value "now" here; it has: next, later`,
		"milestones of GitHub":             `acme/pay has no open milestone "now"; open are: next, later`,
		"a select of a GitHub project":     `"now"`,
		"an iteration of a GitHub project": `"now"`,
	} {
		t.Run(name, func(t *testing.T) {
			p := places()[name]
			story(t, horizonWorld(name, p, "roadmap: {now: {capacity: 1}, next: {capacity: 2}, dwell: 0d}", "now"), func(f *firm) {
				report := f.run()
				same(f, "horizons", " next next", p.standing(f))
				told := slices.ContainsFunc(report.Refused, func(r scheduler.Refusal) bool { return strings.Contains(r.Result.Detail, want) })
				if report.Failed() != 1 || !told {
					f.Errorf("%d failed; nobody told %q: %+v", report.Failed(), want, report.Refused)
				}
			})
		})
	}
}

func TestUndoTakesOurVersionsOffAndLeavesTheTeams(t *testing.T) {
	p := places()["fix versions of Jira"]
	w := horizonWorld("fix versions of Jira", p, "roadmap: {now: {capacity: 1}, next: {capacity: 2}, dwell: 0d}")
	for i := range w.issues {
		w.issues[i].FixVersions = []string{"10300"}
	}
	story(t, w, func(f *firm) {
		f.run()
		f.pass(time.Minute)
		f.undoes(1, undo.Scope{Fields: []work.Field{work.Horizon}})
		same(f, "versions after undo", "10300 10300 10300", p.standing(f))
		f.pass(time.Minute)
		if report := f.run(); report.Sent > 0 {
			f.Errorf("the cycle after the undo sent %v", edits(report))
		}
		same(f, "versions in the end", "10300 10300 10300", p.standing(f))
	})
}
