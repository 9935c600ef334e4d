package github_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tandem/connectors/connectortest"
	"tandem/connectors/github"
	"tandem/internal/sim/githubsim"
	"tandem/internal/work"
)

// The stand-in of the demo was written by others from the same facts.
func TestContractWithTheStandIn(t *testing.T) {
	t.Parallel()
	for name, options := range map[string]githubsim.Options{
		"numbers":                {Links: githubsim.PagesOnly},
		"cursors, on enterprise": {Links: githubsim.CursorsOnly, Enterprise: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			options.Now, options.Limits = time.Now, true
			connectortest.Suite{
				Definition: github.Definition(), SecondWorld: true,
				Open: func(t *testing.T, lab *connectortest.Lab) connectortest.World {
					t.Helper()
					return simWorld(t, lab, options)
				},
			}.Run(t)
		})
	}
}

func simWorld(t *testing.T, lab *connectortest.Lab, options githubsim.Options) connectortest.World {
	t.Helper()
	before := time.Now().UTC().Add(-60 * 24 * time.Hour).Truncate(time.Second)
	w := githubsim.World{
		Accounts:     []githubsim.Account{{Token: connectortest.Token, Login: "tandem", Service: true}},
		Repositories: []githubsim.Repository{{Name: "acme/pay", Private: true}, {Name: "acme/site"}},
	}
	for i := range 120 {
		at := before.Add(time.Duration(i/3) * time.Minute) // three in a second
		w.Issues = append(w.Issues, githubsim.Issue{
			Repository: "acme/pay", Title: fmt.Sprint("Issue ", i), Labels: []string{"bug", "c#"}, Author: "ana", Created: at, Updated: at, PullRequest: i == 7,
		})
	}
	w.Issues = append(w.Issues, githubsim.Issue{Repository: "acme/site", Title: "Public", Author: "ana", Created: before, Updated: before})
	address := "url: http://127.0.0.1"
	if options.Enterprise {
		address += "/api/v3"
	}
	site, err := githubsim.New(w, options)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	byKey := map[string]string{}
	for _, i := range site.World().Issues {
		byKey[i.Key()] = fmt.Sprint(i.ID)
		if !i.PullRequest {
			ids = append(ids, fmt.Sprint(i.ID))
		}
	}
	edit := func(id, key string, verb work.Verb, label string, expect work.Value) work.Edit {
		place, _, _ := strings.Cut(key, "#")
		return work.Edit{
			ID: id, Key: key, Place: place, Verb: verb, Value: work.NewFlag(verb == work.AddLabel), Expect: expect,
			Target: work.Target{RefID: work.RefID{Connector: connectortest.Name, ID: byKey[key]}, Path: work.NativeLabels, Element: label},
		}
	}
	yes, no := work.NewFlag(true), work.NewFlag(false)
	return connectortest.World{
		Connector: connect(t, lab.Env(site), address+"\n"+tokenAuth+`repositories: ["acme/*"]`),
		IDs:       map[string][]string{"issues": ids},
		Touch: func(t *testing.T) (string, work.Ref) {
			t.Helper()
			time.Sleep(time.Hour)
			if err := site.Edit("acme/pay#3", "ana", func(i *githubsim.Issue) { i.Title = "Changed" }); err != nil {
				t.Fatal(err)
			}
			return "issues", work.NewRef(connectortest.Name, byKey["acme/pay#3"], "acme/pay#3")
		},
		IsWrite: isWrite,
		Missing: work.NewRef(connectortest.Name, "1", "acme/pay#9999"),
		Edits: []work.Edit{
			edit("1", "acme/pay#5", work.AddLabel, "priority/p1", no),
			edit("2", "acme/pay#5", work.AddLabel, "area/ui 100%", no),
			edit("3", "acme/pay#5", work.RemoveLabel, "c#", yes),
			edit("4", "acme/site#1", work.AddLabel, "role/po", no),
		},
		Stale: []work.Edit{
			edit("5", "acme/pay#6", work.RemoveLabel, "bug", no),
			edit("6", "acme/pay#6", work.AddLabel, "role/po", yes),
		},
	}
}

