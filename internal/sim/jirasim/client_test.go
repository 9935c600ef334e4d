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
