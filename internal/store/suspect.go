package store

import (
	"context"

	"tandem/internal/work"
)

// Suspects lists records that are to be read by id, since a page showed them in the
// version that is stored with another content, sorted by id. A read by id that
// answers for one ends that.
func (s *Store) Suspects(ctx context.Context, connector string) ([]work.Ref, error) {
	var all []work.Ref
	err := each(ctx, s.reader, "SELECT id, key FROM suspect WHERE connector = ? ORDER BY id", []any{connector}, func(scan func(...any) error) error {
		r := work.NewRef(connector, "", "")
		err := scan(&r.ID, &r.Key)
		all = append(all, r)
		return err
	})
	return all, s.fault("list what is to be read by id of "+connector, err)
}

func (c *change) putSuspects(ctx context.Context, refs []work.Ref) error {
	for _, r := range refs {
		err := c.put(ctx, "INSERT INTO suspect (connector, id, key) VALUES (?, ?, ?) ON CONFLICT (connector, id) DO UPDATE SET key = excluded.key", r.Connector, r.ID, r.Key)
		if err != nil {
			return err
		}
	}
	return nil
}

// endSuspects notes that records were read by id.
func (c *change) endSuspects(ctx context.Context, refs []work.RefID) error {
	var some bool
	if err := c.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM suspect)").Scan(&some); err != nil || !some {
		return err
	}
	for _, r := range refs {
		if err := c.put(ctx, "DELETE FROM suspect WHERE connector = ? AND id = ?", r.Connector, r.ID); err != nil {
			return err
		}
	}
	return nil
}
