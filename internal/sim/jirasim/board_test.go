package jirasim_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/sim/jirasim"
	"tandem/internal/sim/judge"
)

// flavours runs a test on both deployments.
func flavours(t *testing.T, test func(d *desk)) {
	t.Helper()
	for name, deployment := range map[string]jirasim.Deployment{"cloud": jirasim.Cloud, "data center": jirasim.DataCenter} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := sample()
			w.Issues[0].Sprints = []int64{11, 12} // PAY-1
			w.Issues[1].Sprints = []int64{11}     // PAY-2
			w.Issues[3].Sprints = []int64{21}     // WEB-1
			w.Issues[5].Status = "10001"          // WEB-3
			w.Issues[2].Type = "10003"            // PAY-3 is a sub-task
			w.Issues[2].Parent = "PAY-1"
			test(open(t, w, jirasim.Options{Deployment: deployment}))
		})
	}
}

func agileKeys(d *desk, path string) []string {
	d.t.Helper()
	return keys(d.want(200, d.call("GET", "/rest/agile/1.0"+path, nil)), "key")
}

func names(got answer) []string {
	out := []string{}
	values, _ := got.body["values"].([]any)
	for _, v := range values {
		out = append(out, fmt.Sprint(at(v, "name")))
	}
	return out
}

func TestBoardsShowTheirIssuesByRank(t *testing.T) {
	t.Parallel()
	flavours(t, func(d *desk) {
		t := d.t
		if err := d.Rank(jirasim.Ana, []string{"WEB-2"}, "PAY-1", ""); err != nil {
			t.Fatal(err)
		}
		for path, want := range map[string][]string{
			"/board/1/issue":                         {"PAY-1", "PAY-2", "PAY-3"},
			"/board/4/issue":                         {"WEB-2", "PAY-1", "PAY-2", "WEB-1", "WEB-3"},
			"/board/4/issue?maxResults=2&startAt=1":  {"PAY-1", "PAY-2"},
			"/board/4/backlog":                       {"WEB-2", "PAY-2"},
			"/board/3/backlog":                       {"OPS-1", "OPS-2", "OPS-3"},
			"/board/4/issue?jql=status%3D10001":      {"WEB-3"},
			"/board/4/issue?jql=order+by+key+desc":   {"WEB-3", "WEB-2", "WEB-1", "PAY-2", "PAY-1"},
			"/sprint/11/issue":                       {"PAY-1", "PAY-2"},
			"/sprint/12/issue?fields=summary,sprint": {"PAY-1"},
		} {
			if diff := cmp.Diff(want, agileKeys(d, path)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", path, diff)
			}
		}
		page := d.want(200, d.call("GET", "/rest/agile/1.0/board/4/issue?maxResults=2", nil)).body
		if page["total"] != 5.0 || page["maxResults"] != 2.0 || page["startAt"] != 0.0 {
			t.Errorf("frame = %v %v %v", page["total"], page["maxResults"], page["startAt"])
		}
		d.want(404, d.call("GET", "/rest/agile/1.0/board/9/issue", nil))
		d.want(400, d.call("GET", "/rest/agile/1.0/board/1/issue?jql=nonsense%3D1", nil))
	})
}

func TestBoardsTellTheirConfigurationAndSprints(t *testing.T) {
	t.Parallel()
	flavours(t, func(d *desk) {
		t := d.t
		get := func(path string) answer { return d.want(200, d.call("GET", "/rest/agile/1.0"+path, nil)) }
		for path, want := range map[string][]string{
			"/board":                               {"Payments", "Webshop", "Operations", "Whole shop"},
			"/board?type=kanban":                   {"Operations"},
			"/board?projectKeyOrId=10004":          {"Webshop", "Whole shop"},
			"/board?name=shop&maxResults=1":        {"Webshop"},
			"/board/1/sprint":                      {"Payments 41", "Payments 42, refunds", "Payments 43"},
			"/board/1/sprint?state=active,future":  {"Payments 42, refunds", "Payments 43"},
			"/board/1/sprint?maxResults=1":         {"Payments 41"},
			"/board/1/sprint?startAt=1&state=open": {},
		} {
			if diff := cmp.Diff(want, names(get(path))); diff != "" {
				t.Errorf("%s (-want +got):\n%s", path, diff)
			}
		}
		if b := get("/board/1").body; b["type"] != "scrum" || b["id"] != 1.0 {
			t.Errorf("board = %v", b)
		}
		configuration := get("/board/1/configuration").body
		field, _ := at(configuration, "ranking", "rankCustomFieldId").(float64)
		rank := fieldOf(d, "com.pyxis.greenhopper.jira:gh-lexo-rank")
		if rank != fmt.Sprintf("customfield_%.0f", field) {
			t.Errorf("rank field %v, in the list of fields %v", field, rank)
		}
		if id := at(configuration, "estimation", "field", "fieldId"); id != "customfield_10026" {
			t.Errorf("estimation of Payments = %v", id)
		}
		if id := at(get("/board/2/configuration").body, "estimation", "field", "fieldId"); id != "customfield_10016" {
			t.Errorf("estimation of Webshop = %v", id)
		}
		if s := get("/sprint/12").body; s["state"] != "active" || s["originBoardId"] != 1.0 || s["startDate"] != "2026-11-16T09:00:00.000Z" {
			t.Errorf("sprint = %v", s)
		}
		d.want(404, d.call("GET", "/rest/agile/1.0/sprint/99", nil))
		d.want(400, d.call("GET", "/rest/agile/1.0/board/3/sprint", nil))
		d.Administer(func(w *jirasim.World) { w.Projects[0].Access = jirasim.NoAccess })
		d.want(404, d.call("GET", "/rest/agile/1.0/board/1", nil))
		d.want(404, d.call("GET", "/rest/agile/1.0/sprint/12", nil))
	})
}

