package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"

	"tandem/internal/plan"
	"tandem/internal/work"
)

// Finish notes the results. Applied and unchanged stay pending until they are
// read back, and end a release of the field; conflict and deferred restore the
// ledger; rejected does too, and is a dead letter that blocks its item,
// unless a person ordered that very edit and is told; unknown stays pending.
// A result that is told twice counts once. A result of an edit that was never
// begun is an error; the others are stored.
//
// Under a lease that is lost an answer still counts while nobody knows better:
// the attempt is this holder's, and the next one has not read it back. Where
// that one found that it did not arrive, and it did after all, that counts too,
// unless something else was sent there since: Tandem's own echo must not pass
// for a person's change.
func (s *Store) Finish(ctx context.Context, results []work.Result) error {
	var strangers []error
	err := s.change(ctx, "finish edits", normal, func(ctx context.Context, c *change) error {
		strangers = nil
		if err := c.recallResults(ctx, results); err != nil {
			return err
		}
		var moves []*work.Edit
		for _, r := range results {
			a, err := c.lastAttempt(ctx, r.EditID)
			counts := false
			switch {
			case err != nil:
			case a == nil:
				strangers = append(strangers, fmt.Errorf("finish edits: edit %s was never begun", r.EditID))
				continue
			default:
				counts, err = c.counts(ctx, a, r)
			}
			if err == nil && counts {
				moves, err = c.takeIn(ctx, a, r, moves)
			}
			if err != nil {
				return fmt.Errorf("edit %s: %w", r.EditID, err)
			}
		}
		return c.follow(ctx, moves)
	})
	return errors.Join(append(strangers, err)...)
}

// recallResults reads what finish asks for.
func (c *change) recallResults(ctx context.Context, results []work.Result) error {
	ids := make([]string, 0, len(results))
	for _, r := range results {
		ids = append(ids, r.EditID)
	}
	if err := c.recallAttempts(ctx, ids); err != nil {
		return err
	}
	var targets []work.Target
	for _, a := range c.memo.attempts {
		if a != nil {
			targets = append(targets, a.edit.Target)
		}
	}
	return c.recallLines(ctx, targets)
}

// takeIn notes an answer that counts, and adds a move that arrived.
func (c *change) takeIn(ctx context.Context, a *attempt, r work.Result, moves []*work.Edit) ([]*work.Edit, error) {
	delete(c.memo.attempts, r.EditID) // from here on it is another one
	if err := c.finish(ctx, a, r); err != nil {
		return moves, err
	}
	arrived, err := c.settleMove(ctx, a, r)
	if arrived != nil {
		moves = append(moves, arrived)
	}
	return moves, err
}

func (c *change) finish(ctx context.Context, a *attempt, r work.Result) error {
	waits := over
	var err error
	switch r.State {
	case work.Applied, work.Unchanged:
		waits = readBack
		err = c.keep(ctx, a, r.State == work.Applied)
	case work.Conflict:
		err = c.restore(ctx, a)
	case work.Deferred:
		if err = c.restore(ctx, a); err == nil {
			err = c.renewApproval(ctx, a)
		}
	case work.Rejected:
		if err = c.restore(ctx, a); err == nil {
			err = c.failBack(ctx, a, cmp.Or(r.Detail, "the service refuses it"))
		}
		if err == nil && a.edit.Errand == "" {
			err = c.bury(ctx, &a.edit, cmp.Or(r.Detail, "the service refuses it and does not say why"))
		}
	case work.Uncertain:
		waits = answer
	default:
		return fmt.Errorf("%q is no result", r.State)
	}
	if err != nil {
		return err
	}
	var until, ended sql.NullInt64
	if !r.Until.IsZero() {
		until = sql.NullInt64{Int64: r.Until.UnixMicro(), Valid: true}
	}
	if waits != answer {
		ended = sql.NullInt64{Int64: c.at, Valid: true}
	}
	err = c.put(ctx, "UPDATE journal SET state = ?, waits = ?, detail = ?, until = ?, ended = ? WHERE num = ?",
		string(r.State), waits, r.Detail, until, ended, a.num)
	if err == nil && r.State != work.Uncertain {
		_, err = c.next(ctx)
	}
	return err
}

