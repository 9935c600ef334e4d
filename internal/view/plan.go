package view

import (
	"net/http"
	"time"

	"tandem/internal/plan"
	"tandem/internal/work"
)

// Plan is the newest kept plan.
type Plan struct {
	Window

	Run   int64              `json:"run"`
	At    time.Time          `json:"at"`
	AsOf  string             `json:"as_of"`
	Items int                `json:"items"`
	Twins int                `json:"twins"`
	Brake string             `json:"brake,omitempty"`
	Gates map[plan.Gate]int  `json:"gates"`
	Held  map[work.Cause]int `json:"held"`
	// FirstRead are the connectors that writing waits for.
	FirstRead []string `json:"first_read,omitempty"`
	Edits     []Edit   `json:"edits"`
}

func noPlan() error {
	return NewProblem(http.StatusNotFound, "no-plan", "nothing was planned yet", "wait for the first cycle of tandem run")
}

// PlanQuery asks for edits of the newest plan; empty ones are for all.
type PlanQuery struct {
	Page

	Team, Connector string
	Gate            plan.Gate
}

func (q *PlanQuery) takes(e *plan.Planned) bool {
	return (q.Team == "" || e.Team == q.Team) && (q.Connector == "" || e.Target.Connector == q.Connector) && (q.Gate == "" || e.Gate == q.Gate)
}

// Plan shows the newest kept plan.
func (vi *Visit) Plan(q PlanQuery) (Plan, error) {
	run, l, open, err := vi.planned()
	if err != nil {
		return Plan{}, err
	}
	v := Plan{
		Run: run.Seq, At: run.At, AsOf: run.AsOf.Format(time.DateOnly), Items: run.Items, Twins: run.Twins, Brake: run.Plan.Brake, FirstRead: run.Plan.FirstRead,
		Gates: map[plan.Gate]int{}, Held: map[work.Cause]int{}, Edits: []Edit{},
	}
	var some []*plan.Planned
	for i := range run.Plan.Edits {
		e := &run.Plan.Edits[i]
		v.Gates[e.Gate]++
		if q.takes(e) {
			some = append(some, e)
		}
	}
	for i := range run.Plan.Holds {
		v.Held[run.Plan.Holds[i].Cause]++
	}
	w, from, to := q.cut(len(some))
	v.Window = w
	for _, e := range some[from:to] {
		v.Edits = append(v.Edits, l.edit(e, open))
	}
	return v, nil
}

// Holds are a part of the holds of a run.
type Holds struct {
	Window

	Run   int64  `json:"run"`
	Holds []Hold `json:"holds"`
}

// HoldsQuery asks for holds; empty ones are for all.
type HoldsQuery struct {
	Page

	Connector string
	Cause     work.Cause
}

// Holds lists the holds of the newest kept plan.
func (vi *Visit) Holds(q HoldsQuery) (Holds, error) {
	run, l, err := vi.shown()
	if err != nil {
		return Holds{}, err
	}
	var some []*work.Hold
	for i := range run.Plan.Holds {
		h := &run.Plan.Holds[i]
		if (q.Connector == "" || h.Target.Connector == q.Connector) && (q.Cause == "" || h.Cause == q.Cause) {
			some = append(some, h)
		}
	}
	w, from, to := q.cut(len(some))
	list := Holds{w, run.Seq, []Hold{}}
	for _, h := range some[from:to] {
		list.Holds = append(list.Holds, l.hold(h))
	}
	return list, nil
}
