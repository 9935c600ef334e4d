package jirasim_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/andygrunwald/go-jira"
	"github.com/google/go-cmp/cmp"

	"tandem/internal/sim"
	"tandem/internal/sim/jirasim"
	"tandem/internal/sim/judge"
)

// TestAnIndependentClientUnderstandsTheSite drives the stand-in with go-jira.
func TestAnIndependentClientUnderstandsTheSite(t *testing.T) {
	t.Parallel()
	d := open(t, sample(), jirasim.Options{})
	auth := jira.BasicAuthTransport{
		Username: "bot@acme.example", Password: "jira-token",
		Transport: judging.Transport(judge.Jira, sim.Network{host: d.Site}),
	}
	c, err := jira.NewClient(auth.Client(), "https://"+host)
	if err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	me, _, err := c.User.GetSelfWithContext(ctx)
	if err != nil || me.AccountID != jirasim.Bot || me.TimeZone != "Europe/Berlin" {
		t.Errorf("self = %+v, %v", me, err)
	}
	if _, err := c.Issue.UpdateIssueWithContext(ctx, "PAY-2", map[string]any{"update": map[string]any{"labels": []any{map[string]any{"add": "seen"}}}}); err != nil {
		t.Errorf("update: %v", err)
	}
	var found []string
	options := &jira.SearchOptionsV2{MaxResults: 2, Fields: []string{"summary", "priority", "labels", "updated"}}
	for {
		issues, resp, err := c.Issue.SearchV2JQLWithContext(ctx, "project = PAY ORDER BY key ASC", options)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range issues {
			found = append(found, fmt.Sprintf("%s %s %s %v", i.ID, i.Key, i.Fields.Priority.Name, i.Fields.Labels))
		}
		if options.NextPageToken = resp.NextPageToken; resp.IsLast {
			break
		}
	}
	want := []string{"10000 PAY-1 Major []", "10001 PAY-2 Major [seen]", "10002 PAY-3 Major []"}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Errorf("found (-want +got):\n%s", diff)
	}
	issue, _, err := c.Issue.GetWithContext(ctx, "PAY-2", nil)
	if err != nil || issue.Fields.Project.Key != "PAY" || issue.Fields.Status.StatusCategory.Key != "new" {
		t.Errorf("issue = %+v, %v", issue, err)
	}
	fields, _, err := c.Field.GetListWithContext(ctx)
	if err != nil || len(fields) < 20 {
		t.Errorf("%d fields, %v", len(fields), err)
	}
	project, _, err := c.Project.GetWithContext(ctx, "PAY")
	if err != nil || len(project.IssueTypes) != 5 || project.IssueTypes[1].Name != "Fehler" {
		t.Errorf("project = %+v, %v", project, err)
	}
	if _, resp, err := c.Issue.SearchWithContext(ctx, "project = PAY", nil); err == nil || resp.StatusCode != http.StatusGone {
		t.Errorf("the old search: %v", err)
	}
	careless := judge.Deliberately(ctx, "go-jira sends an empty author")
	comment, _, err := c.Issue.AddCommentWithContext(careless, "PAY-2", &jira.Comment{Body: "Hello"})
	if err != nil || comment.Body != "Hello" {
		t.Errorf("comment = %+v, %v", comment, err)
	}
	links, _, err := c.Issue.GetRemoteLinksWithContext(ctx, "PAY-2")
	if err != nil || len(*links) != 0 {
		t.Errorf("links = %v, %v", links, err)
	}
	transitions, _, err := c.Issue.GetTransitionsWithContext(ctx, "PAY-2")
	if err != nil || len(transitions) != 3 {
		t.Errorf("transitions = %v, %v", transitions, err)
	}
}

// TestAnIndependentClientUnderstandsADataCenter drives the other flavour.
func TestAnIndependentClientUnderstandsADataCenter(t *testing.T) {
	t.Parallel()
	w := sample()
	w.Issues[0].Sprints = []int64{11, 12}
	d := open(t, w, jirasim.Options{Deployment: jirasim.DataCenter})
	auth := jira.PATAuthTransport{Token: "jira-token", Transport: judging.Transport(judge.JiraDC, sim.Network{host: d.Site})}
	c, err := jira.NewClient(auth.Client(), "https://"+host)
	if err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	me, _, err := c.User.GetSelfWithContext(ctx)
	if err != nil || me.Name != "tandem" || me.Key != "JIRAUSER10100" {
		t.Errorf("self = %+v, %v", me, err)
	}
	issues, resp, err := c.Issue.SearchWithContext(ctx, "project = PAY ORDER BY Rank ASC", &jira.SearchOptions{
		StartAt: 1, MaxResults: 1, Expand: "changelog", Fields: []string{"summary", "reporter"},
	})
	if err != nil || len(issues) != 1 || issues[0].Key != "PAY-2" || resp.Total != 3 || issues[0].Fields.Reporter.Name != "cy" {
		t.Errorf("found %+v of %+v, %v", issues, resp, err)
	}
	projects, _, err := c.Project.GetListWithContext(ctx)
	if err != nil || len(*projects) != 3 {
		t.Errorf("projects = %v, %v", projects, err)
	}
	boards, _, err := c.Board.GetAllBoardsWithContext(ctx, &jira.BoardListOptions{BoardType: "scrum"})
	if err != nil || len(boards.Values) != 2 || boards.Values[0].Name != "Payments" {
		t.Errorf("boards = %+v, %v", boards, err)
	}
	sprints, _, err := c.Board.GetAllSprintsWithOptionsWithContext(ctx, 1, &jira.GetAllSprintsOptions{State: "active"})
	if err != nil || len(sprints.Values) != 1 || sprints.Values[0].ID != 12 || sprints.Values[0].OriginBoardID != 1 {
		t.Errorf("sprints = %+v, %v", sprints, err)
	}
	planned, _, err := c.Sprint.GetIssuesForSprintWithContext(ctx, 12)
	if err != nil || len(planned) != 1 || planned[0].Fields.Sprint.ID != 12 {
		t.Errorf("in the sprint = %+v, %v", planned, err)
	}
	if _, err := c.Sprint.MoveIssuesToSprintWithContext(ctx, 13, []string{"PAY-2"}); err != nil {
		t.Errorf("move: %v", err)
	}
}
