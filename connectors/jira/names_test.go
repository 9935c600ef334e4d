package jira_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/connectors"
	"tandem/internal/sim/jirasim"
	"tandem/internal/work"
)

// findings reads a poll and returns its records and findings.
func findings(t *testing.T, c *connectors.Connector, from connectors.Cursor) (records []work.Record, subjects []string, cursor connectors.Cursor) {
	t.Helper()
	for page, err := range c.Source.Pages(t.Context(), "issues", from) {
		if err != nil {
			t.Fatal(err)
		}
		records = append(records, page.Records...)
		for _, f := range page.Findings {
			subjects = append(subjects, f.Subject)
		}
		cursor = page.Cursor
	}
	slices.Sort(subjects)
	return records, subjects, cursor
}

// renaming is a site with three issues that was read once.
type renaming struct {
	*connectors.Connector
	site   *jirasim.Site
	now    *time.Time
	env    connectors.Env
	cursor connectors.Cursor
}

func newRenaming(t *testing.T, spellings map[string][]string) *renaming {
	t.Helper()
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	r := &renaming{now: &now}
	world := jirasim.Sample()
	world.Issues = []jirasim.Issue{
		{Key: "PAY-1", Summary: "a", Priority: "10102", Updated: now.Add(-time.Hour), Custom: map[string]any{"customfield_10026": 5.0}},
		{Key: "PAY-2", Summary: "b", Priority: "10100", Updated: now.Add(-time.Hour)},
	}
	r.env = connectors.Env{Fields: []string{"name:Story Points"}, Now: func() time.Time { return *r.now }, Spellings: spellings}
	r.Connector, r.site = liveIn(t, world, jirasim.Cloud, 0, plain, r.env)
	_, subjects, cursor := findings(t, r.Connector, nil)
	if len(subjects) > 0 {
		t.Fatalf("a first read finds %v", subjects)
	}
	r.cursor = cursor
	return r
}

// touch changes the summary of PAY-1, so that it is read again.
func (r *renaming) touch(t *testing.T, after time.Duration) (work.Record, []string) {
	t.Helper()
	*r.now = r.now.Add(after)
	if err := r.site.Edit("PAY-1", jirasim.Ana, func(i *jirasim.Issue) { i.Summary += "." }); err != nil {
		t.Fatal(err)
	}
	records, subjects, cursor := findings(t, r.Connector, r.cursor)
	r.cursor = cursor
	if len(records) != 1 {
		t.Fatalf("%d records", len(records))
	}
	return records[0], subjects
}

// TestRenamedThingsAreFollowedByTheirID: the record goes on as if nothing had
// happened, and a person is told once.
func TestRenamedThingsAreFollowedByTheirID(t *testing.T) {
	t.Parallel()
	r := newRenaming(t, nil)
	before, _ := r.touch(t, time.Minute)
	for _, err := range []error{
		r.site.RenamePriority(jirasim.Ana, "10102", "Serious"), r.site.RenameStatus(jirasim.Ana, "10000", "Open"),
		r.site.RenameField(jirasim.Ana, "customfield_10026", "Estimate"),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	after, subjects := r.touch(t, 2*time.Hour)
	for _, field := range []string{"priority", "status", "name:Story Points"} {
		if after.Fields[field] != before.Fields[field] || !after.Fields[field].Present() {
			t.Errorf("%s is %s, was %s", field, after.Fields[field], before.Fields[field])
		}
	}
	if d := cmp.Diff([]string{"field Story Points", "priority Major", "status To Do"}, subjects); d != "" {
		t.Error(d)
	}
	if _, again := r.touch(t, 2*time.Hour); len(again) > 0 {
		t.Errorf("told again: %v", again)
	}
	// Writing goes by id too, under the name that rules know.
	e := edit(0, "priority", "", work.SetField, work.NewText("Major"), work.NewText("Blocker"))
	i, _ := r.site.Issue("PAY-2")
	e.Key, e.Target.RefID = "PAY-2", work.RefID{Connector: "jira", ID: strconv.FormatInt(i.ID, 10)}
	if got := r.Sink.Send(t.Context(), []work.Edit{e}); got[0].State != work.Applied {
		t.Errorf("%+v", got)
	}
	if i, _ := r.site.Issue("PAY-2"); i.Priority != "10102" {
		t.Errorf("priority is %s", i.Priority)
	}
}

func TestAnAccountThatTurnsGermanChangesNoRecord(t *testing.T) {
	t.Parallel()
	r := newRenaming(t, nil)
	before, _ := r.touch(t, time.Minute)
	if err := r.site.SetLanguage("de"); err != nil {
		t.Fatal(err)
	}
	after, subjects := r.touch(t, 2*time.Hour)
	for name, value := range before.Fields {
		if name != "summary" && name != "updated" && after.Fields[name] != value {
			t.Errorf("%s is %s, was %s", name, after.Fields[name], value)
		}
	}
	if len(subjects) == 0 || len(slices.Compact(slices.Clone(subjects))) != len(subjects) {
		t.Errorf("told %v", subjects)
	}
	t.Logf("told: %s", strings.Join(subjects, ", "))
	for page, err := range r.Reader.Read(t.Context(), []work.Ref{after.Ref}) {
		if err != nil || page.Records[0].Fields["priority"] != before.Fields["priority"] || len(page.Findings) > 0 {
			t.Errorf("by id: %+v, %v", page, err)
		}
	}
}

// TestANewNameThatRulesKnowIsTakenOver: whoever writes the new name into the
// rules gets it.
func TestANewNameThatRulesKnowIsTakenOver(t *testing.T) {
	t.Parallel()
	r := newRenaming(t, map[string][]string{"priority": {"Critical", "Serious"}})
	if err := r.site.RenamePriority(jirasim.Ana, "10102", "Serious"); err != nil {
		t.Fatal(err)
	}
	after, subjects := r.touch(t, time.Minute)
	if after.Fields["priority"] != work.NewText("Serious") || len(subjects) > 0 {
		t.Errorf("%s, %v", after.Fields["priority"], subjects)
	}
}

// TestNamesOutliveTheProcess: what a fresh process reads by id before the first
// poll is read again under the names that rules know.
func TestNamesOutliveTheProcess(t *testing.T) {
	t.Parallel()
	r := newRenaming(t, nil)
	before, _ := r.touch(t, time.Minute)
	if err := r.site.RenamePriority(jirasim.Ana, "10102", "Serious"); err != nil {
		t.Fatal(err)
	}
	fresh := connectTo(t, r.site, jirasim.Cloud, plain, r.env)
	for page, err := range fresh.Reader.Read(t.Context(), []work.Ref{before.Ref}) {
		if err != nil || len(page.Records) != 1 {
			t.Fatalf("%+v, %v", page, err)
		}
	}
	records, subjects, _ := findings(t, fresh, r.cursor)
	for _, record := range records {
		if record.Fields["priority"] != before.Fields["priority"] && record.Key == before.Key {
			t.Errorf("priority is %s", record.Fields["priority"])
		}
	}
	if len(records) == 0 || !slices.Equal(subjects, []string{"priority Major"}) {
		t.Errorf("%d records, told %v", len(records), subjects)
	}
}
