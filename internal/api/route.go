package api

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"tandem/internal/view"
)

// Base is where all of the API begins.
const Base = view.Base

// route is one operation.
type route struct {
	Method, Path string
	role         view.Role
	// query are the names of parameters that it takes.
	query  []string
	answer func(*call) (any, error)
}

// table lists the operations. openapi.yaml describes each of them.
func table() []route {
	get := func(path string, answer func(*call) (any, error), query ...string) route {
		return route{http.MethodGet, Base + path, view.Viewer, query, answer}
	}
	post := func(path string, role view.Role, answer func(*call) (any, error)) route {
		return route{http.MethodPost, Base + path, role, nil, answer}
	}
	return []route{
		get("/status", (*call).status),
		get("/plan", (*call).plan, "team", "connector", "gate", "offset", "limit"),
		get("/holds", (*call).holds, "connector", "cause", "offset", "limit"),
		get("/items", (*call).items, "team", "done", "search", "kind", "priority", "horizon", "accountable", "person", "goal", "ready", "since", "offset", "limit"),
		get("/items/{ref}/explanation", (*call).explanation, "run"),
		get("/inbox", (*call).inbox, "person", "role", "team", "limit"),
		get("/load", (*call).load),
		get("/fits", (*call).fits, "team", "sprint", "limit"),
		get("/runs", (*call).runs, "limit"),
		get("/stability", (*call).stability, "run"),
		get("/tension", (*call).tension, "team", "limit"),
		get("/audit", (*call).audit, "ref", "limit"),
		get("/dead-letters", (*call).deadLetters, "limit"),
		get("/approvals", (*call).approvals, "limit"),
		get("/leases", (*call).leases),
		get("/lists/{kind}", (*call).list, "team", "offset", "limit"),
		get("/roadmap", (*call).roadmap, "team", "horizon", "offset", "limit"),
		get("/goals", (*call).goals, "team"),
		get("/themes", (*call).themes, "team"),
		get("/movement", (*call).movement, "since", "team"),
		get("/trails", (*call).trails, "since", "team", "limit"),
		get("/survey", (*call).survey, "since"),
		get("/shipped", (*call).shipped, "since", "team", "limit"),
		get("/suggestions", (*call).suggestions, "before", "limit"),
		get("/insights", (*call).insights, "waiting", "offset", "limit"),
		post("/links", view.Approver, (*call).judge),
		get("/asides", (*call).asides, "offset", "limit"),
		post("/asides", view.Approver, (*call).setAside),
		post("/asides/take-back", view.Approver, (*call).takeBack),
		get("/views", (*call).views),
		post("/views", view.Viewer, (*call).saveView),
		post("/views/{id}/rename", view.Viewer, (*call).renameView),
		post("/views/{id}/delete", view.Viewer, (*call).deleteView),
		post("/plan/{run}/approvals", view.Approver, (*call).approve),
		post("/what-if", view.Approver, (*call).whatIf),
		post("/rejections", view.Approver, (*call).reject),
		post("/releases", view.Approver, (*call).release),
		get("/overrides", (*call).overrides, "ref", "kind", "ended"),
		post("/overrides", view.Approver, (*call).override),
		post("/overrides/{id}/end", view.Approver, (*call).endOverride),
		post("/objections", view.Viewer, (*call).object),
		post("/objections/{id}/answer", view.Viewer, (*call).answer),
		post("/dead-letters/{id}/retry", view.Approver, (*call).retry),
		post("/undo", view.Admin, (*call).undo),
		{http.MethodGet, Base + "/undo/{id}", view.Admin, nil, (*call).undone},
		post("/retire", view.Admin, (*call).retire),
		{http.MethodGet, Base + "/retire/{id}", view.Admin, nil, (*call).retiring},
		post("/pause", view.Admin, (*call).pause),
		post("/resume", view.Admin, (*call).resume),
	}
}

// call is one request of a client: a visit, and how it came.
type call struct {
	*view.Visit

	req   *http.Request
	w     http.ResponseWriter
	query url.Values
	// code is the status of the answer; 0 is 200.
	code int
}

// checkQuery refuses parameters that the operation does not take, since a
// filter that is misspelt would silently show everything.
func (c *call) checkQuery(known []string) error {
	query, err := url.ParseQuery(c.req.URL.RawQuery)
	if err != nil {
		return view.BadRequest("the query cannot be read", "write name=value pairs, with & between them")
	}
	for name, values := range query {
		if !slices.Contains(known, name) {
			return view.BadRequest("there is no such parameter here", "this operation takes "+list(known))
		}
		if len(values) > 1 {
			return view.BadRequest("a parameter was given twice", "give each once")
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
		return 0, view.BadRequest(name+" is no number that is taken here", "write a number from "+strconv.Itoa(least)+" to "+strconv.Itoa(most))
	}
	return n, nil
}

// page reads which part of a list is asked for.
func (c *call) page() (view.Page, error) {
	offset, err := c.number("offset", 0, 0, view.MostRows)
	if err != nil {
		return view.Page{}, err
	}
	limit, err := c.limit()
	return view.Page{Offset: offset, Limit: limit}, err
}

// limit is the parameter of lists.
func (c *call) limit() (int, error) { return c.number("limit", view.UsualPage, 1, view.MostPage) }

// truth reads a parameter that is true or false.
func (c *call) truth(name, remedy string) (bool, error) {
	switch c.query.Get(name) {
	case "", "false":
		return false, nil
	case "true":
		return true, nil
	default:
		return false, view.BadRequest(name+" is neither true nor false", remedy)
	}
}

// run is the number of the run that is asked about; 0 where there is none, and
// one that no run has where it is none.
func (c *call) run() int64 {
	text := c.query.Get("run")
	if text == "" {
		return 0
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil && n > 0 {
		return n
	}
	return -1
}

// named is a number in the path; 0, which nothing has, where it is none.
func (c *call) named(name string) int64 {
	n, err := strconv.ParseInt(c.req.PathValue(name), 10, 64)
	if err != nil {
		return 0
	}
	return n
}
