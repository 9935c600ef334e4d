package view

import (
	"slices"
	"time"

	"tandem/internal/engine"
	"tandem/internal/store"
	"tandem/internal/work"
)

// Row is an item in the order as its page shows it.
type Row struct {
	Item

	// Shift is how it moved; nil where that is not known or may not be told.
	Shift *Shift `json:"shift,omitempty"`
	// Trend counts its signals week by week, the newest last; nil where they may
	// not be seen.
	Trend []int `json:"trend,omitempty"`
}

// Rows are a part of the order.
type Rows struct {
	Window

	Rows []Row `json:"rows"`
}

// RowsQuery asks for rows.
type RowsQuery struct {
	ItemsQuery

	// From begins with the first item at this place or behind it, where it is
	// above 0; the offset counts for nothing then.
	From int
	// Since is the day at whose end the order was the one that moves are told
	// against; none where it is zero.
	Since time.Time
}

// trendWeeks is how many weeks a trend tells.
const trendWeeks = 12

// Rows lists a part of the order.
func (vi *Visit) Rows(q RowsQuery) (Rows, error) {
	l, err := vi.lens()
	if err != nil {
		return Rows{}, err
	}
	all := l.picked(&q.ItemsQuery)
	if q.From > 0 {
		at := slices.IndexFunc(all, func(d *engine.Decided) bool { return d.Place >= q.From || d.Place == 0 })
		if q.Offset = at; at < 0 { // the last part
			q.Offset = max(0, len(all)-1)
		}
	}
	w, from, to := q.cut(len(all))
	rows := Rows{w, []Row{}}
	moved, err := l.shiftsOf(q.Since)
	if err != nil {
		return rows, err
	}
	for _, d := range all[from:to] {
		r := Row{Item: l.item(d)}
		if s, told := moved[d.Item.ID]; told && l.sightOf(d) == everything {
			r.Shift = &s
		}
		rows.Rows = append(rows.Rows, r)
	}
	return rows, l.trends(rows.Rows, all[from:to])
}

// picked are the items that a query asks for, in their order.
func (l *lens) picked(q *ItemsQuery) []*engine.Decided {
	var all []*engine.Decided
	picks := l.picker(q)
	for i, d := range l.outcome.Items {
		if picks(i, d) {
			all = append(all, d)
		}
	}
	return all
}

func (l *lens) shiftsOf(since time.Time) (map[work.ItemID]Shift, error) {
	if since.IsZero() {
		return nil, nil
	}
	moved, _, _, err := l.shiftsSince(since)
	return moved, err
}

// EachItem calls for all items that a query asks for, in their order, whatever
// part it asks for, until the function fails.
func (vi *Visit) EachItem(q ItemsQuery, do func(Item) error) error {
	l, err := vi.lens()
	if err != nil {
		return err
	}
	picks := l.picker(&q)
	for i, d := range l.outcome.Items {
		if !picks(i, d) {
			continue
		}
		if err := do(l.item(d)); err != nil {
			return err
		}
	}
	return nil
}

// Choices are what a filter of the order can ask for.
type Choices struct {
	Teams, Horizons, Roles, Kinds, Goals []string
}

// Choices lists what the items that the visitor may see have.
func (vi *Visit) Choices() (Choices, error) {
	l, err := vi.lens()
	if err != nil {
		return Choices{}, err
	}
	return recalled(l, "choices", "", (*lens).choices)
}

func (l *lens) choices() (Choices, error) {
	var c Choices
	add := func(list *[]string, value string) {
		if value != "" && !slices.Contains(*list, value) {
			*list = append(*list, value)
		}
	}
	for _, d := range l.outcome.Items {
		s := l.sightOf(d)
		if d.Place == 0 || s == nothing {
			continue
		}
		add(&c.Teams, d.Item.Team)
		add(&c.Kinds, textOf(d, work.Type))
		if s == everything {
			add(&c.Horizons, textOf(d, work.Horizon))
			add(&c.Goals, textOf(d, work.Goal))
			if l.routed(d) {
				add(&c.Roles, d.Route.Accountable)
			}
		}
	}
	for _, list := range []*[]string{&c.Teams, &c.Roles, &c.Kinds, &c.Goals} { // horizons stay in the order of their items
		slices.Sort(*list)
	}
	return c, nil
}

// trends tells of each row how its signals came, week by week, of those that the
// visitor may see.
func (l *lens) trends(rows []Row, items []*engine.Decided) error {
	q := store.TrendQuery{Targets: map[work.ItemID][]string{}, AsOf: l.outcome.AsOf, Weeks: trendWeeks, Sees: l.sees}
	for _, d := range items {
		if l.sightOf(d) == everything && d.Evidence.Signals > 0 {
			q.Targets[d.Item.ID] = l.outcome.Targets(l.desk.conf.Rules, d)
		}
	}
	if len(q.Targets) == 0 {
		return nil
	}
	found, err := l.desk.conf.Store.EvidenceTrend(l.ctx, q)
	for i, d := range items {
		rows[i].Trend = found[d.Item.ID]
	}
	return err
}
