package store

import (
	"context"
	"math"

	"tandem/internal/plan"
	"tandem/internal/work"
)

// Labels of one field are rivals: where one comes or goes, that says something of
// the others.

// forgetAbsent notes what the connector saw before it added a label, or took off the
// last one: the others of the field that are not wanted were gone. Where one had
// stood there by Tandem's line, a person took it off, and the line would tell of a
// change by a person for ever. That person chose for the field, and so did who put
// there what goes now: to bring back that label, or one that Tandem had taken off
// before, is nobody's wish any more. Of several that people had put beside each
// other all come back, also where Tandem took them off one after the other. A line that
// tells of no value, since an undo, tells now that the label is gone.
func (c *change) forgetAbsent(ctx context.Context, e *work.Edit, applied bool) error {
	goes := e.While
	if applied && e.Verb == work.RemoveLabel && e.Unless.Present() {
		goes = work.NewList(e.Target.Element)
	}
	chosen, err := c.theirs(ctx, e.Target, goes)
	if err != nil {
		return err
	}
	gone, tookOff, err := c.absent(ctx, e)
	if err != nil {
		return err
	}
	chose := tookOff || len(chosen) > 0
	if chose && applied && e.Verb == work.AddLabel { // it did not stand there
		own, err := c.entry(ctx, e.Target)
		if err != nil || own == nil {
			return err
		}
		own.Before = work.NewFlag(false)
		if err := c.putEntry(ctx, own); err != nil {
			return err
		}
	}
	if tookOff { // that counts for all of them
		chosen = nil
	}
	for _, line := range gone {
		ends := !line.Value.Known()
		if chose && !ends {
			left, err := c.leftBeside(ctx, line.Target, chosen)
			if err != nil {
				return err
			}
			ends = !left
		}
		if !ends {
			continue
		}
		line.Value, line.Before = work.NewFlag(false), work.NewFlag(false)
		if err := c.putEntry(ctx, line); err != nil {
			return err
		}
	}
	return nil
}

// absent returns the lines of the labels that the connector did not see, and whether
// one of them had stood there by its line: a person took it off.
func (c *change) absent(ctx context.Context, e *work.Edit) (gone []*plan.Entry, tookOff bool, err error) {
	for label := range e.Unless.Elements {
		target := e.Target
		target.Element = label
		line, err := c.entry(ctx, target)
		if err != nil {
			return nil, false, err
		}
		if line != nil && !line.Pending {
			gone = append(gone, line)
			tookOff = tookOff || line.Value == work.NewFlag(true)
		}
	}
	return gone, tookOff, nil
}

// theirs returns those of the labels that a person put there: no line of Tandem's
// says that it stands, or one that goes with the same request would come back.
func (c *change) theirs(ctx context.Context, at work.Target, labels work.Value) ([]work.Target, error) {
	var theirs []work.Target
	for label := range labels.Elements {
		at.Element = label
		line, err := c.entry(ctx, at)
		if err != nil {
			return nil, err
		}
		ours := line != nil && line.Value == work.NewFlag(true)
		if line != nil && line.Pending { // it goes with the same request
			if ours, err = c.goes(ctx, line); err != nil {
				return nil, err
			}
		}
		if !ours {
			theirs = append(theirs, at)
		}
	}
	return theirs, nil
}

// goes reports whether a label that is being taken off is Tandem's: without Tandem
// none would stand there, or Tandem put it there last.
func (c *change) goes(ctx context.Context, line *plan.Entry) (ours bool, err error) {
	on := work.NewFlag(true)
	if line.Before != on {
		return true, nil
	}
	off, err := c.lastAt(ctx, line.Target, unnumbered)
	if err != nil || off == nil || off.prev == nil || off.prev.Value != on {
		return false, err
	}
	put, err := c.lastAt(ctx, line.Target, off.num)
	return put != nil && put.edit.Verb == work.AddLabel && put.edit.Errand == "" && put.state == string(work.Applied), err
}

// leftBeside reports whether Tandem, when it took a label off, left labels there
// that go only now: who had put them there had put them beside it, and not in its
// place.
func (c *change) leftBeside(ctx context.Context, gone work.Target, labels []work.Target) (bool, error) {
	if len(labels) == 0 {
		return false, nil
	}
	off, err := c.lastAt(ctx, gone, unnumbered)
	if err != nil || off == nil || off.edit.Verb != work.RemoveLabel {
		return false, err
	}
	for _, label := range labels {
		now, err := c.lastAt(ctx, label, unnumbered)
		if err != nil || now == nil || now.prev == nil || now.prev.Value != work.NewFlag(true) || !off.edit.Keeps.Has(label.Element) {
			return false, err
		}
	}
	return true, nil
}

// unnumbered stands for the number of an attempt that is not journalled yet: it
// comes after all others.
const unnumbered = math.MaxInt64

// lastAt returns the last attempt at a target, before the one with a number, that
// was not put off; nil where there was none.
func (c *change) lastAt(ctx context.Context, t work.Target, before int64) (*attempt, error) {
	row := c.QueryRowContext(ctx, "SELECT "+attemptColumns+` FROM journal
		WHERE connector = ? AND id = ? AND path = ? AND element = ? AND num < ? AND state IN ('begun', 'unknown', 'applied', 'unchanged') ORDER BY num DESC LIMIT 1`,
		t.Connector, t.ID, t.Path, t.Element, before)
	a, err := scanAttempt(row.Scan, new(string))
	return a, ignoreNone(err)
}

// adoptKept notes that the labels which a removal left of several stand there by
// Tandem's choice: without a line, what Tandem left would pass for a change by a
// person.
func (c *change) adoptKept(ctx context.Context, e *work.Edit) error {
	for label := range e.Keeps.Elements {
		on := plan.Entry{Target: e.Target, Value: work.NewFlag(true), Before: work.NewFlag(true), Audience: e.Audience, At: timeOf(c.at)}
		on.Target.Element = label
		if err := c.adoptOne(ctx, on); err != nil {
			return err
		}
	}
	return nil
}
