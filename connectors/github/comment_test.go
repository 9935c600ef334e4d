package github_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/connectors"
	"tandem/internal/sim"
	"tandem/internal/sim/githubsim"
	"tandem/internal/sim/judge"
	"tandem/internal/work"
)

const hiddenLine = "<!-- tandem:explanation -->\n"

func remark(value, expect string) work.Edit {
	return put(1, work.NativeComment, text(value), text(expect))
}

// says is the outcome of one edit.
func says(t *testing.T, c *connectors.Connector, e work.Edit) string {
	t.Helper()
	return outcomes(send(t, c, e))[0]
}

func bodies(t *testing.T, site *githubsim.Site) []string {
	t.Helper()
	i, _ := site.Issue("acme/pay#1")
	var all []string
	for _, c := range i.Comments {
		all = append(all, c.Author+": "+c.Body)
	}
	return all
}

func plainBoard(t *testing.T, site *githubsim.Site) *connectors.Connector {
	t.Helper()
	env := connectors.Env{Name: "gh", Transport: judging.Transport(judge.GitHub, sim.Network{"127.0.0.1": site}), Now: time.Now}
	return connect(t, env, hubSettings+"repositories: [acme/pay]")
}

func TestOneCommentIsKeptUpToDate(t *testing.T) {
	t.Parallel()
	site := boarded(t, 1, githubsim.Options{}, func(w *githubsim.World) {
		for n := range 250 { // other people's, on several pages; one copied the line
			w.Issues[0].Comments = append(w.Issues[0].Comments, githubsim.Comment{Author: "ana", Body: fmt.Sprint(hiddenLine, n)})
		}
	})
	c := plainBoard(t, site)
	for _, step := range []struct {
		edit work.Edit
		want string
	}{
		{remark("", ""), "unchanged"},
		{remark("Third, because @ana waits.", ""), "applied"},
		{remark("Third, because @ana waits.", ""), "unchanged"},
		{remark("First.", "Third, because @ana waits."), "applied"},
	} {
		if got := says(t, c, step.edit); got != step.want {
			t.Errorf("%s: %s, want %s", step.edit.Value, got, step.want)
		}
	}
	if all := bodies(t, site); len(all) != 251 || all[250] != "tandem: <!-- tandem:explanation 6ccbae3c54945107 -->\nFirst." {
		t.Errorf("%d comments, the last one is %q", len(all), all[len(all)-1])
	}
	const comments = "/repos/{owner}/{repo}/issues/{issue_number}/comments"
	if made, changed := site.Calls("POST", comments), site.Calls("PATCH", "/repos/{owner}/{repo}/issues/comments/{comment_id}"); made != 1 || changed != 1 {
		t.Errorf("%d created, %d changed", made, changed)
	}
	if got := says(t, c, remark("", "First.")); got != "applied" || len(bodies(t, site)) != 250 {
		t.Errorf("cleared: %s, %d comments left", got, len(bodies(t, site)))
	}
	if got := says(t, c, remark("", "First.")); got != "unchanged" {
		t.Errorf("cleared again: %s", got)
	}
	if got := says(t, c, remark(strings.Repeat("é", 65_536), "")); !strings.HasPrefix(got, "rejected: the comment has 65581 characters, and GitHub takes 65536") {
		t.Errorf("too long: %s", got)
	}
}

func TestS9ACommentWhoseAnswerWasNeverHeardIsNoPersons(t *testing.T) {
	t.Parallel()
	site := boarded(t, 1, githubsim.Options{}, nil)
	c := plainBoard(t, site)
	for _, step := range []struct {
		edit work.Edit
		want string
	}{
		{remark("One.", ""), "applied"},
		{remark("Two.", "One."), "applied"},   // and then the process is killed
		{remark("Three.", "One."), "applied"}, // by another one, whose journal ends before
		{remark("Four.", ""), "applied"},
	} {
		if got := says(t, c, step.edit); got != step.want {
			t.Errorf("%s: %s, want %s", step.edit.Value, got, step.want)
		}
	}
}

