package view

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"tandem/internal/engine"
	"tandem/internal/work"

	"tandem/mapping/evidence"
)

// WhatIfOrder asks what other rules would make of what is stored.
type WhatIfOrder struct {
	// Rules is the text of a whole rule set, in place of today's; empty for
	// those of today.
	Rules string `json:"rules"`
	// Set are values that are others, as PATH=VALUE.
	Set []string `json:"set"`
}

// WhatIfFound is what they would make of it.
type WhatIfFound struct {
	engine.WhatIf

	// Requests is how many the edits that follow would be, by connector.
	Requests map[string]int
	AsOf     time.Time
	// Retied is what of feedback is tied otherwise; nil where nothing is.
	Retied *evidence.Retied
}

// MistakesError is rules that mean nothing: all mistakes, a line each.
type MistakesError struct{ Text string }

// Error returns the mistakes.
func (e MistakesError) Error() string { return e.Text }

// WhatIf is what other rules would change.
type WhatIf struct {
	AsOf      string    `json:"as_of"`
	Stability Stability `json:"stability"`
	Later     int       `json:"later"`
	Relinks   bool      `json:"relinks"`
	// Retied counts feedback that the other rules tie otherwise, and says whether
	// what is told beside counts it.
	Retied    *evidence.Retied   `json:"retied,omitempty"`
	Follow    int                `json:"follow"`
	Drop      int                `json:"drop"`
	Requests  map[string]int     `json:"requests"`
	HoldsCame map[work.Cause]int `json:"holds_came"`
	HoldsWent map[work.Cause]int `json:"holds_went"`
	Edits     []Edit             `json:"edits"`
}

// MayCompare refuses who may not compare other rules: a rule can ask anything
// about anybody's data, so it is for those who see everything.
func (vi *Visit) MayCompare() error {
	if err := vi.may(Approver); err != nil {
		return err
	}
	if vi.desk.conf.WhatIf == nil {
		return notFound("comparison", "this daemon has none")
	}
	if vi.who.Audience != work.Restricted {
		return NewProblem(http.StatusForbidden, "audience", "other rules could ask about what this token may not see", "use a token with audience: restricted").
			onPage("other rules could ask about what you may not see", "ask somebody who sees what is restricted")
	}
	return nil
}

// takeTurn waits until nobody else compares, for half the time that an answer
// may take: a comparison decides everything anew, so there is one at a time. Who
// has the turn gives it back.
func (vi *Visit) takeTurn() (giveBack func(), err error) {
	late := time.NewTimer(cmp.Or(max(vi.desk.conf.Patience, 0), patience) / 2)
	defer late.Stop()
	select {
	case vi.desk.comparing <- struct{}{}:
		return func() { <-vi.desk.comparing }, nil
	case <-vi.ctx.Done():
		return nil, context.Cause(vi.ctx)
	case <-late.C:
		return nil, NewProblem(http.StatusTooManyRequests, "too-many", "another comparison is under way", "ask again when it has ended")
	}
}

// WhatIf compares other rules with today's. Nothing is written.
func (vi *Visit) WhatIf(order WhatIfOrder) (WhatIf, error) {
	if err := vi.MayCompare(); err != nil {
		return WhatIf{}, err
	}
	if order.Rules == "" && len(order.Set) == 0 {
		return WhatIf{}, BadRequest("it is not said what is other", `send rules: the text of a rule set, or set: ["evidence.half_life.default=30d"]`).onPage("nothing is other than today", "change a value, such as evidence.half_life.default=30d")
	}
	giveBack, err := vi.takeTurn()
	if err != nil {
		return WhatIf{}, err
	}
	defer giveBack()
	found, err := vi.desk.conf.WhatIf(vi.ctx, order)
	if mistakes, ok := errors.AsType[MistakesError](err); ok {
		return WhatIf{}, NewProblem(http.StatusUnprocessableEntity, "rules", mistakes.Text, "correct the rules; tandem rules test tells the same")
	}
	if err != nil {
		return WhatIf{}, err
	}
	l, err := vi.lens()
	if err != nil {
		return WhatIf{}, err
	}
	v := WhatIf{
		AsOf: found.AsOf.Format(time.DateOnly), Stability: l.stability(&found.Stability), Later: found.Later, Relinks: found.Relinks, Retied: found.Retied,
		Follow: len(found.Follow), Drop: len(found.Drop), Requests: found.Requests, HoldsCame: found.HoldsCame, HoldsWent: found.HoldsWent, Edits: []Edit{},
	}
	for i := range found.Follow[:min(MostPage, len(found.Follow))] {
		v.Edits = append(v.Edits, l.edit(&found.Follow[i], nil))
	}
	return v, nil
}

