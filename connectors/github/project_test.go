package github_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/connectors"
	"tandem/connectors/connectortest"
	"tandem/internal/sim"
	"tandem/internal/sim/githubsim"
	"tandem/internal/sim/judge"
	"tandem/internal/work"
)

// The ids of the fields of the board acme/7.
const (
	horizonField = 1 + iota
	estimateField
	targetField
	notesField
	sprintField
)

// january is a day of the month in which the board was made.
func january(day int) time.Time { return time.Date(2026, time.January, day, 0, 0, 0, 0, time.UTC) }

// roadmap is a board with a field of each kind and a card for each of the
// first cards issues; issue n of acme/pay has the id 1000+n.
func roadmap(cards int) githubsim.Project {
	option := func(name string) githubsim.ProjectOption { return githubsim.ProjectOption{ID: "o-" + name, Name: name} }
	p := githubsim.Project{
		Owner: "acme", Number: 7, Title: "Roadmap", Fields: []githubsim.ProjectField{
			{ID: horizonField, Name: "Horizon", Kind: githubsim.SelectField, Options: []githubsim.ProjectOption{option("Now"), option("Next"), option("Later")}},
			{ID: estimateField, Name: "Estimate", Kind: githubsim.NumberField},
			{ID: targetField, Name: "Target", Kind: githubsim.DateField},
			{ID: notesField, Name: "Notes", Kind: githubsim.TextField},
			{ID: sprintField, Name: "Sprint", Kind: githubsim.IterationField, Options: []githubsim.ProjectOption{
				{ID: "i-1", Name: "Sprint 1", Start: january(5), Days: 14, Done: true}, {ID: "i-2", Name: "Sprint 2", Start: january(19), Days: 14},
			}},
		},
	}
	for i := range cards {
		p.Items = append(p.Items, githubsim.ProjectItem{Issue: int64(1001 + i), Values: map[int64]any{}, Updated: january(1)})
	}
	return p
}

const boardSettings = hubSettings + "repositories: [acme/pay]\nproject: {board: acme/7}"

// boarded is a repository of n issues and the board.
func boarded(t *testing.T, n int, options githubsim.Options, edit func(*githubsim.World)) *githubsim.Site {
	t.Helper()
	if options.Now == nil {
		options.Now = time.Now
	}
	w := githubsim.World{
		Accounts: []githubsim.Account{{Token: connectortest.Token, Login: "tandem", Service: true}},
		Repositories: []githubsim.Repository{
			{Name: "acme/pay", Private: true, Milestones: []githubsim.Milestone{{Title: "v1"}, {Title: "v2"}, {Title: "v0", State: githubsim.Closed}}},
			{Name: "acme/other", Private: true},
		},
		Projects: []githubsim.Project{roadmap(n)},
	}
	for i := range n {
		at := january(1).Add(time.Duration(i) * time.Minute)
		w.Issues = append(w.Issues, githubsim.Issue{
			Repository: "acme/pay", ID: int64(1001 + i), Title: fmt.Sprint("Issue ", i+1), Author: "ana", Created: at, Updated: at,
		})
	}
	if edit != nil {
		edit(&w)
	}
	site, err := githubsim.New(w, options)
	if err != nil {
		t.Fatal(err)
	}
	return site
}

// openBoard connects where rules use the fields of the board.
func openBoard(t *testing.T, site *githubsim.Site, settings string, fields ...string) *connectors.Connector {
	t.Helper()
	if len(fields) == 0 {
		fields = []string{"Horizon", "Estimate", "Target", "Notes", "Sprint"}
	}
	env := connectors.Env{
		Name: "gh", Transport: judging.Transport(judge.GitHub, sim.Network{"127.0.0.1": site}), Now: time.Now, Features: []string{"project_field"},
	}
	env.Spellings = map[string][]string{"project:Horizon": {"Now", "Next", "Later"}}
	for _, f := range fields {
		env.Fields = append(env.Fields, work.ProjectFieldPrefix+f)
	}
	return connect(t, env, settings)
}

// stream reads a stream to its end.
func stream(t *testing.T, c *connectors.Connector, name string, from connectors.Cursor) (records map[string]work.Record, cursor connectors.Cursor) {
	t.Helper()
	records = map[string]work.Record{}
	for page, err := range c.Source.Pages(t.Context(), name, from) {
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page.Records {
			records[r.Key] = r
		}
		cursor = page.Cursor
	}
	return records, cursor
}

