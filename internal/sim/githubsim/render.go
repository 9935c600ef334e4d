package githubsim

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"

	"tandem/internal/sim"
)

type labelView struct {
	ID          int64  `json:"id"`
	NodeID      string `json:"node_id"`
	URL         string `json:"url"`
	Name        string `json:"name"`
	Color       string `json:"color"`
	Default     bool   `json:"default"`
	Description any    `json:"description"`
}

func (a *asker) label(r *repository, l *Label) labelView {
	return labelView{
		ID: l.ID, NodeID: nodeID("LA", r.ID, l.ID), URL: a.self(r) + "/labels/" + url.PathEscape(l.Name),
		Name: l.Name, Color: l.Color, Default: l.Default, Description: text(l.Description),
	}
}

func (a *asker) labels(r *repository, i *Issue) []labelView {
	shown := make([]labelView, 0, len(i.Labels))
	for _, l := range r.labelled(i) {
		shown = append(shown, a.label(r, l))
	}
	return shown
}

type milestoneView struct {
	URL         string    `json:"url"`
	HTMLURL     string    `json:"html_url"`
	LabelsURL   string    `json:"labels_url"`
	ID          int64     `json:"id"`
	NodeID      string    `json:"node_id"`
	Number      int       `json:"number"`
	Title       string    `json:"title"`
	Description any       `json:"description"`
	Creator     *userView `json:"creator"`
	Open        int       `json:"open_issues"`
	Closed      int       `json:"closed_issues"`
	State       string    `json:"state"`
	Created     string    `json:"created_at"`
	Updated     string    `json:"updated_at"`
	Due         any       `json:"due_on"`
	ClosedAt    any       `json:"closed_at"`
}

func (a *asker) milestone(r *repository, m *Milestone) *milestoneView {
	if m == nil {
		return nil
	}
	self := fmt.Sprintf("%s/milestones/%d", a.self(r), m.Number)
	return &milestoneView{
		URL: self, HTMLURL: fmt.Sprintf("%s/%s/milestone/%d", a.html, r.Name, m.Number), LabelsURL: self + "/labels",
		ID: m.ID, NodeID: nodeID("MI", r.ID, m.ID), Number: m.Number, Title: m.Title, Description: text(m.Description),
		Creator: a.user(m.Creator), Open: r.progress[m.Number][openState], Closed: r.progress[m.Number][closedState], State: m.State,
		Created: stamp(m.Created), Updated: stamp(m.Updated), Due: orNull(m.Due), ClosedAt: orNull(m.Closed),
	}
}

// self is the address of a repository.
func (a *asker) self(r *repository) string { return a.base + "/repos/" + r.Name }

type issueView struct {
	URL           string         `json:"url"`
	RepositoryURL string         `json:"repository_url"`
	LabelsURL     string         `json:"labels_url"`
	CommentsURL   string         `json:"comments_url"`
	EventsURL     string         `json:"events_url"`
	HTMLURL       string         `json:"html_url"`
	ID            int64          `json:"id"`
	NodeID        string         `json:"node_id"`
	Number        int            `json:"number"`
	Title         string         `json:"title"`
	User          *userView      `json:"user"`
	Labels        []labelView    `json:"labels"`
	State         string         `json:"state"`
	Locked        bool           `json:"locked"`
	Assignee      *userView      `json:"assignee"`
	Assignees     []*userView    `json:"assignees"`
	Milestone     *milestoneView `json:"milestone"`
	Comments      int            `json:"comments"`
	Created       string         `json:"created_at"`
	Updated       string         `json:"updated_at"`
	Closed        any            `json:"closed_at"`
	Association   string         `json:"author_association"`
	LockReason    any            `json:"active_lock_reason"`
	Draft         *bool          `json:"draft,omitempty"`
	PullRequest   any            `json:"pull_request,omitempty"`
	Body          any            `json:"body"`
	Reactions     map[string]any `json:"reactions"`
	TimelineURL   string         `json:"timeline_url"`
	App           any            `json:"performed_via_github_app"`
	StateReason   any            `json:"state_reason"`
	// Parent is left out where the server has no parts of issues.
	Parent       json.RawMessage `json:"parent_issue_url,omitempty"`
	Dependencies *dependencies   `json:"issue_dependencies_summary,omitempty"`
}

// show shows an issue as lists have it.
func (a *asker) show(r *repository, i *Issue) any {
	return a.finish(a.view(r, i), i)
}

// finish takes away what a newer version removed, and puts in what is odd.
func (a *asker) finish(v any, i *Issue) any {
	if len(i.Raw) == 0 && !a.modern {
		return v
	}
	fields := odd(v, i.Raw)
	if a.modern {
		delete(fields, "assignee")
	}
	return fields
}

