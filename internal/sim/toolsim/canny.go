package toolsim

import (
	"net/http"
	"slices"
	"time"
)

// Canny answers posts/list and votes/list of version 1.
type Canny struct {
	presetDesk
	Key      string
	Posts    []CannyPost
	PageSize int // the most that one answer holds
}

// CannyPost is a post with its votes.
type CannyPost struct {
	ID, Title, Details, Author, Board, Status string
	Created                                   time.Time
	Tags, Issues                              []string
	Merged                                    []CannyPost
	Votes                                     []CannyVote
}

// CannyVote is one vote.
type CannyVote struct {
	ID, Voter, Email string
	Created          time.Time
}

// ServeHTTP answers POST /api/v1/posts/list and /api/v1/votes/list.
func (c *Canny) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if _, ok := c.asks(w, r, http.MethodPost, "/api/v1/posts/list", "/api/v1/votes/list"); !ok {
		return
	}
	var q struct {
		Key   string `json:"apiKey"`
		Board string `json:"boardID"`
		Post  string `json:"postID"`
		Sort  string `json:"sort"`
		Limit int    `json:"limit"`
		Skip  int    `json:"skip"`
	}
	if !c.body(w, r, &q) {
		return
	}
	switch {
	case q.Key != c.Key:
		c.refuse(w, http.StatusUnauthorized, "invalid apiKey")
	case q.Limit < 1 || q.Limit > 10000 || q.Skip < 0:
		c.refuse(w, http.StatusBadRequest, "limit or skip is wrong")
	case r.URL.Path == "/api/v1/posts/list" && q.Sort != "newest":
		c.refuse(w, http.StatusBadRequest, "sort is wrong")
	case r.URL.Path == "/api/v1/posts/list":
		posts := slices.DeleteFunc(slices.Clone(c.Posts), func(p CannyPost) bool { return q.Board != "" && p.Board != q.Board })
		slices.SortStableFunc(posts, func(a, b CannyPost) int { return b.Created.Compare(a.Created) })
		size := min(q.Limit, c.PageSize)
		rows := []any{}
		for _, p := range cutOf(posts, q.Skip, size) {
			rows = append(rows, p.wire())
		}
		c.answer(w, map[string]any{"posts": rows, "hasMore": q.Skip+size < len(posts)})
	default:
		c.votes(w, q.Post, q.Skip, min(q.Limit, c.PageSize))
	}
}

func (c *Canny) votes(w http.ResponseWriter, post string, skip, size int) {
	var votes []CannyVote
	for _, p := range c.Posts {
		if p.ID == post {
			votes = p.Votes
		}
	}
	rows := []any{}
	for _, v := range cutOf(votes, skip, size) {
		rows = append(rows, map[string]any{
			"id": v.ID, "created": v.Created.Format(time.RFC3339), "voter": map[string]any{"id": v.Voter, "email": v.Email}, "votePriority": "No Priority",
			"post": map[string]any{"id": post},
		})
	}
	c.answer(w, map[string]any{"votes": rows, "hasMore": skip+size < len(votes)})
}

func (p CannyPost) wire() map[string]any {
	tags, issues, ids, merged := []any{}, []any{}, []any{}, []any{}
	for _, t := range p.Tags {
		tags = append(tags, map[string]any{"id": "t-" + t, "name": t})
	}
	for _, key := range p.Issues {
		issues = append(issues, map[string]any{"id": "1" + key, "key": key, "url": "https://acme.atlassian.net/browse/" + key})
		ids = append(ids, "1"+key)
	}
	for _, m := range p.Merged {
		merged = append(merged, map[string]any{"created": m.Created.Format(time.RFC3339), "post": map[string]any{
			"id": m.ID, "title": m.Title, "details": m.Details, "author": map[string]any{"id": m.Author}, "url": "https://acme.canny.io/p/" + m.ID,
			"created": m.Created.Format(time.RFC3339),
		}})
	}
	return map[string]any{
		"id": p.ID, "title": p.Title, "details": p.Details, "created": p.Created.Format(time.RFC3339), "status": p.Status, "score": len(p.Votes),
		"author": map[string]any{"id": p.Author, "email": p.Author + "@acme.example"}, "board": map[string]any{"id": p.Board, "name": p.Board},
		"category": nil, "tags": tags, "url": "https://acme.canny.io/p/" + p.ID, "jira": map[string]any{"linkedIssueIDs": ids, "linkedIssues": issues},
		"mergeHistory": merged,
	}
}