func TestACommentOfAnOlderVersionIsKept(t *testing.T) {
	t.Parallel()
	site := boarded(t, 1, githubsim.Options{}, func(w *githubsim.World) {
		w.Issues[0].Comments = []githubsim.Comment{{Author: "tandem", Body: hiddenLine + "One."}}
	})
	c := plainBoard(t, site)
	if got := says(t, c, remark("Two.", "Another.")); !strings.HasPrefix(got, "conflict: a person edited") {
		t.Errorf("with another text: %s", got)
	}
	if got := says(t, c, remark("Two.", "One.")); got != "applied" {
		t.Errorf("with the last text: %s", got)
	}
}

func TestACommentMentionsNobody(t *testing.T) {
	t.Parallel()
	site := boarded(t, 1, githubsim.Options{}, nil)
	if got := says(t, plainBoard(t, site), remark("For @ana and @acme/team.", "")); got != "applied" || strings.Contains(bodies(t, site)[0], "@a") {
		t.Errorf("%s: %q", got, bodies(t, site))
	}
}

func TestWhatAPersonDidToTheCommentStands(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		edit func(*githubsim.Issue)
		want []string
	}{
		"deleted": {
			func(i *githubsim.Issue) { i.Comments = nil },
			[]string{"rejected: a person deleted the comment of acme/pay#1; it is not written again", "unchanged"},
		},
		"edited": {
			func(i *githubsim.Issue) { i.Comments[0].Body += " No!" },
			[]string{
				"conflict: a person edited the comment of acme/pay#1; it is left as it is; delete it, and nothing is written there again",
				"conflict: a person edited the comment of acme/pay#1; it is left as it is; delete it, and nothing is written there again",
			},
		},
		"other line ends are no edit": {
			func(i *githubsim.Issue) { i.Comments[0].Body = strings.ReplaceAll(i.Comments[0].Body, "\n", "\r\n") },
			[]string{"applied", "unchanged"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			site := boarded(t, 1, githubsim.Options{}, nil)
			live := plainBoard(t, site)
			if got := says(t, live, remark("One.\nTwo.", "")); got != "applied" {
				t.Fatal(got)
			}
			if err := site.Edit("acme/pay#1", "ana", c.edit); err != nil {
				t.Fatal(err)
			}
			cleared := remark("", "One.\nTwo.")
			if name == "other line ends are no edit" {
				cleared = remark("Three.", "One.\nTwo.")
			}
			got := []string{says(t, live, remark("Three.", "One.\nTwo.")), says(t, live, cleared)}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("results (-want +got):\n%s", diff)
			}
		})
	}
}

// lossy lets writes arrive and loses their answers.
type lossy struct {
	next http.RoundTripper
	on   *bool
}

func (l lossy) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := l.next.RoundTrip(r)
	if err == nil && *l.on && r.Method == http.MethodPost {
		return nil, errors.Join(errors.New("connection reset by peer"), resp.Body.Close())
	}
	return resp, err
}

func TestALostAnswerNeverMakesASecondComment(t *testing.T) {
	t.Parallel()
	site := boarded(t, 1, githubsim.Options{}, nil)
	losing := true
	env := connectors.Env{Name: "gh", Transport: lossy{sim.Network{"127.0.0.1": site}, &losing}, Now: time.Now}
	c := connect(t, env, hubSettings+"repositories: [acme/pay]")
	if got := says(t, c, remark("One.", "")); !strings.HasPrefix(got, "unknown: ") {
		t.Errorf("lost: %s", got)
	}
	losing = false
	if got := says(t, c, remark("One.", "")); got != "unchanged" {
		t.Errorf("again: %s", got)
	}
	if got := says(t, c, remark("Two.", "")); got != "applied" {
		t.Errorf("another text: %s", got)
	}
	if all := bodies(t, site); len(all) != 1 {
		t.Errorf("comments %q", all)
	}
}

