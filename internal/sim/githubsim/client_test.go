package githubsim_test

import (
	"errors"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-github/v60/github"

	"tandem/internal/sim"
	"tandem/internal/sim/githubsim"
)

func TestAnIndependentClientReadsAndWrites(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	d := open(t, sample(), githubsim.Options{})
	c := github.NewClient(&http.Client{Transport: d.client.Transport}).WithAuthToken("bot-token")
	var numbers []int
	o := &github.IssueListByRepoOptions{State: "all", Sort: "updated", Direction: "asc", Since: noon().Add(-72 * time.Hour), ListOptions: github.ListOptions{PerPage: 2}}
	for {
		issues, resp, err := c.Issues.ListByRepo(ctx, "acme", "pay", o)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range issues {
			numbers = append(numbers, i.GetNumber())
		}
		if resp.NextPage == 0 {
			break
		}
		o.Page = resp.NextPage
	}
	if diff := cmp.Diff([]int{1, 2, 3}, numbers); diff != "" {
		t.Errorf("issues (-want +got):\n%s", diff)
	}
	labels, _, err := c.Issues.AddLabelsToIssue(ctx, "acme", "pay", 1, []string{"why?", "bug"})
	if err != nil || len(labels) != 2 {
		t.Fatalf("labels = %v, %v", labels, err)
	}
	if _, err := c.Issues.RemoveLabelForIssue(ctx, "acme", "pay", 1, url.PathEscape("why?")); err != nil {
		t.Error(err)
	}
	closed, _, err := c.Issues.Edit(ctx, "acme", "pay", 1, &github.IssueRequest{State: new("closed"), StateReason: new("not_planned")})
	if err != nil || closed.GetStateReason() != "not_planned" || closed.GetClosedAt().IsZero() || closed.GetClosedBy().GetLogin() != "tandem-bot" {
		t.Errorf("closed = %v, %v", closed, err)
	}
	if _, _, err := c.Issues.CreateComment(ctx, "acme", "pay", 1, &github.IssueComment{Body: new("Done")}); err != nil {
		t.Error(err)
	}
	if _, _, err := c.Issues.CreateLabel(ctx, "acme", "pay", &github.Label{Name: new("BUG")}); err == nil {
		t.Error("a label was made twice")
	}
	d.SetFault(sim.Script("", "", githubsim.SecondaryLimit(403, 0, noon()), nil))
	_, _, err = c.Repositories.Get(ctx, "acme", "pay")
	if abuse := (*github.AbuseRateLimitError)(nil); !errors.As(err, &abuse) {
		t.Errorf("error = %v, want the client's for a secondary limit", err)
	}
}
