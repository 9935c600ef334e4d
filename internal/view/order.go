package view

import (
	"encoding/json"
	"maps"
	"time"

	"tandem/internal/plan/undo"
	"tandem/internal/work"
	"tandem/scheduler"
)

// Order is an order, its plan, and what became of it.
type Order struct {
	ID    string    `json:"id,omitempty"` // none where a command did it by itself
	State string    `json:"state"`
	At    time.Time `json:"at,omitzero"`
	// Hash is what confirms the plan.
	Hash    string    `json:"hash,omitempty"`
	Edits   []Edit    `json:"edits,omitzero"`
	Changed []Changed `json:"changed,omitzero"`
	Left    []Left    `json:"left,omitzero"`
	Done    *int      `json:"already_so,omitempty"`
	Result  *Carried  `json:"result,omitempty"`
	// Swept is what a retirement removes beside values, or removed.
	Swept   []scheduler.Swept `json:"swept,omitempty"`
	Problem *Problem          `json:"problem,omitempty"`
}

// Changed is a write that somebody changed since.
type Changed struct {
	Ref     string     `json:"ref"`
	Field   string     `json:"field"`
	Element string     `json:"element,omitempty"`
	Wrote   work.Value `json:"wrote"`
	Now     work.Value `json:"now"`
	By      string     `json:"by,omitempty"`
	At      time.Time  `json:"at,omitzero"`
}

// Left is a write that stays.
type Left struct {
	Ref     string     `json:"ref"`
	Field   string     `json:"field"`
	Element string     `json:"element,omitempty"`
	Wrote   work.Value `json:"wrote"`
	Why     string     `json:"why"`
	Later   bool       `json:"later,omitempty"`
}

// Carried is what was sent.
type Carried struct {
	Run     int64                    `json:"run"`
	Sent    int                      `json:"sent"`
	Results map[work.ResultState]int `json:"results"`
	Refused []Refused                `json:"refused"`
	Unsent  int                      `json:"unsent"`
	Paused  string                   `json:"paused,omitempty"`
}

// Refused is an edit that a service did not take.
type Refused struct {
	Ref    string           `json:"ref"`
	Field  string           `json:"field"`
	State  work.ResultState `json:"state"`
	Detail string           `json:"detail,omitempty"`
}

// running is an order that is not over.
func running(order *work.Commission) (Told, error) {
	text, err := json.Marshal(Order{ID: order.ID, State: "running", At: order.At.UTC()})
	return Told{order.ID, order.Errand, true, text}, err
}

// over is an order that is over.
func over(order *work.Commission) Told { return Told{order.ID, order.Errand, false, order.Told} }

// OrderOf shows an errand to who sees everything.
func OrderOf(order *work.Commission, u *Undone, who func(connector, id string) string) Order {
	v := Order{
		ID: order.ID, State: "planned", At: order.At.UTC(), Hash: u.Hash, Done: new(len(u.Errand.Back.Done)), Swept: u.Swept,
		Edits: []Edit{}, Changed: []Changed{}, Left: []Left{},
	}
	all := &Visit{who: Who{Role: Admin, Audience: work.Restricted}, desk: &Desk{conf: Config{Who: who}}}
	l := &lens{all, &decision{outcome: u.Errand.Outcome}}
	for i := range u.Errand.Outcome.Plan.Edits {
		v.Edits = append(v.Edits, l.edit(&u.Errand.Outcome.Plan.Edits[i], nil))
	}
	for i := range u.Errand.Back.Changed {
		v.Changed = append(v.Changed, changed(&u.Errand.Back.Changed[i], who))
	}
	for i := range u.Errand.Back.Left {
		w := &u.Errand.Back.Left[i]
		v.Left = append(v.Left, Left{w.Ref().String(), w.Field.String(), w.Target.Element, w.Wrote, w.Why, w.Later})
	}
	if u.Carried {
		v.State, v.Result = "done", carried(u)
	}
	return v
}

func changed(c *undo.Changed, who func(connector, id string) string) Changed {
	v := Changed{
		Ref: c.Ref().String(), Field: c.Field.String(), Element: c.Target.Element, Wrote: c.Wrote, Now: c.Now, At: c.At.UTC(),
	}
	if c.At.IsZero() {
		v.At = time.Time{}
	}
	if c.By != "" {
		v.By = who(c.Target.Connector, c.By)
	}
	return v
}

func carried(u *Undone) *Carried {
	e, r := &u.Errand, &u.Report
	v := &Carried{
		Run: e.Outcome.Number, Sent: r.Sent + u.Before, Results: map[work.ResultState]int{}, Refused: []Refused{}, Unsent: e.Unsent(*r), Paused: r.Paused,
	}
	maps.Copy(v.Results, r.Results)
	if u.Before > 0 {
		v.Results[work.Applied] += u.Before
	}
	for i := range r.Refused {
		x := &r.Refused[i]
		v.Refused = append(v.Refused, Refused{x.Edit.Ref().String(), x.Edit.Field.String(), x.Result.State, x.Result.Detail})
	}
	return v
}
