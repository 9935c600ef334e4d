package toolsim

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// Intercom answers the search for conversations.
type Intercom struct {
	presetDesk
	Token, Version string
	Conversations  []IntercomConversation
	// Cut is the most that one answer holds, 150 or fewer.
	Cut int
}

// IntercomConversation is one; Rating 0 is none.
type IntercomConversation struct {
	ID, Subject, Body, Author, Email string
	Tags                             []string
	Rating                           int
	Remark                           string
	Created, Updated                 time.Time
}

type intercomSearch struct {
	Query struct {
		Operator string `json:"operator"`
		Value    []struct {
			Field    string `json:"field"`
			Operator string `json:"operator"`
			Value    any    `json:"value"`
		} `json:"value"`
	} `json:"query"`
	Pagination struct {
		PerPage int    `json:"per_page"`
		After   string `json:"starting_after"`
	} `json:"pagination"`
}

// ServeHTTP answers POST /conversations/search.
func (i *Intercom) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if _, ok := i.asks(w, r, http.MethodPost, "/conversations/search"); !ok || !i.bearer(w, r, i.Token) {
		return
	}
	if r.Header.Get("Intercom-Version") != i.Version {
		i.refuse(w, http.StatusBadRequest, "the header Intercom-Version is missing or unknown")
		return
	}
	var q intercomSearch
	if !i.body(w, r, &q) {
		return
	}
	if q.Query.Operator != "AND" || len(q.Query.Value) != 1 || q.Query.Value[0].Field != "updated_at" || q.Query.Value[0].Operator != ">" {
		i.refuse(w, http.StatusBadRequest, "the query is wrong")
		return
	}
	since, err := strconv.ParseInt(string(asNumber(q.Query.Value[0].Value)), 10, 64)
	if err != nil || q.Pagination.PerPage < 1 || q.Pagination.PerPage > 150 {
		i.refuse(w, http.StatusBadRequest, "updated_at must be seconds, per_page at most 150")
		return
	}
	found := slices.DeleteFunc(slices.Clone(i.Conversations), func(c IntercomConversation) bool { return c.Updated.Unix() < since }) // > means at least
	slices.SortStableFunc(found, func(a, b IntercomConversation) int { return b.Updated.Compare(a.Updated) })
	from, _ := strconv.Atoi(q.Pagination.After)
	size := min(q.Pagination.PerPage, i.Cut)
	rows := []any{}
	for _, c := range cutOf(found, from, size) {
		rows = append(rows, c.wire())
	}
	pages := map[string]any{"type": "pages", "page": from/size + 1, "per_page": size, "next": nil}
	if from+size < len(found) {
		pages["next"] = map[string]any{"page": from/size + 2, "starting_after": strconv.Itoa(from + size)}
	}
	i.answer(w, map[string]any{"type": "conversation.list", "conversations": rows, "pages": pages, "total_count": len(found)})
}

// asNumber takes a number, or a text that is one.
func asNumber(v any) json.Number {
	switch x := v.(type) {
	case float64:
		return json.Number(strconv.FormatFloat(x, 'f', -1, 64))
	case string:
		return json.Number(x)
	default:
		return ""
	}
}

func (c IntercomConversation) wire() map[string]any {
	tags := []any{}
	for _, t := range c.Tags {
		tags = append(tags, map[string]any{"type": "tag", "name": t})
	}
	wire := map[string]any{
		"type": "conversation", "id": c.ID, "created_at": c.Created.Unix(), "updated_at": c.Updated.Unix(), "conversation_rating": nil,
		"source": map[string]any{"subject": c.Subject, "body": c.Body, "author": map[string]any{"type": "user", "id": c.Author, "email": c.Email}},
		"tags":   map[string]any{"type": "tag.list", "tags": tags},
	}
	if c.Rating > 0 {
		wire["conversation_rating"] = map[string]any{"rating": c.Rating, "remark": c.Remark, "created_at": c.Updated.Unix()}
	}
	return wire
}
