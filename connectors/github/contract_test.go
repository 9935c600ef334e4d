package github_test

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"tandem/connectors/connectortest"
	"tandem/connectors/github"
	"tandem/internal/sim/judge"
	"tandem/internal/work"
)

var judging = judge.New(judge.Find())

func TestMain(m *testing.M) {
	if err := os.Setenv("GITHUB_TEST_TOKEN", connectortest.Token); err != nil {
		panic(err)
	}
	os.Exit(judge.Main(m, judging, os.Stdout))
}

func TestContract(t *testing.T) {
	t.Parallel()
	for name, auth := range map[string]string{"token": tokenAuth, "app": appAuth(t)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			connectortest.Suite{
				Definition: github.Definition(),
				Open:       func(t *testing.T, lab *connectortest.Lab) connectortest.World { t.Helper(); return world(t, lab, auth) },
			}.Run(t)
		})
	}
}

// world has 250 issues in one repository, 3 in another, and pull requests.
func world(t *testing.T, lab *connectortest.Lab, auth string) connectortest.World {
	t.Helper()
	h := newHub()
	start := time.Now().UTC().Add(-30 * 24 * time.Hour).Truncate(time.Second)
	h.open("acme/pay", 250, start)
	h.open("acme/web", 3, start)
	h.repo("acme/web").private = false
	h.repo("acme/pay").issues[6].Pull = map[string]any{"url": "x"}
	h.repo("acme/pay").issues[9].Labels = []map[string]any{{"name": "c#"}, {"name": "Old"}}
	var ids []string
	for _, name := range []string{"acme/pay", "acme/web"} {
		for _, i := range h.repo(name).issues {
			if i.Pull == nil {
				ids = append(ids, fmt.Sprint(i.ID))
			}
		}
	}
	edit := func(id, repository string, number int, verb work.Verb, label string, expect work.Value) work.Edit {
		key := fmt.Sprintf("%s#%d", repository, number)
		return work.Edit{
			ID: id, Key: key, Place: repository, Verb: verb, Value: work.NewFlag(verb == work.AddLabel), Expect: expect,
			Target: work.Target{
				RefID: work.RefID{Connector: connectortest.Name, ID: fmt.Sprint(h.repo(repository).issues[number-1].ID)},
				Path:  work.NativeLabels, Element: label,
			},
		}
	}
	yes, no := work.NewFlag(true), work.NewFlag(false)
	return connectortest.World{
		Connector: connect(t, lab.Env(h), "url: http://127.0.0.1\n"+auth+`repositories: ["acme/*"]`),
		IDs:       map[string][]string{"issues": ids},
		Touch: func(t *testing.T) (string, work.Ref) {
			t.Helper()
			i := h.repo("acme/pay").issues[4]
			i.Title, i.Updated = "Changed", time.Now().UTC().Truncate(time.Second)
			return "issues", work.NewRef(connectortest.Name, fmt.Sprint(i.ID), "acme/pay#5")
		},
		IsWrite: isWrite,
		Missing: work.NewRef(connectortest.Name, "1", "acme/pay#9999"),
		Edits: []work.Edit{
			edit("1", "acme/pay", 3, work.AddLabel, "priority/p1", no),
			edit("2", "acme/pay", 3, work.AddLabel, "area/ui 100%", no),
			edit("3", "acme/pay", 3, work.RemoveLabel, "bug", yes),
			edit("4", "acme/pay", 10, work.RemoveLabel, "c#", yes),
			edit("5", "acme/pay", 10, work.RemoveLabel, "old", work.NewList("old", "x")),
			edit("6", "acme/web", 1, work.AddLabel, "role/po", work.Value{}),
		},
		Stale: []work.Edit{
			edit("7", "acme/pay", 20, work.RemoveLabel, "bug", no),
			edit("8", "acme/pay", 21, work.AddLabel, "role/po", yes),
		},
	}
}

// isWrite tells what changes something: neither buying a token nor asking by
// GraphQL does.
func isWrite(r *http.Request) bool {
	if r.Method == http.MethodGet || strings.HasSuffix(r.URL.Path, "/access_tokens") {
		return false
	}
	if !strings.HasSuffix(r.URL.Path, "/graphql") || r.GetBody == nil {
		return true
	}
	body, err := r.GetBody()
	if err != nil {
		return true
	}
	raw, err := io.ReadAll(body)
	return err != nil || strings.Contains(string(raw), "mutation(")
}
