package api

import (
	"math"
	"time"

	"tandem/internal/view"
)

// What PM and PO look at, and what waits for somebody to judge it.

// all is a list under its name.
func all[T any](name string, list []T, err error) (any, error) {
	if list == nil {
		list = []T{}
	}
	return map[string][]T{name: list}, err
}

// since reads a day; that so many days ago where none is given.
func (c *call) since(ago int) (time.Time, error) {
	text := c.query.Get("since")
	if text == "" {
		return c.Today().AddDate(0, 0, -ago), nil
	}
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return day, view.BadRequest("since is no day", "write a day, such as 2026-11-20")
	}
	return day, nil
}

func (c *call) list() (any, error) {
	page, err := c.page()
	if err != nil {
		return nil, err
	}
	return c.List(view.ListQuery{Page: page, Kind: view.ListKind(c.req.PathValue("kind")), Team: c.query.Get("team")})
}

func (c *call) roadmap() (any, error) {
	page, err := c.page()
	if err != nil {
		return nil, err
	}
	maps, err := c.Roadmap(view.RoadmapQuery{Page: page, Team: c.query.Get("team"), Horizon: c.query.Get("horizon")})
	return all("roadmaps", maps, err)
}

func (c *call) goals() (any, error) { return c.Goals(c.query.Get("team")) }

func (c *call) themes() (any, error) {
	themes, err := c.Themes(c.query.Get("team"))
	return all("themes", themes, err)
}

func (c *call) movement() (any, error) {
	since, err := c.since(7)
	if err != nil {
		return nil, err
	}
	return c.Movement(since, c.query.Get("team"))
}

func (c *call) trails() (any, error) {
	since, err := c.since(28)
	if err != nil {
		return nil, err
	}
	n, err := c.number("limit", 10, 1, 100)
	if err != nil {
		return nil, err
	}
	trails, err := c.Trails(c.query.Get("team"), n, since)
	return all("trails", trails, err)
}

func (c *call) survey() (any, error) {
	since, err := c.since(365)
	if err != nil {
		return nil, err
	}
	return c.Survey(since)
}

func (c *call) shipped() (any, error) {
	since, err := c.since(30)
	if err != nil {
		return nil, err
	}
	limit, err := c.limit()
	if err != nil {
		return nil, err
	}
	return c.Shipped(view.ShippedQuery{Team: c.query.Get("team"), Since: since, Limit: limit})
}

func (c *call) suggestions() (any, error) {
	before, err := c.number("before", 0, 1, math.MaxInt)
	if err != nil {
		return nil, err
	}
	limit, err := c.limit()
	if err != nil {
		return nil, err
	}
	return c.Suggestions(view.SuggestionsQuery{Before: int64(before), Limit: limit})
}

func (c *call) insights() (any, error) {
	waiting, err := c.truth("waiting", "write waiting=true for those that nothing ties and nobody set aside")
	if err != nil {
		return nil, err
	}
	page, err := c.page()
	if err != nil {
		return nil, err
	}
	return c.Insights(view.InsightsQuery{Page: page, Waiting: waiting})
}

func (c *call) asides() (any, error) {
	page, err := c.page()
	if err != nil {
		return nil, err
	}
	return c.Asides(page)
}

func (c *call) judge() (any, error) {
	var body struct {
		Of      string `json:"of"`
		Ref     string `json:"ref"`
		Verdict string `json:"verdict"`
	}
	if err := c.read(&body); err != nil {
		return nil, err
	}
	switch body.Verdict {
	case "accept":
		return c.AcceptLink(body.Of, body.Ref)
	case "refuse":
		return c.RefuseLink(body.Of, body.Ref)
	case "forget":
		return c.ForgetLink(body.Of, body.Ref)
	default:
		return nil, view.BadRequest("there is no such verdict", "send verdict: accept, refuse or forget")
	}
}

func (c *call) setAside() (any, error) {
	var body struct {
		Of      string `json:"of"`
		Because string `json:"because"`
	}
	if err := c.read(&body); err != nil {
		return nil, err
	}
	return c.SetAside(body.Of, body.Because)
}

func (c *call) takeBack() (any, error) {
	var body struct {
		Of string `json:"of"`
	}
	if err := c.read(&body); err != nil {
		return nil, err
	}
	return c.TakeBack(body.Of)
}

func (c *call) views() (any, error) {
	views, err := c.SavedViews()
	return all("views", views, err)
}

func (c *call) saveView() (any, error) {
	var body struct {
		Name   string `json:"name"`
		Query  string `json:"query"`
		Shared bool   `json:"shared"`
	}
	if err := c.read(&body); err != nil {
		return nil, err
	}
	return c.SaveView(body.Name, body.Query, body.Shared)
}

func (c *call) renameView() (any, error) {
	var body struct {
		Name string `json:"name"`
	}
	if err := c.read(&body); err != nil {
		return nil, err
	}
	return map[string]bool{"renamed": true}, c.RenameView(c.named("id"), body.Name)
}

func (c *call) deleteView() (any, error) {
	if err := c.read(&struct{}{}); err != nil {
		return nil, err
	}
	return map[string]bool{"deleted": true}, c.DeleteView(c.named("id"))
}
