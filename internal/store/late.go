package store

import (
	"context"

	"tandem/internal/work"
)

// late reports whether the holder of the lease of a duty comes after it was
// lost. It is asked once in a transaction.
func (c *change) late(ctx context.Context, lease *work.Lease) (bool, error) {
	if lease == nil {
		return false, nil
	}
	if lost, known := c.lost[lease.Duty]; known {
		return lost, nil
	}
	held, err := c.held(ctx, lease)
	if err == nil {
		if c.lost == nil {
			c.lost = map[string]bool{}
		}
		c.lost[lease.Duty] = !held
	}
	return !held, err
}

// counts reports whether an answer is news. One that comes late, of a holder
// whose lease is lost, is news as long as the attempt is that holder's and
// nobody found out what became of it. The next holder may have looked too
// early and found that it did not arrive; then news that it did counts as well,
// unless the target was written to under a newer lease. That it did not arrive
// is no news as long as it may be on its way.
func (c *change) counts(ctx context.Context, a *attempt, r work.Result) (bool, error) {
	lease := c.leaseOf(a.edit.Target.Connector)
	late, err := c.late(ctx, lease)
	if err != nil {
		return false, err
	}
	told := a.waits != answer
	mine := !late || a.token.Valid && a.token.Int64 == lease.Token
	if !late && !told && r.State == work.Deferred && a.state == string(work.Uncertain) && a.until.Valid && c.at < a.until.Int64 && a.edit.Verb != work.MoveInBacklog {
		c.log.Debug("what did not arrive yet may still be on its way", "edit", r.EditID, "ref", a.edit.Ref().String())
		return false, nil
	}
	if mine && !told {
		return true, nil
	}
	missed := late && mine && told && a.state == string(work.Deferred) && r.State == work.Applied && a.edit.Verb != work.MoveInBacklog
	if missed {
		var newer int
		t := a.edit.Target
		err := c.QueryRowContext(ctx, "SELECT count(*) FROM journal WHERE connector = ? AND id = ? AND path = ? AND element = ? AND token > ?",
			t.Connector, t.ID, t.Path, t.Element, a.token).Scan(&newer)
		if err != nil || newer == 0 {
			return err == nil, err
		}
	}
	c.log.Debug("a result came twice, or too late", "edit", r.EditID, "ref", a.edit.Ref().String())
	return false, nil
}
