package github_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tandem/connectors"
	"tandem/internal/sim"
	"tandem/internal/sim/githubsim"
	"tandem/internal/sim/judge"
	"tandem/internal/work"
)

// as is a connector to the site of one of several Tandems.
func as(t *testing.T, site *githubsim.Site, o connectors.Owner) *connectors.Connector {
	t.Helper()
	env := connectors.Env{Name: "gh", Owner: o, Transport: judging.Transport(judge.GitHub, sim.Network{"127.0.0.1": site}), Now: time.Now}
	return connect(t, env, hubSettings+"repositories: [acme/pay, acme/other]")
}

func acme(store string, former ...string) connectors.Owner {
	return connectors.Owner{Instance: "acme", Store: store, Former: former}
}

// bearing is an edit of a label of an issue of acme/pay.
func bearing(n int, name string) work.Edit {
	e := put(n, work.NativeLabels, work.NewFlag(true), work.NewFlag(false))
	e.Verb, e.Target.Element, e.ID = work.AddLabel, name, name
	return e
}

func described(site *githubsim.Site, label string) string {
	for _, l := range site.World().Repositories[0].Labels {
		if l.Name == label {
			return l.Description
		}
	}
	return "not defined"
}

func TestDefinedLabelsSayWhoseTheyAre(t *testing.T) {
	t.Parallel()
	for instance, want := range map[string]string{
		"acme":                  "Kept by Tandem acme/K3TQ7A2MPX5D. To stop it on an issue, add the label tandem/hands-off there.",
		strings.Repeat("a", 30): "Kept by Tandem " + strings.Repeat("a", 30) + "/K3TQ7A2MPX5D. The label tandem/hands-off stops it.",
		strings.Repeat("a", 63): "Kept by Tandem " + strings.Repeat("a", 63) + "/K3TQ7A2MPX5D.",
	} {
		site := boarded(t, 1, githubsim.Options{}, nil)
		c := as(t, site, connectors.Owner{Instance: instance, Store: "K3TQ7A2MPX5D"})
		outcomes(send(t, c, bearing(1, "roadmap/now")))
		if got := described(site, "roadmap/now"); got != want || len(got) > 100 {
			t.Errorf("%q", got)
		}
	}
}

func TestDefinedLabelsSayWhereToLookWhereThatFits(t *testing.T) {
	t.Parallel()
	for pages, want := range map[string]string{
		"https://t.acme.example":             "Kept by Tandem acme/K3TQ7A2MPX5D. The label tandem/hands-off stops it. Why: https://t.acme.example",
		"https://tandem.pay.acme.example":    "Kept by Tandem acme/K3TQ7A2MPX5D. Stop: tandem/hands-off. Why: https://tandem.pay.acme.example",
		"https://" + strings.Repeat("a", 50): "Kept by Tandem acme/K3TQ7A2MPX5D. To stop it on an issue, add the label tandem/hands-off there.",
	} {
		site := boarded(t, 1, githubsim.Options{}, nil)
		c := as(t, site, connectors.Owner{Instance: "acme", Store: "K3TQ7A2MPX5D", Pages: pages})
		outcomes(send(t, c, bearing(1, "roadmap/now")))
		if got := described(site, "roadmap/now"); got != want || len(got) > 100 {
			t.Errorf("%q has %d characters", got, len(got))
		}
	}
}

// A second Tandem writes nothing at all in a repository where the first one
// defined a label: one by one, together, and no comment. Once it took over, it
// does.
func TestASecondTandemWritesNothingInTheRepositoriesOfTheFirst(t *testing.T) {
	t.Parallel()
	site := boarded(t, 8, githubsim.Options{}, func(w *githubsim.World) {
		for n := range 130 { // it is looked for on every page
			w.Repositories[0].Labels = append(w.Repositories[0].Labels, githubsim.Label{Name: "a" + strings.Repeat("b", n%20) + string(rune('a'+n%26)) + string(rune('a'+n/26))})
		}
	})
	send(t, as(t, site, acme("A")), bearing(1, "zz/now"))
	second := as(t, site, acme("B"))
	batch := []work.Edit{bearing(2, "roadmap/now"), bearing(3, "zz/now"), bearing(4, "x"), bearing(5, "y"), remark("Why", ""), put(6, "milestone", text("v1"), work.Empty())}
	before := len(site.Writes().All())
	for _, edits := range [][]work.Edit{batch, batch[:1], batch[4:5]} {
		for _, r := range send(t, second, edits...) {
			if r.State != work.Rejected || !strings.Contains(r.Detail, "another Tandem, acme/A, writes here") || !strings.Contains(r.Detail, "--over acme/A") {
				t.Errorf("%+v", r)
			}
		}
	}
	if got := site.Writes().All()[before:]; len(got) > 0 {
		t.Errorf("wrote %v", got)
	}
	for _, r := range send(t, as(t, site, acme("B", "A")), batch...) {
		if r.State != work.Applied {
			t.Errorf("after it took over: %+v", r)
		}
	}
}

