package store

import (
	"context"
	"encoding/json"

	"tandem/internal/plan"
	"tandem/internal/work"
)

const displacedColumns = "connector, id, path, key, field, value, wrote, by, at, written, back, failed"

// SaveDisplaced notes changes of people that Tandem wrote over. To note one
// twice is to note it once.
func (s *Store) SaveDisplaced(ctx context.Context, all []plan.Displaced) error {
	return s.change(ctx, "note what was written over", durable, func(ctx context.Context, c *change) error {
		for i := range all {
			d := &all[i]
			if err := c.fence(ctx, d.Target.Connector); err != nil {
				return err
			}
			value, err := encode(d.Value)
			if err != nil {
				return err
			}
			wrote, err := encode(d.Wrote)
			if err != nil {
				return err
			}
			t := d.Target
			err = c.put(ctx, "INSERT INTO displaced ("+displacedColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, '') ON CONFLICT (connector, id, path) DO UPDATE
				SET key = excluded.key, field = excluded.field, value = excluded.value, wrote = excluded.wrote, by = excluded.by, at = excluded.at,
					written = excluded.written, back = 0, failed = ''`,
				t.Connector, t.ID, t.Path, d.Key, d.Field.String(), value, wrote, d.By, d.At.UnixMicro(), d.Written.UnixMicro())
			if err != nil {
				return err
			}
			if _, err := c.person(ctx); err != nil {
				return err
			}
		}
		return nil
	})
}

// EndDisplaced forgets what was written over at the targets: somebody has set the
// value since.
func (s *Store) EndDisplaced(ctx context.Context, targets []work.Target) error {
	if len(targets) == 0 {
		return nil
	}
	return s.change(ctx, "end what was written over", normal, func(ctx context.Context, c *change) error {
		for _, t := range targets {
			if err := c.endDisplaced(ctx, "path = ? AND", t.Path, t.Connector, t.ID); err != nil {
				return err
			}
		}
		return nil
	})
}

// Displaced lists changes of people that Tandem wrote over and that still
// count.
func (s *Store) Displaced(ctx context.Context) ([]plan.Displaced, error) {
	all, err := displacedOf(ctx, s.reader)
	return all, s.fault("read what was written over", err)
}

func displacedOf(ctx context.Context, q queryer) ([]plan.Displaced, error) {
	var all []plan.Displaced
	err := each(ctx, q, "SELECT "+displacedColumns+" FROM displaced ORDER BY connector, id, path", nil, func(scan func(...any) error) error {
		var d plan.Displaced
		var field, value, wrote string
		var at, written int64
		t := &d.Target
		if err := scan(&t.Connector, &t.ID, &t.Path, &d.Key, &field, &value, &wrote, &d.By, &at, &written, &d.Back, &d.Failed); err != nil {
			return err
		}
		if d.Written = timeOf(written); at != unversioned() {
			d.At = timeOf(at)
		}
		if err := d.Field.UnmarshalText([]byte(field)); err != nil {
			return damaged("what was written over at "+t.String(), err)
		}
		var err error
		if d.Value, err = valueOf(value); err == nil {
			d.Wrote, err = valueOf(wrote)
		}
		all = append(all, d)
		return err
	})
	return all, err
}

// giveBack keeps what an edit put back. The line in the ledger stays, so that
// the value is a person's and not Tandem's, but it no longer says a value: who
// sets afterwards what Tandem wrote before decided that. Nor does what an undo
// put there count any more, though it were the same.
func (c *change) giveBack(ctx context.Context, a *attempt) error {
	line := c.former(a)
	line.Value = work.Value{}
	if err := c.putEntry(ctx, &line); err != nil {
		return err
	}
	t := a.edit.Target
	if err := c.endUndone(ctx, "path = ? AND element = ? AND", t.Path, t.Element, t.Connector, t.ID); err != nil {
		return err
	}
	return c.put(ctx, "UPDATE displaced SET back = 1 WHERE connector = ? AND id = ? AND path = ?", t.Connector, t.ID, t.Path)
}

// failBack notes why a value cannot be put back.
func (c *change) failBack(ctx context.Context, a *attempt, detail string) error {
	if a.edit.Errand != work.GiveBack {
		return nil
	}
	t := a.edit.Target
	return c.put(ctx, "UPDATE displaced SET failed = ? WHERE connector = ? AND id = ? AND path = ?", detail, t.Connector, t.ID, t.Path)
}

// endDisplaced forgets what was written over at a record, as far as the
// condition says.
func (c *change) endDisplaced(ctx context.Context, condition string, args ...any) error {
	if some, err := c.anyDisplaced(ctx); err != nil || !some {
		return err
	}
	r, err := c.exec(ctx, "DELETE FROM displaced WHERE "+condition+" connector = ? AND id = ?", args...)
	if err != nil {
		return err
	}
	return c.touch(ctx, r)
}

// endChanged forgets what was written over at a record of which a new version
// shows that somebody changed it since.
func (c *change) endChanged(ctx context.Context, a *arrival) error {
	if some, err := c.anyDisplaced(ctx); err != nil || !some {
		return err
	}
	all, err := c.displacedAt(ctx, a.ref.RefID)
	if err != nil || len(all) == 0 {
		return err
	}
	var r work.Record
	if err := json.Unmarshal([]byte(a.body), &r); err != nil {
		return damaged("record "+a.ref.String(), err)
	}
	for i := range all {
		t := all[i].Target
		if shown := r.Fields[t.Path]; shown.Known() && !all[i].Stands(shown) {
			if err := c.endDisplaced(ctx, "path = ? AND", t.Path, t.Connector, t.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// displacedAt returns what was written over at one record.
func (c *change) displacedAt(ctx context.Context, ref work.RefID) ([]plan.Displaced, error) {
	all, err := displacedOf(ctx, c)
	var some []plan.Displaced
	for _, d := range all {
		if d.Target.RefID == ref {
			some = append(some, d)
		}
	}
	return some, err
}

// anyDisplaced reports whether there is anything that was written over: there
// is not, nearly always.
func (c *change) anyDisplaced(ctx context.Context) (bool, error) {
	if c.memo.displaced == nil {
		var found bool
		if err := c.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM displaced)").Scan(&found); err != nil {
			return false, err
		}
		c.memo.displaced = &found
	}
	return *c.memo.displaced, nil
}
