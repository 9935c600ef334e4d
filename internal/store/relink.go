package store

import (
	"context"
	"slices"

	"tandem/internal/work"

	"tandem/mapping/evidence"
)

// Relink replaces the links of all feedback by a changed rule set. It does
// nothing where the hash is that of the last Relink. It works in slices, each
// in a transaction of its own in which links and aggregates agree; cut short,
// it starts anew and finds the rows that are done unchanged. link is called
// outside of transactions.
func (s *Store) Relink(ctx context.Context, rulesHash string, link func(*work.Feedback) []evidence.Link) error {
	const act = "link feedback anew"
	last, err := s.meta(ctx, "links_hash")
	if err != nil || last == rulesHash {
		return s.fault(act, err)
	}
	for after := int64(0); ; {
		rows, err := s.feedbackAfter(ctx, after)
		if err != nil {
			return err
		}
		if len(rows) > 0 {
			after = rows[len(rows)-1].num
			if err := s.relinkSlice(ctx, act, rows, link); err != nil {
				return err
			}
		}
		if len(rows) < slice {
			break
		}
	}
	return s.change(ctx, act, normal, func(ctx context.Context, c *change) error {
		if err := c.fence(ctx, work.Deciding); err != nil {
			return err
		}
		return c.setMeta(ctx, "links_hash", rulesHash)
	})
}

// relinkSlice stores the links that differ from what is stored.
func (s *Store) relinkSlice(ctx context.Context, act string, rows []spoken, link func(*work.Feedback) []evidence.Link) error {
	if err := s.readLinks(ctx, rows); err != nil {
		return s.fault(act, err)
	}
	changed := rows[:0:0]
	for _, f := range rows {
		links := link(&f.row)
		if !slices.Equal(links, f.links) {
			f.links = links
			changed = append(changed, f)
		}
	}
	if len(changed) == 0 {
		return nil
	}
	return s.change(ctx, act, normal, func(ctx context.Context, c *change) error {
		if err := c.fence(ctx, work.Deciding); err != nil {
			return err
		}
		t := newTally()
		for i := range changed {
			f := &changed[i]
			var hash string
			if err := c.QueryRowContext(ctx, "SELECT hash FROM feedback WHERE num = ?", f.num).Scan(&hash); err != nil {
				return err
			}
			if hash != f.hash {
				continue // a page replaced it meanwhile, and its links with it
			}
			if err := c.setLinks(ctx, f.num, &f.row, f.links, true, t); err != nil {
				return err
			}
		}
		return c.settleTally(ctx, t)
	})
}

// readLinks fills in the stored links, sorted by target as evidence.Link does.
func (s *Store) readLinks(ctx context.Context, rows []spoken) error {
	at := make(map[int64]int, len(rows))
	for i := range rows {
		at[rows[i].num] = i
	}
	return each(ctx, s.reader, "SELECT feedback, target, cause, detail FROM feedback_link WHERE feedback BETWEEN ? AND ? ORDER BY feedback, target",
		[]any{rows[0].num, rows[len(rows)-1].num}, func(scan func(...any) error) error {
			var num int64
			var l evidence.Link
			if err := scan(&num, &l.Target, &l.Cause, &l.Detail); err != nil {
				return err
			}
			if i, ok := at[num]; ok {
				rows[i].links = append(rows[i].links, l)
			}
			return nil
		})
}
