package github_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/sim/githubsim"
	"tandem/internal/work"
)

func TestARenamedOptionIsFollowedAndToldOnce(t *testing.T) {
	t.Parallel()
	site := boarded(t, 3, githubsim.Options{}, func(w *githubsim.World) { w.Projects[0].Items[0].Values[horizonField] = "o-Next" })
	c := openBoard(t, site, boardSettings, "Horizon")
	listed, cursor := stream(t, c, "issues", nil)
	site.EditProject("acme/7", "ana", func(p *githubsim.Project) { p.Fields[0].Options[1].Name = "Next quarter" })
	for range 2 {
		if diff := cmp.Diff(listed, byID(t, c, refsOf(listed)...), cmp.Comparer(sameValues)); diff != "" {
			t.Errorf("an option was renamed (-before +after):\n%s", diff)
		}
	}
	if got := says(t, c, onCard(2, "Horizon", text("Next"), work.Empty())); got != "applied" {
		t.Errorf("written under the old name: %s", got)
	}
	if got := says(t, c, onCard(3, "Horizon", text("Nex"), work.Empty())); !strings.HasPrefix(got, "rejected: the field Horizon of the project has no option \"Nex\"; it has: Now, Next, Later") {
		t.Errorf("another name: %s", got)
	}
	var told []string
	for range 2 {
		for page, err := range c.Source.Pages(t.Context(), "project", nil) {
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range page.Findings {
				told = append(told, f.Subject+": "+f.What)
			}
		}
	}
	want := []string{`gh project:Horizon: the option "Next" is called "Next quarter" now; it is followed until Tandem is started again`}
	if diff := cmp.Diff(want, told); diff != "" || len(cursor) == 0 {
		t.Errorf("told (-want +got):\n%s", diff)
	}
	if said := findings(t, c); !strings.Contains(said, "warning "+want[0]+"; write its new name") {
		t.Errorf("check says\n%s", said)
	}
}

func TestOptionsThatRulesNameAndTheFieldLacksAreFound(t *testing.T) {
	t.Parallel()
	site := boarded(t, 1, githubsim.Options{}, func(w *githubsim.World) { w.Projects[0].Fields[0].Options[1].Name = "Nekst" })
	c := openBoard(t, site, boardSettings, "Horizon")
	if said := findings(t, c); !strings.Contains(said, `warning gh project:Horizon: rules name the option "Next", which the field does not have; did you mean "Nekst"?`) {
		t.Errorf("check says\n%s", said)
	}
}
