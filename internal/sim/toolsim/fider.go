package toolsim

import (
	"net/http"
	"slices"
	"strconv"
	"time"
)

// Fider answers posts and votes of a public site.
type Fider struct {
	presetDesk
	Posts []FiderPost
	// Key is needed where it is not empty.
	Key string
}

// FiderPost is a post with its votes.
type FiderPost struct {
	Number                     int
	Title, Description, Status string
	User                       int
	Created                    time.Time
	Tags                       []string
	Original                   int
	Votes                      []FiderVote
}

// FiderVote is one vote.
type FiderVote struct {
	User    int
	Email   string
	Created time.Time
}

// fiderLimit is how many posts come where nobody says limit.
const fiderLimit = 30

// ServeHTTP answers GET /api/v1/posts and /api/v1/posts/N/votes.
func (f *Fider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	number, ok := f.asks(w, r, http.MethodGet, "/api/v1/posts", "/api/v1/posts/*/votes")
	if !ok || f.Key != "" && !f.bearer(w, r, f.Key) {
		return
	}
	if number != "" {
		f.votes(w, number)
		return
	}
	q := r.URL.Query()
	views := []string{"recent", "most-wanted", "most-discussed", "trending", "all"}
	if !f.only(w, q, "view", "limit", "tags", "statuses", "query") {
		return
	}
	size := fiderLimit
	if n, err := strconv.Atoi(q.Get("limit")); err == nil {
		size = n
	} else if q.Get("limit") == "all" {
		size = len(f.Posts)
	}
	if !slices.Contains(views, q.Get("view")) {
		f.refuse(w, http.StatusBadRequest, "there is no such view")
		return
	}
	rows := []any{}
	for _, p := range cutOf(f.Posts, 0, size) {
		post := map[string]any{
			"id": p.Number * 10, "number": p.Number, "title": p.Title, "slug": "post", "description": p.Description, "createdAt": p.Created.Format(time.RFC3339Nano),
			"user": map[string]any{"id": p.User, "name": "somebody"}, "votesCount": len(p.Votes), "commentsCount": 0, "status": p.Status, "tags": p.Tags,
			"response": nil, "isApproved": true,
		}
		if p.Original != 0 {
			post["response"] = map[string]any{"text": "", "original": map[string]any{"number": p.Original, "title": "", "slug": "", "status": "open"}}
		}
		rows = append(rows, post)
	}
	f.answer(w, rows)
}

func (f *Fider) votes(w http.ResponseWriter, number string) {
	for _, p := range f.Posts {
		if strconv.Itoa(p.Number) != number {
			continue
		}
		rows := []any{}
		for _, v := range p.Votes {
			rows = append(rows, map[string]any{"createdAt": v.Created.Format(time.RFC3339Nano), "user": map[string]any{"id": v.User, "name": "somebody", "email": v.Email}})
		}
		f.answer(w, rows)
		return
	}
	f.refuse(w, http.StatusNotFound, "there is no post "+number)
}
