package githubsim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"tandem/internal/sim"
)

// The published or reported limits of an issue.
const (
	mostLabels    = 100
	mostAssignees = 10
	longestTitle  = 256
	longestBody   = 65_536
)

// issueGet answers with one issue.
func (s *Site) issueGet(a *asker, r *http.Request) reply {
	repo, i, refused := a.issue(r)
	if refused != nil {
		return *refused
	}
	return ok(a.single(repo, i))
}

// issueBody is the body of a creation or a change. Absent and null differ for
// the milestone only.
type issueBody struct {
	Title       json.RawMessage `json:"title"`
	Body        *string         `json:"body"`
	State       *string         `json:"state"`
	StateReason *string         `json:"state_reason"`
	Milestone   json.RawMessage `json:"milestone"`
	Labels      *[]named        `json:"labels"`
	Assignee    *string         `json:"assignee"`
	Assignees   *[]named        `json:"assignees"`
}

// named is a label or a user, written as a name or as an object with it.
type named string

// UnmarshalJSON accepts both forms.
func (n *named) UnmarshalJSON(raw []byte) error {
	if bytes.HasPrefix(bytes.TrimSpace(raw), []byte("{")) {
		var object struct {
			Name  string `json:"name"`
			Login string `json:"login"`
		}
		err := json.Unmarshal(raw, &object)
		*n = named(object.Name + object.Login)
		return err
	}
	var text string
	err := json.Unmarshal(raw, &text)
	*n = named(text)
	return err
}

func texts(names []named) []string {
	all := make([]string, 0, len(names))
	for _, n := range names {
		all = append(all, string(n))
	}
	return all
}

// issuePatch changes an issue: all of the request or nothing, but for what an
// account without push access may not set, which is dropped silently.
func (s *Site) issuePatch(a *asker, r *http.Request) reply {
	repo, i, refused := a.issue(r)
	if refused != nil {
		return *refused
	}
	var body issueBody
	if refused := a.decode(&body); refused != nil {
		return *refused
	}
	if repo.Archived {
		return archived()
	}
	pushes := a.access(repo) == Push
	if !pushes && !strings.EqualFold(i.Author, a.account.Login) && (body.Title != nil || body.Body != nil || body.State != nil) {
		return a.forbidden()
	}
	if !pushes {
		body.Labels, body.Assignee, body.Assignees, body.Milestone = nil, nil, nil, nil
	}
	draft := i.clone()
	if refused := s.apply(repo, draft, body); refused != nil {
		return *refused
	}
	s.commit(a, r, repo, i, func(i *Issue) { *i = *draft })
	return ok(a.single(repo, repo.issues[i.Number]))
}

// issuePost creates an issue.
func (s *Site) issuePost(a *asker, r *http.Request) reply {
	repo, refused := a.repository(r)
	if refused != nil {
		return *refused
	}
	if repo.Archived {
		return archived()
	}
	if repo.IssuesOff {
		return refuse(http.StatusGone, "Issues are disabled for this repo")
	}
	var body issueBody
	if refused := a.decode(&body); refused != nil {
		return *refused
	}
	if body.Title == nil {
		return invalid(detail{Resource: "Issue", Code: "missing_field", Field: "title"})
	}
	if a.access(repo) != Push {
		body.Labels, body.Assignee, body.Assignees, body.Milestone = nil, nil, nil, nil
	}
	draft := Issue{}
	body.State = nil
	if refused := s.apply(repo, &draft, body); refused != nil {
		return *refused
	}
	i, effects := s.create(repo, a.account.Login, draft)
	call := sim.CallOf(r.Context())
	call.Effects = append(call.Effects, effects...)
	return created(a.single(repo, i), fmt.Sprintf("%s/issues/%d", a.self(repo), i.Number))
}

