package view

import (
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
	// What follows is derived.
	Score       *float64 `json:"score,omitempty"`
	Priority    string   `json:"priority,omitempty"`
	Tier        string   `json:"tier,omitempty"`
	Horizon     string   `json:"horizon,omitempty"`
	Accountable string   `json:"accountable,omitempty"`
	NotReady    []string `json:"not_ready,omitempty"`
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
		v.Refs = append(v.Refs, p.String())
		if p.RefID == d.Item.Birth {
			v.URL = p.URL
		}
	}
	text := func(f work.Field) string {
		if value := d.Item.Fields.Get(f); value.Present() {
			return value.Text()
		}
		return ""
	}
	v.Title, v.Kind, v.Status = text(work.Title), text(work.Type), text(work.Status)
	if s != everything {
		return v
	}
	if d.Place > 0 && d.Scored.Next.Known {
		v.Score = &d.Scored.Next.Value
	}
	v.Priority, v.Horizon, v.Tier, v.NotReady = text(work.Priority), text(work.Horizon), d.Tier, d.NotReady
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

// ItemsQuery asks for items.
type ItemsQuery struct {
	Page

	Team string
	// Done lists finished items too.
	Done bool
}

// Items lists what there is in its order.
func (vi *Visit) Items(q ItemsQuery) (Items, error) {
	l, err := vi.lens()
	if err != nil {
		return Items{}, err
	}
	var all []*engine.Decided
	for _, d := range l.outcome.Items {
		if (q.Team == "" || d.Item.Team == q.Team) && (d.Place > 0 || q.Done) {
			all = append(all, d)
		}
	}
	w, from, to := q.cut(len(all))
	list := Items{w, []Item{}}
	for _, d := range all[from:to] {
		list.Items = append(list.Items, l.item(d))
	}
	return list, nil
}
