package store

import "context"

// RetryLetter ends one dead letter of an edit: it is planned anew. Holds stay
// as they are. It reports whether there was one.
func (s *Store) RetryLetter(ctx context.Context, number int64) (bool, error) {
	was := false
	err := s.change(ctx, "try again what was set aside", durable, func(ctx context.Context, c *change) error {
		r, err := c.exec(ctx, "UPDATE dead_letter SET ended = ? WHERE num = ? AND ended IS NULL AND what = 'edit'", c.at, number)
		if err != nil {
			return err
		}
		n, err := r.RowsAffected()
		if err != nil || n == 0 {
			return err
		}
		was = true
		_, err = c.next(ctx)
		return err
	})
	return was, err
}
