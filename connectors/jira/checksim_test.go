package jira_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/connectors"
	"tandem/connectors/jira"
	"tandem/internal/secret"
	"tandem/internal/sim"
	"tandem/internal/sim/jirasim"
	"tandem/internal/sim/judge"
	"tandem/internal/work"
)

// ward is a stand-in with issues all over its projects, which a description
// judges.
type ward struct {
	site       *jirasim.Site
	judge      *judge.Judge
	deployment jirasim.Deployment
}

func admit(t *testing.T, deployment jirasim.Deployment, n int, change func(*jirasim.World)) *ward {
	t.Helper()
	world := jirasim.Sample()
	for i := range n {
		project := []string{"PAY", "WEB", "OPS"}[i%3]
		world.Issues = append(world.Issues, jirasim.Issue{
			Key: fmt.Sprintf("%s-%d", project, i/3+1), Summary: "Issue", Updated: time.Now().Add(-time.Duration(n-i) * time.Minute),
		})
	}
	if change != nil {
		change(&world)
	}
	site, err := jirasim.New(world, jirasim.Options{Now: time.Now, Deployment: deployment})
	if err != nil {
		t.Fatal(err)
	}
	return &ward{site, judge.New(judge.Find()), deployment}
}

// open connects for rules that write in every project.
func (w *ward) open(t *testing.T, projects ...string) *connectors.Connector {
	t.Helper()
	return w.where(t, "", projects...)
}

// where connects to what a JQL restricts.
func (w *ward) where(t *testing.T, where string, projects ...string) *connectors.Connector {
	t.Helper()
	service := judge.Jira
	instance, problems := jira.Definition().New("jira", func(into any) []work.Problem {
		c, ok := into.(*jira.Config)
		if !ok {
			t.Fatalf("decode into %T", into)
		}
		c.URL, c.Projects, c.Where = "https://acme.example", projects, where
		c.Auth = jira.Auth{Email: "bot@acme.example", Token: secret.FromText("jira-token")}
		if w.deployment == jirasim.DataCenter {
			c.Deployment, c.Auth.Email, service = "datacenter", "", judge.JiraDC
		}
		return nil
	})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	schemes := map[string][]string{"PAY": {"Critical", "Major"}, "WEB": {"Highest", "Low"}, "OPS": {"P1", "P4"}}
	var writes []connectors.Write
	for _, p := range projects {
		writes = append(writes,
			connectors.Write{Path: "priority", Place: p, Values: schemes[p]},
			connectors.Write{Path: "labels", Place: p, Labels: true, Values: []string{"roadmap/now"}},
			connectors.Write{Path: "name:Story Points", Place: p})
	}
	live, err := instance.Open(t.Context(), connectors.Env{
		Name: "jira", Fields: []string{"name:Story Points"}, Writes: writes, Now: time.Now,
		Transport: w.judge.Transport(service, sim.Network{"acme.example": w.site}),
	})
	if err != nil {
		t.Fatal(err)
	}
	return live
}

// untouched reports what was changed, and what does not fit the description.
func (w *ward) untouched(t *testing.T) {
	t.Helper()
	if all := w.site.Writes().Effects(true); len(all) > 0 {
		t.Errorf("the site was changed: %v", all)
	}
	for _, v := range w.judge.Violations() {
		t.Error(v)
	}
	t.Log(w.judge.Report())
}

func deployments() []jirasim.Deployment {
	return []jirasim.Deployment{jirasim.Cloud, jirasim.DataCenter}
}

// TestCheckChangesNothingAndItsCallsGrowWithTheProjectsOnly: the log of writes
// stays empty, and more issues cost no more calls.
func TestCheckChangesNothingAndItsCallsGrowWithTheProjectsOnly(t *testing.T) {
	t.Parallel()
	for _, deployment := range deployments() {
		for _, projects := range [][]string{{"PAY"}, {"PAY", "WEB", "OPS"}} {
			w := admit(t, deployment, 400, nil)
			live := w.open(t, projects...)
			got := live.Checker.Check(t.Context())
			if n, most := w.site.Calls("", ""), 3+4*len(projects); n > most {
				t.Errorf("%d calls for %d projects, want at most %d: %v", n, len(projects), most, w.site.Counts())
			}
			w.untouched(t)
			for _, f := range got {
				if f.Level == work.Fatal {
					t.Errorf("%+v", f)
				}
			}
			lacks := slices.ContainsFunc(got, func(f work.Finding) bool {
				return f.Level == work.Warning && strings.HasPrefix(f.Subject, "jira field Story Points (customfield_10026) in WEB")
			})
			if lacks != slices.Contains(projects, "WEB") {
				t.Errorf("WEB has no Story Points on its screens: %+v", got)
			}
		}
	}
}

