package jira

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tandem/connectors"
	"tandem/internal/httpx"
)

// scene is what was seen of one project.
type scene struct {
	bean     projectBean
	statuses []statusBean
	levels   []named
	boards   []boardBean
	// estimates is the field that the first board with one estimates by.
	estimates, estimating string
	sample                issue
	meta                  editMeta
	priorities            []string              // most urgent first
	english               map[identifier]string // untranslated names of issue types
}

type statusBean struct {
	Name     string `json:"name"`
	Category struct {
		Key string `json:"key"`
	} `json:"statusCategory"`
}

type boardBean struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
	Type string `json:"type"`
}

// projectStatuses lists the statuses of all issue types of a project, each
// once.
func (c *client) projectStatuses(ctx context.Context, project string) ([]statusBean, error) {
	var types []struct {
		Statuses []statusBean `json:"statuses"`
	}
	if err := c.get(ctx, path("project", project, "statuses"), nil, &types); err != nil {
		return nil, fmt.Errorf("read statuses of %s: %w", project, err)
	}
	var all []statusBean
	for _, t := range types {
		for _, status := range t.Statuses {
			if !slices.Contains(all, status) {
				all = append(all, status)
			}
		}
	}
	return all, nil
}

// visit looks at one project. What only some accounts may see, such as boards,
// is left out where it is refused.
func (s *surveyor) visit(ctx context.Context, key string) (*scene, error) {
	client, sc := s.checker.site.client, &scene{}
	if err := client.get(ctx, path("project", key), nil, &sc.bean); err != nil {
		return nil, err
	}
	var err error
	if sc.statuses, err = client.projectStatuses(ctx, key); optional(err) != nil {
		return nil, err
	}
	l := &look{project: key}
	if err := s.checker.screen(ctx, l); err != nil {
		return nil, err
	}
	sc.sample, sc.meta = l.sample, l.meta
	if err := s.priorities(ctx, sc); err != nil {
		return nil, err
	}
	sc.levels = sc.meta.Fields["security"].options()
	return sc, s.boards(ctx, sc)
}

// optional lets go of refusals: what is not there or not for this account.
func optional(err error) error {
	e, answered := statusOf(err)
	if answered && (e.Status == http.StatusUnauthorized || e.Kind == httpx.Forbidden || e.Kind == httpx.Missing || e.Kind == httpx.Removed || e.Kind == httpx.Invalid) {
		return nil
	}
	return err
}

// priorities come from the edit screen, in the order of the project's scheme;
// where no issue shows it, from the site.
func (s *surveyor) priorities(ctx context.Context, sc *scene) error {
	for _, n := range sc.meta.Fields["priority"].options() {
		sc.priorities = append(sc.priorities, n.text())
	}
	if len(sc.priorities) > 0 || sc.sample.Key != "" {
		return nil
	}
	var list []named
	var err error
	if s.checker.site.config.cloud() {
		var page struct {
			Values []named `json:"values"`
		}
		err = s.checker.site.client.get(ctx, path("priority", "search"), url.Values{"projectId": {string(sc.bean.ID)}}, &page)
		list = page.Values
	} else {
		err = s.checker.site.client.get(ctx, path("priority"), nil, &list)
	}
	for _, n := range list {
		sc.priorities = append(sc.priorities, n.Name)
	}
	return optional(err)
}

// boards of the project, and the field that the first scrum board estimates
// by: it is the story points, whatever its name.
func (s *surveyor) boards(ctx context.Context, sc *scene) error {
	client := s.checker.site.client
	var list struct {
		Values []boardBean `json:"values"`
	}
	err := client.get(ctx, "rest/agile/1.0/board", url.Values{"projectKeyOrId": {sc.bean.Key}}, &list)
	if err != nil {
		return optional(err)
	}
	sc.boards = list.Values
	for _, b := range list.Values {
		if b.Type == "kanban" {
			continue
		}
		var c struct {
			Estimation struct {
				Field struct {
					ID   string `json:"fieldId"`
					Name string `json:"displayName"`
				} `json:"field"`
			} `json:"estimation"`
		}
		err := client.get(ctx, "rest/agile/1.0/board/"+strconv.FormatInt(b.ID, 10)+"/configuration", nil, &c)
		sc.estimates, sc.estimating = c.Estimation.Field.ID, b.Name
		return optional(err)
	}
	return nil
}

func (sc *scene) lead() connectors.Lead {
	return connectors.Lead{ID: sc.bean.Lead.id(), Name: sc.bean.Lead.DisplayName}
}

// facts are what people want to know of a project.
func (sc *scene) facts(fields []fieldBean) []connectors.Fact {
	var facts []connectors.Fact
	add := func(what string, values []string) {
		if len(values) > 0 {
			facts = append(facts, connectors.Fact{What: what, Values: values})
		}
	}
	types := make([]string, 0, len(sc.bean.Types))
	for _, t := range sc.bean.Types {
		types = append(types, t.Name)
	}
	add("types", types)
	statuses := make([]string, 0, len(sc.statuses))
	order := []string{"new", "indeterminate", "done"}
	slices.SortStableFunc(sc.statuses, func(a, b statusBean) int {
		return cmp.Compare(slices.Index(order, a.Category.Key), slices.Index(order, b.Category.Key))
	})
	for _, st := range sc.statuses {
		statuses = append(statuses, st.Name+" ("+cmp.Or(statusCategories()[st.Category.Key], "?")+")")
	}
	add("statuses", statuses)
	add("priorities", sc.priorities)
	for _, f := range fields {
		if strings.HasSuffix(f.Schema.Custom, ":gh-sprint") {
			add("sprints", []string{f.Name + " (" + f.ID + ")"})
			break
		}
	}
	boards := make([]string, 0, len(sc.boards))
	for _, b := range sc.boards {
		boards = append(boards, b.Name+" ("+b.Type+")")
	}
	add("boards", boards)
	add("components", namesOf(sc.bean.Components))
	add("security levels", namesOf(sc.levels))
	if sc.sample.Key == "" {
		add("issues", []string{"none yet"})
	}
	return facts
}

func namesOf(list []named) []string {
	all := make([]string, 0, len(list))
	for _, n := range list {
		all = append(all, n.text())
	}
	return all
}
