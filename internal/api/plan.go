package api

import (
	"net/http"
	"slices"
	"sync"
	"time"

	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/work"
)

// planView is the newest kept plan.
type planView struct {
	pageOf

	Run   int64              `json:"run"`
	At    time.Time          `json:"at"`
	AsOf  string             `json:"as_of"`
	Items int                `json:"items"`
	Twins int                `json:"twins"`
	Brake string             `json:"brake,omitempty"`
	Gates map[plan.Gate]int  `json:"gates"`
	Held  map[work.Cause]int `json:"held"`
	// FirstRead are the connectors that writing waits for.
	FirstRead []string   `json:"first_read,omitempty"`
	Edits     []editView `json:"edits"`
}

func noPlan() error {
	return newProblem(http.StatusNotFound, "no-plan", "nothing was planned yet", "wait for the first cycle of tandem run")
}

// plans keeps the newest run that was asked for: a large plan is read once.
type plans struct {
	mu  sync.Mutex
	run engine.Run
}

// newest returns the newest kept run. Nobody may change its plan.
func (a *API) newest(c *call) (engine.Run, error) {
	kept, err := a.Store.KeptRuns(c.Context(), 1)
	if err == nil && len(kept) == 0 {
		err = noPlan()
	}
	if err != nil {
		return engine.Run{}, err
	}
	a.plans.mu.Lock()
	defer a.plans.mu.Unlock()
	if a.plans.run.Seq >= kept[0].Number {
		return a.plans.run, nil
	}
	run, _, err := a.Store.LastRun(c.Context())
	if err == nil {
		a.plans.run = run
	}
	return run, err
}

// plan shows the newest kept plan.
func (a *API) plan(c *call) (any, error) {
	run, err := a.newest(c)
	if err != nil {
		return nil, err
	}
	l, err := a.lens(c)
	if err != nil {
		return nil, err
	}
	open, err := a.open(c)
	if err != nil {
		return nil, err
	}
	v := planView{
		Run: run.Seq, At: run.At, AsOf: run.AsOf.Format(time.DateOnly), Items: run.Items, Twins: run.Twins, Brake: run.Plan.Brake, FirstRead: run.Plan.FirstRead,
		Gates: map[plan.Gate]int{}, Held: map[work.Cause]int{}, Edits: []editView{},
	}
	team, connector, gate := c.query.Get("team"), c.query.Get("connector"), c.query.Get("gate")
	var some []*plan.Planned
	for i := range run.Plan.Edits {
		e := &run.Plan.Edits[i]
		v.Gates[e.Gate]++
		if (team == "" || e.Team == team) && (connector == "" || e.Target.Connector == connector) && (gate == "" || string(e.Gate) == gate) {
			some = append(some, e)
		}
	}
	for i := range run.Plan.Holds {
		v.Held[run.Plan.Holds[i].Cause]++
	}
	p, from, to, err := c.page(len(some))
	if err != nil {
		return nil, err
	}
	v.pageOf = p
	for _, e := range some[from:to] {
		v.Edits = append(v.Edits, l.edit(e, open))
	}
	return v, nil
}

// open returns the approvals that count, by the id of the edit: they come first.
func (a *API) open(c *call) (map[string]plan.Approval, error) {
	for limit := 1000; ; limit *= 10 {
		all, err := a.Store.Approvals(c.Context(), limit)
		if err != nil {
			return nil, err
		}
		over := slices.IndexFunc(all, func(p plan.Approval) bool { return !p.Ended.IsZero() })
		switch {
		case over >= 0:
			return plan.Approvals(all[:over]), nil
		case len(all) < limit:
			return plan.Approvals(all), nil
		}
	}
}

type holdList struct {
	pageOf

	Run   int64      `json:"run"`
	Holds []holdView `json:"holds"`
}

// holds lists the holds of the newest kept plan.
func (a *API) holds(c *call) (any, error) {
	run, err := a.newest(c)
	if err != nil {
		return nil, err
	}
	l, err := a.lens(c)
	if err != nil {
		return nil, err
	}
	connector, cause := c.query.Get("connector"), c.query.Get("cause")
	var some []*work.Hold
	for i := range run.Plan.Holds {
		h := &run.Plan.Holds[i]
		if (connector == "" || h.Target.Connector == connector) && (cause == "" || string(h.Cause) == cause) {
			some = append(some, h)
		}
	}
	p, from, to, err := c.page(len(some))
	if err != nil {
		return nil, err
	}
	list := holdList{p, run.Seq, []holdView{}}
	for _, h := range some[from:to] {
		list.Holds = append(list.Holds, l.hold(h))
	}
	return list, nil
}
