package github

import (
	"encoding/json"
	"time"
)

// The wire types hold what we read of GitHub's answers. Pointers tell null and
// absent from empty.

type wireIssue struct {
	ID            int64           `json:"id"`
	Number        int             `json:"number"`
	Title         string          `json:"title"`
	Body          *string         `json:"body"`
	State         string          `json:"state"`
	StateReason   *string         `json:"state_reason"`
	Labels        []wireLabel     `json:"labels"`
	Milestone     *wireTitle      `json:"milestone"`
	Assignees     []wireUser      `json:"assignees"`
	User          *wireUser       `json:"user"`
	Created       time.Time       `json:"created_at"`
	Updated       time.Time       `json:"updated_at"`
	Closed        *time.Time      `json:"closed_at"`
	Comments      float64         `json:"comments"`
	Reactions     *wireReactions  `json:"reactions"`
	Locked        bool            `json:"locked"`
	Type          json.RawMessage `json:"type"`
	PullRequest   json.RawMessage `json:"pull_request"`
	RepositoryURL string          `json:"repository_url"`
	HTMLURL       string          `json:"html_url"`
	// Parent is the address of the issue that this one is a part of: null where
	// there is none, absent where the server does not say.
	Parent   json.RawMessage `json:"parent_issue_url"`
	Parts    json.RawMessage `json:"sub_issues_summary"`
	Blockers *wireBlockers   `json:"issue_dependencies_summary"`
}

// wireBlockers counts what must come first.
type wireBlockers struct {
	Total int `json:"total_blocked_by"`
}

// wireHead is what a page needs to know of an issue that cannot be read whole.
type wireHead struct {
	ID      any `json:"id"`
	Number  any `json:"number"`
	Updated any `json:"updated_at"`
}

type wireUser struct {
	Login string `json:"login"`
	Type  string `json:"type"`
}

type wireTitle struct {
	Title string `json:"title"`
}

type wireReactions struct {
	PlusOne float64 `json:"+1"`
}

type wireType struct {
	Name string `json:"name"`
}

// wireLabel is an object or, as the specification allows, a plain name.
type wireLabel struct{ Name string }

// UnmarshalJSON reads both forms.
func (l *wireLabel) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, &l.Name)
	}
	var object struct {
		Name string `json:"name"`
	}
	err := json.Unmarshal(b, &object)
	l.Name = object.Name
	return err
}

type wireRepository struct {
	FullName    string `json:"full_name"`
	Private     *bool  `json:"private"`
	Visibility  string `json:"visibility"`
	Archived    bool   `json:"archived"`
	HasIssues   *bool  `json:"has_issues"`
	Permissions *struct {
		Push   bool `json:"push"`
		Triage bool `json:"triage"`
	} `json:"permissions"`
}

// withoutIssues tells that issues are switched off, as in most forks.
func (r wireRepository) withoutIssues() bool { return r.HasIssues != nil && !*r.HasIssues }
