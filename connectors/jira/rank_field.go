package jira

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// rankType is the type of the field that holds the place in the backlog. Its
// name and its number differ from site to site.
const rankType = "com.pyxis.greenhopper.jira:gh-lexo-rank"

// errNoRank says that the site has no order to read.
var errNoRank = errors.New("the site has no Rank field: it comes with Jira Software; if the site has it, let the account see the field, or a board of the project")

// errLoading says that Jira did not load some issues just now.
var errLoading = errors.New("jira could not load some issues just now; they are read again later")

// errHidden says that issues come without their rank.
var errHidden = errors.New("the issue does not show its rank; let the account see the Rank field")

// rankField is the field that holds the place in the backlog.
type rankField struct {
	id     string // customfield_10019
	name   string // in the language of the site
	clause string // how JQL orders by it
}

// number is how the ranking calls name the field.
func (f rankField) number() int64 {
	n, err := strconv.ParseInt(strings.TrimPrefix(f.id, customPrefix), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// rankField finds the field, once.
func (s *site) rankField(ctx context.Context) (rankField, error) {
	s.ranks.mu.Lock()
	known := s.ranks.field
	s.ranks.mu.Unlock()
	if known.id != "" {
		return known, nil
	}
	var list []struct {
		fieldInfo
		Clauses []string `json:"clauseNames"`
		Schema  struct {
			Custom string `json:"custom"`
		} `json:"schema"`
	}
	if err := s.client.get(ctx, path("field"), nil, &list); err != nil {
		return rankField{}, fmt.Errorf("read list of fields: %w", err)
	}
	for _, f := range list {
		if f.Schema.Custom == rankType {
			known = rankField{id: f.ID, name: f.Name, clause: rankClause(f.ID, f.Clauses)}
			break
		}
	}
	if known.id == "" {
		id, err := s.rankOfBoards(ctx)
		if err != nil {
			return rankField{}, err
		}
		known = rankField{id: id, clause: rankClause(id, nil)}
	}
	s.ranks.mu.Lock()
	s.ranks.field = known
	s.ranks.mu.Unlock()
	return known, nil
}

// rankClause is "Rank" unless Jira says that the field goes by other names.
func rankClause(id string, clauses []string) string {
	const usual = "Rank"
	if len(clauses) == 0 || slices.ContainsFunc(clauses, func(c string) bool { return strings.EqualFold(c, usual) }) {
		return usual
	}
	return "cf[" + strings.TrimPrefix(id, customPrefix) + "]"
}

// rankOfBoards asks the boards of the projects for the field.
func (s *site) rankOfBoards(ctx context.Context) (string, error) {
	for _, project := range s.config.Projects {
		boards, err := s.boards(ctx, project)
		if err != nil {
			return "", err
		}
		for _, b := range boards {
			c, err := s.boardConfig(ctx, b.ID)
			if err != nil {
				return "", err
			}
			if c.Ranking.Field > 0 {
				return customPrefix + strconv.FormatInt(c.Ranking.Field, 10), nil
			}
		}
	}
	return "", errNoRank
}

// ranksOf reads the ranks of at most maxFetch issues by id, not by search. What
// does not exist or is not visible is missing, and so is what has no rank.
func (s *site) ranksOf(ctx context.Context, ids []string) (ranks map[string]string, found int, err error) {
	rank, err := s.rankField(ctx)
	if err != nil {
		return nil, 0, err
	}
	issues, err := s.issuesByID(ctx, ids, rank.id)
	if err != nil {
		return nil, 0, err
	}
	ranks = make(map[string]string, len(issues))
	for _, i := range issues {
		raw, ok := i.Fields[rank.id]
		var text string
		switch {
		case !ok:
			return nil, 0, fmt.Errorf("read %s of %s: %w", rank.id, i.Key, errHidden)
		case isNull(raw):
			continue // not ranked yet
		case json.Unmarshal(raw, &text) != nil:
			return nil, 0, fmt.Errorf("rank of %s: text expected, found %s", i.Key, clip(raw))
		}
		ranks[string(i.ID)] = text
	}
	return ranks, len(issues), nil
}

// issuesByID reads some fields of issues: at once on Cloud, one by one on Data
// Center, which has no such call.
func (s *site) issuesByID(ctx context.Context, ids []string, fields ...string) ([]issue, error) {
	if s.config.Deployment != dataCenter {
		var a struct {
			Issues []issue           `json:"issues"`
			Errors []json.RawMessage `json:"issueErrors"`
		}
		body := map[string]any{"issueIdsOrKeys": ids, "fields": fields}
		if err := s.client.ask(ctx, path("issue", "bulkfetch"), body, &a); err != nil {
			return nil, err
		}
		if a.Issues == nil {
			return nil, fmt.Errorf("read ranks: %w", errForm)
		}
		if len(a.Errors) > 0 {
			return nil, errLoading
		}
		return a.Issues, nil
	}
	found := make([]*issue, len(ids))
	err := sideBySide(ctx, len(ids), func(ctx context.Context, n int) error {
		var i issue
		err := s.client.get(ctx, path("issue", ids[n]), url.Values{"fields": {strings.Join(fields, ",")}}, &i)
		switch {
		case hasStatus(err, http.StatusNotFound):
			return nil
		case err != nil:
			return err
		case i.ID == "" || i.Fields == nil:
			return fmt.Errorf("read rank of %s: %w", ids[n], errForm)
		}
		found[n] = &i
		return nil
	})
	issues := make([]issue, 0, len(ids))
	for _, i := range found {
		if i != nil {
			issues = append(issues, *i)
		}
	}
	return issues, err
}