// view shows an issue without what is odd about it.
func (a *asker) view(r *repository, i *Issue) issueView {
	self := fmt.Sprintf("%s/issues/%d", a.self(r), i.Number)
	v := issueView{
		URL: self, RepositoryURL: a.self(r), LabelsURL: self + "/labels{/name}", CommentsURL: self + "/comments", EventsURL: self + "/events",
		HTMLURL: a.page(r, i), ID: i.ID, NodeID: i.NodeID, Number: i.Number, Title: i.Title,
		User: a.user(i.Author), Labels: a.labels(r, i), State: i.State, Locked: i.Locked, Assignees: []*userView{},
		Milestone: a.milestone(r, r.milestones[i.Milestone]), Comments: len(i.Comments),
		Created: stamp(i.Created), Updated: stamp(i.Updated), Closed: orNull(i.Closed), Association: a.association(i.Author),
		Body: text(i.Body), Reactions: reactions(self, i.Reactions), TimelineURL: self + "/timeline", StateReason: text(i.StateReason),
	}
	for _, login := range i.Assignees {
		v.Assignees = append(v.Assignees, a.user(login))
	}
	if len(v.Assignees) > 0 {
		v.Assignee = v.Assignees[0]
	}
	if i.PullRequest {
		draft, html := false, a.page(r, i)
		v.Draft = &draft
		v.PullRequest = map[string]any{
			"url": fmt.Sprintf("%s/pulls/%d", a.self(r), i.Number), "html_url": html,
			"diff_url": html + ".diff", "patch_url": html + ".patch", "merged_at": nil,
		}
	}
	a.relate(&v, i)
	return v
}

// page is the address of an issue for people.
func (a *asker) page(r *repository, i *Issue) string {
	kind := "issues"
	if i.PullRequest {
		kind = "pull"
	}
	return fmt.Sprintf("%s/%s/%s/%d", a.html, r.Name, kind, i.Number)
}

// association says how an author stands to the repository: accounts are
// members, others are nobody in particular.
func (a *asker) association(login string) string {
	for _, account := range a.site.accounts {
		if fold(account.Login) == fold(login) && !account.App {
			return "MEMBER"
		}
	}
	return "NONE"
}

func reactions(self string, counts map[string]int) map[string]any {
	v := map[string]any{"url": self + "/reactions", "total_count": total(counts)}
	for _, content := range []string{"+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes"} {
		v[content] = counts[content]
	}
	return v
}

// odd replaces fields of an answer.
func odd(v any, raw map[string]any) map[string]any {
	var fields map[string]any
	if err := json.Unmarshal(sim.MarshalJSON(v), &fields); err != nil {
		panic("stand-in cannot read its own answer: " + err.Error())
	}
	maps.Copy(fields, raw)
	return fields
}

// single shows an issue as an answer of its own has it: with who closed it.
func (a *asker) single(r *repository, i *Issue) any {
	return a.finish(struct {
		issueView
		ClosedBy *userView `json:"closed_by"`
	}{a.view(r, i), a.user(i.ClosedBy)}, i)
}

type commentView struct {
	URL         string         `json:"url"`
	HTMLURL     string         `json:"html_url"`
	IssueURL    string         `json:"issue_url"`
	ID          int64          `json:"id"`
	NodeID      string         `json:"node_id"`
	User        *userView      `json:"user"`
	Created     string         `json:"created_at"`
	Updated     string         `json:"updated_at"`
	Association string         `json:"author_association"`
	Body        string         `json:"body"`
	Reactions   map[string]any `json:"reactions"`
	App         any            `json:"performed_via_github_app"`
}

func (a *asker) comment(r *repository, i *Issue, c Comment) any {
	self := fmt.Sprintf("%s/issues/comments/%d", a.self(r), c.ID)
	return commentView{
		URL: self, HTMLURL: fmt.Sprintf("%s#issuecomment-%d", a.page(r, i), c.ID), IssueURL: fmt.Sprintf("%s/issues/%d", a.self(r), i.Number),
		ID: c.ID, NodeID: nodeID("IC", r.ID, c.ID), User: a.user(c.Author), Created: stamp(c.Created), Updated: stamp(c.Updated),
		Association: a.association(c.Author), Body: c.Body, Reactions: reactions(self, nil),
	}
}

func (a *asker) event(r *repository, e Event) any {
	prefix := map[string]string{"labeled": "LE", "unlabeled": "UNLE", "closed": "CE", "reopened": "REE", "renamed": "RTE", "assigned": "AE"}[e.Kind]
	if prefix == "" {
		prefix = "EV"
	}
	v := map[string]any{
		"id": e.ID, "node_id": nodeID(prefix, r.ID, e.ID), "url": fmt.Sprintf("%s/issues/events/%d", a.self(r), e.ID),
		"actor": a.user(e.Actor), "event": e.Kind, "commit_id": nil, "commit_url": nil, "created_at": stamp(e.At), "performed_via_github_app": nil,
	}
	switch e.Kind {
	case "labeled", "unlabeled":
		v["label"] = map[string]any{"name": e.Label, "color": e.Color}
	case "renamed":
		v["rename"] = map[string]any{"from": e.From, "to": e.To}
	case "assigned", "unassigned":
		v["assignee"], v["assigner"] = a.user(e.Subject), a.user(e.Actor)
	case "milestoned", "demilestoned":
		v["milestone"] = map[string]any{"title": e.Subject}
	case "closed":
		v["state_reason"] = text(e.StateReason)
	case "locked":
		v["lock_reason"] = nil
	}
	return v
}
