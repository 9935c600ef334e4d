package store

import (
	"context"
	"database/sql"
	"slices"

	"tandem/internal/plan/backlog"
	"tandem/internal/work"
)

// expectMove notes that a move is about to be sent: from now on nobody knows
// where its record stands.
func (c *change) expectMove(ctx context.Context, e *work.Edit) error {
	if e.Verb != work.MoveInBacklog {
		return nil
	}
	return c.putOwnMove(ctx, e, false, sql.NullInt64{})
}

func (c *change) putOwnMove(ctx context.Context, e *work.Edit, sure bool, ended sql.NullInt64) error {
	_, err := c.exec(ctx, "INSERT OR REPLACE INTO own_move (connector, scope, id, sure, ended) VALUES (?, ?, ?, ?, ?)",
		e.Target.Connector, e.Target.Element, e.Target.ID, sure, ended)
	return err
}

// settleMove notes what became of a move. Where it arrived it is returned, to
// be followed. One that was not sent leaves nothing behind; one of which the
// answer was lost may have arrived all the same.
func (c *change) settleMove(ctx context.Context, a *attempt, r work.Result) (arrived *work.Edit, err error) {
	e := &a.edit
	if e.Verb != work.MoveInBacklog || r.State == work.Uncertain {
		return nil, nil //nolint:nilnil // nothing arrived that would have to be followed
	}
	now := sql.NullInt64{Int64: c.at, Valid: true}
	lost := a.state == string(work.Uncertain) || r.State == work.Deferred && r.Until.IsZero()
	switch {
	case r.State == work.Applied || r.State == work.Unchanged:
		return e, c.putOwnMove(ctx, e, true, now)
	case lost:
		return nil, c.putOwnMove(ctx, e, false, now)
	default:
		_, err := c.exec(ctx, "DELETE FROM own_move WHERE connector = ? AND scope = ? AND id = ?", e.Target.Connector, e.Target.Element, e.Target.ID)
		return nil, err
	}
}

// follow makes moves that arrived in what is stored: they are no news then,
// and nobody's but Tandem's.
func (c *change) follow(ctx context.Context, moves []*work.Edit) error {
	if len(moves) == 0 {
		return nil
	}
	rows, err := backlogsOf(ctx, c, c.at-echo.Microseconds())
	if err != nil {
		return err
	}
	for i := range rows {
		r := &rows[i]
		pins, touched := slices.Clone(r.pins), false
		for _, e := range moves {
			if e.Target.Connector != r.connector || e.Target.Element != r.observed.Scope {
				continue
			}
			touched = true
			anchor, _ := work.ParseAnchor(e.Value)
			after, here := backlog.Follow(r.observed.IDs, e.Target.ID, anchor)
			if !here { // a newer order came in meanwhile, without one of them
				if err := c.putOwnMove(ctx, e, false, sql.NullInt64{Int64: c.at, Valid: true}); err != nil {
					return err
				}
				continue
			}
			backlog.Shift(pins, r.observed.IDs, after)
			r.observed.IDs = after
			if r.confirmed, here = backlog.Follow(r.confirmed, e.Target.ID, anchor); !here {
				r.confirmed = slices.DeleteFunc(r.confirmed, func(id string) bool { return id == e.Target.ID })
			}
		}
		if !touched {
			continue
		}
		if err := c.putBacklog(ctx, r); err != nil {
			return err
		}
		if _, err := c.putPins(ctx, r, pins); err != nil {
			return err
		}
	}
	return nil
}
