package toolsim

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// Typeform answers forms and their responses.
type Typeform struct {
	presetDesk
	Token string
	Now   func() time.Time
	Forms []TypeformForm
	// Late is how long a response takes to show.
	Late time.Duration
}

// TypeformForm is a form with its responses.
type TypeformForm struct {
	ID, Title string
	Fields    []map[string]any
	Responses []TypeformResponse
}

// TypeformResponse is one.
type TypeformResponse struct {
	Token     string
	Submitted time.Time
	Hidden    map[string]string
	Answers   []map[string]any
}

// ServeHTTP answers /forms, /forms/ID and /forms/ID/responses.
func (t *Typeform) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id, ok := t.asks(w, r, http.MethodGet, "/forms", "/forms/*/responses", "/forms/*")
	if !ok || !t.bearer(w, r, t.Token) {
		return
	}
	if id == "" {
		t.forms(w, r)
		return
	}
	i := slices.IndexFunc(t.Forms, func(f TypeformForm) bool { return f.ID == id })
	switch {
	case i < 0:
		t.refuse(w, http.StatusNotFound, "there is no form "+id)
	case strings.HasSuffix(r.URL.Path, "/responses"):
		t.responses(w, r, t.Forms[i])
	default:
		t.answer(w, map[string]any{"id": t.Forms[i].ID, "title": t.Forms[i].Title, "fields": t.Forms[i].Fields})
	}
}

func (t *Typeform) forms(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if !t.only(w, q, "page", "page_size") {
		return
	}
	page, ok1 := t.number(w, q, "page", 1, 1000)
	size, ok2 := t.number(w, q, "page_size", 10, 200)
	if !ok1 || !ok2 {
		return
	}
	items := []any{}
	for _, f := range cutOf(t.Forms, (page-1)*size, size) {
		items = append(items, map[string]any{"id": f.ID, "title": f.Title})
	}
	t.answer(w, map[string]any{"total_items": len(t.Forms), "page_count": (len(t.Forms) + size - 1) / size, "items": items})
}

func (t *Typeform) responses(w http.ResponseWriter, r *http.Request, f TypeformForm) {
	q := r.URL.Query()
	if !t.only(w, q, "page_size", "since", "until", "before", "after", "completed", "response_type") {
		return
	}
	size, ok := t.number(w, q, "page_size", 25, 1000)
	if !ok {
		return
	}
	since := time.Time{}
	if q.Has("since") {
		var err error
		if since, err = time.Parse(time.RFC3339, q.Get("since")); err != nil {
			t.refuse(w, http.StatusBadRequest, "since must be a time")
			return
		}
	}
	all := slices.DeleteFunc(slices.Clone(f.Responses), func(x TypeformResponse) bool {
		return x.Submitted.Before(since) || x.Submitted.After(t.Now().Add(-t.Late))
	})
	slices.SortStableFunc(all, func(a, b TypeformResponse) int { return b.Submitted.Compare(a.Submitted) })
	if before := q.Get("before"); before != "" {
		i := slices.IndexFunc(all, func(x TypeformResponse) bool { return x.Token == before })
		if i < 0 {
			t.refuse(w, http.StatusBadRequest, "there is no response "+before)
			return
		}
		all = all[i+1:]
	}
	items := []any{}
	for _, x := range cutOf(all, 0, size) {
		items = append(items, map[string]any{
			"token": x.Token, "response_id": x.Token, "landed_at": x.Submitted.Add(-time.Minute).Format(time.RFC3339), "submitted_at": x.Submitted.Format(time.RFC3339),
			"metadata": map[string]any{"platform": "mobile"}, "hidden": x.Hidden, "answers": x.Answers,
		})
	}
	t.answer(w, map[string]any{"total_items": len(all), "page_count": (len(all) + size - 1) / size, "items": items})
}
