package store

import (
	"context"
	"database/sql"

	"tandem/internal/work"
)

// notAside is for feedback that nobody set aside.
const notAside = "NOT EXISTS (SELECT 1 FROM aside a WHERE a.kind = 'feedback' AND a.connector = feedback.connector AND a.id = feedback.id)"

// SetAside notes that a person put a feedback or an insight out of the way, as
// it is about nothing that is planned. It changes no link. It returns
// ErrNoFeedback where there is none.
func (s *Store) SetAside(ctx context.Context, a work.Aside) error {
	return s.change(ctx, "set aside "+a.Of.String(), durable, func(ctx context.Context, c *change) error {
		var there int
		kind := kindOf(a.Insight)
		err := c.QueryRowContext(ctx, "SELECT count(*) FROM "+kind+" WHERE connector = ? AND id = ? AND gone = 0", a.Of.Connector, a.Of.ID).Scan(&there)
		if err == nil && there == 0 {
			err = ErrNoFeedback
		}
		if err != nil {
			return err
		}
		return c.put(ctx, `INSERT INTO aside (kind, connector, id, because, by, at) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (kind, connector, id) DO UPDATE SET because = excluded.because, by = excluded.by, at = excluded.at`,
			kind, a.Of.Connector, a.Of.ID, a.Because, a.By, c.at)
	})
}

// TakeBack lets what was set aside be looked through again. It reports false
// where nobody had set it aside.
func (s *Store) TakeBack(ctx context.Context, of work.RefID, insight bool) (bool, error) {
	was := false
	err := s.change(ctx, "take back "+of.String(), durable, func(ctx context.Context, c *change) error {
		r, err := c.exec(ctx, "DELETE FROM aside WHERE kind = ? AND connector = ? AND id = ?", kindOf(insight), of.Connector, of.ID)
		if err != nil {
			return err
		}
		n, err := r.RowsAffected()
		was = n > 0
		return err
	})
	return was, err
}

// Asides lists what people set aside, the newest first.
func (s *Store) Asides(ctx context.Context) ([]work.Aside, error) {
	var all []work.Aside
	err := each(ctx, s.reader, "SELECT kind, connector, id, because, by, at FROM aside ORDER BY at DESC, kind, connector, id", nil, func(scan func(...any) error) error {
		var a work.Aside
		var kind string
		var at int64
		err := scan(&kind, &a.Of.Connector, &a.Of.ID, &a.Because, &a.By, &at)
		a.Insight, a.At = kind == kindOf(true), timeOf(at)
		all = append(all, a)
		return err
	})
	return all, s.fault("list what was set aside", err)
}

// endAsides forgets what was said of feedback and insights that are withdrawn.
func (c *change) endAsides(ctx context.Context) error {
	for _, kind := range []string{kindOf(false), kindOf(true)} {
		err := c.put(ctx, "DELETE FROM aside WHERE kind = ? AND NOT EXISTS (SELECT 1 FROM "+kind+" f WHERE f.connector = aside.connector AND f.id = aside.id AND f.gone = 0)", kind)
		if err != nil {
			return err
		}
	}
	return nil
}

// InsightTargets are the targets to which insights are tied and that count, by
// insight.
func (s *Store) InsightTargets(ctx context.Context) (map[work.RefID][]string, error) {
	targets := map[work.RefID][]string{}
	err := s.view(ctx, "read what insights are about", func(ctx context.Context, tx *sql.Tx) error {
		links, err := findingsAt(ctx, tx)
		for i := range links {
			if links[i].Target != "" {
				targets[links[i].Of] = append(targets[links[i].Of], links[i].Target)
			}
		}
		return err
	})
	return targets, err
}