// fieldOf finds a field by its type.
func fieldOf(d *desk, custom string) string {
	d.t.Helper()
	for _, f := range d.want(200, d.call("GET", "/rest/api/2/field", nil)).list {
		if at(f, "schema", "custom") == custom {
			return fmt.Sprint(at(f, "id"))
		}
	}
	d.t.Fatalf("no field of type %s", custom)
	return ""
}

func TestIssuesMoveBetweenSprintsAndTheBacklog(t *testing.T) {
	t.Parallel()
	flavours(t, func(d *desk) {
		t := d.t
		sprints := func(key string) []int64 {
			i, _ := d.Issue(key)
			return i.Sprints
		}
		send := func(path string, status int, issues ...string) {
			t.Helper()
			d.want(status, d.call("POST", "/rest/agile/1.0"+path, fields{"issues": issues}))
		}
		send("/sprint/13/issue", 204, "PAY-1", "PAY-2", "WEB-2")
		if diff := cmp.Diff([][]int64{{11, 13}, {11, 13}, {13}}, [][]int64{sprints("PAY-1"), sprints("PAY-2"), sprints("WEB-2")}); diff != "" {
			t.Errorf("in the next sprint (-want +got):\n%s", diff)
		}
		i, _ := d.Issue("PAY-1")
		want := jirasim.Item{
			Field: "Sprint", FieldID: fieldOf(d, "com.pyxis.greenhopper.jira:gh-sprint"), FieldType: "custom",
			From: "11, 12", FromText: "Payments 41, Payments 42, refunds", To: "11, 13", ToText: "Payments 41, Payments 43",
		}
		if diff := cmp.Diff(want, i.History[len(i.History)-1].Items[0]); diff != "" {
			t.Errorf("changelog (-want +got):\n%s", diff)
		}
		send("/backlog/issue", 204, "PAY-1")
		if diff := cmp.Diff([]int64{11}, sprints("PAY-1")); diff != "" {
			t.Errorf("in the backlog (-want +got):\n%s", diff)
		}
		field := fieldOf(d, "com.pyxis.greenhopper.jira:gh-sprint")
		d.want(204, d.call("PUT", "/rest/api/2/issue/PAY-1", edit(fields{field: 12}, nil)))
		if diff := cmp.Diff([]int64{11, 12}, sprints("PAY-1")); diff != "" {
			t.Errorf("by the field (-want +got):\n%s", diff)
		}
		d.want(400, d.call("PUT", "/rest/api/2/issue/PAY-1", edit(fields{field: 11}, nil)))
		d.want(204, d.call("PUT", "/rest/api/2/issue/PAY-1", edit(fields{field: nil}, nil)))
		meta := at(d.want(200, d.call("GET", "/rest/api/2/issue/PAY-1/editmeta", nil)).body, "fields", field, "schema", "custom")
		if meta != "com.pyxis.greenhopper.jira:gh-sprint" {
			t.Errorf("editmeta = %v", meta)
		}
		send("/sprint/11/issue", 400, "PAY-1")
		send("/sprint/99/issue", 404, "PAY-1")
		send("/backlog/issue", 400, "PAY-99")
		many := make([]string, 51)
		for i := range many {
			many[i] = fmt.Sprintf("PAY-%d", i)
		}
		send("/backlog/issue", 400, many...)
		d.Administer(func(w *jirasim.World) {
			w.Accounts[0].Rights = map[string][]jirasim.Permission{"*": {jirasim.BrowseProjects, jirasim.EditIssues}}
		})
		send("/backlog/issue", 403, "PAY-1")
	})
}