// apply puts a request into a draft and reports what is wrong with it.
func (s *Site) apply(repo *repository, draft *Issue, body issueBody) *reply {
	var details []detail
	wrong := func(field, code string, value any) {
		details = append(details, detail{Resource: "Issue", Code: code, Field: field, Value: value})
	}
	if body.Title != nil && string(body.Title) != "null" {
		title := string(body.Title) // a number is a title, too
		if strings.HasPrefix(title, `"`) {
			title = ""
			_ = json.Unmarshal(body.Title, &title)
		}
		if strings.TrimSpace(title) == "" {
			wrong("title", "missing_field", nil)
		}
		if utf8.RuneCountInString(title) > longestTitle {
			details = append(details, tooLong("Issue", "title", longestTitle))
		}
		draft.Title = title
	}
	if body.Body != nil {
		if utf8.RuneCountInString(*body.Body) > longestBody {
			details = append(details, tooLong("Issue", "body", longestBody))
		}
		draft.Body = *body.Body
	}
	applyState(draft, body, wrong)
	if body.Labels != nil {
		draft.Labels = texts(*body.Labels)
		details = append(details, badLabels("Issue", draft.Labels)...)
	}
	if body.Assignee != nil {
		draft.Assignees = s.assignable([]string{*body.Assignee})
	}
	if body.Assignees != nil {
		draft.Assignees = s.assignable(texts(*body.Assignees))
	}
	applyMilestone(repo, draft, body, wrong)
	if len(details) > 0 {
		refused := invalid(details...)
		return &refused
	}
	return nil
}

func applyState(draft *Issue, body issueBody, wrong func(field, code string, value any)) {
	if body.State == nil {
		return
	}
	if *body.State != Open && *body.State != Closed {
		wrong("state", "invalid", *body.State)
		return
	}
	changes := draft.State != *body.State
	draft.State = *body.State
	if body.StateReason == nil || !changes {
		return // the reason counts only where the state changes
	}
	if !slices.Contains([]string{"completed", "not_planned", "duplicate", "reopened"}, *body.StateReason) {
		wrong("state_reason", "invalid", *body.StateReason)
	}
	draft.StateReason = *body.StateReason
}

func applyMilestone(repo *repository, draft *Issue, body issueBody, wrong func(field, code string, value any)) {
	switch raw := strings.Trim(string(body.Milestone), `"`); raw {
	case "":
		if body.Milestone != nil {
			draft.Milestone = 0
		}
	case "null":
		draft.Milestone = 0
	default:
		number, err := strconv.Atoi(raw)
		if err != nil || repo.milestones[number] == nil {
			wrong("milestone", "invalid", raw)
			return
		}
		draft.Milestone = number
	}
}

// assignable keeps at most ten users that the site knows; others are ignored
// silently. A world without people knows everybody.
func (s *Site) assignable(logins []string) []string {
	var kept []string
	for _, login := range logins {
		_, person := s.people[fold(login)]
		isAccount := slices.ContainsFunc(s.accounts, func(a Account) bool { return !a.App && strings.EqualFold(a.Login, login) })
		if login != "" && (person || isAccount || len(s.people) == 0) && len(without([]string{login}, kept)) > 0 && len(kept) < mostAssignees {
			kept = append(kept, login)
		}
	}
	return kept
}

// commit stores a change of the asker's and notes it for the log.
func (s *Site) commit(a *asker, r *http.Request, repo *repository, i *Issue, edit func(*Issue)) {
	call := sim.CallOf(r.Context())
	call.Effects = append(call.Effects, s.change(repo, i, a.account.Login, edit)...)
}

// forbidden answers that the asker may not change what it can see.
func (a *asker) forbidden() reply {
	if a.account.App {
		return refuse(http.StatusForbidden, "Resource not accessible by integration")
	}
	return refuse(http.StatusForbidden, "Must have admin rights to Repository.")
}

func archived() reply {
	return refuse(http.StatusForbidden, "Repository was archived so is read-only.")
}

func tooLong(resource, field string, most int) detail {
	return detail{Resource: resource, Code: "custom", Field: field, Message: fmt.Sprintf("%s is too long (maximum is %d characters)", field, most)}
}
