package store

import (
	"context"

	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/work"
)

// undo keeps what an undo wrote: the line in the ledger stays what Tandem
// wrote before, so that the value that was put back is a person's and not
// Tandem's. To undo an undo makes it Tandem's again, where Tandem wrote it. What
// Tandem had only found right is a person's then, and the line tells of no value.
func (c *change) undo(ctx context.Context, a *attempt) error {
	e := &a.edit
	line := c.former(a)
	ours, err := c.wroteLast(ctx, a, &line)
	if err != nil {
		return err
	}
	if !ours && line.Value == e.Value {
		line.Value = work.Value{}
	}
	if err := c.putEntry(ctx, &line); err != nil {
		return err
	}
	if err := c.endRelease(ctx, e); err != nil { // who undoes decides anew, though it brings back what was released
		return err
	}
	if err := c.endDisplaced(ctx, "path = ? AND", e.Target.Path, e.Target.Connector, e.Target.ID); err != nil {
		return err
	}
	if err := c.endUndone(ctx, "path = ? AND element = ? AND", e.Target.Path, e.Target.Element, e.Target.Connector, e.Target.ID); err != nil {
		return err
	}
	if err := c.endBeside(ctx, e); err != nil || ours {
		return err
	}
	if err := c.putUndone(ctx, a, e.Target, e.Value); err != nil {
		return err
	}
	for label := range e.Keeps.Elements {
		left := e.Target
		left.Element = label
		if err := c.endUndone(ctx, "path = ? AND element = ? AND", left.Path, left.Element, left.Connector, left.ID); err != nil {
			return err
		}
		if err := c.putUndone(ctx, a, left, work.NewList(label)); err != nil {
			return err
		}
	}
	return nil
}

// wroteLast reports whether an undo puts back what Tandem wrote last, by the line and
// the journal. What the journal no longer tells is not, but for what only Tandem
// makes.
func (c *change) wroteLast(ctx context.Context, a *attempt, line *plan.Entry) (bool, error) {
	if line.Value != a.edit.Value || ownMaking(a.edit.Target.Path) {
		return line.Value == a.edit.Value, nil
	}
	last, err := c.lastAt(ctx, a.edit.Target, a.num)
	for err == nil && last != nil && last.edit.Errand == work.Undo {
		last, err = c.lastAt(ctx, a.edit.Target, last.num)
	}
	return last != nil && last.edit.Value == a.edit.Value && last.state == string(work.Applied), err
}

