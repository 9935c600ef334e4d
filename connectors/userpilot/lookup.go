package userpilot

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// books are what lookups say: wordings and types of questions, and names of
// features.
type books struct {
	surveys  map[string]surveyBook
	features map[string]string
}

type surveyBook struct {
	title   string
	modules map[string]module
}

// module is a question.
type module struct {
	kind, wording string
	order         int
}

type wireSurvey struct {
	ID      plain `json:"id"`
	Title   plain `json:"title"`
	Modules []struct {
		ID       plain  `json:"id"`
		Order    plain  `json:"order"`
		Type     string `json:"type"`
		Question plain  `json:"question"`
	} `json:"modules"`
}

// title names the study of a response.
func (b books) title(entity string, nps bool) string {
	_, id, _ := strings.Cut(entity, ":")
	if s, ok := b.surveys[id]; ok && !nps && s.title != "" {
		return s.title
	}
	if nps {
		return "NPS"
	}
	return entity
}

// question finds a question of a survey by its id, or by its place.
func (b books) question(entity, id string) module {
	_, survey, _ := strings.Cut(entity, ":")
	return b.surveys[survey].modules[id]
}

// place is the place of a question in its survey, given as entity/question.
func (b books) place(question string) int {
	entity, id, _ := strings.Cut(question, "/")
	return b.question(entity, id).order
}

// used names what was used.
func (b books) used(kind, name string) string {
	if kind == trackFeature {
		return cmp.Or(b.features[name], "feature "+name)
	}
	return name
}

// maxLookups bounds the pages of a lookup.
const maxLookups = 500

// lookup reads a list of lookups, page by page.
func (c *client) lookup(ctx context.Context, name string) ([]json.RawMessage, error) {
	var all []json.RawMessage
	cursor := ""
	for range maxLookups {
		query := ""
		if cursor != "" {
			query = "?after_cursor=" + url.QueryEscape(cursor)
		}
		var raw json.RawMessage
		if err := c.get(ctx, "/lookups/"+name+query, &raw); err != nil {
			return nil, err
		}
		var page struct {
			Data     []json.RawMessage `json:"data"`
			Metadata struct {
				Cursor struct {
					After plain `json:"after"`
				} `json:"cursor"`
			} `json:"metadata"`
		}
		if strings.HasPrefix(strings.TrimSpace(string(raw)), "[") {
			return all, json.Unmarshal(raw, &all)
		}
		if err := json.Unmarshal(raw, &page); err != nil || page.Data == nil {
			return nil, fmt.Errorf("lookup %s: %w", name, errForm)
		}
		all = append(all, page.Data...)
		if page.Metadata.Cursor.After == "" || string(page.Metadata.Cursor.After) == cursor {
			return all, nil
		}
		cursor = string(page.Metadata.Cursor.After)
	}
	return nil, fmt.Errorf("lookup %s: %w: it does not end", name, errForm)
}

// surveyBooks reads the wordings of surveys.
func (c *client) surveyBooks(ctx context.Context) (books, error) {
	b := books{surveys: map[string]surveyBook{}}
	raw, err := c.lookup(ctx, "surveys")
	for _, one := range raw {
		var w wireSurvey
		if json.Unmarshal(one, &w) != nil || w.ID == "" {
			continue // its answers keep the ids of their questions
		}
		s := surveyBook{title: string(w.Title), modules: map[string]module{}}
		for i, m := range w.Modules {
			order, errOrder := strconv.Atoi(string(m.Order))
			if errOrder != nil {
				order = i + 1
			}
			s.modules[string(m.ID)] = module{kind: m.Type, wording: string(m.Question), order: order}
		}
		b.surveys[string(w.ID)] = s
	}
	return b, err
}

// featureBooks reads the names of feature tags.
func (c *client) featureBooks(ctx context.Context) (books, error) {
	b := books{features: map[string]string{}}
	raw, err := c.lookup(ctx, "features_events")
	for _, one := range raw {
		var w struct {
			ID    plain `json:"id"`
			Name  plain `json:"name"`
			Title plain `json:"title"`
		}
		if json.Unmarshal(one, &w) == nil && w.ID != "" {
			b.features[string(w.ID)] = cmp.Or(string(w.Name), string(w.Title))
		}
	}
	return b, err
}
