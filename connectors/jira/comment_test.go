package jira_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/connectors/jira"
	"tandem/internal/sim/jirasim"
	"tandem/internal/work"
)

func remark(value, expect string) work.Edit {
	return field(0, work.NativeComment, text(value), text(expect))
}

func TestOneCommentIsKeptUpToDate(t *testing.T) {
	t.Parallel()
	w := write(t, setup{world: func(w *jirasim.World) {
		for n := range 250 { // other people's, on several pages
			w.Issues[0].Comments = append(w.Issues[0].Comments, old(100+n, fmt.Sprint("comment ", n)))
		}
	}})
	w.want(t, remark("Third, because of the deadline.", ""), work.Applied, "")
	w.want(t, remark("Third, because of the deadline.", ""), work.Unchanged, "")
	w.want(t, remark("First, [~ana] waits.", "Third, because of the deadline."), work.Applied, "")
	if diff := cmp.Diff([]string{"POST issue/10000/comment", "PUT issue/10000/comment/"}, cut(w.writes())); diff != "" {
		t.Error(diff)
	}
	all := w.issue(t, "PAY-1").Comments
	last := all[len(all)-1]
	if len(all) != 251 || last.Body != "Tandem keeps this comment up to date.\n\nFirst, [ ~ana] waits." || len(last.Visibility) != 0 {
		t.Errorf("%d comments, %+v", len(all), last)
	}
	// Taken away, other people's stay.
	w.want(t, remark("", "First, [~ana] waits."), work.Applied, "")
	w.want(t, remark("", "First, [~ana] waits."), work.Unchanged, "")
	if n := len(w.issue(t, "PAY-1").Comments); n != 250 {
		t.Errorf("%d comments are left", n)
	}
}

// old is a comment of Ana's.
func old(id int, body string) jirasim.Comment {
	at := time.Now().Add(-time.Hour)
	return jirasim.Comment{ID: int64(id), Author: jirasim.Ana, Body: body, Created: at, Updated: at}
}

// cut takes the ids of comments away.
func cut(calls []string) []string {
	for i, c := range calls {
		if at := strings.Index(c, "/comment/"); at >= 0 {
			calls[i] = c[:at+len("/comment/")]
		}
	}
	return calls
}

func TestWhatAPersonDidToTheCommentStands(t *testing.T) {
	t.Parallel()
	t.Run("deleted", func(t *testing.T) {
		t.Parallel()
		w := write(t, setup{})
		w.want(t, remark("One.", ""), work.Applied, "")
		change(t, w, func(i *jirasim.Issue) { i.Comments = nil })
		w.want(t, remark("Two.", "One."), work.Rejected, "a person deleted the comment of PAY-1; it is not written again")
	})
	t.Run("edited by another account", func(t *testing.T) {
		t.Parallel()
		w := write(t, setup{})
		w.want(t, remark("One.", ""), work.Applied, "")
		change(t, w, func(i *jirasim.Issue) { i.Comments[0].Editor, i.Comments[0].Body = jirasim.Ana, i.Comments[0].Body+"!" })
		w.want(t, remark("Two.", "One."), work.Conflict, "a person edited the comment of PAY-1")
		w.want(t, remark("", "One."), work.Conflict, "a person edited the comment of PAY-1")
	})
	t.Run("edited with the same account", func(t *testing.T) {
		t.Parallel()
		w := write(t, setup{})
		w.want(t, remark("One.", ""), work.Applied, "")
		change(t, w, func(i *jirasim.Issue) { i.Comments[0].Body += " No!" })
		w.want(t, remark("Two.", "One."), work.Conflict, "a person edited the comment of PAY-1")
	})
	t.Run("markup written anew is no edit", func(t *testing.T) {
		t.Parallel()
		w := write(t, setup{})
		w.want(t, remark("- *One* of {x}.", ""), work.Applied, "")
		change(t, w, func(i *jirasim.Issue) { i.Comments[0].Body = jiraLine + "\r\n\r\n* *One* of \\{x\\}." })
		w.want(t, remark("- *One* of {x}.", "- *One* of {x}."), work.Unchanged, "")
		w.want(t, remark("Two.", "- *One* of {x}."), work.Applied, "")
	})
}

