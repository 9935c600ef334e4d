package jira_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/sim"
	"tandem/internal/sim/jirasim"
	"tandem/internal/work"
)

// reviewed is a workflow in which work is reviewed before it is done. Closing
// by hand demands a resolution, approving does not.
func reviewed(w *jirasim.World) {
	w.Projects[0].Workflows = []jirasim.Workflow{{Types: []string{"10001"}, Transitions: []jirasim.Transition{
		{ID: "11", Name: "Start", From: []string{"10000"}, To: "3"},
		{ID: "21", Name: "Ask for review", From: []string{"3"}, To: "10010"},
		{ID: "31", Name: "Approve", From: []string{"10010"}, To: "10001"},
		{
			ID: "32", Name: "Close", From: []string{"10010", "3"}, To: "10001", HasScreen: true,
			Screen: []jirasim.ScreenField{{ID: "resolution", Required: true}},
		},
		{ID: "41", Name: "Reopen", From: []string{"10001"}, To: "10000"},
	}}}
	w.Issues[8].Status, w.Issues[9].Status = "3", "10010"
}

func status(n int, to, expect string) work.Edit {
	return field(n, "status", text(to), text(expect))
}

func TestADirectTransitionIsTaken(t *testing.T) {
	t.Parallel()
	w := write(t, setup{world: reviewed})
	w.want(t, status(0, "In Arbeit", "To Do"), work.Applied, "")
	w.want(t, status(0, "In Arbeit", "To Do"), work.Unchanged, "")
	if got := w.issue(t, "PAY-1").Status; got != "3" {
		t.Errorf("status %s", got)
	}
	// Two lead from review to done: the one that demands nothing is taken.
	w.want(t, status(9, "Fertig", "In Review"), work.Applied, "")
	w.want(t, status(1, "In Arbeit", "In Review"), work.Conflict, "status is To Do, the plan expected In Review")
	if diff := cmp.Diff([]string{"POST issue/10000/transitions", "POST issue/10009/transitions"}, w.writes()); diff != "" {
		t.Error(diff)
	}
}

func TestTheShortestWayIsLearnedFromOtherIssues(t *testing.T) {
	t.Parallel()
	w := write(t, setup{world: reviewed})
	got := w.one(t, status(0, "Fertig", "To Do"))
	if got.State != work.Applied || got.Detail != `"Start", then "Ask for review", then "Approve"` {
		t.Errorf("%+v", got)
	}
	searches := strings.Count(strings.Join(w.calls, "\n"), "search/jql")
	if len(w.writes()) != 3 || searches != 2 {
		t.Errorf("%d searches in %v", searches, w.calls)
	}
	// The next one knows the way.
	w.calls = nil
	w.want(t, status(1, "Fertig", "To Do"), work.Applied, "")
	if strings.Contains(strings.Join(w.calls, "\n"), "search/jql") {
		t.Errorf("asked again: %v", w.calls)
	}
}

func TestRequiredFieldsAreReportedAndNeverGuessed(t *testing.T) {
	t.Parallel()
	w := write(t, setup{world: func(w *jirasim.World) {
		reviewed(w)
		w.Projects[0].Workflows[0].Transitions[2].Hidden = []string{jirasim.Bot}
	}})
	w.want(t, status(9, "Fertig", "In Review"), work.Rejected, `the transition "Close" of PAY-10 to "Fertig" demands Resolution, which Tandem never guesses; do it by hand, or give the field a default`)
	w.want(t, status(0, "Fertig", "To Do"), work.Rejected, `demands Resolution`)
	w.want(t, status(0, "Nirgends", "To Do"), work.Rejected, `statuses that were found: Fertig, In Arbeit, In Review, To Do`)
	if len(w.writes()) != 0 || w.issue(t, "PAY-1").Status != "10000" {
		t.Errorf("wrote %v", w.writes())
	}
}

func TestAStatusWithoutAnIssueIsNoWay(t *testing.T) {
	t.Parallel()
	w := write(t, setup{world: func(w *jirasim.World) {
		reviewed(w)
		w.Issues[8].Status, w.Issues[9].Status = "10000", "10000"
	}})
	w.want(t, status(0, "Fertig", "To Do"), work.Rejected, `from "To Do" to "Fertig"`)
	if len(w.writes()) != 0 {
		t.Errorf("wrote %v", w.writes())
	}
}

