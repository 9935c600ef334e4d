package toolsim

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// Productboard answers version 2: notes, features, connections with Jira.
type Productboard struct {
	presetDesk
	Token, Integration string
	Notes, Features    []ProductboardEntity
	// Connections are issue keys by the id of a feature.
	Connections map[string][]string
	// PageSize is how many come at once.
	PageSize int
}

// ProductboardEntity is a note or a feature.
type ProductboardEntity struct {
	ID, Name, Content, Creator, Status string
	Tags                               []string
	LinkedTo                           string // a feature
	Created, Updated                   time.Time
}

// ServeHTTP answers /v2.
func (p *Productboard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	integration, ok := p.asks(w, r, http.MethodGet, "/v2/notes", "/v2/entities", "/v2/jira-integrations/*/connections")
	if !ok || !p.bearer(w, r, p.Token) {
		return
	}
	q := r.URL.Query()
	switch r.URL.Path {
	case "/v2/notes":
		p.notes(w, r, q)
	case "/v2/entities":
		if p.only(w, q, "type[]", "fields[]", "pageCursor") && q.Get("type[]") == "feature" {
			p.page(w, r, p.Features, "feature")
			return
		}
		p.refuse(w, http.StatusBadRequest, "type[] must be feature")
	default:
		p.connections(w, integration)
	}
}

func (p *Productboard) notes(w http.ResponseWriter, r *http.Request, q url.Values) {
	if !p.only(w, q, "fields[]", "updatedFrom", "updatedTo", "pageCursor") {
		return
	}
	from := time.Time{}
	if q.Has("updatedFrom") {
		var err error
		if from, err = time.Parse("2006-01-02T15:04:05.000000Z", q.Get("updatedFrom")); err != nil {
			p.refuse(w, http.StatusBadRequest, "updatedFrom must be a time to the microsecond")
			return
		}
	}
	notes := slices.DeleteFunc(slices.Clone(p.Notes), func(e ProductboardEntity) bool { return e.Updated.Before(from) })
	slices.SortStableFunc(notes, func(a, b ProductboardEntity) int { return a.Updated.Compare(b.Updated) })
	p.page(w, r, notes, "note")
}

func (p *Productboard) page(w http.ResponseWriter, r *http.Request, all []ProductboardEntity, kind string) {
	q := r.URL.Query()
	from, _ := strconv.Atoi(q.Get("pageCursor"))
	data := []any{}
	for _, e := range cutOf(all, from, p.PageSize) {
		relations := []any{}
		if e.LinkedTo != "" {
			relations = append(relations, map[string]any{"type": "link", "target": map[string]any{"type": "feature", "id": e.LinkedTo}})
		}
		tags := []any{}
		for _, t := range e.Tags {
			tags = append(tags, map[string]any{"name": t})
		}
		const stamp = "2006-01-02T15:04:05.000000Z"
		data = append(data, map[string]any{
			"id": e.ID, "type": kind, "links": map[string]any{"self": "https://api.productboard.com/v2/x/" + e.ID, "html": "https://acme.productboard.com/" + e.ID},
			"fields": map[string]any{
				"name": e.Name, "content": e.Content, "description": e.Content, "tags": tags,
				"creator": map[string]any{"email": e.Creator}, "status": map[string]any{"name": e.Status}, "archived": false,
			},
			"relationships": map[string]any{"data": relations}, "createdAt": e.Created.Format(stamp), "updatedAt": e.Updated.Format(stamp),
		})
	}
	answer := map[string]any{"data": data, "links": map[string]any{"next": nil}}
	if from+p.PageSize < len(all) {
		q.Set("pageCursor", strconv.Itoa(from+p.PageSize))
		answer["links"] = map[string]any{"next": "https://api.productboard.com" + r.URL.Path + "?" + q.Encode()}
	}
	p.answer(w, answer)
}

func (p *Productboard) connections(w http.ResponseWriter, integration string) {
	if integration != p.Integration {
		p.refuse(w, http.StatusNotFound, "there is no integration "+integration)
		return
	}
	data := []any{}
	for _, f := range p.Features {
		for _, key := range p.Connections[f.ID] {
			data = append(data, map[string]any{"featureId": f.ID, "connection": map[string]any{"issueKey": key}})
		}
	}
	p.answer(w, map[string]any{"data": data, "links": map[string]any{}})
}
