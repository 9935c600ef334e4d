package api

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"tandem/internal/work"
)

// Base is where all of the API begins.
const Base = "/api/v1"

// route is one operation.
type route struct {
	Method, Path string
	role         Role
	// query are the names of parameters that it takes.
	query  []string
	answer func(*call) (any, error)
}

// table lists the operations. openapi.yaml describes each of them.
func (a *API) table() []route {
	get := func(path string, answer func(*call) (any, error), query ...string) route {
		return route{http.MethodGet, Base + path, Viewer, query, answer}
	}
	post := func(path string, role Role, answer func(*call) (any, error)) route {
		return route{http.MethodPost, Base + path, role, nil, answer}
	}
	return []route{
		get("/status", a.status),
		get("/plan", a.plan, "team", "connector", "gate", "offset", "limit"),
		get("/holds", a.holds, "connector", "cause", "offset", "limit"),
		get("/items", a.items, "team", "done", "offset", "limit"),
		get("/items/{ref}/explanation", a.explanation, "run"),
		get("/inbox", a.inbox, "person", "role", "team", "limit"),
		get("/load", a.load),
		get("/fits", a.fits, "team", "sprint", "limit"),
		get("/runs", a.runs, "limit"),
		get("/stability", a.stabilityOf, "run"),
		get("/tension", a.tension, "team", "limit"),
		get("/audit", a.audit, "ref", "limit"),
		get("/dead-letters", a.deadLetters, "limit"),
		get("/approvals", a.approvals, "limit"),
		get("/leases", a.leases),
		post("/plan/{run}/approvals", Approver, a.approve),
		post("/what-if", Approver, a.whatIf),
		post("/rejections", Approver, a.reject),
		post("/releases", Approver, a.release),
		get("/overrides", a.overrides, "ref", "kind", "ended"),
		post("/overrides", Approver, a.override),
		post("/overrides/{id}/end", Approver, a.endOverride),
		post("/objections", Viewer, a.object),
		post("/objections/{id}/answer", Viewer, a.answer),
		post("/dead-letters/{id}/retry", Approver, a.retry),
		post("/undo", Admin, a.undo),
		{http.MethodGet, Base + "/undo/{id}", Admin, nil, a.undone},
		post("/retire", Admin, a.retire),
		{http.MethodGet, Base + "/retire/{id}", Admin, nil, a.retiring},
		post("/pause", Admin, a.pause),
		post("/resume", Admin, a.resume),
	}
}

// call is one request of a client.
type call struct {
	*http.Request

	token *Token
	w     http.ResponseWriter
	query url.Values
	// status is that of the answer; 0 is 200.
	status int
}

// by is who decides, as the audit names it.
func (c *call) by() string { return "api:" + c.token.Name }

// sees reports whether the client may see what is meant for an audience.
func (c *call) sees(a work.Audience) bool {
	return c.token.Audience == work.Restricted || a.Reaches(c.token.Audience)
}

// checkQuery refuses parameters that the operation does not take, since a
// filter that is misspelt would silently show everything.
func (c *call) checkQuery(known []string) error {
	query, err := url.ParseQuery(c.URL.RawQuery)
	if err != nil {
		return badRequest("the query cannot be read", "write name=value pairs, with & between them")
	}
	for name, values := range query {
		if !slices.Contains(known, name) {
			return badRequest("there is no such parameter here", "this operation takes "+list(known))
		}
		if len(values) > 1 {
			return badRequest("a parameter was given twice", "give each once")
		}
	}
	c.query = query
	return nil
}

// number reads a parameter; it is otherwise where nothing is given.
func (c *call) number(name string, otherwise, least, most int) (int, error) {
	text := c.query.Get(name)
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		return 0, badRequest(name+" is no number that is taken here", "write a number from "+strconv.Itoa(least)+" to "+strconv.Itoa(most))
	}
	return n, nil
}

// The sizes of pages.
const (
	usualPage = 100
	mostPage  = 500
	mostRows  = 1_000_000_000
)

// pageOf is a part of a list.
type pageOf struct {
	// Total is how many there are, before offset and limit.
	Total  int `json:"total"`
	Offset int `json:"offset"`
	// Next is the offset of the next page; 0 where there is none.
	Next int `json:"next,omitempty"`
}

// page cuts a part out of n entries.
func (c *call) page(n int) (p pageOf, from, to int, err error) {
	offset, err := c.number("offset", 0, 0, mostRows)
	if err != nil {
		return p, 0, 0, err
	}
	limit, err := c.number("limit", usualPage, 1, mostPage)
	if err != nil {
		return p, 0, 0, err
	}
	from, to = min(offset, n), min(offset+limit, n)
	p = pageOf{Total: n, Offset: offset}
	if to < n {
		p.Next = to
	}
	return p, from, to, nil
}

// limit is the parameter of lists without pages.
func (c *call) limit() (int, error) { return c.number("limit", usualPage, 1, mostPage) }
