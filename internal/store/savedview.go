package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"tandem/internal/work"
)

// ErrTaken is returned where a name is in use already.
var ErrTaken = errors.New("the name is in use")

// SavedView is a filter of the order that a person keeps under a name.
type SavedView struct {
	// Number is given by the store; 0 before.
	Number int64
	// Owner is who saved it, as the audit names people.
	Owner, Name string
	// Query is what stands in the address after the ?.
	Query string
	// Audience is the strictest that the owner saw when it was saved: name and
	// query may repeat it.
	Audience work.Audience
	// Shared ones are offered to everybody who sees as much.
	Shared bool
	At     time.Time
}

// SaveView keeps a view and returns its number. It takes the place of the
// owner's view of the same name.
func (s *Store) SaveView(ctx context.Context, v SavedView) (int64, error) {
	var num int64
	err := s.change(ctx, "save a view", durable, func(ctx context.Context, c *change) error {
		return c.QueryRowContext(ctx, `INSERT INTO saved_view (owner, name, query, audience, shared, at) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (owner, name) DO UPDATE SET query = excluded.query, audience = excluded.audience, shared = excluded.shared, at = excluded.at RETURNING num`,
			v.Owner, v.Name, v.Query, v.Audience.String(), v.Shared, c.at).Scan(&num)
	})
	return num, err
}

// RenameView gives a view of an owner another name. It reports false where the
// owner has no such view, and returns ErrTaken where another one has the name.
func (s *Store) RenameView(ctx context.Context, owner string, number int64, name string) (bool, error) {
	was := false
	err := s.change(ctx, "rename a view", durable, func(ctx context.Context, c *change) error {
		var taken int
		if err := c.QueryRowContext(ctx, "SELECT count(*) FROM saved_view WHERE owner = ? AND name = ? AND num <> ?", owner, name, number).Scan(&taken); err != nil {
			return err
		}
		if taken > 0 {
			return ErrTaken
		}
		r, err := c.exec(ctx, "UPDATE saved_view SET name = ? WHERE owner = ? AND num = ?", name, owner, number)
		if err != nil {
			return err
		}
		n, err := r.RowsAffected()
		was = n > 0
		return err
	})
	return was, err
}

// DeleteView forgets a view of an owner. It reports false where the owner has
// no such view.
func (s *Store) DeleteView(ctx context.Context, owner string, number int64) (bool, error) {
	was := false
	err := s.change(ctx, "delete a view", durable, func(ctx context.Context, c *change) error {
		r, err := c.exec(ctx, "DELETE FROM saved_view WHERE owner = ? AND num = ?", owner, number)
		if err != nil {
			return err
		}
		n, err := r.RowsAffected()
		was = n > 0
		return err
	})
	return was, err
}

// SavedViews lists the views of an owner and those that others share, by name.
func (s *Store) SavedViews(ctx context.Context, owner string) ([]SavedView, error) {
	var all []SavedView
	err := s.view(ctx, "list views", func(ctx context.Context, tx *sql.Tx) error {
		return each(ctx, tx, "SELECT num, owner, name, query, audience, shared, at FROM saved_view WHERE owner = ? OR shared = 1 ORDER BY name, num", []any{owner},
			func(scan func(...any) error) error {
				var v SavedView
				var audience string
				var shared, at int64
				if err := scan(&v.Number, &v.Owner, &v.Name, &v.Query, &audience, &shared, &at); err != nil {
					return err
				}
				v.Audience, _ = work.ParseAudience(audience) // unknown reaches nobody
				v.Shared, v.At = shared == 1, timeOf(at)
				all = append(all, v)
				return nil
			})
	})
	return all, err
}
