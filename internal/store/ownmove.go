package store

import (
	"context"
	"slices"

	"tandem/internal/plan/backlog"
	"tandem/internal/work"
)

// expectMove notes that a move is about to be sent: from now on nobody knows
// where its record stands. That an earlier one arrived is kept in mind, for this
// one may not be made.
func (c *change) expectMove(ctx context.Context, e *work.Edit) error {
	if e.Verb != work.MoveInBacklog {
		return nil
	}
	err := c.put(ctx, `INSERT INTO own_move (connector, scope, id, begun) VALUES (?, ?, ?, ?)
		ON CONFLICT (connector, scope, id) DO UPDATE SET begun = excluded.begun, out = 1, settled = 0,
			sure = CASE WHEN own_move.sure = 0 THEN 0 ELSE ? END`,
		e.Target.Connector, e.Target.Element, e.Target.ID, c.at, wasSure)
	return err
}

const (
	ofMove = " WHERE connector = ? AND scope = ? AND id = ?"
	// looked is the state of a move in doubt that is in doubt no longer.
	looked = 2
	// wasSure is in the place of 1 as long as a move that arrived is tried anew.
	wasSure = 2
)

func keyOf(e *work.Edit) []any {
	return []any{e.Target.Connector, e.Target.Element, e.Target.ID}
}

// sureMove notes that a move arrived.
func (c *change) sureMove(ctx context.Context, e *work.Edit) error {
	err := c.put(ctx, "UPDATE own_move SET sure = 1, out = 0, settled = 0, ended = ?"+ofMove, append([]any{c.at}, keyOf(e)...)...)
	return err
}

// doubtMove notes that nobody knows whether a move arrived. Where that was
// found out from the order meanwhile, it no longer matters.
func (c *change) doubtMove(ctx context.Context, e *work.Edit) error {
	if err := c.put(ctx, "DELETE FROM own_move"+ofMove+" AND settled = ?", append(keyOf(e), looked)...); err != nil {
		return err
	}
	err := c.put(ctx, "UPDATE own_move SET sure = 0, out = 0, ended = ?"+ofMove, append([]any{c.at}, keyOf(e)...)...)
	return err
}

// forgetMove notes that a move was not made: what was in doubt before still is,
// since the try before ended, and what arrived before is as sure as it was.
func (c *change) forgetMove(ctx context.Context, e *work.Edit) error {
	if err := c.put(ctx, "DELETE FROM own_move"+ofMove+" AND ended IS NULL", keyOf(e)...); err != nil {
		return err
	}
	err := c.put(ctx, "UPDATE own_move SET out = 0, begun = ended, sure = CASE WHEN sure = 0 THEN 0 ELSE 1 END"+ofMove, keyOf(e)...)
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
	lost := a.state == string(work.Uncertain) || r.State == work.Deferred && r.Until.IsZero()
	switch {
	case r.State == work.Applied:
		return e, c.sureMove(ctx, e)
	case r.State == work.Unchanged: // its earlier try arrived, or a person put it there
		return e, c.doubtMove(ctx, e)
	case lost:
		return nil, c.doubtMove(ctx, e)
	default:
		return nil, c.forgetMove(ctx, e)
	}
}

// showMoves notes that an order shows Tandem's moves: those that arrived are
// no longer waited for.
func (c *change) showMoves(ctx context.Context, r *backlogRow) error {
	if len(r.recent) > 0 {
		err := c.put(ctx, "DELETE FROM own_move WHERE connector = ? AND scope = ? AND sure = 1", r.connector, r.observed.Scope)
		if err != nil {
			return err
		}
	}
	if len(r.doubtful) == 0 {
		return nil
	}
	return c.settleMoves(ctx, r)
}

// settleMoves notes that an order came long enough after moves in doubt to
// show whether they arrived. An evaluation then looks where they stand.
func (c *change) settleMoves(ctx context.Context, r *backlogRow) error {
	settled, err := c.exec(ctx, "UPDATE own_move SET settled = 1 WHERE connector = ? AND scope = ? AND sure <> 1 AND settled = 0 AND begun <= ?",
		r.connector, r.observed.Scope, c.at-echo.Microseconds())
	if err != nil {
		return err
	}
	return c.touch(ctx, settled)
}

// lookedAtMoves notes that an evaluation saw the order that settles doubts.
func (c *change) lookedAtMoves(ctx context.Context, connector, scope string) error {
	for _, query := range []string{
		"DELETE FROM own_move WHERE connector = ? AND scope = ? AND settled = 1 AND out = 0",
		"UPDATE own_move SET settled = 2 WHERE connector = ? AND scope = ? AND settled = 1",
	} {
		if err := c.put(ctx, query, connector, scope); err != nil {
			return err
		}
	}
	return nil
}

// follow makes moves that arrived in what is stored: they are no news then,
// and nobody's but Tandem's.
func (c *change) follow(ctx context.Context, moves []*work.Edit) error {
	if len(moves) == 0 {
		return nil
	}
	rows, err := backlogsOf(ctx, c)
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
				if err := c.doubtMove(ctx, e); err != nil {
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
