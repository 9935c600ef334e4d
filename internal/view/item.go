package view

import (
	"cmp"

	"tandem/internal/engine"
	"tandem/internal/work"
)

// Item is an item in a list.
type Item struct {
	Restricted string `json:"restricted,omitempty"`
	// Place is the place in the overall order; 0 where the item is finished.
	Place     int      `json:"place"`
	TeamPlace int      `json:"team_place,omitempty"`
	Ref       string   `json:"ref,omitempty"`
	Refs      []string `json:"refs,omitempty"`
	URL       string   `json:"url,omitempty"`
	Title     string   `json:"title,omitempty"`
	Team      string   `json:"team,omitempty"`
	Kind      string   `json:"kind,omitempty"`
	Status    string   `json:"status,omitempty"`
	Theme     string   `json:"theme,omitempty"`
	// Links are its records and where they are.
	Links []Link `json:"links,omitempty"`
	// Held is how many values Tandem would write and does not.
	Held int `json:"held,omitempty"`
	// What follows is derived.
	Score *float64 `json:"score,omitempty"`
	// Low and High are what the score may be by what is not known.
	Low         *float64 `json:"score_low,omitempty"`
	High        *float64 `json:"score_high,omitempty"`
	Priority    string   `json:"priority,omitempty"`
	Tier        string   `json:"tier,omitempty"`
	Horizon     string   `json:"horizon,omitempty"`
	Accountable string   `json:"accountable,omitempty"`
	NotReady    []string `json:"not_ready,omitempty"`
	// Accounts is how many ask for it.
	Accounts int `json:"accounts,omitempty"`
	// Was is where it stood on the day that was asked for.
	Was *Was `json:"was,omitempty"`
	// Person is who must act, and Goal what it serves, for those inside.
	Person string `json:"person,omitempty"`
	Goal   string `json:"goal,omitempty"`
}

// Link is a record of an item.
type Link struct {
	Connector string `json:"connector"`
	Key       string `json:"key"`
	URL       string `json:"url,omitempty"`
}

func (l *lens) item(d *engine.Decided) Item {
	s := l.sightOf(d)
	v := Item{Restricted: s.restriction(), Place: d.Place}
	if s == nothing {
		return v
	}
	v.TeamPlace, v.Ref, v.Team = d.TeamPlace, d.Item.Key(), d.Item.Team
	for i := range d.Item.Parts {
		p := &d.Item.Parts[i]
		v.Refs, v.Links = append(v.Refs, p.String()), append(v.Links, Link{p.Connector, cmp.Or(p.Key, p.ID), p.URL})
		if p.RefID == d.Item.Birth {
			v.URL = p.URL
		}
	}
	v.Title, v.Kind, v.Status, v.Theme, v.Held = textOf(d, work.Title), textOf(d, work.Type), textOf(d, work.Status), textOf(d, work.Theme), l.holds(d.Item.ID)
	if s != everything {
		return v
	}
	if d.Place > 0 && d.Scored.Next.Known {
		v.Score, v.Low, v.High = &d.Scored.Next.Value, &d.Scored.Next.Low, &d.Scored.Next.High
	}
	v.Priority, v.Horizon, v.Tier, v.NotReady = textOf(d, work.Priority), textOf(d, work.Horizon), d.Tier, d.NotReady
	v.Accounts, v.Person = d.Evidence.Accounts, l.acts(d)
	if l.sees(work.Internal) {
		v.Goal = textOf(d, work.Goal)
	}
	if d.Route != nil {
		v.Accountable = d.Route.Accountable
	}
	return v
}

// Items are a part of all items, in their order.
type Items struct {
	Window

	Items []Item `json:"items"`
}

// Items lists what there is in its order.
func (vi *Visit) Items(q ItemsQuery) (Items, error) {
	l, err := vi.lens()
	if err != nil {
		return Items{}, err
	}
	var all []*engine.Decided
	picks := l.picker(&q)
	for i, d := range l.outcome.Items {
		if picks(i, d) {
			all = append(all, d)
		}
	}
	w, from, to := q.cut(len(all))
	list := Items{w, []Item{}}
	for _, d := range all[from:to] {
		list.Items = append(list.Items, l.item(d))
	}
	if !q.Since.IsZero() {
		err = l.was(list.Items, all[from:to], q.Since)
	}
	return list, err
}