func TestWhatPeopleDoToIssuesIsSeen(t *testing.T) {
	t.Parallel()
	at := time.Now().UTC().Add(-time.Hour).Truncate(time.Second)
	clock := func() time.Time { at = at.Add(time.Second); return at }
	site, err := githubsim.New(githubsim.World{
		Accounts:     []githubsim.Account{{Token: connectortest.Token, Login: "tandem", Service: true}},
		Repositories: []githubsim.Repository{{Name: "acme/pay"}, {Name: "acme/web"}},
		Issues:       []githubsim.Issue{{Repository: "acme/pay", Title: "A"}, {Repository: "acme/pay", Title: "B"}, {Repository: "acme/pay", Title: "C"}},
	}, githubsim.Options{Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	lab := hubOf(site)
	c := connect(t, lab, hubSettings+`repositories: ["acme/*"]`)
	walked := read(t, c, nil)
	refs := map[string]work.Ref{}
	for _, r := range walked.Records {
		refs[r.Key] = r.Ref
	}
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	do(site.Delete("acme/pay#1", "ana"))
	if _, err := site.Transfer("acme/pay#2", "ana", "acme/web"); err != nil {
		t.Fatal(err)
	}
	var got []string
	for page, err := range c.Reader.Read(t.Context(), []work.Ref{refs["acme/pay#1"], refs["acme/pay#2"], refs["acme/pay#3"]}) {
		do(err)
		got = append(got, keys(page.Records)...)
	}
	if strings.Join(got, " ") != "acme/web#1 acme/pay#3" {
		t.Errorf("after a deletion and a transfer %v can be read", got)
	}
	// What names no issue is set aside and stops no other.
	nameless := work.NewRef(refs["acme/pay#3"].Connector, "7001", "")
	for page, err := range c.Reader.Read(t.Context(), []work.Ref{nameless, refs["acme/pay#3"]}) {
		do(err)
		if len(page.Records) != 1 || page.Records[0].Key != "acme/pay#3" || len(page.Rejects) != 1 || page.Rejects[0].Where != "7001" {
			t.Errorf("beside a ref without a key %v is read, and set aside %+v", keys(page.Records), page.Rejects)
		}
	}
	do(site.RenameRepository("acme/pay", "acme/payments"))
	e := work.Edit{ID: "1", Key: "acme/pay#3", Verb: work.AddLabel, Target: work.Target{RefID: refs["acme/pay#3"].RefID, Path: work.NativeLabels, Element: "x"}}
	if r := c.Sink.Send(t.Context(), []work.Edit{e})[0]; r.State != work.Conflict {
		t.Errorf("a write under the old name: %+v", r)
	}
	for page, err := range c.Reader.Read(t.Context(), []work.Ref{refs["acme/pay#3"]}) {
		do(err)
		if len(page.Records) != 1 || page.Records[0].Key != "acme/payments#3" {
			t.Errorf("under the old name %v is read", keys(page.Records))
		}
	}
	e.Key = "acme/payments#3"
	if r := c.Sink.Send(t.Context(), []work.Edit{e})[0]; r.State != work.Applied {
		t.Errorf("a write under the new name: %+v", r)
	}
	if i, _ := site.Issue("acme/payments#3"); len(i.Labels) != 1 {
		t.Errorf("labels %v", i.Labels)
	}
}

func TestAFirstImportIsBoundedByPages(t *testing.T) {
	t.Parallel()
	w := githubsim.World{
		Accounts:     []githubsim.Account{{Token: connectortest.Token, Login: "tandem", Service: true}},
		Repositories: []githubsim.Repository{{Name: "acme/big"}},
	}
	at := time.Now().UTC().Add(-90 * 24 * time.Hour).Truncate(time.Second)
	for i := range 1_500 {
		when := at.Add(time.Duration(i) * 7 * time.Second)
		w.Issues = append(w.Issues, githubsim.Issue{Repository: "acme/big", Title: fmt.Sprint(i), Created: when, Updated: when})
	}
	for name, links := range linkForms() {
		site, err := githubsim.New(w, githubsim.Options{Links: links})
		if err != nil {
			t.Fatal(err)
		}
		c := connect(t, hubOf(site), hubSettings+`repositories: [acme/big]`)
		first := read(t, c, nil)
		calls := site.Calls("", "")
		second := read(t, c, first.Cursor)
		t.Logf("%s: first import of %d issues: %d calls; then a quiet poll: %d", name, len(first.Records), calls, site.Calls("", "")-calls)
		if len(first.Records) != 1_500 || calls > 19 || site.Calls("", "") != calls+1 || len(second.Records) > 0 {
			t.Errorf("%s: %d records in %d calls, then %d records in %d", name, len(first.Records), calls, len(second.Records), site.Calls("", "")-calls)
		}
	}
}

func linkForms() map[string]githubsim.Links {
	return map[string]githubsim.Links{"pages": githubsim.PagesOnly, "cursors": githubsim.CursorsOnly, "both": githubsim.CursorsAndPages}
}
