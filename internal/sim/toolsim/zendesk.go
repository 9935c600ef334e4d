package toolsim

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// Zendesk answers the incremental export of tickets and satisfaction ratings.
type Zendesk struct {
	presetDesk
	User, Token string
	Now         func() time.Time
	Tickets     []ZendeskTicket
	Ratings     []ZendeskRating
	PageSize    int
	// PerMinute is the limit; 0 is none.
	PerMinute int
	window    time.Time
	used      int
}

// ZendeskTicket is one; Generated is when it changed last, in any way.
type ZendeskTicket struct {
	ID                           int
	Subject, Description, Status string
	Requester, Organization      int
	Tags                         []string
	Created, Generated           time.Time
}

// ZendeskRating is one answer to "how did we do".
type ZendeskRating struct {
	ID, Ticket       int
	Score, Comment   string
	Created, Updated time.Time
}

// ServeHTTP answers both lists.
func (z *Zendesk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	const tickets = "/api/v2/incremental/tickets/cursor.json"
	if _, ok := z.asks(w, r, http.MethodGet, tickets, "/api/v2/satisfaction_ratings"); !ok || !z.basic(w, r, z.User, z.Token) || !z.room(w) {
		return
	}
	if r.URL.Path == tickets {
		z.tickets(w, r.URL.Query())
		return
	}
	z.ratings(w, r.URL.Query())
}

// room keeps the limit of requests.
func (z *Zendesk) room(w http.ResponseWriter) bool {
	z.mu.Lock()
	if z.Now().Sub(z.window) >= time.Minute {
		z.window, z.used = z.Now(), 0
	}
	z.used++
	full := z.PerMinute > 0 && z.used > z.PerMinute
	z.mu.Unlock()
	if full {
		w.Header().Set("Retry-After", "60")
		z.refuse(w, http.StatusTooManyRequests, "rate limit")
	}
	return !full
}

func (z *Zendesk) tickets(w http.ResponseWriter, q url.Values) {
	if !z.only(w, q, "start_time", "cursor", "per_page") {
		return
	}
	if q.Has("start_time") == q.Has("cursor") {
		z.refuse(w, http.StatusBadRequest, "give start_time or cursor, not both")
		return
	}
	// The cursor is the change that was read last: time and id.
	at, _ := strconv.ParseInt(q.Get("start_time")+q.Get("cursor"), 10, 64)
	if q.Has("start_time") {
		at = (at - 1) * 1000000
	}
	order := func(t ZendeskTicket) int64 { return t.Generated.Unix()*1000000 + int64(t.ID) }
	found := slices.DeleteFunc(slices.Clone(z.Tickets), func(t ZendeskTicket) bool {
		return order(t) <= at || t.Generated.After(z.Now().Add(-time.Minute))
	})
	slices.SortFunc(found, func(a, b ZendeskTicket) int { return int(order(a) - order(b)) })
	rows := []any{}
	for _, t := range cutOf(found, 0, z.PageSize) {
		at = order(t)
		rows = append(rows, map[string]any{
			"id": t.ID, "subject": t.Subject, "description": t.Description, "status": t.Status, "type": "problem", "priority": "normal", "tags": t.Tags,
			"organization_id": t.Organization, "requester_id": t.Requester, "problem_id": nil,
			"created_at": t.Created.Format(time.RFC3339), "updated_at": t.Created.Format(time.RFC3339), "generated_timestamp": t.Generated.Unix(),
		})
	}
	z.answer(w, map[string]any{"tickets": rows, "after_cursor": strconv.FormatInt(at, 10), "end_of_stream": len(found) <= z.PageSize})
}

func (z *Zendesk) ratings(w http.ResponseWriter, q url.Values) {
	if !z.only(w, q, "start_time", "page[size]", "page[after]") {
		return
	}
	size, ok := z.number(w, q, "page[size]", 100, 100)
	start, err := strconv.ParseInt(q.Get("start_time"), 10, 64)
	if !ok || err != nil {
		z.refuse(w, http.StatusBadRequest, "start_time must be seconds")
		return
	}
	found := slices.DeleteFunc(slices.Clone(z.Ratings), func(r ZendeskRating) bool { return r.Created.Unix() < start })
	from, _ := strconv.Atoi(q.Get("page[after]"))
	size = min(size, z.PageSize)
	rows := []any{}
	for _, r := range cutOf(found, from, size) {
		rows = append(rows, map[string]any{
			"id": r.ID, "score": r.Score, "comment": r.Comment, "reason": nil, "reason_id": 0, "ticket_id": r.Ticket, "requester_id": 7,
			"created_at": r.Created.Format(time.RFC3339), "updated_at": r.Updated.Format(time.RFC3339),
		})
	}
	z.answer(w, map[string]any{"satisfaction_ratings": rows, "meta": map[string]any{"has_more": from+size < len(found), "after_cursor": strconv.Itoa(from + size)}})
}