func TestAnAppKnowsItsOwnComment(t *testing.T) {
	t.Parallel()
	site := boarded(t, 4, githubsim.Options{}, func(w *githubsim.World) {
		w.Accounts, w.Apps = nil, []githubsim.App{{ID: 12, Installation: 34, Key: &appKey().PublicKey, Login: "tandem-acme[bot]", Service: true}}
		w.Projects[0].Owner, w.Projects[0].User = "ana", true
	})
	env := connectors.Env{
		Name: "gh", Transport: judging.Transport(judge.GitHub, sim.Network{"127.0.0.1": site}), Now: time.Now,
		Features: []string{"project_field"}, Fields: []string{"project:Horizon"},
	}
	c := connect(t, env, "url: http://127.0.0.1\n"+appAuth(t)+"repositories: [acme/pay]\nproject: {board: ana/7}")
	if got := []string{says(t, c, remark("One.", "")), says(t, c, remark("Two.", "One."))}; !cmp.Equal(got, []string{"applied", "applied"}) {
		t.Errorf("results %v", got)
	}
	if diff := cmp.Diff([]string{"tandem-acme[bot]: <!-- tandem:explanation 1eb32d1ee4458814 -->\nTwo."}, bodies(t, site)); diff != "" {
		t.Errorf("comments (-want +got):\n%s", diff)
	}
	want := "error gh project: the project ana/7 belongs to a person, and GitHub shows people's projects to no App; move the project to an organisation, or use a token of ana"
	if told := findings(t, c); !strings.Contains(told, want) {
		t.Errorf("check says\n%s", told)
	}
	refused := says(t, c, onCard(1, "Horizon", text("Now"), work.Empty()))
	if !strings.HasPrefix(refused, "deferred: the project ana/7 belongs to a person") {
		t.Errorf("a write: %s", refused)
	}
	// Labels and comments of many issues go on.
	var edits []work.Edit
	for i := 1; i <= 4; i++ {
		edits = append(edits, put(i, work.NativeComment, text("x"), work.Empty()), label(int64(1000+i), fmt.Sprint("acme/pay#", i), work.AddLabel, "a"))
	}
	states := map[work.ResultState]int{}
	for _, r := range send(t, c, edits[1:]...) {
		states[r.State]++
	}
	if states[work.Applied] != 7 {
		t.Errorf("states %v", states)
	}
}

func TestCommentsOfAnHourAreBoundedAndLabelsGoOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		site := boarded(t, 405, githubsim.Options{}, nil)
		env := connectors.Env{Name: "gh", Transport: sim.Network{"127.0.0.1": site}, Now: time.Now}
		c := connect(t, env, hubSettings+"repositories: [acme/pay]")
		var edits []work.Edit
		for i := 1; i <= 405; i++ {
			edits = append(edits, put(i, work.NativeComment, text("Why."), work.Empty()), label(int64(1000+i), fmt.Sprint("acme/pay#", i), work.AddLabel, "a"))
		}
		states := func() map[string]int {
			n := map[string]int{}
			for i, batch := range c.Sink.Batches(edits) {
				if i%100 == 0 {
					c.Preparer.Prepare(t.Context(), batch)
				}
				for _, r := range c.Sink.Send(t.Context(), batch) {
					n[string(r.State)+r.Scope]++
				}
			}
			return n
		}
		if diff := cmp.Diff(map[string]int{"applied": 805, "deferredissue": 5}, states()); diff != "" {
			t.Errorf("first (-want +got):\n%s", diff)
		}
		time.Sleep(61 * time.Minute)
		if diff := cmp.Diff(map[string]int{"applied": 5, "unchanged": 805}, states()); diff != "" {
			t.Errorf("an hour later (-want +got):\n%s", diff)
		}
	})
}
