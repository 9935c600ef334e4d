package api

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"tandem/internal/engine"
	"tandem/internal/work"
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
}

// MistakesError is rules that mean nothing: all mistakes, a line each.
type MistakesError struct{ Text string }

// Error returns the mistakes.
func (e MistakesError) Error() string { return e.Text }

type whatIfView struct {
	AsOf      string             `json:"as_of"`
	Stability stabilityView      `json:"stability"`
	Later     int                `json:"later"`
	Relinks   bool               `json:"relinks"`
	Follow    int                `json:"follow"`
	Drop      int                `json:"drop"`
	Requests  map[string]int     `json:"requests"`
	HoldsCame map[work.Cause]int `json:"holds_came"`
	HoldsWent map[work.Cause]int `json:"holds_went"`
	Edits     []editView         `json:"edits"`
}

// whatIf compares other rules with today's. A rule can ask anything about
// anybody's data, so it is for those who see everything; nothing is written.
func (a *API) whatIf(c *call) (any, error) {
	if a.WhatIf == nil {
		return nil, notFound("comparison", "this daemon has none")
	}
	if c.token.Audience != work.Restricted {
		return nil, newProblem(http.StatusForbidden, "audience", "other rules could ask about what this token may not see", "use a token with audience: restricted")
	}
	var order WhatIfOrder
	if err := c.read(&order); err != nil {
		return nil, err
	}
	if order.Rules == "" && len(order.Set) == 0 {
		return nil, badRequest("it is not said what is other", `send rules: the text of a rule set, or set: ["evidence.half_life.default=30d"]`)
	}
	if !a.comparing.TryLock() {
		return nil, newProblem(http.StatusTooManyRequests, "too-many", "another comparison is under way", "ask again when it has ended")
	}
	defer a.comparing.Unlock()
	found, err := a.WhatIf(c.Context(), order)
	if mistakes, ok := errors.AsType[MistakesError](err); ok {
		return nil, newProblem(http.StatusUnprocessableEntity, "rules", mistakes.Text, "correct the rules; tandem rules test tells the same")
	}
	if err != nil {
		return nil, err
	}
	l, err := a.lens(c)
	if err != nil {
		return nil, err
	}
	v := whatIfView{
		AsOf: found.AsOf.Format(time.DateOnly), Stability: l.stability(&found.Stability), Later: found.Later, Relinks: found.Relinks,
		Follow: len(found.Follow), Drop: len(found.Drop), Requests: found.Requests, HoldsCame: found.HoldsCame, HoldsWent: found.HoldsWent, Edits: []editView{},
	}
	for i := range found.Follow[:min(mostPage, len(found.Follow))] {
		v.Edits = append(v.Edits, l.edit(&found.Follow[i], nil))
	}
	return v, nil
}

// stabilityView is how far an order is from another.
type stabilityView struct {
	// Since is the run before; 0 in a comparison of rules.
	Since int64 `json:"since"`
	// Figures are in the words of the engine.
	Items      int                  `json:"items"`
	Came       int                  `json:"came"`
	Went       int                  `json:"went"`
	Moved      int                  `json:"moved"`
	Tau        float64              `json:"kendall_tau_b"`
	RBO        float64              `json:"rank_biased_overlap"`
	Top10      float64              `json:"top10_overlap"`
	Top50      float64              `json:"top50_overlap"`
	Shift      float64              `json:"mean_shift"`
	Inversions int64                `json:"inversions"`
	Priorities int                  `json:"priorities"`
	Horizons   int                  `json:"horizons"`
	Routes     int                  `json:"routes"`
	Causes     map[engine.Cause]int `json:"causes"`
	Moves      []moveView           `json:"moves"`
	// Untold counts moves that are not listed, those among them that the client
	// may not see.
	Untold int `json:"untold"`
}

type moveView struct {
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
func (l *lens) stability(s *engine.Stability) stabilityView {
	v := stabilityView{
		Since: s.Since, Items: s.Items, Came: s.Came, Went: s.Went, Moved: s.Moved, Tau: s.Tau, RBO: s.RBO, Top10: s.Top10, Top50: s.Top50,
		Shift: s.Shift, Inversions: s.Inversions, Priorities: s.Priorities, Horizons: s.Horizons, Routes: s.Routes, Causes: s.Causes,
		Moves: []moveView{}, Untold: s.Untold,
	}
	if v.Causes == nil {
		v.Causes = map[engine.Cause]int{}
	}
	for i := range s.Moves {
		m := &s.Moves[i]
		if d, ok := l.outcome.FindKey(m.Ref); !ok || l.sightOf(d) != everything {
			v.Untold++
			continue
		}
		v.Moves = append(v.Moves, moveView{m.Ref, m.Team, m.From, m.To, m.Priority, m.Horizon, m.Route, append([]engine.Cause{}, m.Causes...), m.Because})
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

// stabilityOf tells how far the order of a run is from that of the one before.
func (a *API) stabilityOf(c *call) (any, error) {
	number := int64(0)
	if text := c.query.Get("run"); text != "" {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < 1 {
			return nil, badRequest("run is no number of a run", "GET "+Base+"/runs lists them")
		}
		number = n
	}
	s, err := a.Store.StabilityOf(c.Context(), number)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return nil, notFound("comparison of that run with the one before", "GET "+Base+"/runs lists the runs; the first has none before it")
	}
	l, err := a.lens(c)
	if err != nil {
		return nil, err
	}
	return l.stability(s), nil
}

type tensionView struct {
	TwoLenses bool             `json:"two_lenses"`
	Tensions  []engine.Tension `json:"tensions"`
}

// tension lists where the lenses disagree most, of what the client may see.
func (a *API) tension(c *call) (any, error) {
	limit, err := c.number("limit", 10, 1, mostPage)
	if err != nil {
		return nil, err
	}
	l, err := a.lens(c)
	if err != nil {
		return nil, err
	}
	team := c.query.Get("team")
	v := tensionView{a.Rules.TwoLenses(), []engine.Tension{}}
	told := map[string]int{}
	for _, t := range l.outcome.Tensions(a.Rules, team, team == "", len(l.outcome.Items)) {
		if l.sightOf(t.Decided()) == everything && told[t.Team] < limit {
			told[t.Team]++
			v.Tensions = append(v.Tensions, t)
		}
	}
	return v, nil
}
