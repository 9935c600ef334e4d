package jira

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
)

// rankPage is how many ids are asked for at once. Jira may send fewer.
const (
	rankPageCloud  = 5000
	rankPageServer = 1000
)

// errMoving says that a backlog could not be read as a whole.
var errMoving = errors.New("issues were moved while the backlog was read, twice; it is read again later")

// backlogJQL is the whole backlog: neither where nor boards restrict it, for
// what is left out would be moved around unseen.
func backlogJQL(project string, rank rankField) string {
	return "project = " + quote(project) + " AND statusCategory != Done AND issuetype not in subTaskIssueTypes() ORDER BY " + rank.clause + " ASC"
}

// readOrder reads the ids of a backlog, first to last. If rows moved between
// two pages it reads once more: half an order is none.
func (s *site) readOrder(ctx context.Context, project string) ([]string, error) {
	rank, err := s.rankField(ctx)
	if err != nil {
		return nil, err
	}
	read := s.orderByToken
	if !s.config.cloud() {
		read = s.orderByOffset
	}
	for range 2 {
		ids, whole, err := read(ctx, backlogJQL(project, rank))
		if err != nil {
			return nil, err
		}
		if whole && len(sorted(ids)) == len(ids) {
			return ids, nil
		}
	}
	return nil, errMoving
}

// idsAnswer is a page of ids of either deployment.
type idsAnswer struct {
	Issues []struct {
		ID identifier `json:"id"`
	} `json:"issues"`
	paging
	Total   *int `json:"total"`
	StartAt int  `json:"startAt"`
}

func (a idsAnswer) ids() ([]string, error) {
	if a.Issues == nil {
		return nil, fmt.Errorf("read order: %w", errForm)
	}
	ids := make([]string, len(a.Issues))
	for i, one := range a.Issues {
		if one.ID == "" {
			return nil, fmt.Errorf("read order: an issue has no id: %w", errForm)
		}
		ids[i] = string(one.ID)
	}
	return ids, nil
}

func (s *site) orderByToken(ctx context.Context, jql string) (all []string, whole bool, err error) {
	var tokens []string
	values := url.Values{"jql": {jql}, "maxResults": {strconv.Itoa(rankPageCloud)}, "fields": {"id"}}
	for {
		var a idsAnswer
		if err := s.client.get(ctx, path("search", "jql"), values, &a); err != nil {
			return nil, false, err
		}
		ids, err := a.ids()
		if err != nil {
			return nil, false, err
		}
		all = append(all, ids...)
		next, err := a.next()
		if err != nil || next == "" {
			return all, err == nil, err
		}
		if slices.Contains(tokens, next) {
			return nil, false, errRepeatedToken
		}
		tokens = append(tokens, next)
		values.Set("nextPageToken", next)
	}
}

// orderByOffset pages by startAt. A row that moves meanwhile is met twice or
// never: the first shows, and the second shows in the count.
func (s *site) orderByOffset(ctx context.Context, jql string) (all []string, whole bool, err error) {
	total := -1
	for {
		var a idsAnswer
		values := url.Values{
			"jql": {jql}, "startAt": {strconv.Itoa(len(all))}, "maxResults": {strconv.Itoa(rankPageServer)}, "fields": {"id"},
		}
		if err := s.client.get(ctx, path("search"), values, &a); err != nil {
			return nil, false, err
		}
		ids, err := a.ids()
		switch {
		case err != nil:
			return nil, false, err
		case a.Total == nil:
			return nil, false, fmt.Errorf("read order: %w", errForm)
		case total >= 0 && *a.Total != total:
			return nil, false, nil
		}
		total = *a.Total
		all = append(all, ids...)
		if len(all) >= total || len(ids) == 0 {
			return all, len(all) == total, nil
		}
	}
}