func TestWithoutTheRightNoTransitionIsOffered(t *testing.T) {
	t.Parallel()
	w := write(t, setup{world: func(w *jirasim.World) {
		reviewed(w)
		w.Accounts[0].Rights = map[string][]jirasim.Permission{"*": {jirasim.BrowseProjects, jirasim.EditIssues}}
	}})
	w.want(t, status(0, "In Arbeit", "To Do"), work.Rejected, "give it the permission Transition issues")
}

func TestWhoInterferesIsLeftAlone(t *testing.T) {
	t.Parallel()
	w := write(t, setup{world: reviewed})
	moved := false
	w.site.SetFault(func(r *http.Request) *sim.Fault {
		if r.Method == http.MethodGet && !strings.Contains(r.URL.Path, "/transitions") && w.issue(t, "PAY-1").Status == "3" && !moved {
			moved = true
			if err := w.site.Edit("PAY-1", jirasim.Cy, func(i *jirasim.Issue) { i.Status = "10000" }); err != nil {
				t.Error(err)
			}
		}
		return nil
	})
	w.want(t, status(0, "Fertig", "To Do"), work.Conflict, `after the transition "Start" PAY-1 stands in "To Do", not "In Arbeit"`)
	if len(w.writes()) != 1 || w.issue(t, "PAY-1").Status != "10000" {
		t.Errorf("wrote %v", w.writes())
	}
}

func TestATransitionIsNeverAskedForTwice(t *testing.T) {
	t.Parallel()
	const route = "/rest/api/2/issue/{issueIdOrKey}/transitions"
	cases := []struct {
		name  string
		fault *sim.Fault
		want  work.ResultState
		after string
	}{
		{"lost answer", sim.LostAnswer(), work.Uncertain, "3"},
		{"unavailable", sim.Unavailable(1), work.Uncertain, "10000"},
		{"conflict", &sim.Fault{Name: "409", Status: 409, Body: `{"errorMessages":["Nein."]}`}, work.Conflict, "10000"},
		{"too much", &sim.Fault{Name: "413", Status: 413, Body: `{"errorMessages":["Nein."]}`}, work.Rejected, "10000"},
		{"refused", &sim.Fault{Name: "400", Status: 400, Body: `{"errorMessages":["Ein Prüfer sagt nein."]}`}, work.Rejected, "10000"},
		{"page", sim.HTMLPage(200), work.Uncertain, "10000"},
		{"limit", jirasim.RateLimited("jira-quota-tenant-based", time.Hour, time.Now()), work.Deferred, "10000"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := write(t, setup{world: reviewed})
				w.site.SetFault(sim.Script(http.MethodPost, route, c.fault))
				w.want(t, status(0, "Fertig", "To Do"), c.want, `transition "Start"`)
				if len(w.writes()) != 1 || w.issue(t, "PAY-1").Status != c.after {
					t.Errorf("wrote %v, status %s", w.writes(), w.issue(t, "PAY-1").Status)
				}
			})
		})
	}
}

func TestFieldsGoBeforeTheTransition(t *testing.T) {
	t.Parallel()
	w := write(t, setup{world: reviewed})
	batch := []work.Edit{
		status(0, "In Arbeit", "To Do"),
		field(0, "priority", text("Critical"), text("Major")),
		field(0, "customfield_10040", text("Nirgends"), work.Empty()),
	}
	if n := len(w.Sink.Batches(batch)); n != 1 {
		t.Errorf("%d batches", n)
	}
	got := w.Sink.Send(t.Context(), batch)
	if got[0].State != work.Applied || got[1].State != work.Applied || got[2].State != work.Rejected {
		t.Errorf("%+v", got)
	}
	if diff := cmp.Diff([]string{"PUT issue/10000", "POST issue/10000/transitions"}, w.writes()); diff != "" {
		t.Error(diff)
	}
}

func TestBehindALostAnswerTheTransitionWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := write(t, setup{world: reviewed})
		w.site.SetFault(always(http.MethodPut, sim.LostAnswer))
		got := w.Sink.Send(t.Context(), []work.Edit{field(1, "customfield_10050", text("x"), work.Empty()), status(1, "In Arbeit", "To Do")})
		if got[0].State != work.Uncertain || got[1].State != work.Deferred || got[1].Scope != "issue" || w.issue(t, "PAY-2").Status != "10000" {
			t.Errorf("%+v", got)
		}
	})
}

// TestARenamedValueIsWrittenByItsId: rules go on with the names that were read
// first.
func TestARenamedValueIsWrittenByItsId(t *testing.T) {
	t.Parallel()
	w := write(t, setup{world: reviewed})
	known := map[string]work.Record{}
	drain(t, w.Connector, nil, known)
	w.site.Administer(func(w *jirasim.World) {
		for i := range w.Priorities {
			w.Priorities[i].Name = "Priorität " + w.Priorities[i].ID
		}
		for i := range w.Statuses {
			w.Statuses[i].Name = "Zustand " + w.Statuses[i].ID
		}
	})
	// Whoever uses a name for the first time is read under it.
	w.want(t, field(0, "priority", text("Priorität 10101"), text("Major")), work.Applied, "")
	w.want(t, field(1, "priority", text("Major"), text("Priorität 10101")), work.Unchanged, "")
	w.want(t, field(0, "priority", text("Major"), text("Priorität 10101")), work.Applied, "")
	w.want(t, status(0, "In Arbeit", "To Do"), work.Applied, "")
	w.want(t, status(1, "In Review", "To Do"), work.Applied, `"Start", then "Ask for review"`)
	if a, b := w.issue(t, "PAY-1"), w.issue(t, "PAY-2"); a.Status != "3" || a.Priority != "10102" || b.Status != "10010" {
		t.Errorf("%s %s %s", a.Status, a.Priority, b.Status)
	}
}

func TestStoryPointsGoToTheFieldOfTheProject(t *testing.T) {
	t.Parallel()
	w := write(t, setup{world: func(w *jirasim.World) {
		web := w.Issues[0]
		web.ID, web.Key, web.Project, web.Priority = 20000, "WEB-1", "WEB", "3"
		w.Issues = append(w.Issues, web)
	}})
	web := field(10000, "story_points", work.NewNumber(5), work.Empty())
	web.Key, web.Place = "WEB-1", "WEB"
	for _, want := range []work.ResultState{work.Applied, work.Unchanged} {
		w.want(t, field(0, "story_points", work.NewNumber(3), work.Empty()), want, "")
		w.want(t, web, want, "")
	}
	if p, q := w.issue(t, "PAY-1").Custom, w.issue(t, "WEB-1").Custom; p["customfield_10026"] != 3.0 || p["customfield_10016"] != nil || q["customfield_10016"] != 5.0 || q["customfield_10026"] != nil {
		t.Errorf("%v, %v", p, q)
	}
}

// Many issues are read together before they are written. A person moves one of
// them in between: the way that was meant is another one now.
func TestS1AMoveAfterTheReadTogetherIsAConflict(t *testing.T) {
	t.Parallel()
	w := write(t, setup{world: reviewed})
	edits := []work.Edit{status(0, "In Arbeit", "To Do"), status(1, "In Arbeit", "To Do"), field(1, "priority", text("Critical"), text("Major"))}
	w.Preparer.Prepare(t.Context(), edits)
	for _, key := range []string{"PAY-1", "PAY-2"} {
		if err := w.site.Edit(key, jirasim.Ana, func(i *jirasim.Issue) { i.Status = "10001" }); err != nil {
			t.Fatal(err)
		}
	}
	for _, batch := range w.Sink.Batches(edits) {
		for _, r := range w.Sink.Send(t.Context(), batch) {
			if want := work.Conflict; r.State != want && r.EditID != edits[2].ID {
				t.Errorf("%+v, want %s", r, want)
			}
		}
	}
	if a, b := w.issue(t, "PAY-1").Status, w.issue(t, "PAY-2").Status; a != "10001" || b != "10001" {
		t.Errorf("they stand in %s and %s", a, b)
	}
}
