package api

import (
	"maps"
	"time"

	"tandem/internal/plan/undo"
	"tandem/internal/work"
	"tandem/scheduler"
)

// undoView is an order, its plan, and what became of it.
type undoView struct {
	ID    string    `json:"id"`
	State string    `json:"state"`
	At    time.Time `json:"at"`
	// Hash is what confirms the plan.
	Hash    string        `json:"hash,omitempty"`
	Edits   []editView    `json:"edits,omitzero"`
	Changed []changedView `json:"changed,omitzero"`
	Left    []leftView    `json:"left,omitzero"`
	Done    *int          `json:"already_so,omitempty"`
	Result  *carriedView  `json:"result,omitempty"`
	Problem *problem      `json:"problem,omitempty"`
}

// changedView is a write that somebody changed since.
type changedView struct {
	Ref     string     `json:"ref"`
	Field   string     `json:"field"`
	Element string     `json:"element,omitempty"`
	Wrote   work.Value `json:"wrote"`
	Now     work.Value `json:"now"`
	By      string     `json:"by,omitempty"`
	At      time.Time  `json:"at,omitzero"`
}

// leftView is a write that stays.
type leftView struct {
	Ref     string `json:"ref"`
	Field   string `json:"field"`
	Element string `json:"element,omitempty"`
	Why     string `json:"why"`
	Later   bool   `json:"later,omitempty"`
}

// carriedView is what was sent.
type carriedView struct {
	Run     int64                    `json:"run"`
	Sent    int                      `json:"sent"`
	Results map[work.ResultState]int `json:"results"`
	Refused []refusedView            `json:"refused"`
	Unsent  int                      `json:"unsent"`
	Paused  string                   `json:"paused,omitempty"`
}

type refusedView struct {
	Ref    string           `json:"ref"`
	Field  string           `json:"field"`
	State  work.ResultState `json:"state"`
	Detail string           `json:"detail,omitempty"`
}

// undoView shows an order that came to its end, to who sees everything.
func (a *API) undoView(c *call, e *errand) undoView {
	u := &e.done
	done := len(u.Errand.Back.Done)
	v := undoView{
		ID: e.id, State: "planned", At: e.at.UTC(), Hash: u.Errand.Hash(), Done: &done,
		Edits: []editView{}, Changed: []changedView{}, Left: []leftView{},
	}
	l := &lens{c, a, u.Errand.Outcome}
	for i := range u.Errand.Outcome.Plan.Edits {
		v.Edits = append(v.Edits, l.edit(&u.Errand.Outcome.Plan.Edits[i], nil))
	}
	for i := range u.Errand.Back.Changed {
		v.Changed = append(v.Changed, a.changed(&u.Errand.Back.Changed[i]))
	}
	for i := range u.Errand.Back.Left {
		w := &u.Errand.Back.Left[i]
		v.Left = append(v.Left, leftView{w.Ref().String(), w.Field.String(), w.Target.Element, w.Why, w.Later})
	}
	if u.Carried {
		v.State, v.Result = "done", carried(&u.Errand, &u.Report)
	}
	return v
}

func (a *API) changed(c *undo.Changed) changedView {
	v := changedView{
		Ref: c.Ref().String(), Field: c.Field.String(), Element: c.Target.Element, Wrote: c.Wrote, Now: c.Now, At: c.At.UTC(),
	}
	if c.At.IsZero() {
		v.At = time.Time{}
	}
	if c.By != "" {
		v.By = a.Who(c.Target.Connector, c.By)
	}
	return v
}

func carried(e *scheduler.Errand, r *scheduler.Report) *carriedView {
	v := &carriedView{
		Run: e.Outcome.Number, Sent: r.Sent, Results: map[work.ResultState]int{}, Refused: []refusedView{}, Unsent: e.Unsent(*r), Paused: r.Paused,
	}
	maps.Copy(v.Results, r.Results)
	for i := range r.Refused {
		x := &r.Refused[i]
		v.Refused = append(v.Refused, refusedView{x.Edit.Ref().String(), x.Edit.Field.String(), x.Result.State, x.Result.Detail})
	}
	return v
}