// byID reads records by their refs.
func byID(t *testing.T, c *connectors.Connector, refs ...work.Ref) map[string]work.Record {
	t.Helper()
	records := map[string]work.Record{}
	for page, err := range c.Reader.Read(t.Context(), refs) {
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page.Records {
			records[r.Key] = r
		}
	}
	return records
}

func refsOf(records map[string]work.Record) []work.Ref {
	var refs []work.Ref
	for _, key := range slices.Sorted(maps.Keys(records)) {
		refs = append(refs, records[key].Ref)
	}
	return refs
}

// onBoard shows the fields of the board of a record.
func onBoard(r work.Record) map[string]string {
	shown := map[string]string{}
	for name, v := range r.Fields {
		if field, ok := strings.CutPrefix(name, work.ProjectFieldPrefix); ok {
			shown[field] = v.Kind().String() + " " + v.String()
		}
	}
	return shown
}

func sameValues(a, b work.Value) bool { return a == b }

func TestARecordIsTheSameHoweverItWasRead(t *testing.T) {
	t.Parallel()
	site := boarded(t, 6, githubsim.Options{}, func(w *githubsim.World) {
		items := w.Projects[0].Items
		items[0].Values = map[int64]any{
			horizonField: "o-Next", estimateField: 3.5, targetField: "2026-03-01", notesField: "soon", sprintField: "i-2",
		}
		items[2].Archived, items[2].Values = true, map[int64]any{horizonField: "o-Now"}
		items[3].Values = map[int64]any{sprintField: "i-1"}
		items = slices.Delete(items, 4, 5) // issue 5 has no card
		w.Projects[0].Items = append(items, githubsim.ProjectItem{Title: "a draft"}, githubsim.ProjectItem{Issue: 77}, githubsim.ProjectItem{Issue: 78}, githubsim.ProjectItem{Issue: 79})
		w.Projects = append(w.Projects, githubsim.Project{Owner: "acme", Number: 8, Fields: w.Projects[0].Fields[:1:1], Items: []githubsim.ProjectItem{
			{Issue: 1005, Values: map[int64]any{horizonField: "o-Now"}}, {Issue: 1001, Values: map[int64]any{horizonField: "o-Later"}},
		}})
		w.Issues = append(
			w.Issues, githubsim.Issue{Repository: "acme/other", ID: 77, Title: "Not ours"},
			githubsim.Issue{Repository: "acme/secret", ID: 78, Title: "Hidden"}, githubsim.Issue{Repository: "acme/pay", ID: 79, Number: 50, Title: "Pull", PullRequest: true},
		)
		w.Repositories = append(w.Repositories, githubsim.Repository{Name: "acme/secret", Private: true, Access: githubsim.None})
	})
	c := openBoard(t, site, boardSettings)
	listed, _ := stream(t, c, "issues", nil)
	if n := site.Calls("POST", "/graphql"); n != 2 {
		t.Errorf("%d GraphQL requests for a page, want 2: the board and the cards", n)
	}
	empty := map[string]string{"Horizon": "empty empty", "Estimate": "empty empty", "Target": "empty empty", "Notes": "empty empty", "Sprint": "empty empty"}
	want := map[string]map[string]string{
		"acme/pay#1": {"Horizon": "text Next", "Estimate": "number 3.5", "Target": "time 2026-03-01T00:00:00Z", "Notes": "text soon", "Sprint": "text Sprint 2"},
		"acme/pay#2": empty, "acme/pay#3": {}, "acme/pay#5": {}, "acme/pay#6": empty,
		"acme/pay#4": {"Horizon": "empty empty", "Estimate": "empty empty", "Target": "empty empty", "Notes": "empty empty", "Sprint": "text Sprint 1"},
	}
	got := map[string]map[string]string{}
	for key, r := range listed {
		got[key] = onBoard(r)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
	all := refsOf(listed)
	if diff := cmp.Diff(listed, byID(t, c, all...), cmp.Comparer(sameValues)); diff != "" {
		t.Errorf("many by id (-listed +read):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]work.Record{"acme/pay#1": listed["acme/pay#1"]}, byID(t, c, all[0]), cmp.Comparer(sameValues)); diff != "" {
		t.Errorf("one by id (-listed +read):\n%s", diff)
	}
	walked, _ := stream(t, c, "project", nil)
	delete(listed, "acme/pay#3") // archived
	delete(listed, "acme/pay#5") // no card
	if diff := cmp.Diff(listed, walked, cmp.Comparer(sameValues)); diff != "" {
		t.Errorf("by the board (-listed +walked):\n%s", diff)
	}
}

func TestWhereCardsMayBeAddedTheirAbsenceIsEmpty(t *testing.T) {
	t.Parallel()
	site := boarded(t, 3, githubsim.Options{}, func(w *githubsim.World) {
		w.Projects[0].Items = w.Projects[0].Items[1:]
		w.Projects[0].Items[1].Archived = true
	})
	c := openBoard(t, site, boardSettings[:len(boardSettings)-1]+", add_missing: true}", "Horizon")
	listed, _ := stream(t, c, "issues", nil)
	got := map[string]map[string]string{}
	for key, r := range listed {
		got[key] = onBoard(r)
	}
	empty := map[string]string{"Horizon": "empty empty"}
	if diff := cmp.Diff(map[string]map[string]string{"acme/pay#1": empty, "acme/pay#2": empty, "acme/pay#3": {}}, got); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
}

func TestChangesOnTheBoardAreSeenAlthoughTheIssueDoesNotMove(t *testing.T) {
	t.Parallel()
	now := time.Now().UTC().Truncate(time.Second)
	site := boarded(t, 230, githubsim.Options{Now: func() time.Time { return now }}, nil)
	c := openBoard(t, site, boardSettings, "Horizon")
	first, cursor := stream(t, c, "project", nil)
	if len(first) != 230 {
		t.Fatalf("%d issues, want 230", len(first))
	}
	calls := site.Calls("", "")
	quiet, cursor := stream(t, c, "project", cursor)
	if n := site.Calls("", "") - calls; len(quiet) != 0 || n != 3 {
		t.Errorf("a quiet poll: %d records in %d calls, want none in 3", len(quiet), n)
	}
	site.EditProject("acme/7", "ana", func(p *githubsim.Project) { p.Items[120].Values[horizonField] = "o-Now" })
	changed, _ := stream(t, c, "project", cursor)
	if len(changed) != 1 || onBoard(changed["acme/pay#121"])["Horizon"] != "text Now" {
		t.Errorf("changed %v", changed)
	}
	if !changed["acme/pay#121"].Version.Equal(first["acme/pay#121"].Version) {
		t.Error("the version moved")
	}
	for page, err := range c.Source.Pages(t.Context(), "project", nil) {
		if err != nil || page.Done || len(page.Records) != 100 {
			t.Fatalf("%d records, done %v, %v", len(page.Records), page.Done, err)
		}
		rest, _ := stream(t, c, "project", page.Cursor)
		if len(rest) != 130 {
			t.Errorf("%d records after the first page, want 130", len(rest))
		}
		break
	}
}

func TestARenamedFieldIsFollowedAndARemovedOneIsUnknown(t *testing.T) {
	t.Parallel()
	site := boarded(t, 2, githubsim.Options{}, func(w *githubsim.World) { w.Projects[0].Items[0].Values[horizonField] = "o-Next" })
	c := openBoard(t, site, boardSettings, "horizon")
	listed, _ := stream(t, c, "issues", nil)
	want := map[string]string{"horizon": "text Next"}
	if diff := cmp.Diff(want, onBoard(listed["acme/pay#1"])); diff != "" {
		t.Fatal(diff)
	}
	site.EditProject("acme/7", "ana", func(p *githubsim.Project) { p.Fields[0].Name = "When" })
	if diff := cmp.Diff(want, onBoard(byID(t, c, refsOf(listed)...)["acme/pay#1"])); diff != "" {
		t.Errorf("renamed: %s", diff)
	}
	if told := findings(t, c); !strings.Contains(told, "warning gh project:horizon: the field is called When now") {
		t.Errorf("check says\n%s", told)
	}
	site.EditProject("acme/7", "ana", func(p *githubsim.Project) { p.Fields = p.Fields[1:] })
	if diff := cmp.Diff(map[string]string{}, onBoard(byID(t, c, refsOf(listed)...)["acme/pay#1"])); diff != "" {
		t.Errorf("removed: %s", diff)
	}
	if told := findings(t, c); !strings.Contains(told, `warning gh project:horizon: the project acme/7 has no field "horizon"`) {
		t.Errorf("check says\n%s", told)
	}
}

// findings are what a check says, one on each line.
func findings(t *testing.T, c *connectors.Connector) string {
	t.Helper()
	var b strings.Builder
	for _, f := range c.Checker.Check(t.Context()) {
		fmt.Fprintf(&b, "%s %s: %s; %s\n", f.Level, f.Subject, f.What, f.Remedy)
	}
	return b.String()
}

func TestABoardThatCannotBeUsedIsToldWithItsRemedy(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		edit     func(*githubsim.World)
		settings string
		fields   []string
		want     string
		works    bool
	}{
		"a person's board and an App": {func(w *githubsim.World) {
			w.Projects[0].Owner, w.Projects[0].User, w.Accounts[0].App = "ana", true, true
		}, "ana/7", nil, "error gh project: there is no project ana/7, or the credentials may not see it; compare board:", false},
		"a person's board":     {func(w *githubsim.World) { w.Projects[0].Owner, w.Projects[0].User = "ana", true }, "ana/7", nil, "note gh project:Horizon: a single select: Now, Next, Later", true},
		"no such number":       {nil, "acme/8", nil, "error gh project: there is no project acme/8, or", false},
		"no such owner":        {nil, "acne/7", nil, `error gh project: there is no organisation or person "acne"`, false},
		"hidden":               {func(w *githubsim.World) { w.Projects[0].Access = githubsim.None }, "acme/7", nil, "grant Projects (read and write)", false},
		"read only":            {func(w *githubsim.World) { w.Projects[0].Access = githubsim.Pull }, "acme/7", nil, "warning gh project: the credentials may read the project acme/7 and not change it; grant", true},
		"closed":               {func(w *githubsim.World) { w.Projects[0].Closed = true }, "acme/7", nil, "warning gh project: the project acme/7 is closed", true},
		"a field that is none": {nil, "acme/7", []string{"Horizn"}, `warning gh project:Horizn: the project acme/7 has no field "Horizn"; did you mean "Horizon"?`, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			site := boarded(t, 1, githubsim.Options{}, c.edit)
			live := openBoard(t, site, strings.Replace(boardSettings, "acme/7", c.settings, 1), c.fields...)
			if told := findings(t, live); !strings.Contains(told, c.want) {
				t.Errorf("check says\n%s", told)
			}
			listed, _ := stream(t, live, "issues", nil)
			if len(listed) != 1 {
				t.Errorf("issues are not read any more: %v", listed)
			}
			var failed error
			for _, err := range live.Source.Pages(t.Context(), "project", nil) {
				failed = err
			}
			if (failed == nil) != c.works {
				t.Errorf("the stream ends with %v", failed)
			}
		})
	}
}