const jiraLine = "Tandem keeps this comment up to date."

func change(t *testing.T, w *writing, edit func(*jirasim.Issue)) {
	t.Helper()
	if err := w.site.Edit("PAY-1", jirasim.Ana, edit); err != nil {
		t.Fatal(err)
	}
}

// TestTheCommentIsFoundWithoutItsProperty: the list of comments need not show
// properties, and a person may write the same first line.
func TestTheCommentIsFoundWithoutItsProperty(t *testing.T) {
	t.Parallel()
	w := write(t, setup{world: func(w *jirasim.World) {
		w.Issues[0].Comments = []jirasim.Comment{old(5, jiraLine+" Really?")}
	}})
	w.want(t, remark("One.", ""), work.Applied, "")
	change(t, w, func(i *jirasim.Issue) { i.Comments[1].Properties = nil })
	w.want(t, remark("Two.", "One."), work.Applied, "")
	change(t, w, func(i *jirasim.Issue) { i.Comments[1].Properties = nil; i.Comments[1].Body += " No!" })
	w.want(t, remark("Three.", "Two."), work.Conflict, "a person edited")
	if c := w.issue(t, "PAY-1").Comments; len(c) != 2 || c[0].Body != jiraLine+" Really?" {
		t.Errorf("%+v", c)
	}
}

