package githubsim

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// deepest is the row that pages no longer reach: page 100 of 100.
const deepest = 10_000

// query is a request for issues, checked.
type query struct {
	state, order int
	up           bool
	since        time.Time
	labels       []string
	keep         []func(*Issue) bool
	page         page
	after        string
	before       string
}

// issueList answers with one page of a repository's issues and pull requests.
func (s *Site) issueList(a *asker, r *http.Request) reply {
	repo, refused := a.repository(r)
	if refused != nil {
		return *refused
	}
	if repo.IssuesOff {
		return refuse(http.StatusGone, "Issues are disabled for this repo")
	}
	q, refused := a.query(r)
	if refused != nil {
		return *refused
	}
	rows, total := q.rows(repo)
	issues, from, problem := q.cut(rows, total)
	if problem {
		return refuse(http.StatusUnprocessableEntity, "The cursor is not valid.")
	}
	shown := make([]any, 0, len(issues))
	for _, i := range issues {
		shown = append(shown, a.show(repo, i))
	}
	address := fmt.Sprintf("%s/repositories/%d/issues", a.base, repo.ID)
	return reply{status: http.StatusOK, body: shown, link: s.issueLinks(newLinks(r, address), q, issues, from, total)}
}

// query reads and checks the parameters.
func (a *asker) query(r *http.Request) (query, *reply) {
	v := r.URL.Query()
	q := query{page: pageOf(r), after: v.Get("after"), before: v.Get("before"), up: v.Get("direction") == "asc"}
	refuseField := func(field string) *reply {
		refused := invalid(detail{Resource: "Issue", Code: "invalid", Field: field, Value: v.Get(field)})
		return &refused
	}
	var known bool
	if q.state, known = map[string]int{"": openState, Open: openState, Closed: closedState, "all": anyState}[v.Get("state")]; !known {
		return q, refuseField("state")
	}
	if q.order, known = map[string]int{"": byCreated, "created": byCreated, "updated": byUpdated, "comments": byComments}[v.Get("sort")]; !known {
		return q, refuseField("sort")
	}
	if since := v.Get("since"); since != "" {
		at, err := instant(since)
		if err != nil {
			return q, refuseField("since")
		}
		q.since = at
	}
	for name := range strings.SplitSeq(v.Get("labels"), ",") {
		if name = strings.TrimSpace(name); name != "" {
			q.labels = append(q.labels, name)
		}
	}
	q.filter(v)
	if q.after == "" && q.before == "" && q.page.number*q.page.size >= deepest {
		refused := refuse(http.StatusUnprocessableEntity,
			"Pagination with the page parameter is not supported for large datasets, please use cursor based pagination (after/before)")
		return q, &refused
	}
	return q, nil
}

// instant reads a time as the service does, to whole seconds.
func instant(s string) (time.Time, error) {
	s = strings.Replace(s, " ", "+", 1) // a plus sign that the client did not escape
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04Z", time.DateOnly} {
		if at, err := time.Parse(layout, s); err == nil {
			return at.UTC().Truncate(time.Second), nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is not a time", s)
}

// filter adds the conditions that no order helps with.
func (q *query) filter(v url.Values) {
	for _, name := range q.labels {
		q.keep = append(q.keep, func(i *Issue) bool {
			return slices.ContainsFunc(i.Labels, func(l string) bool { return strings.EqualFold(l, name) })
		})
	}
	if creator := v.Get("creator"); creator != "" {
		q.keep = append(q.keep, func(i *Issue) bool { return strings.EqualFold(i.Author, creator) })
	}
	switch assignee := v.Get("assignee"); assignee {
	case "":
	case "none":
		q.keep = append(q.keep, func(i *Issue) bool { return len(i.Assignees) == 0 })
	case "*":
		q.keep = append(q.keep, func(i *Issue) bool { return len(i.Assignees) > 0 })
	default:
		q.keep = append(q.keep, func(i *Issue) bool {
			return slices.ContainsFunc(i.Assignees, func(l string) bool { return strings.EqualFold(l, assignee) })
		})
	}
	switch milestone := v.Get("milestone"); milestone {
	case "":
	case "none":
		q.keep = append(q.keep, func(i *Issue) bool { return i.Milestone == 0 })
	case "*":
		q.keep = append(q.keep, func(i *Issue) bool { return i.Milestone != 0 })
	default:
		number, err := strconv.Atoi(milestone)
		q.keep = append(q.keep, func(i *Issue) bool { return err == nil && i.Milestone == number })
	}
	if !q.since.IsZero() && q.order != byUpdated {
		q.keep = append(q.keep, func(i *Issue) bool { return !i.Updated.Before(q.since) })
	}
}
