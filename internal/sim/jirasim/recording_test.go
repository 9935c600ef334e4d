package jirasim_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/sim/jirasim"
	"tandem/internal/sim/judge"
)

func TestAnswersHaveTheShapeOfRecordedOnes(t *testing.T) {
	t.Parallel()
	if !judging.Present() {
		t.Skip("no recordings: put the shared folder beside the repository or name it in TANDEM_SHARED")
	}
	d := open(t, sample(), jirasim.Options{})
	d.want(204, d.call("PUT", "/rest/api/2/issue/PAY-1", map[string]any{
		"fields": map[string]any{"priority": map[string]any{"id": "10101"}, "duedate": "2026-12-01", "labels": []string{"a"}, "assignee": map[string]any{"accountId": jirasim.Ana}},
	}))
	d.want(201, d.call("POST", "/rest/api/2/issue/PAY-1/remotelink", map[string]any{
		"relationship": "mentioned on", "object": map[string]any{"url": "https://x.example", "title": "X"},
	}))
	if err := d.Edit("PAY-1", jirasim.Ana, func(i *jirasim.Issue) { i.Status = "10001" }); err != nil {
		t.Fatal(err)
	}
	one := func(got answer) json.RawMessage {
		if got.list == nil {
			return got.raw
		}
		raw, err := json.Marshal(got.list[0])
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	changelog := d.call("GET", "/rest/api/3/issue/PAY-1/changelog", nil)
	entry, err := json.Marshal(at(changelog.body, "values", 0))
	if err != nil {
		t.Fatal(err)
	}
	project, err := json.Marshal(at(d.call("GET", "/rest/api/2/project/search", nil).body, "values", 0))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		file   string
		answer json.RawMessage
		extra  []string // what the recorded calls, of other kinds or years, do not have
	}{
		{"jira/devlake/_raw_jira_api_issues.csv", one(d.call("GET", "/rest/api/2/issue/PAY-1?fields=summary,description,created,updated,labels,status,priority,issuetype,project,creator,reporter,assignee,resolution,resolutiondate,duedate,customfield_10019", nil)), []string{
			"/fields/assignee/emailAddress: no recording has it",
		}},
		{"jira/devlake/_raw_jira_api_issue_changelogs.csv", entry, nil},
		{"jira/devlake/_raw_jira_api_remotelinks.csv", one(d.call("GET", "/rest/api/2/issue/PAY-1/remotelink", nil)), nil},
		{"jira/devlake/_raw_jira_api_status.csv", one(d.call("GET", "/rest/api/2/status", nil)), nil},
		{"jira/devlake/_raw_jira_api_issue_types.csv", one(d.call("GET", "/rest/api/3/issuetype", nil)), nil},
		{"jira/devlake/_raw_jira_api_projects.csv", project, nil},
		{"jira/devlake/_raw_jira_api_users.csv", one(d.call("GET", "/rest/api/2/myself", nil)), nil},
	} {
		recorded, err := judging.Recorded(c.file)
		if err != nil {
			t.Fatal(err)
		}
		got, err := judge.Unlike(c.answer, recorded...)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.extra, got); diff != "" {
			t.Errorf("%s: answer differs from the recordings (-allowed +got):\n%s", c.file, diff)
		}
	}
}
