package jirasim_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/sim/jirasim"
)

// granted is the sample with rights of the bot by project.
func granted(rights map[string][]jirasim.Permission) jirasim.World {
	w := sample()
	w.Accounts[0].Rights = rights
	return w
}

func TestRightsDecideWhatEachCallMayDo(t *testing.T) {
	t.Parallel()
	const browse, schedule, transition, comments = jirasim.BrowseProjects, jirasim.ScheduleIssues, jirasim.TransitionIssues, jirasim.AddComments
	type rights = []jirasim.Permission
	calls := []struct {
		name, method, path string
		body               any
	}{
		{"read", "GET", "/issue/PAY-1", nil},
		{"edit", "PUT", "/issue/PAY-1", edit(fields{"summary": "x"}, nil)},
		{"plan", "PUT", "/issue/PAY-1", edit(fields{"duedate": "2026-12-01"}, nil)},
		{"property", "PUT", "/issue/PAY-1/properties/p", fields{"a": 1}},
		{"move", "POST", "/issue/PAY-1/transitions", to("910001")},
		{"comment", "POST", "/issue/PAY-1/comment", fields{"body": "x"}},
		{"link", "POST", "/issue/PAY-1/remotelink", fields{"object": fields{"url": "https://x.example", "title": "x"}}},
		{"rank", "PUT", "rank", fields{"issues": []string{"PAY-1"}, "rankAfterIssue": "PAY-3"}},
	}
	for name, c := range map[string]struct {
		rights rights
		want   string
	}{
		"nothing":            {rights{}, "read 404 edit 404 plan 404 property 404 move 404 comment 404 link 404 rank 400"},
		"browse":             {rights{browse}, "read 200 edit 403 plan 403 property 403 move 400 comment 403 link 403 rank 403"},
		"edit":               {rights{browse, jirasim.EditIssues}, "read 200 edit 204 plan 400 property 201 move 400 comment 403 link 403 rank 403"},
		"edit and schedule":  {rights{browse, jirasim.EditIssues, schedule}, "read 200 edit 204 plan 204 property 201 move 400 comment 403 link 403 rank 204"},
		"transition":         {rights{browse, transition}, "read 200 edit 403 plan 403 property 403 move 204 comment 403 link 403 rank 403"},
		"comments and links": {rights{browse, comments, jirasim.LinkIssues}, "read 200 edit 403 plan 403 property 403 move 400 comment 201 link 201 rank 403"},
	} {
		d := open(t, granted(map[string][]jirasim.Permission{"PAY": c.rights, "*": {browse}}), jirasim.Options{})
		got := ""
		for _, call := range calls {
			path := "/rest/api/2" + call.path
			if call.path == "rank" {
				path = "/rest/agile/1.0/issue/rank"
			}
			got += fmt.Sprintf("%s %d ", call.name, d.call(call.method, path, call.body).status)
		}
		if got != c.want+" " {
			t.Errorf("%s:\n got %s\nwant %s", name, got, c.want)
		}
	}
}

func TestTheSearchShowsNoIssueOfAProjectThatMayNotBeBrowsed(t *testing.T) {
	t.Parallel()
	d := open(t, granted(map[string][]jirasim.Permission{"PAY": {}, "*": {jirasim.BrowseProjects}}), jirasim.Options{})
	if diff := cmp.Diff([]string{"OPS-3", "OPS-2", "OPS-1", "WEB-3", "WEB-2", "WEB-1"}, keys(d.search("summary ~ issue ORDER BY updated DESC"), "key")); diff != "" {
		t.Errorf("search (-want +got):\n%s", diff)
	}
	d.want(400, d.call("POST", "/rest/api/2/search/jql", fields{"jql": "project = PAY"}))
	d.want(404, d.call("GET", "/rest/api/2/project/PAY", nil))
	got := d.want(200, d.call("POST", "/rest/api/2/issue/bulkfetch", fields{"issueIdsOrKeys": []string{"PAY-1", "WEB-1"}, "fields": []string{"summary"}}))
	if diff := cmp.Diff([]string{"WEB-1"}, keys(got, "key")); diff != "" {
		t.Errorf("bulkfetch (-want +got):\n%s", diff)
	}
	got = d.want(200, d.call("GET", "/rest/api/2/project/search", nil))
	if got.body["total"] != float64(2) {
		t.Errorf("projects: %s", got.raw)
	}
}