// What bears no signature itself is refused by any that stands in the same
// repository: milestones, states, fields of a project.
func TestOneSignatureIsEnoughForAllThatASecondTandemWouldWrite(t *testing.T) {
	t.Parallel()
	site := boarded(t, 4, githubsim.Options{}, nil)
	send(t, as(t, site, acme("A")), bearing(1, "roadmap/now"))
	second, before := as(t, site, acme("B")), len(site.Writes().All())
	for _, e := range []work.Edit{
		put(2, "milestone", work.NewText("v1"), work.Empty()), put(3, "state", work.NewText("closed"), work.NewText("open")),
		onCard(4, "Horizon", work.NewText("Now"), work.Empty()),
	} {
		if r := send(t, second, e)[0]; r.State != work.Rejected || !strings.Contains(r.Detail, "acme/A") {
			t.Errorf("%s: %+v", e.Target.Path, r)
		}
	}
	if got := site.Writes().All()[before:]; len(got) > 0 {
		t.Errorf("wrote %v", got)
	}
}

// Two of them begin in the same moment: who defines a label second finds out.
func TestWhoComesSecondAtALabelStops(t *testing.T) {
	t.Parallel()
	site := boarded(t, 2, githubsim.Options{}, nil)
	first, second := as(t, site, acme("A")), as(t, site, acme("B"))
	send(t, second, remark("Why", "")) // it has looked
	send(t, first, bearing(1, "now"))
	for _, e := range []work.Edit{bearing(2, "now"), bearing(2, "other")} {
		if r := send(t, second, e)[0]; r.State != work.Rejected || !strings.Contains(r.Detail, "acme/A") {
			t.Errorf("%+v", r)
		}
	}
}

// The other one left its places: it is looked for again after a while.
func TestARepositoryIsLookedAtAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		site := boarded(t, 3, githubsim.Options{}, nil)
		second := as(t, site, acme("B"))
		if r := send(t, second, bearing(1, "mine"))[0]; r.State != work.Applied {
			t.Fatalf("%+v", r)
		}
		send(t, as(t, site, acme("A", "B")), bearing(1, "theirs"))
		time.Sleep(11 * time.Minute)
		if r := send(t, second, bearing(2, "mine"))[0]; r.State != work.Rejected {
			t.Errorf("%+v", r)
		}
	})
}

func TestNothingIsWrittenBeforeTheRepositoryWasLookedAt(t *testing.T) {
	t.Parallel()
	site := boarded(t, 1, githubsim.Options{}, nil)
	site.SetFault(func(r *http.Request) *sim.Fault {
		if strings.HasSuffix(r.URL.Path, "/labels") && r.Method == http.MethodGet {
			return &sim.Fault{Status: http.StatusUnauthorized, Body: "{}"}
		}
		return nil
	})
	r := send(t, as(t, site, acme("A")), bearing(1, "now"))[0]
	if r.State != work.Deferred || !strings.Contains(r.Detail, "another Tandem") || len(site.Writes().All()) > 0 {
		t.Errorf("%+v", r)
	}
}

func TestTheCommentOfAnotherTandemIsLeftAlone(t *testing.T) {
	t.Parallel()
	site := boarded(t, 1, githubsim.Options{}, nil)
	c := as(t, site, acme("A"))
	send(t, c, remark("Why", ""))
	if got := bodies(t, site); len(got) != 1 || !strings.Contains(got[0], " acme/A -->\n") {
		t.Errorf("%q", got)
	}
	if r := send(t, c, remark("Why not", "Why"))[0]; r.State != work.Applied {
		t.Errorf("the own one: %+v", r)
	}
	if r := send(t, as(t, site, acme("B")), remark("Else", ""))[0]; r.State != work.Rejected || !strings.Contains(r.Detail, "acme/A") {
		t.Errorf("%+v", r)
	}
}

// What an older version, or a Tandem that this one took over from, defined goes
// as well; what another one or a person did stays.
func TestOnlyOwnDefinitionsAreSwept(t *testing.T) {
	t.Parallel()
	site := boarded(t, 1, githubsim.Options{}, func(w *githubsim.World) {
		for name, by := range map[string]string{
			"old": "Kept by Tandem. To stop it on an issue, add the label tandem/hands-off there.", "former": "Kept by Tandem acme/OLD.",
			"other": "Kept by Tandem other/X.", "person": "Kept by Tandem people.", "theirs": "Kept by Tandem. It is ours now.",
		} {
			w.Repositories[0].Labels = append(w.Repositories[0].Labels, githubsim.Label{Name: name, Color: "5319e7", Description: by})
		}
	})
	c := as(t, site, acme("A", "OLD"))
	swept, err := c.Sweeper.Sweep(t.Context(), "acme/pay", connectors.Remains{Labels: []string{"former", "old", "other", "person", "theirs"}}, false)
	if err != nil || !slices.Equal(swept.Labels, []string{"former", "old"}) {
		t.Errorf("%v %v", swept, err)
	}
}