func TestACommentIsReadByNobodyElseThanItsSettingsSay(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		visibility jira.Visibility
		want       string
	}{
		"role":  {jira.Visibility{Role: "Developers"}, `{"type":"role","value":"Developers"}`},
		"group": {jira.Visibility{Group: "staff"}, `{"type":"group","value":"staff"}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := write(t, setup{
				world:  func(w *jirasim.World) { w.Accounts[0].Roles = []string{"Developers", "staff"} },
				config: func(j *jira.Config) { j.Comments.Visibility = c.visibility },
			})
			w.want(t, remark("One.", ""), work.Applied, "")
			w.want(t, remark("Two.", "One."), work.Applied, "")
			if got := string(w.issue(t, "PAY-1").Comments[0].Visibility); got != c.want {
				t.Errorf("visibility %s, want %s", got, c.want)
			}
		})
	}
	// A restriction that was set by hand is said again, and so stays.
	w := write(t, setup{world: func(w *jirasim.World) { w.Accounts[0].Roles = []string{"Developers"} }})
	w.want(t, remark("One.", ""), work.Applied, "")
	change(t, w, func(i *jirasim.Issue) {
		i.Comments[0].Visibility = json.RawMessage(`{"type":"role","value":"Developers"}`)
	})
	w.want(t, remark("Two.", "One."), work.Applied, "")
	if got := string(w.issue(t, "PAY-1").Comments[0].Visibility); !strings.Contains(got, "Developers") {
		t.Errorf("visibility %s", got)
	}
}

func TestALimitOfCommentsIsToldWithItsRemedy(t *testing.T) {
	t.Parallel()
	w := write(t, setup{options: jirasim.Options{MostComments: 1}, world: func(w *jirasim.World) {
		w.Issues[0].Comments = []jirasim.Comment{old(5, "x")}
	}})
	w.want(t, remark("One.", ""), work.Rejected, "the issue has reached a limit of Jira")
}

func TestWatchersAreSparedWhereTheAccountMay(t *testing.T) {
	t.Parallel()
	edits := []work.Edit{
		field(0, "priority", text("Critical"), text("Major")), field(0, "customfield_10050", text("x"), work.Empty()),
		field(1, "priority", text("Critical"), text("Major")), field(2, "marker", text("github:1"), work.Empty()),
	}
	for name, c := range map[string]struct {
		admin, strict bool
		revoke        bool
		mails         int
		forecast      string
		puts          int
	}{
		"an administrator":              {admin: true, forecast: "", puts: 2},
		"everybody else":                {mails: 4, forecast: "up to 2 issues will notify their watchers", puts: 2},
		"everybody else, a strict site": {strict: true, mails: 4, forecast: "up to 2 issues will notify their watchers", puts: 2},
		"refused in spite of the right": {admin: true, strict: true, revoke: true, mails: 4, puts: 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := write(t, setup{
				world:   func(w *jirasim.World) { w.Accounts[0].Admin = c.admin },
				options: jirasim.Options{StrictMute: c.strict},
			})
			told := ""
			for _, f := range w.Forecaster.Forecast(t.Context(), edits) {
				told += f.What + "; " + f.Remedy + "\n"
			}
			if strings.Contains(told, "notify") != (c.mails > 0 && !c.revoke) || !strings.Contains(told, c.forecast) || !strings.Contains(told, "3 issues will get another `updated`") {
				t.Errorf("forecast %s", told)
			}
			if c.revoke {
				w.site.Administer(func(w *jirasim.World) { w.Accounts[0].Admin = false })
			}
			for _, batch := range w.Sink.Batches(edits) {
				for _, r := range w.Sink.Send(t.Context(), batch) {
					if r.State != work.Applied {
						t.Errorf("%+v", r)
					}
				}
			}
			puts := 0
			for _, call := range w.writes() {
				if strings.HasPrefix(call, http.MethodPut) && !strings.Contains(call, "properties") {
					puts++
				}
			}
			if w.site.MailCount() != c.mails || puts != c.puts {
				t.Errorf("%d mails, want %d; %d requests, want %d: %v", w.site.MailCount(), c.mails, puts, c.puts, w.writes())
			}
		})
	}
}

func TestTheForecastTellsWhatCannotBeKeptQuiet(t *testing.T) {
	t.Parallel()
	w := write(t, setup{world: func(w *jirasim.World) { w.Accounts[0].Admin = true }})
	got := w.Forecaster.Forecast(t.Context(), []work.Edit{
		status(0, "In Arbeit", "To Do"), remark("x", ""), field(1, "priority", text("Critical"), text("Major")), link(2, "https://github.example"),
	})
	var lines []string
	for _, f := range got {
		lines = append(lines, string(f.Level)+" "+f.What)
	}
	want := []string{
		"warning up to 1 issue will notify their watchers",
		"note 1 issue will be moved by transitions, which run the post functions of the workflow",
		"note 3 issues will get another `updated`, which filters and reports by last change see",
		"note automation rules, service goals and webhooks that watch these fields may run for 3 issues",
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Error(diff)
	}
	if len(w.Forecaster.Forecast(t.Context(), nil)) != 0 {
		t.Error("nothing sets something off")
	}
}

// The settings were tightened after the comment was made: what is written from
// then on is for few eyes.
func TestS7AStricterVisibilityCountsForTheCommentThatStands(t *testing.T) {
	t.Parallel()
	var settings jira.Visibility
	w := write(t, setup{
		world:  func(w *jirasim.World) { w.Accounts[0].Roles = []string{"Developers", "Administrators"} },
		config: func(j *jira.Config) { j.Comments.Visibility = settings },
	})
	w.want(t, remark("One.", ""), work.Applied, "")
	before := "One."
	for _, role := range []string{"Developers", "Administrators"} {
		settings.Role = role
		w.Connector = w.open(t)
		w.want(t, remark("For "+role+".", before), work.Applied, "")
		before = "For " + role + "."
		if got := string(w.issue(t, "PAY-1").Comments[0].Visibility); !strings.Contains(got, role) {
			t.Errorf("visibility %s", got)
		}
	}
}

// Customers of a service desk read comments by mail, unless they are internal.
func TestS7TheCommentIsInternalAtAServiceDesk(t *testing.T) {
	t.Parallel()
	w := write(t, setup{})
	for _, e := range []work.Edit{remark("One.", ""), remark("Two.", "One.")} {
		w.want(t, e, work.Applied, "")
		if got := string(w.issue(t, "PAY-1").Comments[0].Properties["sd.public.comment"]); got != `{"internal":true}` {
			t.Errorf("the property is %s", got)
		}
	}
}