// Stability is how far an order is from another.
type Stability struct {
	// Since is the run before; 0 in a comparison of rules.
	Since int64 `json:"since"`
	// Figures are in the words of the engine.
	Items int     `json:"items"`
	Came  int     `json:"came"`
	Went  int     `json:"went"`
	Moved int     `json:"moved"`
	Tau   float64 `json:"kendall_tau_b"`
	RBO   float64 `json:"rank_biased_overlap"`
	Top10 float64 `json:"top10_overlap"`
	Top50 float64 `json:"top50_overlap"`
	// Kept says the same in words, for pages.
	Kept       string               `json:"-"`
	Shift      float64              `json:"mean_shift"`
	Inversions int64                `json:"inversions"`
	Priorities int                  `json:"priorities"`
	Horizons   int                  `json:"horizons"`
	Routes     int                  `json:"routes"`
	Causes     map[engine.Cause]int `json:"causes"`
	Moves      []Move               `json:"moves"`
	// Untold counts moves that are not listed, those among them that the client
	// may not see.
	Untold int `json:"untold"`
}

// Move is an item that stands elsewhere than before.
type Move struct {
	Ref      string         `json:"ref"`
	Team     string         `json:"team"`
	From     int            `json:"from"`
	To       int            `json:"to"`
	Priority *engine.Change `json:"priority,omitempty"`
	Horizon  *engine.Change `json:"horizon,omitempty"`
	Route    *engine.Change `json:"route,omitempty"`
	Causes   []engine.Cause `json:"causes"`
	Because  string         `json:"because,omitempty"`
}

// stability shows the moves of items of which the client may see everything:
// why one moved tells of its feedback.
func (l *lens) stability(s *engine.Stability) Stability {
	v := Stability{
		Since: s.Since, Items: s.Items, Came: s.Came, Went: s.Went, Moved: s.Moved, Tau: s.Tau, RBO: s.RBO, Top10: s.Top10, Top50: s.Top50,
		Kept: engine.Kept(s.Figures), Shift: s.Shift, Inversions: s.Inversions, Priorities: s.Priorities, Horizons: s.Horizons, Routes: s.Routes, Causes: s.Causes,
		Moves: []Move{}, Untold: s.Untold,
	}
	if v.Causes == nil {
		v.Causes = map[engine.Cause]int{}
	}
	items := make(map[work.ItemID]*engine.Decided, len(s.Moves))
	for i := range s.Moves {
		items[s.Moves[i].Item] = nil
	}
	for _, d := range l.outcome.Items {
		if _, told := items[d.Item.ID]; told {
			items[d.Item.ID] = d
		}
	}
	for i := range s.Moves {
		m := &s.Moves[i]
		if d := items[m.Item]; d == nil || l.sightOf(d) != everything {
			v.Untold++
			continue
		}
		v.Moves = append(v.Moves, Move{m.Ref, m.Team, m.From, m.To, m.Priority, m.Horizon, m.Route, append([]engine.Cause{}, m.Causes...), m.Because})
	}
	if l.stranger() != everything { // what cannot be seen is not counted either
		v.Untold, v.Priorities, v.Horizons, v.Routes, v.Causes = 0, 0, 0, 0, map[engine.Cause]int{}
		for i := range v.Moves {
			m := &v.Moves[i]
			for what, changed := range map[*int]bool{&v.Priorities: m.Priority != nil, &v.Horizons: m.Horizon != nil, &v.Routes: m.Route != nil} {
				if changed {
					*what++
				}
			}
			for _, cause := range m.Causes {
				v.Causes[cause]++
			}
		}
	}
	return v
}

// Stability tells how far the order of a run is from that of the one before: of
// the newest run where run is 0.
func (vi *Visit) Stability(run int64) (Stability, error) {
	if run < 0 {
		return Stability{}, noNumber()
	}
	s, err := vi.desk.conf.Store.StabilityOf(vi.ctx, run)
	if err != nil {
		return Stability{}, err
	}
	if s == nil {
		return Stability{}, notFound("comparison of that run with the one before", "GET "+Base+"/runs lists the runs; the first has none before it").onPage("there is nothing yet that the order could be compared with", "wait for the next run")
	}
	l, err := vi.lens()
	if err != nil {
		return Stability{}, err
	}
	return l.stability(s), nil
}

// Tensions are where the lenses disagree most.
type Tensions struct {
	TwoLenses bool             `json:"two_lenses"`
	Tensions  []engine.Tension `json:"tensions"`
}

// TensionQuery asks for tensions: of all teams where Team is empty.
type TensionQuery struct {
	Team string
	// Limit is the most of a team; 10 where it is 0.
	Limit int
}

// Tension lists where the lenses disagree most, of what the visitor may see.
func (vi *Visit) Tension(q TensionQuery) (Tensions, error) {
	l, err := vi.lens()
	if err != nil {
		return Tensions{}, err
	}
	if q.Limit > mostRecalled {
		return l.tension(&q), nil
	}
	return recalled(l, "tension", fmt.Sprintf("%+v", q), func(l *lens) (Tensions, error) { return l.tension(&q), nil })
}

func (l *lens) tension(q *TensionQuery) Tensions {
	rules := l.desk.conf.Rules
	v := Tensions{rules.TwoLenses(), []engine.Tension{}}
	sees := func(d *engine.Decided) bool { return l.sightOf(d) == everything }
	v.Tensions = append(v.Tensions, l.outcome.TensionsAmong(rules, q.Team, q.Team == "", cmp.Or(q.Limit, usualTensions), sees)...)
	return v
}

// usualTensions is how many are told of a team.
const usualTensions = 10
