package store

import (
	"context"
	"time"

	"tandem/internal/work"

	"tandem/mapping/evidence"
)

// StoodOn returns where some items stood at the end of a day. Those of which
// that is not known, or that were in no order, are not among them.
func (s *Store) StoodOn(ctx context.Context, items []work.ItemID, day time.Time) (map[work.ItemID]work.Point, error) {
	stood := make(map[work.ItemID]work.Point, len(items))
	list, err := encode(append([]work.ItemID{}, items...))
	if err != nil {
		return nil, err
	}
	err = each(ctx, s.reader, "SELECT item, "+pointColumns+` FROM history h WHERE item `+inList+`
		AND day = (SELECT max(b.day) FROM history b WHERE b.item = h.item AND b.day <= ?)`, []any{list, evidence.DayNumber(day)},
		func(scan func(...any) error) error {
			var item work.ItemID
			p, err := scanPoint(scan, &item)
			if p.Place > 0 {
				stood[item] = p
			}
			return err
		})
	return stood, s.fault("read where items stood", err)
}

// LeftSince returns the items that left the order after a day and are not back,
// with the day on which they did, the newest first.
func (s *Store) LeftSince(ctx context.Context, day time.Time, limit int) ([]work.Trail, error) {
	var trails []work.Trail
	err := each(ctx, s.reader, "SELECT item, "+pointColumns+` FROM history h WHERE day > ? AND place = 0
		AND NOT EXISTS (SELECT 1 FROM history n WHERE n.item = h.item AND n.day > h.day) ORDER BY day DESC, item LIMIT ?`, []any{evidence.DayNumber(day), limit},
		func(scan func(...any) error) error {
			var item work.ItemID
			p, err := scanPoint(scan, &item)
			trails = append(trails, work.Trail{Item: item, Points: []work.Point{p}})
			return err
		})
	return trails, s.fault("read what left the order", err)
}