func TestQueriesKnowSprintsAndKindsOfTypes(t *testing.T) {
	t.Parallel()
	flavours(t, func(d *desk) {
		t := d.t
		for _, c := range []struct {
			jql  string
			want []string
		}{
			{`sprint in openSprints()`, []string{"PAY-1", "WEB-1"}},
			{`sprint in (openSprints(), futureSprints())`, []string{"PAY-1", "WEB-1"}},
			{`sprint in closedSprints()`, []string{"PAY-1", "PAY-2"}},
			{`sprint not in openSprints()`, []string{"PAY-2"}},
			{`project = PAY AND sprint is EMPTY`, []string{"PAY-3"}},
			{`project = PAY AND (sprint is EMPTY OR sprint not in openSprints())`, []string{"PAY-2", "PAY-3"}},
			{`sprint = 12`, []string{"PAY-1"}},
			{`sprint = "Payments 42, refunds"`, []string{"PAY-1"}},
			{`issuetype in subTaskIssueTypes()`, []string{"PAY-3"}},
			{`project = PAY AND issuetype not in subTaskIssueTypes() ORDER BY Rank ASC`, []string{"PAY-1", "PAY-2"}},
			{`project = PAY AND type in standardIssueTypes() AND statusCategory != Done`, []string{"PAY-1", "PAY-2"}},
		} {
			jql := c.jql
			if !strings.Contains(jql, "ORDER BY") {
				jql += " ORDER BY key ASC"
			}
			path := "/rest/api/2/search/jql?fields=key&jql="
			if d.service == judge.JiraDC {
				path = "/rest/api/2/search?jql="
			}
			got := d.want(200, d.call("GET", path+url.QueryEscape(jql), nil))
			if diff := cmp.Diff(c.want, keys(got, "key")); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.jql, diff)
			}
		}
	})
}

func TestTheSprintFieldIsTextOnADataCenter(t *testing.T) {
	t.Parallel()
	w := sample()
	w.Issues[0].Sprints = []int64{11, 12}
	path := "/rest/api/2/issue/PAY-1?fields="
	d := open(t, w, jirasim.Options{Deployment: jirasim.DataCenter})
	field := fieldOf(d, "com.pyxis.greenhopper.jira:gh-sprint")
	want := []any{
		"com.atlassian.greenhopper.service.sprint.Sprint@1fdd4900[id=11,rapidViewId=1,state=CLOSED,name=Payments 41,startDate=2026-11-02T09:00:00.000Z," +
			"endDate=2026-11-13T09:00:00.000Z,completeDate=2026-11-13T09:00:00.000Z,activatedDate=2026-11-02T09:00:00.000Z,sequence=11,goal=<null>,autoStartStop=false,synced=false]",
		"com.atlassian.greenhopper.service.sprint.Sprint@1fdd4901[id=12,rapidViewId=1,state=ACTIVE,name=Payments 42, refunds,startDate=2026-11-16T09:00:00.000Z," +
			"endDate=2026-11-27T09:00:00.000Z,completeDate=<null>,activatedDate=2026-11-16T09:00:00.000Z,sequence=12,goal=Refunds [all], state=done,autoStartStop=false,synced=false]",
	}
	if diff := cmp.Diff(want, at(d.call("GET", path+field, nil).body, "fields", field)); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}
	objects := open(t, w, jirasim.Options{Deployment: jirasim.DataCenter, SprintObjects: true})
	cloud := open(t, w, jirasim.Options{})
	wantObject := map[string]any{
		"id": 12.0, "name": "Payments 42, refunds", "state": "active", "boardId": 1.0, "goal": "Refunds [all], state=done",
		"startDate": "2026-11-16T09:00:00.000Z", "endDate": "2026-11-27T09:00:00.000Z",
	}
	for name, d := range map[string]*desk{"data center": objects, "cloud": cloud} {
		field := fieldOf(d, "com.pyxis.greenhopper.jira:gh-sprint")
		if diff := cmp.Diff(wantObject, at(d.call("GET", path+field, nil).body, "fields", field, 1)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestBothKindsOfProjectsHaveTheirOwnStoryPoints(t *testing.T) {
	t.Parallel()
	d := open(t, sample(), jirasim.Options{})
	editable := func(key, field string) bool {
		return at(d.call("GET", "/rest/api/2/issue/"+key+"/editmeta", nil).body, "fields", field) != nil
	}
	company, team := "", fieldOf(d, "com.pyxis.greenhopper.jira:jsw-story-points")
	for _, f := range d.call("GET", "/rest/api/2/field", nil).list {
		if at(f, "name") == "Story Points" {
			company = fmt.Sprint(at(f, "id"))
		}
	}
	got := []bool{editable("PAY-1", company), editable("PAY-1", team), editable("WEB-1", company), editable("WEB-1", team)}
	if diff := cmp.Diff([]bool{true, false, false, true}, got); diff != "" {
		t.Errorf("company-managed %s, team-managed %s (-want +got):\n%s", company, team, diff)
	}
}
