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

// boardProjects returns the keys of the projects that a board's filter names.
func (s *site) boardProjects(ctx context.Context, id int64) ([]string, error) {
	list, err := pages[struct {
		Key string `json:"key"`
	}](ctx, s, agile("board", strconv.FormatInt(id, 10), "project"), url.Values{})
	keys := make([]string, 0, len(list))
	for _, p := range list {
		keys = append(keys, p.Key)
	}
	return sorted(keys), err
}

// rankFindings says what ordering the backlogs would touch: nothing where
// rules order none. Issues have one place for all boards, so a move is seen on
// each board that shows them.
func (c *checker) rankFindings(ctx context.Context) []work.Finding {
	if !slices.Contains(c.site.features, backlogFeature) {
		return nil
	}
	rank, err := c.site.rankField(ctx)
	if err != nil {
		return []work.Finding{c.rankFailed("backlog", err)}
	}
	var findings []work.Finding
	seen := map[int64]bool{}
	for _, project := range c.site.config.Projects {
		findings = append(findings, c.mayRank(ctx, project)...)
		boards, err := c.site.boards(ctx, project)
		if err != nil {
			findings = append(findings, c.rankFailed("boards of "+project, err))
			continue
		}
		if len(boards) == 0 {
			findings = append(findings, c.finding(work.Warning, "backlog "+project, "no board shows the project, so nobody would see its order", "make a board whose filter names the project and ends in ORDER BY Rank"))
		}
		for _, b := range boards {
			if !seen[b.ID] {
				seen[b.ID] = true
				findings = append(findings, c.board(ctx, b, rank)...)
			}
		}
	}
	return findings
}

// mayRank looks for the right to move issues.
func (c *checker) mayRank(ctx context.Context, project string) []work.Finding {
	const schedule, edit = "SCHEDULE_ISSUES", "EDIT_ISSUES"
	values := url.Values{"projectKey": {project}}
	if c.site.config.Deployment != dataCenter { // which answers with all of them
		values.Set("permissions", schedule+","+edit)
	}
	var a struct {
		Permissions map[string]struct {
			Have bool `json:"havePermission"`
		} `json:"permissions"`
	}
	if err := c.site.client.get(ctx, path("mypermissions"), values, &a); err != nil {
		return []work.Finding{c.rankFailed("project "+project, err)}
	}
	if a.Permissions[schedule].Have && a.Permissions[edit].Have {
		return nil
	}
	return []work.Finding{c.finding(work.Warning, "project "+project, "the account may not order the backlog", rankRights)}
}

// board looks at one board.
func (c *checker) board(ctx context.Context, b board, rank rankField) []work.Finding {
	subject := fmt.Sprintf("board %d %q", b.ID, b.Name)
	settings, err := c.site.boardConfig(ctx, b.ID)
	if err != nil {
		return []work.Finding{c.rankFailed(subject, err)}
	}
	if settings.Ranking.Field == 0 {
		return []work.Finding{c.finding(work.Note, subject, "the board is not ordered by Rank, so it will not show the order", "end its filter in ORDER BY Rank if it should")}
	}
	if settings.Ranking.Field != rank.number() {
		return []work.Finding{c.finding(work.Warning, subject, "the board is ordered by another rank field (customfield_"+strconv.FormatInt(settings.Ranking.Field, 10)+") than "+rank.id, "let one Rank field order all boards; a second one comes from old imports")}
	}
	projects, err := c.site.boardProjects(ctx, b.ID)
	if err != nil {
		return []work.Finding{c.rankFailed(subject, err)}
	}
	own := func(key string) bool { return slices.Contains(c.site.config.Projects, key) }
	switch foreign := slices.DeleteFunc(slices.Clone(projects), own); {
	case len(foreign) > 0:
		return []work.Finding{c.finding(work.Warning, subject, "the order on this board changes too, and it also shows "+strings.Join(foreign, ", "), "tell its people, or take the project out of the board's filter")}
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
