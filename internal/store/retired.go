package store

import (
	"context"

	"tandem/internal/plan"
	"tandem/internal/work"
)

// Retire notes that nothing is written any more in the places of a team, at a
// connector, or anywhere.
func (s *Store) Retire(ctx context.Context, r plan.Retirement) error {
	return s.change(ctx, "retire "+r.String(), durable, func(ctx context.Context, c *change) error {
		err := c.put(ctx, "INSERT INTO retired (kind, name, by, at) VALUES (?, ?, ?, ?) ON CONFLICT (kind, name) DO UPDATE SET by = excluded.by, at = excluded.at", r.Kind, r.Name, r.By, c.at)
		if err != nil {
			return err
		}
		_, err = c.person(ctx)
		return err
	})
}

// Recall ends a retirement, and reports whether there was one.
func (s *Store) Recall(ctx context.Context, kind, name string) (bool, error) {
	was := false
	err := s.change(ctx, "end a retirement", durable, func(ctx context.Context, c *change) error {
		r, err := c.exec(ctx, "DELETE FROM retired WHERE kind = ? AND name = ?", kind, name)
		if err != nil {
			return err
		}
		n, err := r.RowsAffected()
		if err != nil || n == 0 {
			return err
		}
		was = true
		_, err = c.person(ctx)
		return err
	})
	return was, err
}

// Forget drops lines of the ledger, and what was undone or released there:
// Tandem was never there. Lines that wait to be read back stay.
func (s *Store) Forget(ctx context.Context, targets []work.Target) error {
	for len(targets) > 0 {
		part := targets[:min(refsPerWrite, len(targets))]
		targets = targets[len(part):]
		err := s.change(ctx, "forget what was retired", normal, func(ctx context.Context, c *change) error {
			for _, t := range part {
				if err := c.forget(ctx, t); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *change) forget(ctx context.Context, t work.Target) error {
	r, err := c.exec(ctx, "DELETE FROM ledger WHERE pending = 0 AND connector = ? AND id = ? AND path = ? AND element = ?", t.Connector, t.ID, t.Path, t.Element)
	if err != nil {
		return err
	}
	n, err := r.RowsAffected()
	if err == nil && n > 0 {
		_, err = c.person(ctx)
	}
	if err != nil {
		return err
	}
	if err := c.endDisplaced(ctx, "path = ? AND", t.Path, t.Connector, t.ID); err != nil {
		return err
	}
	return c.endUndone(ctx, "path = ? AND element = ? AND", t.Path, t.Element, t.Connector, t.ID)
}

func retiredOf(ctx context.Context, q queryer) (plan.Retirements, error) {
	var all plan.Retirements
	err := each(ctx, q, "SELECT kind, name, by, at FROM retired ORDER BY kind, name", nil, func(scan func(...any) error) error {
		var r plan.Retirement
		var at int64
		err := scan(&r.Kind, &r.Name, &r.By, &at)
		r.At = timeOf(at)
		all = append(all, r)
		return err
	})
	return all, err
}
