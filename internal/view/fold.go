package view

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"tandem/internal/plan"
	"tandem/internal/work"
)

// Fold is the same change at several records: of a plan of a thousand edits a
// person reads the ten kinds.
type Fold struct {
	// Key stands for the change in its run.
	Key       string      `json:"key"`
	Team      string      `json:"team,omitempty"`
	Connector string      `json:"connector"`
	Field     string      `json:"field"`
	Verb      work.Verb   `json:"verb"`
	Element   string      `json:"element,omitempty"`
	From      *work.Value `json:"from,omitempty"`
	To        *work.Value `json:"to,omitempty"`
	Gate      plan.Gate   `json:"gate"`
	Until     time.Time   `json:"until,omitzero"`
	Window    string      `json:"window,omitempty"`
	// Edits counts them, Approved those that somebody approved.
	Edits    int `json:"edits"`
	Approved int `json:"approved"`
	// First is one of them, which stands for all where there is one.
	First Edit `json:"first"`
}

// Folds is the newest kept plan by kinds of change.
type Folds struct {
	Run   int64     `json:"run"`
	At    time.Time `json:"at"`
	Items int       `json:"items"`
	Brake string    `json:"brake,omitempty"`
	// FirstRead are the connectors that writing waits for.
	FirstRead []string           `json:"first_read,omitempty"`
	Gates     map[plan.Gate]int  `json:"gates"`
	Held      map[work.Cause]int `json:"held"`
	Adopted   int                `json:"adopted"`
	Folds     []Fold             `json:"folds"`
	// Restricted counts edits that the visitor may not see.
	Restricted int `json:"restricted"`
	Teams      []string
	Connectors []string
}

// Folds shows the newest kept plan by kinds of change.
func (vi *Visit) Folds(q PlanQuery) (Folds, error) {
	run, l, open, err := vi.planned()
	if err != nil {
		return Folds{}, err
	}
	of := question{what: "folds", of: fmt.Sprint(q.Team, "\n", q.Connector, "\n", q.Gate), audience: l.who.Audience, plan: run.hash}
	found, err := recalledAs[Folds](l, of, asking(l, true, func(l *lens) (Folds, error) { return l.folds(l.plan, &q), nil }))
	if err != nil {
		return Folds{}, err
	}
	found.Run, found.At = run.Seq, run.At
	return l.approved(found, run, open), nil
}

// folds shows a plan by kinds of change, whatever is approved of it.
func (l *lens) folds(run *keptPlan, q *PlanQuery) Folds {
	f := Folds{
		Items: run.Items, Brake: run.Plan.Brake, FirstRead: run.Plan.FirstRead, Adopted: len(run.Plan.Adopted),
		Gates: map[plan.Gate]int{}, Held: map[work.Cause]int{}, Folds: []Fold{},
	}
	byKey := map[string]*Fold{}
	teams, connectors := map[string]bool{}, map[string]bool{}
	keys := run.folds()
	for i := range run.Plan.Edits {
		e := &run.Plan.Edits[i]
		if !l.shows(&e.Edit) {
			f.Restricted++
			continue
		}
		teams[e.Team], connectors[e.Target.Connector] = true, true
		f.Gates[e.Gate]++
		if !q.takes(e) {
			continue
		}
		one := byKey[keys[i]]
		if one == nil {
			shown := l.edit(e, nil)
			one = newFold(keys[i], e, &shown)
			byKey[keys[i]] = one
		}
		one.Edits++
		if e.ApprovedBy() != "" && l.sees(work.Internal) {
			one.Approved++
		}
	}
	for i := range run.Plan.Holds {
		if l.hold(&run.Plan.Holds[i]).Ref != "" {
			f.Held[run.Plan.Holds[i].Cause]++
		}
	}
	for _, one := range byKey {
		f.Folds = append(f.Folds, *one)
	}
	slices.SortFunc(f.Folds, func(a, b Fold) int {
		return cmp.Or(cmp.Compare(a.Team, b.Team), cmp.Compare(a.Connector, b.Connector), cmp.Compare(a.Field, b.Field), cmp.Compare(b.Edits, a.Edits), cmp.Compare(a.Key, b.Key))
	})
	f.Teams, f.Connectors = sorted(teams), sorted(connectors)
	return f
}

// approved adds what was approved since the plan was made, for those inside.
func (l *lens) approved(f Folds, run *keptPlan, open map[string]plan.Approval) Folds {
	if len(open) == 0 || !l.sees(work.Internal) {
		return f
	}
	at := make(map[string]*Fold, len(f.Folds))
	f.Folds = slices.Clone(f.Folds) // what is remembered stays as it is
	for i := range f.Folds {
		at[f.Folds[i].Key] = &f.Folds[i]
	}
	keys := run.folds()
	for i := range run.Plan.Edits {
		e := &run.Plan.Edits[i]
		approval, ok := open[e.ID]
		one := at[keys[i]]
		if !ok || one == nil || !l.shows(&e.Edit) {
			continue
		}
		if e.ApprovedBy() == "" {
			one.Approved++
		}
		if one.First.ID == e.ID {
			one.First.ApprovedBy, one.First.AnyHour = approval.By, approval.Quiet
		}
	}
	return f
}

func newFold(key string, e *plan.Planned, shown *Edit) *Fold {
	f := &Fold{
		Key: key, Team: e.Team, Connector: e.Target.Connector, Field: e.Field.String(), Verb: e.Verb, Element: shown.Element,
		From: shown.From, To: shown.To, Gate: e.Gate, Until: shown.Until, Window: shown.Window, First: *shown,
	}
	if moves(e) {
		f.From, f.To, f.Element = nil, nil, ""
	}
	return f
}

func sorted(set map[string]bool) []string {
	var all []string
	for name := range set {
		if name != "" {
			all = append(all, name)
		}
	}
	slices.Sort(all)
	return all
}

// moves reports whether an edit is one of a kind by what it is: a move names
// its neighbour, a marker its twin.
func moves(e *plan.Planned) bool {
	return e.Verb == work.MoveInBacklog || e.Target.Path == work.NativeMarker || e.Target.Path == work.NativeRemoteLink
}

// foldOf stands for what an edit has in common with others.
func foldOf(e *plan.Planned) string {
	h := sha256.New()
	words := []string{e.Team, e.Target.Connector, e.Field.String(), string(e.Verb), e.Target.Path, string(e.Gate), e.Window()}
	if !moves(e) {
		words = append(words, e.Target.Element, e.Expect.String(), e.Value.String())
	}
	for _, word := range words {
		h.Write([]byte(word))
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}

// PlanFold asks for the edits of one kind of change.
type PlanFold struct {
	Page

	Key string
}

// Folded lists the edits of one kind of change in the newest plan, those that
// the visitor sees.
func (vi *Visit) Folded(q PlanFold) (Plan, error) {
	run, l, open, err := vi.planned()
	if err != nil {
		return Plan{}, err
	}
	v := Plan{Run: run.Seq, At: run.At, AsOf: run.AsOf.Format(time.DateOnly), Items: run.Items, Twins: run.Twins, Edits: []Edit{}}
	var some []*plan.Planned
	keys := run.folds()
	for i := range run.Plan.Edits {
		if e := &run.Plan.Edits[i]; keys[i] == q.Key && l.shows(&e.Edit) {
			some = append(some, e)
		}
	}
	if len(some) == 0 {
		return Plan{}, notFound("change in the newest plan", "the plan is another one by now: look at it again")
	}
	w, from, to := q.cut(len(some))
	v.Window = w
	for _, e := range some[from:to] {
		v.Edits = append(v.Edits, l.edit(e, open))
	}
	return v, nil
}
