package store

import (
	"context"
	"database/sql"
	"errors"

	"tandem/internal/plan"
	"tandem/internal/work"
)

const ledgerColumns = "connector, id, path, element, value, written, pending, before, reach, at"

// scanEntry reads the columns of ledgerColumns.
func scanEntry(scan func(...any) error) (plan.Entry, error) {
	var e plan.Entry
	var value, before string
	var at int64
	t := &e.Target
	err := scan(&t.Connector, &t.ID, &t.Path, &t.Element, &value, &e.Written, &e.Pending, &before, &e.Audience, &at)
	if err != nil {
		return e, err
	}
	e.At = timeOf(at)
	if e.Value, err = valueOf(value); err == nil {
		e.Before, err = valueOf(before)
	}
	return e, err
}

// entry returns a line of the ledger; nil where there is none.
func (c *change) entry(ctx context.Context, t work.Target) (*plan.Entry, error) {
	if c.memo.read[t.RefID] {
		e, known := c.memo.lines[t]
		if !known {
			return nil, nil //nolint:nilnil // no line is a fact of its own
		}
		return &e, nil
	}
	row := c.QueryRowContext(ctx, "SELECT "+ledgerColumns+" FROM ledger WHERE connector = ? AND id = ? AND path = ? AND element = ?",
		t.Connector, t.ID, t.Path, t.Element)
	e, err := scanEntry(row.Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil //nolint:nilnil // no line is a fact of its own
	}
	return &e, err
}

// putEntry writes a line of the ledger.
func (c *change) putEntry(ctx context.Context, e *plan.Entry) error {
	value, err := encode(e.Value)
	if err != nil {
		return err
	}
	before, err := encode(e.Before)
	if err != nil {
		return err
	}
	t := e.Target
	if c.memo.read[t.RefID] {
		c.memo.lines[t] = *e
	}
	err = c.put(ctx, "INSERT INTO ledger ("+ledgerColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (connector, id, path, element) DO UPDATE
		SET value = excluded.value, written = excluded.written, pending = excluded.pending, before = excluded.before, reach = excluded.reach, at = excluded.at`,
		t.Connector, t.ID, t.Path, t.Element, value, e.Written, e.Pending, before, e.Audience, e.At.UnixMicro())
	return err
}

func (c *change) dropEntry(ctx context.Context, t work.Target) error {
	delete(c.memo.lines, t)
	return c.put(ctx, "DELETE FROM ledger WHERE connector = ? AND id = ? AND path = ? AND element = ?", t.Connector, t.ID, t.Path, t.Element)
}

// adopt remembers values that are already right. A line that waits for an
// answer is left alone: what was sent decides, not an older look.
func (c *change) adopt(ctx context.Context, entries []plan.Entry) error {
	targets := make([]work.Target, 0, len(entries))
	for i := range entries {
		targets = append(targets, entries[i].Target)
	}
	if err := c.recallLines(ctx, targets); err != nil {
		return err
	}
	for i := range entries {
		if err := c.adoptOne(ctx, entries[i]); err != nil {
			return err
		}
	}
	return nil
}

func (c *change) adoptOne(ctx context.Context, e plan.Entry) error {
	before, err := c.entry(ctx, e.Target)
	if err != nil {
		return err
	}
	ours, err := c.stillOurs(ctx, before, &e)
	if err != nil {
		return err
	}
	e.Written = before != nil && before.Written // Tandem's traces stay, whoever chose what stands there
	if ours {
		e.Before, e.Audience = before.Before, before.Audience
	}
	if before != nil && (before.Pending || sameEntry(before, &e)) {
		return nil
	}
	if err := c.putEntry(ctx, &e); err != nil {
		return err
	}
	if err := c.endDisplaced(ctx, "path = ? AND", e.Target.Path, e.Target.Connector, e.Target.ID); err != nil {
		return err
	}
	if err := c.endUndone(ctx, "path = ? AND element = ? AND", e.Target.Path, e.Target.Element, e.Target.Connector, e.Target.ID); err != nil {
		return err
	}
	_, err = c.next(ctx)
	return err
}

// stillOurs reports whether a value that is already right is Tandem's: what it
// wrote in another form, what only Tandem makes, or an earlier write that an undo
// put back. What stood there before Tandem is nobody's to remove.
func (c *change) stillOurs(ctx context.Context, before, e *plan.Entry) (bool, error) {
	switch {
	case before == nil || !before.Written:
		return false, nil
	case before.Value.Says(e.Value) || ownMaking(e.Target.Path):
		return true, nil
	case before.Before.Says(e.Value):
		return false, nil
	default:
		return c.putBack(ctx, e.Target, e.Value)
	}
}

// sameEntry reports whether two lines say the same; when is no matter.
func sameEntry(a, b *plan.Entry) bool {
	return a.Value == b.Value && a.Written == b.Written && a.Pending == b.Pending && a.Before == b.Before
}
