package api

import (
	"tandem/internal/plan"
	"tandem/internal/view"
	"tandem/internal/work"
)

func (c *call) status() (any, error) { return c.Status() }
func (c *call) load() (any, error)   { return c.Load() }
func (c *call) leases() (any, error) { return c.Leases() }

func (c *call) plan() (any, error) {
	page, err := c.page()
	if err != nil {
		return nil, err
	}
	return c.Plan(view.PlanQuery{Page: page, Team: c.query.Get("team"), Connector: c.query.Get("connector"), Gate: plan.Gate(c.query.Get("gate"))})
}

func (c *call) holds() (any, error) {
	page, err := c.page()
	if err != nil {
		return nil, err
	}
	return c.Holds(view.HoldsQuery{Page: page, Connector: c.query.Get("connector"), Cause: work.Cause(c.query.Get("cause"))})
}

func (c *call) items() (any, error) {
	done, err := c.truth("done", "write done=true to list finished items too")
	if err != nil {
		return nil, err
	}
	page, err := c.page()
	if err != nil {
		return nil, err
	}
	q := view.ItemsQuery{
		Page: page, Team: c.query.Get("team"), Search: c.query.Get("search"), Kind: c.query.Get("kind"), Priority: c.query.Get("priority"), Horizon: c.query.Get("horizon"),
		Accountable: c.query.Get("accountable"), Person: c.query.Get("person"), Goal: c.query.Get("goal"), Done: done,
	}
	if c.query.Get("ready") != "" {
		ready, err := c.truth("ready", "write ready=true for those that can be started, ready=false for the others")
		if err != nil {
			return nil, err
		}
		q.Ready = &ready
	}
	if c.query.Get("since") != "" {
		if q.Since, err = c.since(0); err != nil {
			return nil, err
		}
	}
	return c.Items(q)
}

func (c *call) explanation() (any, error) { return c.Explanation(c.req.PathValue("ref"), c.run()) }
func (c *call) stability() (any, error)   { return c.Stability(c.run()) }

func (c *call) inbox() (any, error) {
	limit, err := c.limit()
	if err != nil {
		return nil, err
	}
	return c.Inbox(view.InboxQuery{Person: c.query.Get("person"), Role: c.query.Get("role"), Team: c.query.Get("team"), Limit: limit})
}

func (c *call) fits() (any, error) {
	limit, err := c.limit()
	if err != nil {
		return nil, err
	}
	return c.Fits(view.FitsQuery{Team: c.query.Get("team"), Sprint: c.query.Get("sprint"), Limit: limit})
}

func (c *call) tension() (any, error) {
	limit, err := c.number("limit", 0, 1, view.MostPage)
	if err != nil {
		return nil, err
	}
	return c.Tension(view.TensionQuery{Team: c.query.Get("team"), Limit: limit})
}

func (c *call) overrides() (any, error) {
	ended, err := c.truth("ended", "write ended=true to list also what ended")
	if err != nil {
		return nil, err
	}
	return c.Overrides(view.OverridesQuery{Ref: c.query.Get("ref"), Kind: c.query.Get("kind"), Ended: ended})
}

func (c *call) runs() (any, error) {
	limit, err := c.limit()
	if err != nil {
		return nil, err
	}
	return c.Runs(limit)
}

func (c *call) audit() (any, error) {
	limit, err := c.limit()
	if err != nil {
		return nil, err
	}
	return c.Audit(c.query.Get("ref"), limit)
}

func (c *call) deadLetters() (any, error) {
	limit, err := c.limit()
	if err != nil {
		return nil, err
	}
	return c.DeadLetters(limit)
}

func (c *call) approvals() (any, error) {
	limit, err := c.limit()
	if err != nil {
		return nil, err
	}
	return c.Approvals(limit)
}
