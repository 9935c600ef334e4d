package github_test

import (
	"fmt"
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

// shelved is a repository with labels and milestones, and rules that write
// priority/p1 and priority/p2.
func shelved(t *testing.T, labels int) (site *githubsim.Site, open func() *connectors.Connector, later func()) {
	t.Helper()
	ahead := time.Duration(0) // of the clock
	w := githubsim.World{
		Accounts: []githubsim.Account{{Token: connectortest.Token, Login: "tandem", Service: true}},
		Repositories: []githubsim.Repository{
			{Name: "acme/pay", Private: true, Milestones: []githubsim.Milestone{{Title: "v1", Creator: "ana"}, {Title: "v2", Creator: "ana"}}}, {Name: "acme/web", Private: true},
		},
		Issues: []githubsim.Issue{
			{Repository: "acme/pay", Title: "A", Labels: []string{"priority/p1", "bug"}, Milestone: 1},
			{Repository: "acme/pay", Title: "B", Labels: []string{"priority/p1"}, Milestone: 2},
			{Repository: "acme/pay", Title: "C", Labels: []string{"bug"}},
			{Repository: "acme/pay", Title: "D", Labels: []string{"bug"}, PullRequest: true},
			{Repository: "acme/web", Title: "E", Labels: []string{"bug"}},
		},
	}
	for n := range labels {
		w.Repositories[0].Labels = append(w.Repositories[0].Labels, githubsim.Label{Name: fmt.Sprintf("area-%03d", n)})
	}
	site, err := githubsim.New(w, githubsim.Options{Now: time.Now, URL: "http://127.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	open = func() *connectors.Connector {
		return connect(t, connectors.Env{
			Name: "gh", Transport: judging.Transport(judge.GitHub, sim.Network{"127.0.0.1": site}),
			Now:    func() time.Time { return time.Now().Add(ahead) },
			Writes: []connectors.Write{{Path: work.NativeLabels, Labels: true, Values: []string{"priority/p1", "priority/p2"}}},
		}, hubSettings+`repositories: ["acme/*"]`)
	}
	return site, open, func() { ahead += 15 * time.Minute }
}

// looked is what a look at the names brings: records with their labels and
// milestone, and findings.
func looked(t *testing.T, c *connectors.Connector, from connectors.Cursor) (records, findings []string, next connectors.Cursor) {
	t.Helper()
	for page, err := range c.Source.Pages(t.Context(), "names", from) {
		if err != nil {
			t.Fatal(err)
		}
		next = page.Cursor
		for _, r := range page.Records {
			records = append(records, fmt.Sprint(r.Key, " ", strings.ReplaceAll(r.Fields["labels"].String(), ", ", ","), " ", r.Fields["milestone"].String()))
		}
		for _, f := range page.Findings {
			findings = append(findings, f.What)
		}
	}
	return records, findings, next
}

func TestRenamedAndDeletedNamesAreReadAgain(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		do      func(*githubsim.Site) error
		records []string
		finding string
	}{
		"nothing":           {do: func(*githubsim.Site) error { return nil }},
		"a renamed label":   {do: renameLabel("bug", "defect"), records: []string{"acme/pay#1 defect,priority/p1 v1", "acme/pay#3 defect empty"}},
		"a deleted label":   {do: deleteLabel("bug"), records: []string{"acme/pay#1 priority/p1 v1", "acme/pay#2 priority/p1 v2", "acme/pay#3 empty empty"}},
		"our label renamed": {do: renameLabel("priority/p1", "P1!"), finding: `the label "priority/p1" is called "P1!" now; Tandem goes on with it`},
		"our label deleted": {
			do: deleteLabel("priority/p1"), records: []string{"acme/pay#1 bug v1", "acme/pay#2 empty v2", "acme/pay#3 bug empty"},
			finding: `the label "priority/p1" was deleted, and no issue has it any more`,
		},
		"a renamed milestone": {do: func(s *githubsim.Site) error {
			return s.EditMilestone("acme/pay", 1, "ana", func(m *githubsim.Milestone) { m.Title = "v1.0" })
		}, records: []string{"acme/pay#1 bug,priority/p1 v1.0"}},
		"a deleted milestone": {
			do:      func(s *githubsim.Site) error { return s.DeleteMilestone("acme/pay", 2, "ana") },
			records: []string{"acme/pay#1 bug,priority/p1 v1", "acme/pay#2 priority/p1 empty", "acme/pay#3 bug empty"},
		},
		"a colour": {do: func(s *githubsim.Site) error {
			return s.EditLabel("acme/pay", "bug", "ana", func(l *githubsim.Label) { l.Color = "ff0000" })
		}},
	}
	for name, k := range cases {
		for _, labels := range []int{0, 97, 98, 150} { // with the three that issues have: one page, a full one, two
			site, open, later := shelved(t, labels)
			c := open()
			read(t, c, nil)
			if records, findings, _ := looked(t, c, nil); len(records)+len(findings) > 0 {
				t.Errorf("%s: the first look brings %v, %v", name, records, findings)
			}
			later()
			_, _, stored := looked(t, c, nil)
			if err := k.do(site); err != nil {
				t.Fatal(err)
			}
			c = open() // a restart in between
			records, findings, next := looked(t, c, stored)
			slices.Sort(records)
			if diff := cmp.Diff(k.records, records); diff != "" {
				t.Errorf("%s, %d labels (-want +got):\n%s", name, labels, diff)
			}
			if !strings.Contains(strings.Join(findings, "; "), k.finding) || (k.finding == "") != (len(findings) == 0) {
				t.Errorf("%s: findings %v", name, findings)
			}
			later()
			used := quota(site)
			if records, findings, _ := looked(t, c, next); len(records)+len(findings) > 0 {
				t.Errorf("%s: once more %v, %v", name, records, findings)
			}
			if spent := quota(site) - used; spent > 0 && labels != 98 {
				t.Errorf("%s, %d labels: an idle look takes %d from the quota", name, labels, spent)
			}
		}
	}
}

// quota counts answers that were no 304.
func quota(site *githubsim.Site) (n int) {
	for _, c := range site.Counts() {
		n += c.Calls - c.Status[304]
	}
	return n
}

func renameLabel(from, to string) func(*githubsim.Site) error {
	return func(s *githubsim.Site) error {
		return s.EditLabel("acme/pay", from, "ana", func(l *githubsim.Label) { l.Name = to })
	}
}

func deleteLabel(name string) func(*githubsim.Site) error {
	return func(s *githubsim.Site) error { return s.DeleteLabel("acme/pay", name, "ana") }
}

// A label that rules write is read and written under its new name, and not
// made anew; after a restart, too, until rules have the new name.
func TestARenamedLabelOfTheRulesIsFollowedAndNotMadeAnew(t *testing.T) {
	t.Parallel()
	for way, n := range map[string]int{"REST": 0, "GraphQL": 4} {
		site, open, later := shelved(t, 0)
		for range n {
			if _, err := site.Create("ana", githubsim.Issue{Repository: "acme/pay", Title: "F"}); err != nil {
				t.Fatal(err)
			}
		}
		c := open()
		read(t, c, nil)
		_, _, stored := looked(t, c, nil)
		if err := renameLabel("priority/p1", "P1!")(site); err != nil {
			t.Fatal(err)
		}
		later()
		_, _, stored = looked(t, c, stored)
		c = open()
		looked(t, c, stored)
		var edits []work.Edit
		for _, i := range site.World().Issues {
			e := relabelledAs(i, work.AddLabel, "priority/p1")
			if i.Repository == "acme/pay" && !i.PullRequest && (n > 0 || i.Number == 3) {
				edits = append(edits, e)
			}
		}
		for id, r := range fates(t, c, edits) {
			if r.State != work.Applied && r.State != work.Unchanged {
				t.Errorf("%s: %s: %+v", way, id, r)
			}
		}
		for _, r := range read(t, c, nil).Records {
			i, _ := site.Issue(r.Key)
			if has := slices.Contains(i.Labels, "P1!"); has != slices.Contains(r.Fields["labels"].List(), "priority/p1") {
				t.Errorf("%s: %s is read as %v and has %v", way, r.Key, r.Fields["labels"].List(), i.Labels)
			}
		}
		i, _ := site.Issue("acme/pay#3")
		if !slices.Contains(i.Labels, "P1!") {
			t.Errorf("%s: %v", way, i.Labels)
		}
		for _, r := range fates(t, c, []work.Edit{relabelledAs(i, work.RemoveLabel, "priority/p1")}) {
			if r.State != work.Applied {
				t.Errorf("%s: %+v", way, r)
			}
		}
		for _, r := range site.World().Repositories {
			for _, l := range r.Labels {
				if l.Name == "priority/p1" {
					t.Errorf("%s: the old name was made anew in %s", way, r.Name)
				}
			}
		}
		// Somebody makes a label of the old name: that is the one now.
		if err := site.Edit("acme/pay#3", "ana", func(i *githubsim.Issue) { i.Labels = []string{"priority/p1"} }); err != nil {
			t.Fatal(err)
		}
		c = open()
		looked(t, c, stored)
		i, _ = site.Issue("acme/pay#3")
		if r := fates(t, c, []work.Edit{relabelledAs(i, work.RemoveLabel, "priority/p1")}); r[i.Key()+"priority/p1"].State != work.Applied {
			t.Errorf("%s: %+v", way, r)
		}
	}
}

func relabelledAs(i githubsim.Issue, verb work.Verb, name string) work.Edit {
	return work.Edit{
		ID: i.Key() + name, Key: i.Key(), Place: i.Repository, Verb: verb, Field: work.Priority, Value: work.NewFlag(verb == work.AddLabel),
		Target: work.Target{RefID: work.RefID{Connector: "gh", ID: fmt.Sprint(i.ID)}, Path: work.NativeLabels, Element: name},
	}
}

// A label that was deleted is made again with a colour and a word, not grey.
func TestADeletedLabelIsMadeAnewWithItsDescription(t *testing.T) {
	t.Parallel()
	site, open, later := shelved(t, 0)
	c := open()
	read(t, c, nil)
	looked(t, c, nil)
	i, _ := site.Issue("acme/pay#3")
	fates(t, c, []work.Edit{relabelledAs(i, work.AddLabel, "priority/p2")})
	later()
	looked(t, c, nil)
	if err := deleteLabel("priority/p2")(site); err != nil {
		t.Fatal(err)
	}
	later()
	looked(t, c, nil)
	i, _ = site.Issue("acme/pay#2")
	if r := fates(t, c, []work.Edit{relabelledAs(i, work.AddLabel, "priority/p2")}); r[i.Key()+"priority/p2"].State != work.Applied {
		t.Errorf("%+v", r)
	}
	for _, l := range site.World().Repositories[0].Labels {
		if l.Name == "priority/p2" && (l.Color == "ededed" || l.Description == "") {
			t.Errorf("the label is %+v", l)
		}
	}
}