func TestASettingWithoutABoardIsTold(t *testing.T) {
	t.Parallel()
	c := openBoard(t, boarded(t, 1, githubsim.Options{}, nil), hubSettings+"repositories: [acme/pay]")
	if told := findings(t, c); !strings.Contains(told, "warning gh project: rules use fields of a project, and the settings name none; write project:") {
		t.Errorf("check says\n%s", told)
	}
	if listed, _ := stream(t, c, "project", nil); len(listed) != 0 {
		t.Errorf("read %v", listed)
	}
}

func TestCheckNamesHorizonsThatMilestonesAndOptionsLack(t *testing.T) {
	t.Parallel()
	site := boarded(t, 1, githubsim.Options{}, nil)
	env := connectors.Env{
		Name: "gh", Transport: judging.Transport(judge.GitHub, sim.Network{"127.0.0.1": site}), Now: time.Now, Features: []string{"project_field"},
		Fields: []string{work.ProjectFieldPrefix + "Horizon"}, Writes: []connectors.Write{
			{Path: "milestone", Place: "acme/pay", Values: []string{"v1", "2026-Q4", "v0"}},
			{Path: work.ProjectFieldPrefix + "Horizon", Place: "acme/pay", Values: []string{"Now", "2026-Q4"}},
		},
	}
	var got []string
	for _, f := range connect(t, env, boardSettings).Checker.Check(t.Context()) {
		if f.Level != work.Note {
			got = append(got, f.Subject+": "+f.What+"; "+f.Remedy)
		}
	}
	want := []string{
		`gh project:Horizon: rules name the option "2026-Q4", which the field does not have; add the option to the field, or correct the rules; known are: Now, Next, Later`,
		`gh acme/pay: it has no open milestone "2026-Q4", "v0", which rules write; open are: v1, v2; create them there, since Tandem never does, or map the values to milestones that there are`,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}
