package store

import (
	"context"
	"time"

	"tandem/connectors"
	"tandem/internal/work"
)

const (
	// maxHints is how many hints of a connector wait at most. Beyond that a
	// poll finds the same with fewer calls.
	maxHints = 10_000
	// hintLife is how long a hint that nobody could follow counts: polls have
	// read what it meant.
	hintLife = day
	// deliveryLife is how long repeats of a delivery are told. Services try for
	// some hours.
	deliveryLife = 3 * day
)

// SaveHints stores the hints of one delivery in one transaction. It reports
// false where the delivery came before; nothing is done then. A hint for a
// record that is not known counts only where its scope covers the record;
// where only a poll can tell, it is a reason to poll.
func (s *Store) SaveHints(ctx context.Context, connector, delivery string, hints []connectors.Hint) (bool, error) {
	fresh := false
	err := s.change(ctx, "store hints of "+connector, normal, func(ctx context.Context, c *change) error {
		fresh = false
		for table, life := range map[string]time.Duration{"hint": hintLife, "delivery": deliveryLife} {
			if err := c.put(ctx, "DELETE FROM "+table+" WHERE at < ?", c.at-life.Microseconds()); err != nil {
				return err
			}
		}
		r, err := c.exec(ctx, "INSERT INTO delivery (connector, id, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", connector, delivery, c.at)
		if err != nil {
			return err
		}
		n, err := r.RowsAffected()
		if err != nil || n == 0 {
			return err
		}
		fresh = true
		return c.putHints(ctx, connector, hints)
	})
	return fresh && err == nil, err
}

// putHints stores hints, or one reason to poll where there are too many.
func (c *change) putHints(ctx context.Context, connector string, hints []connectors.Hint) error {
	var waiting int
	if err := c.QueryRowContext(ctx, "SELECT count(*) FROM hint WHERE connector = ?", connector).Scan(&waiting); err != nil {
		return err
	}
	for _, h := range hints {
		ref := h.Ref
		if ref.ID != "" {
			ref.Key = "" // one record is one hint
		}
		read, err := c.worthReading(ctx, connector, ref)
		switch {
		case err != nil:
			return err
		case read || h.Scope == connectors.Inside:
		case h.Scope == connectors.Unsure:
			ref = work.Ref{}
		default:
			continue
		}
		if waiting++; waiting > maxHints {
			ref = work.Ref{}
		}
		if err := c.putHint(ctx, connector, ref); err != nil {
			return err
		}
	}
	return nil
}

// putHint stores a hint under a new number, in place of the same one that came
// before.
func (c *change) putHint(ctx context.Context, connector string, ref work.Ref) error {
	if err := c.put(ctx, "DELETE FROM hint WHERE connector = ? AND id = ? AND key = ?", connector, ref.ID, ref.Key); err != nil {
		return err
	}
	err := c.put(ctx, "INSERT INTO hint (connector, id, key, at) VALUES (?, ?, ?, ?)", connector, ref.ID, ref.Key, c.at)
	return err
}

// worthReading reports whether a record is known, gone or not.
func (c *change) worthReading(ctx context.Context, connector string, ref work.Ref) (bool, error) {
	query, name := "SELECT count(*) FROM record WHERE connector = ? AND id = ?", ref.ID
	if ref.ID == "" {
		query, name = "SELECT count(*) FROM record WHERE connector = ? AND key = ?", ref.Key
	}
	var n int
	err := c.QueryRowContext(ctx, query, connector, name).Scan(&n)
	return n > 0, err
}

// Hints returns the oldest hints of a connector, at most limit of them. A hint
// that has only a key gets the id of the record that has the key.
func (s *Store) Hints(ctx context.Context, connector string, limit int) (work.Hints, error) {
	var h work.Hints
	since := s.now().Add(-hintLife).UnixMicro()
	err := each(ctx, s.reader, `SELECT num, FALSE, id, coalesce((SELECT r.key FROM record r WHERE r.connector = ?1 AND r.id = h.id), key) FROM
			(SELECT num, key, CASE id WHEN '' THEN coalesce((SELECT r.id FROM record r WHERE r.connector = ?1 AND r.key = o.key), '') ELSE id END AS id
				FROM hint o WHERE connector = ?1 AND at >= ?2 AND (id <> '' OR key <> '') ORDER BY num LIMIT ?3) h
		UNION ALL SELECT num, TRUE, '', '' FROM hint WHERE connector = ?1 AND id = '' AND key = '' ORDER BY 1`,
		[]any{connector, since, limit}, func(scan func(...any) error) error {
			var num int64
			var poll bool
			ref := work.NewRef(connector, "", "")
			if err := scan(&num, &poll, &ref.ID, &ref.Key); err != nil {
				return err
			}
			if poll {
				h.Poll = num
				return nil
			}
			h.Refs, h.Last = append(h.Refs, ref), num
			return nil
		})
	return h, s.fault("read hints of "+connector, err)
}

// SaveHinted stores what was read for hints, and ends the hints up to the
// number, in one transaction. asked are the records whose fate the answer
// tells. Callers ask for few records at a time.
func (s *Store) SaveHinted(ctx context.Context, connector string, last int64, asked []work.Ref, records []work.Record) (work.Saved, error) {
	replies, rejects := repliesOf(asked, records)
	var saved work.Saved
	err := s.change(ctx, "follow hints of "+connector, normal, func(ctx context.Context, c *change) error {
		if err := c.fence(ctx, connector); err != nil {
			return err
		}
		saved = work.Saved{} // it may be done anew
		if err := c.saveRead(ctx, replies, &saved); err != nil {
			return err
		}
		if err := c.putRejects(ctx, connector, rejects); err != nil {
			return err
		}
		err := c.put(ctx, "DELETE FROM hint WHERE connector = ? AND num <= ? AND (id <> '' OR key <> '')", connector, last)
		return err
	})
	return saved, err
}

// SavePolled ends the reason to poll, unless a newer one came.
func (s *Store) SavePolled(ctx context.Context, connector string, poll int64) error {
	return s.change(ctx, "end a poll of "+connector, normal, func(ctx context.Context, c *change) error {
		if err := c.fence(ctx, connector); err != nil {
			return err
		}
		err := c.put(ctx, "DELETE FROM hint WHERE connector = ? AND num <= ? AND id = '' AND key = ''", connector, poll)
		return err
	})
}