// TestJiraReadsTheRestriction: Data Center has no call that only parses JQL.
func TestJiraReadsTheRestriction(t *testing.T) {
	t.Parallel()
	for _, deployment := range deployments() {
		for where, want := range map[string]string{"statusCategory != Done": "", "foo = bar": "Field 'foo' does not exist"} {
			w := admit(t, deployment, 6, nil)
			said := ""
			for _, f := range w.where(t, where, "PAY").Checker.Check(t.Context()) {
				if f.Subject == "jira where" {
					said += string(f.Level) + " " + f.What
				}
			}
			if !strings.Contains(said, want) || (said == "") != (want == "") {
				t.Errorf("deployment %d, where %q: %q, want %q", deployment, where, said, want)
			}
			w.untouched(t)
		}
	}
}

// TestASurveyFindsFieldsByWhatTheyAreNotByTheirNames: names are Chinese and
// German, and still all is found.
func TestASurveyFindsFieldsByWhatTheyAreNotByTheirNames(t *testing.T) {
	t.Parallel()
	for _, deployment := range deployments() {
		w := admit(t, deployment, 90, func(world *jirasim.World) {
			world.Fields[0].Name = "Größe"      // found by the board that estimates by it
			world.Fields[1].Name = "故事点（估算）"    // found by its type
			world.Fields = append(world.Fields, // found by its name
				jirasim.Field{ID: "customfield_10090", Name: "验收标准", Kind: jirasim.Area, Projects: []string{"PAY"}},
				jirasim.Field{ID: "customfield_10091", Name: "Business-Value", Kind: jirasim.Number, Projects: []string{"OPS"}})
			world.Projects[0].Components = []jirasim.Component{{ID: "1", Name: "Kasse"}}
		})
		surveyor := w.open(t, "PAY", "WEB", "OPS").Surveyor
		service, findings := surveyor.Probe(t.Context())
		survey, more := surveyor.Survey(t.Context())
		w.site.ResetCounts()
		found, last := surveyor.Discover(t.Context(), []string{"PAY", "WEB"})
		if findings = slices.Concat(findings, more, last); len(findings) > 0 {
			t.Errorf("%+v", findings)
		}
		if n := w.site.Calls("", ""); n > 2+6*2 {
			t.Errorf("%d calls for two projects: %v", n, w.site.Counts())
		}
		w.untouched(t)
		if want := map[jirasim.Deployment]string{jirasim.Cloud: "cloud", jirasim.DataCenter: "datacenter"}[deployment]; service.Kind != want {
			t.Errorf("%+v", service)
		}
		if survey.Account != "Tandem" || survey.TimeZone != "Europe/Berlin" || len(survey.Places) != 3 || survey.Places[0].Key != "OPS" {
			t.Errorf("%+v", survey)
		}
		if lead := found.Places[0].Lead; lead.Name != "Cy Chen" || lead.ID == "" {
			t.Errorf("PAY is led by %+v", lead)
		}
		var facts []string
		for _, f := range found.Places[0].Facts {
			facts = append(facts, f.What)
		}
		for _, want := range []string{"types", "statuses", "priorities", "boards", "components"} {
			if !slices.Contains(facts, want) {
				t.Errorf("of PAY only this is known: %v", found.Places[0].Facts)
			}
		}
		var got []string
		for _, p := range found.Proposals {
			got = append(got, fmt.Sprintf("%s %s %s %v%v %d", p.Shared, p.Place, p.Native, p.Ordered, p.Spellings, p.Confidence))
		}
		kinds := "map[bug:[Fehler] epic:[Epic] story:[Story] subtask:[Unteraufgabe] task:[任务]] 90"
		want := []string{
			"priority PAY priority [Critical Blocker Major Minor Trivial]map[] 100",
			"effort PAY customfield_10026 []map[] 99",
			"acceptance_criteria PAY customfield_10090 []map[] 90",
			"severity PAY customfield_10040 [Kritisch Hoch Niedrig]map[] 80",
			"kind PAY issuetype []" + kinds,
			"priority WEB priority [Highest High Medium Low Lowest]map[] 100",
			"effort WEB customfield_10016 []map[] 99",
			"severity WEB customfield_10040 [Kritisch Hoch Niedrig]map[] 80",
			"kind WEB issuetype []" + kinds,
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: %s", service.Name, d)
		}
	}
}

func TestASurveyOfAnEmptyOrUnknownProjectSaysSo(t *testing.T) {
	t.Parallel()
	w := admit(t, jirasim.Cloud, 0, nil)
	found, findings := w.open(t, "PAY").Surveyor.Discover(t.Context(), []string{"PAY", "PYA"})
	if len(findings) != 1 || findings[0].Level != work.Fatal || !strings.Contains(findings[0].Subject, "PYA") || findings[0].Remedy == "" {
		t.Errorf("%+v", findings)
	}
	if len(found.Places) != 1 || found.Places[0].Facts[len(found.Places[0].Facts)-1].What != "issues" {
		t.Errorf("%+v", found.Places)
	}
	for _, p := range found.Proposals {
		if p.Field == work.Priority && (len(p.Ordered) != 5 || p.Ordered[0] != "Critical") {
			t.Errorf("without an issue the scheme tells: %+v", p)
		}
		if p.Field == work.Effort && p.Confidence >= 90 {
			t.Errorf("nobody has seen the screen: %+v", p)
		}
	}
}
