package jira

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// query asks for one page of issues that changed since a moment.
type query struct {
	jql    string // a whole query in place of the scope's
	since  string // the bound as JQL writes it; empty is the beginning
	zone   string // of the account, in which Jira reads the bound
	token  string // of the page, empty for the first
	fields []string
	size   int
}

// found is one page of issues, each still as Jira wrote it.
type found struct {
	issues []json.RawMessage
	next   string // token of the next page; empty after the last
}

// searcher pages through issues, oldest change first: by tokens on Cloud, by
// offsets on Data Center.
type searcher func(context.Context, query) (found, error)

// markerProperty is the issue property that holds the twin.
const markerProperty = "tandem"

// longQuery is when a search goes by POST: proxies refuse long addresses.
const longQuery = 6000

// searchAnswer is the answer of search/jql. It has no total and no startAt.
type searchAnswer struct {
	Issues []json.RawMessage `json:"issues"`
	paging
}

// paging is how search/jql goes on.
type paging struct {
	NextPageToken string `json:"nextPageToken,omitempty"`
	IsLast        *bool  `json:"isLast,omitempty"`
}

// next is the token of the next page; empty after the last. An answer that
// says that it is not the last and not how to go on is cut off: what is not on
// it is not gone (promise S5).
func (p paging) next() (string, error) {
	switch {
	case p.IsLast != nil && *p.IsLast:
		return "", nil
	case p.IsLast != nil && p.NextPageToken == "":
		return "", errNoToken
	default:
		return p.NextPageToken, nil
	}
}

func (s *site) jqlOf(q query, since string) string {
	if q.jql != "" {
		return q.jql
	}
	return jql(s.config, since)
}

// searchCloud asks Jira Cloud.
func (s *site) searchCloud(ctx context.Context, q query) (found, error) {
	jql := s.jqlOf(q, q.since)
	values := url.Values{
		"jql": {jql}, "maxResults": {strconv.Itoa(q.size)}, "fields": {strings.Join(q.fields, ",")}, "properties": {markerProperty},
	}
	if q.token != "" {
		values.Set("nextPageToken", q.token)
	}
	var a searchAnswer
	var err error
	if len(values.Encode()) > longQuery {
		body := map[string]any{"jql": jql, "maxResults": q.size, "fields": q.fields, "properties": []string{markerProperty}}
		if q.token != "" {
			body["nextPageToken"] = q.token
		}
		err = s.client.ask(ctx, path("search", "jql"), body, &a)
	} else {
		err = s.client.get(ctx, path("search", "jql"), values, &a)
	}
	if err != nil {
		return found{}, err
	}
	if a.Issues == nil { // an object without issues is no empty page
		return found{}, fmt.Errorf("read issues: %w", errForm)
	}
	next, err := a.next()
	return found{issues: a.Issues, next: next}, err
}
