package jira_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"tandem/internal/sim"
	"tandem/internal/sim/jirasim"
	"tandem/internal/work"
)

// TestBadInputIsSetAsideWithItsRemedy lists what goes wrong with single edits.
// Another edit of the same issue goes through wherever Jira lets it.
func TestBadInputIsSetAsideWithItsRemedy(t *testing.T) {
	t.Parallel()
	answer := func(status int, header, body string) func() *sim.Fault {
		return func() *sim.Fault {
			f := &sim.Fault{Name: "bad", Status: status, Body: body, Header: http.Header{"Content-Type": {"application/json"}}}
			if name, value, ok := strings.Cut(header, ": "); ok {
				f.Header.Set(name, value)
			}
			return f
		}
	}
	priority := field(0, "priority", text("Critical"), text("Major"))
	label := func(l string) work.Edit {
		return edit(0, "labels", l, work.AddLabel, work.NewFlag(true), work.NewFlag(false))
	}
	rights := func(r ...jirasim.Permission) func(*jirasim.World) {
		return func(w *jirasim.World) { w.Accounts[0].Rights = map[string][]jirasim.Permission{"*": r} }
	}
	cases := []struct {
		name   string
		edit   work.Edit
		world  func(*jirasim.World)
		method string // of the requests that are answered by fault
		fault  func() *sim.Fault
		state  work.ResultState
		detail string
		other  work.ResultState // of a label on the same issue
	}{
		{name: "unknown field", edit: field(0, "customfield_99999", text("x"), work.Empty()), state: work.Rejected, detail: "is the field in the project's field configuration?", other: work.Applied},
		{name: "unknown field by name", edit: field(0, "name:Story Pionts", text("x"), work.Empty()), state: work.Rejected, detail: `did you mean "Story Points"?`, other: work.Applied},
		{name: "field that is not written", edit: field(0, "reporter", text("x"), work.Empty()), state: work.Rejected, detail: `does not write the field "reporter"`, other: work.Applied},
		{name: "value outside the scheme", edit: field(0, "priority", text("P1"), text("Major")), state: work.Rejected, detail: `no value "P1" here; it has: Critical, Blocker, Major, Minor, Trivial`, other: work.Applied},
		{name: "status outside the workflow", edit: status(0, "Nirgends", "To Do"), state: work.Rejected, detail: "statuses that were found", other: work.Applied},
		{name: "option that is none", edit: field(0, "customfield_10040", text("Mittel"), work.Empty()), state: work.Rejected, detail: "it has: Kritisch, Hoch, Niedrig", other: work.Applied},
		{name: "word for a number", edit: field(0, "customfield_10026", text("viel"), work.Empty()), state: work.Rejected, detail: `"viel" is no number`, other: work.Applied},
		{name: "word for a date", edit: field(0, "duedate", text("bald"), work.Empty()), state: work.Rejected, detail: `"bald" is no date`, other: work.Applied},
		{name: "person who is none", edit: field(0, "customfield_10106", text("nobody"), work.Empty()), state: work.Rejected, detail: "jira refuses customfield_10106 of PAY-1", other: work.Applied},
		{name: "label with a space", edit: label("two words"), state: work.Rejected, detail: "contains a space, which Jira refuses; spell it without", other: work.Applied},
		{name: "label that is too long", edit: label(strings.Repeat("ü", 256)), state: work.Rejected, detail: "longer than 255 characters", other: work.Applied},
		{name: "label as long as can be", edit: label(strings.Repeat("ü", 255)), state: work.Applied, other: work.Applied},
		{
			name: "screen without the field", edit: field(0, "customfield_10026", work.NewNumber(3), work.Empty()), state: work.Rejected, detail: "it is not on the edit screen of this issue type", other: work.Applied,
			world: func(w *jirasim.World) { w.Fields[0].Projects = []string{"WEB"} },
		},
		{name: "no permission to edit", edit: priority, world: rights(jirasim.BrowseProjects), state: work.Rejected, detail: "permission", other: work.Rejected},
		{name: "no permission to comment", edit: remark("x", ""), world: rights(jirasim.BrowseProjects, jirasim.EditIssues), state: work.Rejected, detail: "give the account the permission", other: work.Applied},
		{name: "no permission to link", edit: link(0, "https://x.example"), world: rights(jirasim.BrowseProjects, jirasim.EditIssues), state: work.Rejected, detail: "give the account the permission", other: work.Applied},
		{name: "no permission to see", edit: priority, world: rights(), state: work.Rejected, detail: "the account cannot see it", other: work.Rejected},
		{name: "issue that is gone", edit: field(4711, "priority", text("Critical"), text("Major")), state: work.Rejected, detail: "it does not exist or the account cannot see it"},
		{
			name: "expired token", edit: priority, fault: answer(401, "", `{"errorMessages":["Client must be authenticated."]}`), method: "GET",
			state: work.Deferred, detail: "tokens expire after at most a year", other: work.Deferred,
		},
		{
			name: "token that expires between read and write", edit: priority, fault: answer(401, "", ``), method: "PUT",
			state: work.Deferred, detail: "tokens expire after at most a year", other: work.Deferred,
		},
		{
			name: "CAPTCHA", edit: priority, fault: answer(403, "X-Seraph-LoginReason: AUTHENTICATION_DENIED", ``), method: "GET",
			state: work.Deferred, detail: "log in once with this account in a browser", other: work.Deferred,
		},
		{
			name: "CAPTCHA at the write", edit: priority, fault: answer(403, "X-Seraph-LoginReason: AUTHENTICATION_DENIED", ``), method: "PUT",
			state: work.Deferred, detail: "log in once with this account in a browser", other: work.Deferred,
		},
		{
			name: "removed endpoint", edit: priority, fault: answer(410, "", `{"errorMessages":["Die API wurde entfernt."]}`), method: "PUT",
			state: work.Rejected, detail: "a newer version of Tandem is needed", other: work.Rejected,
		},
		{
			name: "limit of the issue", edit: priority, fault: answer(413, "", `{"errorMessages":["Grenze erreicht."]}`), method: "PUT",
			state: work.Rejected, detail: "the issue has reached a limit of Jira; move part of it", other: work.Rejected,
		},
		{
			name: "validator in another language", edit: priority, fault: answer(400, "", `{"errorMessages":[],"errors":{"priority":"Die ausgewählte Priorität ist ungültig."}}`), method: "PUT",
			state: work.Rejected, detail: "jira refuses priority of PAY-1: Die ausgewählte Priorität ist ungültig.", other: work.Rejected,
		},
		{
			name: "configuration of the field", edit: priority, fault: answer(422, "", `{"errorMessages":["配置问题"]}`), method: "PUT",
			state: work.Rejected, detail: "配置问题", other: work.Rejected,
		},
		{name: "page of a proxy", edit: priority, fault: func() *sim.Fault { return sim.HTMLPage(502) }, method: "PUT", state: work.Uncertain, detail: "", other: work.Uncertain},
		{name: "page of a proxy before the write", edit: priority, fault: func() *sim.Fault { return sim.HTMLPage(200) }, method: "GET", state: work.Deferred, detail: "a web page", other: work.Deferred},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := write(t, setup{world: c.world})
				if c.fault != nil {
					w.site.SetFault(always(c.method, c.fault))
				}
				edits := []work.Edit{c.edit}
				if c.other != "" {
					edits = append(edits, label("other"))
				}
				got := w.Sink.Send(t.Context(), edits)
				if got[0].State != c.state || !strings.Contains(got[0].Detail, c.detail) {
					t.Errorf("%+v, want %s with %q", got[0], c.state, c.detail)
				}
				if c.other != "" && got[1].State != c.other {
					t.Errorf("the other edit: %+v, want %s", got[1], c.other)
				}
				for _, r := range got {
					if (r.State == work.Deferred) != !r.Until.IsZero() || strings.Contains(r.Detail, "jira-token") {
						t.Errorf("%+v", r)
					}
				}
			})
		})
	}
}
