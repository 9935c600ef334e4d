package store

import (
	"context"
	"database/sql"
	"time"

	"tandem/internal/engine"
	"tandem/internal/work"

	"tandem/mapping/evidence"
)

// PlacesOn returns the place of each item at the end of a day, as far as the
// history tells: further down than people look it is the place of an earlier
// day that was near enough. It is empty where nothing of that day is kept.
func (s *Store) PlacesOn(ctx context.Context, day time.Time) (map[work.ItemID]int, error) {
	places := map[work.ItemID]int{}
	err := each(ctx, s.reader, `SELECT h.item, h.place FROM history h WHERE h.day <= ?1 AND h.place > 0
		AND NOT EXISTS (SELECT 1 FROM history n WHERE n.item = h.item AND n.day > h.day AND n.day <= ?1)`, []any{evidence.DayNumber(day)},
		func(scan func(...any) error) error {
			var item work.ItemID
			var place int
			err := scan(&item, &place)
			places[item] = place
			return err
		})
	return places, s.fault("read where items stood on a day", err)
}

// mostTold is in how many runs it is looked for what moved.
const mostTold = 300

// MovesSince calls for the comparisons of the newest runs with those before them,
// the oldest first: of runs after one, and since a moment. It returns the number
// of the newest run.
func (s *Store) MovesSince(ctx context.Context, after int64, since time.Time, do func(*engine.Stability)) (int64, error) {
	newest := after
	err := s.view(ctx, "read what moved", func(ctx context.Context, tx *sql.Tx) error {
		return each(ctx, tx, `SELECT num, stability FROM (SELECT num, stability FROM run WHERE num > ? AND at >= ? ORDER BY num DESC LIMIT ?) r ORDER BY num`,
			[]any{after, since.UnixMicro(), mostTold}, func(scan func(...any) error) error {
				var text sql.NullString
				if err := scan(&newest, &text); err != nil {
					return err
				}
				st, err := stabilityOf(text)
				if err == nil && st != nil {
					do(st)
				}
				return err
			})
	})
	return newest, err
}
