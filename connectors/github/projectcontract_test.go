package github_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"tandem/connectors"
	"tandem/connectors/connectortest"
	"tandem/connectors/github"
	"tandem/internal/sim/githubsim"
	"tandem/internal/work"
)

// TestContractWithABoard holds the fields of a project, milestones and states
// against the contract: those of few issues, which go by REST as far as they
// can, and those of many.
func TestContractWithABoard(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		issues int
		cards  bool
	}{"few issues": {2, true}, "many issues": {8, true}, "one by one by REST": {2, false}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			connectortest.Suite{
				Definition: github.Definition(), SecondWorld: c.issues > 2,
				Open: func(t *testing.T, lab *connectortest.Lab) connectortest.World {
					t.Helper()
					return boardWorld(t, lab, c.issues, c.cards)
				},
			}.Run(t)
		})
	}
}

func boardWorld(t *testing.T, lab *connectortest.Lab, issues int, cards bool) connectortest.World {
	t.Helper()
	site := boarded(t, 103, githubsim.Options{}, nil)
	env := lab.Env(site)
	env.Features = []string{"project_field"}
	for _, f := range []string{"Horizon", "Estimate", "Target", "Notes"} {
		env.Fields = append(env.Fields, work.ProjectFieldPrefix+f)
	}
	var ids []string
	for _, i := range site.World().Issues {
		ids = append(ids, fmt.Sprint(i.ID))
	}
	none := work.Empty()
	var edits, stale []work.Edit
	for n := 1; n <= issues; n++ {
		edits = append(edits, put(n, "milestone", text("v1"), none), put(n, "state", text("closed"), text("open")))
		stale = append(stale, put(n+10, "milestone", text("v1"), text("v2")), put(n+10, "state", text("closed"), text("closed")))
		if cards {
			edits = append(edits, onCard(n, "Horizon", text("Next"), none), onCard(n, "Estimate", work.NewNumber(2.5), none))
			stale = append(stale, onCard(n+10, "Notes", text("x"), text("y")))
		}
	}
	for _, all := range [][]work.Edit{edits, stale} {
		for i := range all {
			all[i].Target.Connector = connectortest.Name
		}
	}
	return connectortest.World{
		Connector: connectBoard(t, env),
		IDs:       map[string][]string{"issues": ids, "project": slices.Clone(ids)},
		Touch: func(t *testing.T) (string, work.Ref) {
			t.Helper()
			time.Sleep(time.Hour)
			site.EditProject("acme/7", "ana", func(p *githubsim.Project) { p.Items[4].Values[horizonField] = "o-Now" })
			return "project", work.NewRef(connectortest.Name, "1005", "acme/pay#5")
		},
		IsWrite: isWrite, Missing: work.NewRef(connectortest.Name, "1", "acme/pay#9999"), Edits: edits, Stale: stale,
	}
}

func connectBoard(t *testing.T, env connectors.Env) *connectors.Connector {
	t.Helper()
	return connect(t, env, boardSettings)
}
