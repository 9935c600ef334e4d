package api

import (
	"time"

	"tandem/internal/engine"
	"tandem/internal/work"
)

type inboxList struct {
	AsOf    string      `json:"as_of"`
	Inboxes []inboxView `json:"inboxes"`
	// Restricted counts items that wait and that the client may not see.
	Restricted int `json:"restricted"`
}

type inboxView struct {
	Person string `json:"person"`
	// Acts and Late count all, Notices are the first of them.
	Acts    int             `json:"acts"`
	Late    int             `json:"late"`
	Total   int             `json:"total"`
	Notices []engine.Notice `json:"notices"`
}

type loadList struct {
	AsOf  string        `json:"as_of"`
	Loads []engine.Load `json:"loads"`
	// Restricted counts items that the client may not see: they count nowhere
	// else.
	Restricted int `json:"restricted"`
}

// duties tells whether a client may see why an item waits for whom, and counts
// what it may not see. Who has which role is for those inside.
func (l *lens) duties(hidden *int) func(*engine.Decided) bool {
	return func(d *engine.Decided) bool {
		if l.sees(work.Internal) && l.sightOf(d) == everything && l.sees(l.api.Rules.RouteAudience(d)) {
			return true
		}
		*hidden++
		return false
	}
}

// inbox lists what waits for whom, one notice for each item and person.
func (a *API) inbox(c *call) (any, error) {
	l, err := a.lens(c)
	if err != nil {
		return nil, err
	}
	limit, err := c.limit()
	if err != nil {
		return nil, err
	}
	list := inboxList{AsOf: l.outcome.AsOf.Format(time.DateOnly), Inboxes: []inboxView{}}
	sees := l.duties(&list.Restricted)
	person, role, team := c.query.Get("person"), c.query.Get("role"), c.query.Get("team")
	for _, all := range l.outcome.Inboxes(a.Rules, sees) {
		box := all.By(role, team)
		if person != "" && box.Person != person || len(box.Duties) == 0 {
			continue
		}
		v := inboxView{Person: box.Person, Total: len(box.Duties), Notices: []engine.Notice{}}
		v.Acts, v.Late = box.Count()
		for i := range box.Duties[:min(limit, len(box.Duties))] {
			v.Notices = append(v.Notices, box.Duties[i].Notice())
		}
		list.Inboxes = append(list.Inboxes, v)
	}
	return list, nil
}

// load tells how much everybody answers for.
func (a *API) load(c *call) (any, error) {
	l, err := a.lens(c)
	if err != nil {
		return nil, err
	}
	list := loadList{AsOf: l.outcome.AsOf.Format(time.DateOnly), Loads: []engine.Load{}}
	sees := l.duties(&list.Restricted)
	loads := l.outcome.Loads(a.Rules, sees)
	if l.sees(work.Internal) {
		list.Loads = append(list.Loads, loads...)
	}
	return list, nil
}
