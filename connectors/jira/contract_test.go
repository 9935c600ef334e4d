package jira_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"tandem/connectors/connectortest"
	"tandem/connectors/jira"
	"tandem/internal/secret"
	"tandem/internal/sim/jirasim"
	"tandem/internal/work"
)

func TestContract(t *testing.T) {
	t.Parallel()
	connectortest.Suite{Definition: jira.Definition(), Open: openCloud}.Run(t)
}

func TestContractOnDataCenter(t *testing.T) {
	t.Parallel()
	connectortest.Suite{Definition: jira.Definition(), Open: openDataCenter}.Run(t)
}

func openCloud(t *testing.T, lab *connectortest.Lab) connectortest.World {
	t.Helper()
	return openWorld(t, lab, jirasim.Cloud)
}

func openDataCenter(t *testing.T, lab *connectortest.Lab) connectortest.World {
	t.Helper()
	return openWorld(t, lab, jirasim.DataCenter)
}

// openWorld is a site with 25 issues, read ten at a time.
func openWorld(t *testing.T, lab *connectortest.Lab, deployment jirasim.Deployment) connectortest.World {
	t.Helper()
	sample := jirasim.Sample()
	sample.Accounts[0].Token = connectortest.Token
	w := connectortest.World{IDs: map[string][]string{"issues": nil}}
	for i := range 25 {
		sample.Issues = append(sample.Issues, jirasim.Issue{
			ID: int64(10000 + i), Key: fmt.Sprintf("PAY-%d", i+1), Summary: fmt.Sprintf("Issue %d", i+1), Labels: []string{"team"},
			Priority: "10102", Updated: time.Now().Add(-time.Duration(100-i) * time.Hour),
			Custom: map[string]any{"customfield_10026": float64(i)},
		})
		w.IDs["issues"] = append(w.IDs["issues"], strconv.Itoa(10000+i))
	}
	site, err := jirasim.New(sample, jirasim.Options{Now: time.Now, Deployment: deployment})
	if err != nil {
		t.Fatal(err)
	}
	instance, problems := jira.Definition().New(connectortest.Name, func(into any) []work.Problem {
		c, ok := into.(*jira.Config)
		if !ok {
			t.Fatalf("decode into %T", into)
		}
		c.URL, c.Projects, c.PageSize = "https://acme.example", []string{"PAY", "WEB"}, 10
		c.Auth = jira.Auth{Email: "bot@acme.example", Token: secret.FromText(connectortest.Token)}
		if deployment == jirasim.DataCenter {
			c.Deployment, c.Auth.Email = "datacenter", ""
		}
		return nil
	})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	env := lab.Env(site)
	env.Fields = []string{"name:Story Points", "customfield_10050", "customfield_10040"}
	if w.Connector, err = instance.Open(t.Context(), env); err != nil {
		t.Fatal(err)
	}
	w.Touch = func(t *testing.T) (string, work.Ref) {
		t.Helper()
		if err := site.Edit("PAY-7", jirasim.Ana, func(i *jirasim.Issue) { i.Summary = "changed" }); err != nil {
			t.Fatal(err)
		}
		return "issues", work.NewRef(connectortest.Name, "10006", "PAY-7")
	}
	w.Missing = work.NewRef(connectortest.Name, "99999", "PAY-99999")
	w.IsWrite = func(r *http.Request) bool {
		return r.Method == http.MethodPut || r.Method == http.MethodDelete || strings.HasSuffix(r.URL.Path, "/transitions") && r.Method == http.MethodPost ||
			strings.HasSuffix(r.URL.Path, "/comment") && r.Method == http.MethodPost
	}
	w.Edits = []work.Edit{
		edit(0, "labels", "roadmap/now", work.AddLabel, work.NewFlag(true), work.NewFlag(false)),
		edit(0, "labels", "team", work.RemoveLabel, work.NewFlag(false), work.NewFlag(true)),
		edit(0, "priority", "", work.SetField, work.NewText("Critical"), work.NewText("Major")),
		edit(3, "name:Story Points", "", work.SetField, work.NewNumber(8), work.NewNumber(3)),
		edit(3, "customfield_10050", "", work.SetField, work.NewText("keep exporters"), work.Empty()),
		edit(5, "fix_versions", "", work.SetField, work.NewText("2026.11"), work.Empty()),
		edit(6, "status", "", work.SetField, work.NewText("In Arbeit"), work.NewText("To Do")),
		edit(4, "customfield_10040", "", work.SetField, work.NewText("Hoch"), work.Empty()),
		edit(4, "name:Story Points", "", work.ClearField, work.Empty(), work.NewNumber(4)),
	}
	w.Stale = []work.Edit{
		edit(5, "priority", "", work.SetField, work.NewText("Critical"), work.NewText("Minor")),
		edit(5, "name:Story Points", "", work.SetField, work.NewNumber(8), work.Empty()),
	}
	return w
}

func edit(n int, path, element string, verb work.Verb, value, expect work.Value) work.Edit {
	key := fmt.Sprintf("PAY-%d", n+1)
	return work.Edit{
		ID: key + " " + path + " " + element, Key: key, Place: "PAY", Verb: verb, Value: value, Expect: expect,
		Target: work.Target{RefID: work.RefID{Connector: connectortest.Name, ID: strconv.Itoa(10000 + n)}, Path: path, Element: element},
	}
}