// putUndone notes what stands at a target since an undo.
func (c *change) putUndone(ctx context.Context, a *attempt, t work.Target, stands work.Value) error {
	e := &a.edit
	value, err := encode(stands)
	if err != nil {
		return err
	}
	seq, err := c.person(ctx)
	if err != nil {
		return err
	}
	c.memo.undone = nil
	return c.put(ctx, "INSERT INTO undone (connector, id, path, element, field, value, by, run, at, seq) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		t.Connector, t.ID, t.Path, t.Element, e.Field.String(), value, e.By, a.run, c.at, seq)
}

// endBeside forgets which labels of a field an earlier edit of an undo had left
// there: with each one the person decides that anew.
func (c *change) endBeside(ctx context.Context, e *work.Edit) error {
	if some, err := c.anyUndone(ctx); err != nil || !some || !e.Target.InList() {
		return err
	}
	all, err := undoneOf(ctx, c)
	if err != nil {
		return err
	}
	for i := range all {
		u := &all[i]
		if t := u.Target; u.Beside() && t.RefID == e.Target.RefID && t.Path == e.Target.Path && u.Field == e.Field {
			if err := c.endUndone(ctx, "path = ? AND element = ? AND", t.Path, t.Element, t.Connector, t.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// former is the line of the ledger as it was before an edit.
func (c *change) former(a *attempt) plan.Entry {
	line := plan.Entry{Target: a.edit.Target, Value: a.edit.Expect, Written: true, Before: a.edit.Value, Audience: a.edit.Audience}
	if a.prev != nil {
		line = *a.prev
	}
	line.Pending, line.At = true, timeOf(c.at)
	return line
}

// putBack reports whether a value stands at a target because an undo put it
// there.
func (c *change) putBack(ctx context.Context, t work.Target, value work.Value) (bool, error) {
	if some, err := c.anyUndone(ctx); err != nil || !some {
		return false, err
	}
	text, err := encode(value)
	if err != nil {
		return false, err
	}
	var found bool
	err = c.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM undone WHERE connector = ? AND id = ? AND path = ? AND element = ? AND value = ?)",
		t.Connector, t.ID, t.Path, t.Element, text).Scan(&found)
	return found, err
}

// endUndone forgets what was undone at a record, as far as the condition says.
func (c *change) endUndone(ctx context.Context, condition string, args ...any) error {
	if some, err := c.anyUndone(ctx); err != nil || !some {
		return err
	}
	r, err := c.exec(ctx, "DELETE FROM undone WHERE "+condition+" connector = ? AND id = ?", args...)
	if err != nil {
		return err
	}
	return c.touch(ctx, r)
}

// endUndoneMoves forgets undone moves that the run saw and that are kept as
// pins from now on.
func (c *change) endUndoneMoves(ctx context.Context, dataSeq int64) error {
	err := c.put(ctx, `DELETE FROM undone WHERE path = ? AND seq <= ? AND EXISTS
		(SELECT 1 FROM pin p WHERE p.connector = undone.connector AND p.scope = undone.element AND p.id = undone.id)`, work.NativeRank, dataSeq)
	return err
}

// endOutlived forgets what was undone where people set something else since, by
// what the run saw.
func (c *change) endOutlived(ctx context.Context, run *engine.Run) error {
	for _, slot := range run.Outlived {
		if err := c.letGo(ctx, slot, run.DataSeq); err != nil {
			return err
		}
	}
	return nil
}

// letGo forgets what was undone at a field, up to a number. Nothing of Tandem's
// stands there any more, though it be what the ledger knows: the lines tell of no
// value. What only Tandem makes stays its own, as the undo left it.
func (c *change) letGo(ctx context.Context, slot plan.SlotRef, seq int64) error {
	if some, err := c.anyUndone(ctx); err != nil || !some {
		return err
	}
	const where = " FROM undone WHERE connector = ? AND id = ? AND field = ? AND seq <= ?"
	args := []any{slot.Ref.Connector, slot.Ref.ID, slot.Field.String(), seq}
	var all []plan.Undone
	err := each(ctx, c, "SELECT path, element, value"+where, args, func(scan func(...any) error) error {
		u, value := plan.Undone{Target: work.Target{RefID: slot.Ref}}, ""
		err := scan(&u.Target.Path, &u.Target.Element, &value)
		if err == nil && ownMaking(u.Target.Path) {
			u.Value, err = valueOf(value)
		}
		all = append(all, u)
		return err
	})
	if err != nil {
		return err
	}
	for i := range all {
		if err := c.retell(ctx, all[i].Target, all[i].Value); err != nil {
			return err
		}
	}
	r, err := c.exec(ctx, "DELETE"+where, args...)
	if err != nil {
		return err
	}
	return c.touch(ctx, r)
}

// retell lets the line of a target tell of a value, where there is one.
func (c *change) retell(ctx context.Context, t work.Target, value work.Value) error {
	line, err := c.entry(ctx, t)
	if err != nil || line == nil {
		return err
	}
	line.Value = value
	return c.putEntry(ctx, line)
}

func undoneOf(ctx context.Context, q queryer) ([]plan.Undone, error) {
	var all []plan.Undone
	err := each(ctx, q, "SELECT connector, id, path, element, field, value, by, run, at FROM undone ORDER BY connector, id, path, element", nil,
		func(scan func(...any) error) error {
			var u plan.Undone
			var field, value string
			var at int64
			t := &u.Target
			if err := scan(&t.Connector, &t.ID, &t.Path, &t.Element, &field, &value, &u.By, &u.Run, &at); err != nil {
				return err
			}
			u.At = timeOf(at)
			if err := u.Field.UnmarshalText([]byte(field)); err != nil {
				return damaged("undone edit of "+t.String(), err)
			}
			var err error
			u.Value, err = valueOf(value)
			all = append(all, u)
			return err
		})
	return all, err
}