func TestRightsAreTold(t *testing.T) {
	t.Parallel()
	w := granted(map[string][]jirasim.Permission{"PAY": {jirasim.BrowseProjects, jirasim.ScheduleIssues, jirasim.AdministerProjects}, "WEB": {jirasim.BrowseProjects, jirasim.EditIssues}})
	d := open(t, w, jirasim.Options{})
	ask := func(query string) string {
		got := d.want(200, d.call("GET", "/rest/api/2/mypermissions?permissions=BROWSE_PROJECTS,EDIT_ISSUES,SCHEDULE_ISSUES,TRANSITION_ISSUES,ADD_COMMENTS,ADMINISTER_PROJECTS,ADMINISTER"+query, nil))
		text := ""
		for _, key := range []string{"BROWSE_PROJECTS", "EDIT_ISSUES", "SCHEDULE_ISSUES", "TRANSITION_ISSUES", "ADD_COMMENTS", "ADMINISTER_PROJECTS", "ADMINISTER"} {
			if at(got.body, "permissions", key, "havePermission") == true {
				text += key + " "
			}
		}
		return text
	}
	for query, want := range map[string]string{
		"&projectKey=PAY": "BROWSE_PROJECTS SCHEDULE_ISSUES ADMINISTER_PROJECTS ", "&issueKey=WEB-1": "BROWSE_PROJECTS EDIT_ISSUES ",
		"": "BROWSE_PROJECTS EDIT_ISSUES SCHEDULE_ISSUES ADMINISTER_PROJECTS ",
	} {
		if got := ask(query); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
	d.want(404, d.call("GET", "/rest/api/2/mypermissions?permissions=EDIT_ISSUES&projectKey=OPS", nil))
	if got := d.want(200, d.call("GET", "/rest/api/2/issue/PAY-1/editmeta", nil)); len(got.body["fields"].(map[string]any)) != 0 {
		t.Errorf("the edit screen without the right: %s", got.raw)
	}
	if n := len(d.ways("PAY-1", "")); n != 0 {
		t.Errorf("%d ways without the right", n)
	}
	d.Administer(func(w *jirasim.World) { w.Accounts[0].Admin = true })
	if got := ask("&projectKey=WEB"); got != "BROWSE_PROJECTS EDIT_ISSUES ADMINISTER_PROJECTS ADMINISTER " {
		t.Errorf("an administrator: %s", got)
	}
}

func TestOnlyAdministratorsKeepPeopleFromBeingTold(t *testing.T) {
	t.Parallel()
	quiet := "/rest/api/2/issue/PAY-1?notifyUsers=false"
	for name, c := range map[string]struct {
		admin, strict bool
		status, mails int
	}{
		"an administrator":                    {admin: true, status: 204},
		"an administrator at a strict site":   {admin: true, strict: true, status: 204},
		"everybody else is not heeded":        {status: 204, mails: 2},
		"everybody else is refused if strict": {strict: true, status: 403},
	} {
		w := sample()
		w.Accounts[0].Admin, w.Issues[0].Assignee = c.admin, jirasim.Ana
		d := open(t, w, jirasim.Options{StrictMute: c.strict})
		d.want(c.status, d.call("PUT", quiet, edit(fields{"summary": "x"}, nil)))
		if n := d.MailCount(); n != c.mails {
			t.Errorf("%s: %d mails, want %d", name, n, c.mails)
		}
	}
}

func TestMailsGoToThoseConcernedButNotToTheWriter(t *testing.T) {
	t.Parallel()
	w := sample()
	w.Issues[0].Reporter, w.Issues[0].Assignee = jirasim.Cy, jirasim.Ana
	d := open(t, w, jirasim.Options{})
	d.want(204, d.call("PUT", "/rest/api/2/issue/PAY-1", edit(fields{"priority": fields{"id": "10101"}}, nil)))
	d.want(201, d.call("PUT", "/rest/api/2/issue/PAY-1/properties/p", fields{"a": 1}))
	d.want(204, d.call("PUT", "/rest/agile/1.0/issue/rank", fields{"issues": []string{"PAY-1"}, "rankAfterIssue": "PAY-3"}))
	d.want(204, d.call("PUT", "/rest/api/2/issue/PAY-1", edit(fields{"priority": fields{"id": "10101"}}, nil)))
	if err := d.Comment("PAY-1", jirasim.Ana, "why?"); err != nil {
		t.Fatal(err)
	}
	want := []jirasim.Mail{
		{Key: "PAY-1", By: jirasim.Bot, At: noon(), To: []string{jirasim.Cy, jirasim.Ana}},
		{Key: "PAY-1", By: jirasim.Ana, At: noon(), To: []string{jirasim.Cy}},
	}
	if diff := cmp.Diff(want, d.Mails()); diff != "" {
		t.Errorf("mails (-want +got):\n%s", diff)
	}
}

func TestPrioritySchemesAreListedWithPrioritiesAndProjects(t *testing.T) {
	t.Parallel()
	d := open(t, sample(), jirasim.Options{})
	for _, version := range []string{"2", "3"} {
		api := "/rest/api/" + version + "/priorityscheme"
		got := d.want(200, d.call("GET", api+"?expand=priorities,projects", nil))
		if at(got.body, "values", 0, "defaultPriorityId") != "10102" || at(got.body, "values", 0, "projects", "values", 0, "key") != "PAY" ||
			at(got.body, "values", 0, "priorities", "values", 1, "name") != "Blocker" || got.body["total"] != float64(3) {
			t.Errorf("schemes = %s", got.raw)
		}
		got = d.want(200, d.call("GET", api+"?priorityId=10201", nil))
		if got.body["total"] != float64(1) || at(got.body, "values", 0, "name") != "Operations" {
			t.Errorf("schemes with P1 = %s", got.raw)
		}
		got = d.want(200, d.call("GET", api+"/10002/priorities", nil))
		if got.body["total"] != float64(4) || at(got.body, "values", 2, "isDefault") != true {
			t.Errorf("priorities = %s", got.raw)
		}
		d.want(400, d.call("GET", api+"/7/priorities", nil))
		got = d.want(200, d.call("GET", "/rest/api/"+version+"/priority/search?projectId=10005", nil))
		if got.body["total"] != float64(4) {
			t.Errorf("priorities of OPS = %s", got.raw)
		}
	}
}
