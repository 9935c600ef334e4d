package jira

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tandem/internal/work"
)

// agile joins segments below rest/agile/1.0.
func agile(segments ...string) string {
	return "rest/agile/1.0/" + strings.TrimPrefix(path(segments...), path())
}

// board is one board, as the list of boards has it.
type board struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// boardConfig is what matters of a board's settings.
type boardConfig struct {
	Ranking struct {
		Field int64 `json:"rankCustomFieldId"`
	} `json:"ranking"`
}

// maxBoards bounds how many boards of one project are looked at.
const maxBoards = 200

// boards lists the boards that show a project.
func (s *site) boards(ctx context.Context, project string) ([]board, error) {
	return pages[board](ctx, s, agile("board"), url.Values{"projectKeyOrId": {project}})
}

// pages reads a list of the agile interface to its end.
func pages[T any](ctx context.Context, s *site, path string, values url.Values) ([]T, error) {
	var all []T
	for {
		var a struct {
			Values []T   `json:"values"`
			IsLast *bool `json:"isLast"`
		}
		values.Set("startAt", strconv.Itoa(len(all)))
		if err := s.client.get(ctx, path, values, &a); err != nil {
			return nil, err
		}
		if a.Values == nil {
			return nil, fmt.Errorf("read boards: %w", errForm)
		}
		all = append(all, a.Values...)
		if len(a.Values) == 0 || a.IsLast != nil && *a.IsLast || len(all) >= maxBoards {
			return all, nil
		}
	}
}

func (s *site) boardConfig(ctx context.Context, id int64) (boardConfig, error) {
	var c boardConfig
	err := s.client.get(ctx, agile("board", strconv.FormatInt(id, 10), "configuration"), nil, &c)
	return c, err
}

// strangers returns the keys of projects out of scope whose open issues a
// board shows, as far as one page tells.
func (s *site) strangers(ctx context.Context, id int64) ([]string, error) {
	own := make([]string, len(s.config.Projects))
	for i, key := range s.config.Projects {
		own[i] = quote(key)
	}
	var a struct {
		Issues []issue `json:"issues"`
	}
	err := s.client.get(ctx, agile("board", strconv.FormatInt(id, 10), "issue"), url.Values{
		"jql":    {"statusCategory != Done AND project not in (" + strings.Join(own, ", ") + ")"},
		"fields": {"project"}, "maxResults": {strconv.Itoa(maxFetch)},
	}, &a)
	keys := make([]string, len(a.Issues))
	for i, one := range a.Issues {
		keys[i] = one.project()
	}
	return sorted(keys), err
}

// rankFindings says what ordering the backlogs would touch: nothing where
// rules order none. Issues have one place for all boards, so a move is seen on
// each board that shows them. Whether the account may move them is asked with
// the other rights.
func (c *checker) rankFindings(ctx context.Context) []work.Finding {
	if !slices.Contains(c.site.features, backlogFeature) {
		return nil
	}
	rank, err := c.site.rankField(ctx)
	if err != nil {
		return []work.Finding{c.rankFailed("backlog", err)}
	}
	var findings []work.Finding
	var all []board
	shows := map[int64][]string{} // projects in scope by board
	for _, project := range c.site.config.Projects {
		boards, err := c.site.boards(ctx, project)
		if err != nil {
			findings = append(findings, c.rankFailed("boards of "+project, err))
			continue
		}
		if len(boards) == 0 {
			findings = append(findings, c.finding(work.Warning, "backlog "+project, "no board shows the project, so nobody would see its order", "make a board whose filter names the project and ends in ORDER BY Rank"))
		}
		for _, b := range boards {
			if shows[b.ID] == nil {
				all = append(all, b)
			}
			shows[b.ID] = append(shows[b.ID], project)
		}
	}
	for _, b := range all {
		findings = append(findings, c.board(ctx, b, rank, shows[b.ID])...)
	}
	return findings
}

// board looks at one board that shows some projects in scope.
func (c *checker) board(ctx context.Context, b board, rank rankField, projects []string) []work.Finding {
	subject := fmt.Sprintf("board %d %q", b.ID, b.Name)
	settings, err := c.site.boardConfig(ctx, b.ID)
	if err != nil {
		return []work.Finding{c.rankFailed(subject, err)}
	}
	if settings.Ranking.Field == 0 {
		return []work.Finding{c.finding(work.Note, subject, "the board is not ordered by Rank, so it will not show the order", "end its filter in ORDER BY Rank if it should")}
	}
	if settings.Ranking.Field != rank.number() {
		other := customPrefix + strconv.FormatInt(settings.Ranking.Field, 10)
		return []work.Finding{c.finding(work.Warning, subject, "the board is ordered by "+other+", not by "+rank.id, "let one Rank field order all boards; a second one is left over from an old import")}
	}
	strangers, err := c.site.strangers(ctx, b.ID)
	switch {
	case err != nil:
		return []work.Finding{c.rankFailed(subject, err)}
	case len(strangers) > 0:
		return []work.Finding{c.finding(work.Warning, subject, "the order on this board changes too, and it also shows issues of "+strings.Join(strangers, ", "), "tell the people who use it, or take "+strings.Join(projects, ", ")+" out of its filter")}
	case len(projects) > 1:
		return []work.Finding{c.finding(work.Note, subject, "the order on this board changes too: it shows "+strings.Join(projects, ", ")+", each of which is ordered for itself", "")}
	default:
		return nil
	}
}

func (c *checker) rankFailed(subject string, err error) work.Finding {
	f := c.failed(subject, err)
	f.Level = work.Warning // only ordering backlogs needs it
	return f
}