// keep lets the value of the edit stand in the ledger, to be read back. A
// value that was already so is not Tandem's own: it is adopted.
func (c *change) keep(ctx context.Context, a *attempt, applied bool) error {
	e := &a.edit
	switch e.Errand {
	case work.Undo:
		return c.undo(ctx, a)
	case work.GiveBack:
		return c.giveBack(ctx, a)
	case work.Retire:
	}
	line, err := c.begun(ctx, a)
	if err != nil {
		return err
	}
	wrote, making := a.prev != nil && a.prev.Written, ownMaking(e.Target.Path)
	switch {
	case making:
		line.Before = work.Empty()
	case !applied && (!wrote || a.prev.Taken()):
		line.Before, line.Audience = e.Value, e.Audience
	}
	line.Written = applied || wrote || making && e.Verb != work.ClearField
	if err := c.putEntry(ctx, &line); err != nil {
		return err
	}
	if err := c.forgetAbsent(ctx, e, applied); err != nil {
		return err
	}
	if err := c.adoptKept(ctx, e); err != nil {
		return err
	}
	if err := c.endRelease(ctx, e); err != nil {
		return err
	}
	if err := c.endDisplaced(ctx, "path = ? AND", e.Target.Path, e.Target.Connector, e.Target.ID); err != nil {
		return err
	}
	return c.endUndone(ctx, "field = ? AND", e.Field.String(), e.Target.Connector, e.Target.ID)
}

// begun is the line of an attempt as it began: other edits of the same field that are
// done by now may have ended what tells of it. A late answer finds it gone.
func (c *change) begun(ctx context.Context, a *attempt) (plan.Entry, error) {
	line, err := c.entry(ctx, a.edit.Target)
	if err != nil {
		return plan.Entry{}, err
	}
	if line == nil || !line.Pending {
		return c.following(ctx, a.prev, &a.edit)
	}
	next := *line
	next.Value, next.At = a.edit.Value, timeOf(c.at)
	return next, nil
}

// following is the line that an edit makes of the one before it, nil where there was
// none.
func (c *change) following(ctx context.Context, prev *plan.Entry, e *work.Edit) (plan.Entry, error) {
	next := plan.Entry{Target: e.Target, Value: e.Value, Pending: true, Before: before(e), Audience: e.Audience, At: timeOf(c.at)}
	if prev == nil || !prev.Written {
		return next, nil
	}
	over, err := c.replaces(ctx, prev, e)
	if next.Written = true; !over {
		next.Before, next.Audience = prev.Before, prev.Audience
	}
	return next, err
}

// replaces reports whether an edit replaces a value that somebody set since
// Tandem's last write, as after a release: that value is what stood there before.
// One that an undo put there is not somebody's.
func (c *change) replaces(ctx context.Context, prev *plan.Entry, e *work.Edit) (bool, error) {
	if e.Verb == work.MoveInBacklog || !e.Expect.Known() || prev.Value.Says(e.Expect) || e.Value.Says(e.Expect) {
		return false, nil
	}
	back, err := c.putBack(ctx, e.Target, e.Expect)
	return !back, err
}

// ownMaking reports whether nobody but Tandem makes what stands at a path: its
// comment, its links. Where an edit was already so, an answer was lost.
func ownMaking(path string) bool { return path == work.NativeComment || path == work.NativeRemoteLink }

// before is what stood there: for a move, the place that it left.
func before(e *work.Edit) work.Value {
	if e.Verb == work.MoveInBacklog {
		return e.From
	}
	return e.Expect
}

// restore takes the edit's line out of the ledger again, unless something else
// stands there by now.
func (c *change) restore(ctx context.Context, a *attempt) error {
	now, err := c.entry(ctx, a.edit.Target)
	if err != nil || now == nil || !now.Pending || now.Value != a.edit.Value {
		return err
	}
	if a.prev == nil {
		return c.dropEntry(ctx, a.edit.Target)
	}
	return c.putEntry(ctx, a.prev)
}
