package view

import (
	"context"
	"time"

	"tandem/internal/engine"
	"tandem/internal/work"
)

// Histories tell where items stood, day by day.
type Histories interface {
	HistoryOf(ctx context.Context, item work.ItemID, since time.Time) ([]work.Point, error)
	HistoryOfTop(ctx context.Context, team string, n int, since time.Time) ([]work.Trail, error)
}

// Trail is an item with where it stood.
type Trail struct {
	Item

	// Points are the oldest first.
	Points []work.Point `json:"points"`
}

// Trails tell how the first n of the order stood since a day, of a team or, where
// it is empty, of all: those that are known still and of which the visitor may
// see everything. Whoever stood highest comes first.
func (vi *Visit) Trails(team string, n int, since time.Time) ([]Trail, error) {
	l, err := vi.lens()
	if err != nil {
		return nil, err
	}
	found, err := vi.desk.conf.Store.HistoryOfTop(vi.ctx, team, n, since)
	if err != nil {
		return nil, err
	}
	at := make(map[work.ItemID]*engine.Decided, len(found))
	for i := range found {
		at[found[i].Item] = nil
	}
	for _, d := range l.outcome.Items {
		if _, wanted := at[d.Item.ID]; wanted {
			at[d.Item.ID] = d
		}
	}
	trails := []Trail{}
	for i := range found {
		if d := at[found[i].Item]; d != nil && l.sightOf(d) == everything {
			trails = append(trails, Trail{l.item(d), found[i].Points})
		}
	}
	return trails, nil
}
