package view

import (
	"fmt"
	"time"

	"tandem/internal/engine"
	"tandem/internal/work"
)

// Inboxes are what waits for people.
type Inboxes struct {
	AsOf    string  `json:"as_of"`
	Inboxes []Inbox `json:"inboxes"`
	// Restricted counts items that wait and that the client may not see.
	Restricted int `json:"restricted"`
}

// Inbox is what waits for a person.
type Inbox struct {
	Person string `json:"person"`
	// Acts and Late count all, Notices are the first of them.
	Acts    int             `json:"acts"`
	Late    int             `json:"late"`
	Total   int             `json:"total"`
	Notices []engine.Notice `json:"notices"`
}

// Loads are how much everybody answers for.
type Loads struct {
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
		if l.sees(work.Internal) && l.sightOf(d) == everything && l.sees(l.desk.conf.Rules.RouteAudience(d)) {
			return true
		}
		*hidden++
		return false
	}
}

// InboxQuery asks for what waits for people; empty ones are for all.
type InboxQuery struct {
	Person, Role, Team string
	// Limit is the most notices of a person.
	Limit int
}

// Inbox lists what waits for whom, one notice for each item and person.
func (vi *Visit) Inbox(q InboxQuery) (Inboxes, error) {
	l, err := vi.lens()
	if err != nil {
		return Inboxes{}, err
	}
	if atMost(q.Limit) > mostRecalled {
		return l.inbox(&q), nil
	}
	return recalled(l, "inbox", fmt.Sprintf("%+v", q), func(l *lens) (Inboxes, error) { return l.inbox(&q), nil })
}

// boxes are all inboxes of which somebody may know, and how many items they may
// not know of.
type boxes struct {
	all    []engine.Inbox
	hidden int
}

func (l *lens) boxes() boxes {
	found, _ := recalled(l, "inboxes", "", func(l *lens) (b boxes, _ error) {
		b.all = l.outcome.Inboxes(l.desk.conf.Rules, l.duties(&b.hidden))
		return b, nil // it cannot fail
	})
	return found
}

func (l *lens) inbox(q *InboxQuery) Inboxes {
	found := l.boxes()
	list := Inboxes{AsOf: l.outcome.AsOf.Format(time.DateOnly), Inboxes: []Inbox{}, Restricted: found.hidden}
	for i := range found.all {
		all := &found.all[i]
		box := all.By(q.Role, q.Team)
		if q.Person != "" && box.Person != q.Person || len(box.Duties) == 0 {
			continue
		}
		v := Inbox{Person: box.Person, Total: len(box.Duties), Notices: []engine.Notice{}}
		v.Acts, v.Late = box.Count()
		for i := range box.Duties[:min(atMost(q.Limit), len(box.Duties))] {
			v.Notices = append(v.Notices, box.Duties[i].Notice())
		}
		list.Inboxes = append(list.Inboxes, v)
	}
	return list
}

// Load tells how much everybody answers for.
func (vi *Visit) Load() (Loads, error) {
	l, err := vi.lens()
	if err != nil {
		return Loads{}, err
	}
	return recalled(l, "load", "", func(l *lens) (Loads, error) { return l.load(), nil })
}

func (l *lens) load() Loads {
	list := Loads{AsOf: l.outcome.AsOf.Format(time.DateOnly), Loads: []engine.Load{}}
	sees := l.duties(&list.Restricted)
	loads := l.outcome.Loads(l.desk.conf.Rules, sees)
	if l.sees(work.Internal) {
		list.Loads = append(list.Loads, loads...)
	}
	return list
}
