package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"tandem/internal/plan"
	"tandem/internal/work"
)

// waiting says what an attempt waits for.
type waiting int

const (
	over     waiting = iota
	answer           // begun, or its fate is unknown
	readBack         // applied or unchanged, not read back yet
)

// Begin notes that the edits are about to be sent: journal and ledger
// (pending) in one transaction, which is on the disk when Begin returns. An
// edit that is already begun stays as it is. While writing is paused, nothing
// can begin: the answer is ErrPaused. Under a lease that is lost it is
// work.ErrLeaseLost.
func (s *Store) Begin(ctx context.Context, run int64, edits []work.Edit) error {
	return s.change(ctx, "begin edits", durable, func(ctx context.Context, c *change) error {
		if err := c.fence(ctx, connectorsIn(edits)...); err != nil {
			return err
		}
		paused, err := pauseOf(ctx, c)
		if err != nil {
			return err
		}
		if paused.on {
			return fmt.Errorf("%w by %s: %s; %s lets it go on", ErrPaused, paused.by, paused.why, paused.end)
		}
		if err := c.recallEdits(ctx, edits); err != nil {
			return err
		}
		for i := range edits {
			if err := c.begin(ctx, run, &edits[i]); err != nil {
				return fmt.Errorf("edit %s of %s: %w", edits[i].ID, edits[i].Ref(), err)
			}
		}
		if len(edits) == 0 {
			return nil
		}
		_, err = c.next(ctx)
		return err
	})
}

func (c *change) begin(ctx context.Context, run int64, e *work.Edit) error {
	last, err := c.lastAttempt(ctx, e.ID)
	if err != nil {
		return err
	}
	delete(c.memo.attempts, e.ID) // from here on it is another one
	if last != nil && last.waits == answer {
		err := c.put(ctx, "UPDATE journal SET state = 'begun', detail = '', token = ? WHERE num = ? AND state = 'unknown'", c.token(e), last.num)
		return err // a move of which the answer is out stays in doubt
	}
	prev, err := c.entry(ctx, e.Target)
	if err != nil {
		return err
	}
	next, err := c.following(ctx, prev, e)
	if err != nil {
		return err
	}
	if err := c.putAttempt(ctx, run, e, prev, last); err != nil {
		return err
	}
	if err := c.useApproval(ctx, e.ID); err != nil {
		return err
	}
	if err := c.putEntry(ctx, &next); err != nil {
		return err
	}
	return c.expectMove(ctx, e)
}

// recallEdits reads what begin asks for.
func (c *change) recallEdits(ctx context.Context, edits []work.Edit) error {
	ids, targets := make([]string, 0, len(edits)), make([]work.Target, 0, len(edits))
	for i := range edits {
		ids, targets = append(ids, edits[i].ID), append(targets, edits[i].Target)
	}
	if err := c.recallAttempts(ctx, ids); err != nil {
		return err
	}
	if err := c.recallApprovals(ctx, ids); err != nil {
		return err
	}
	return c.recallLines(ctx, targets)
}

// attempt is one row of the journal.
type attempt struct {
	num   int64
	run   int64
	state string
	waits waiting
	token sql.NullInt64 // of the lease under which it began
	until sql.NullInt64 // nothing is said of it before
	edit  work.Edit
	prev  *plan.Entry
}

// mayStand reports whether an attempt was planned anew because no record showed if
// it had arrived (wentOut says the same): one that a service puts off says until when.
func (a *attempt) mayStand() bool { return plan.Unshown(a.edit) && !a.until.Valid }

// lastAttempt returns the newest attempt to make an edit; nil where there was
// none.
func (c *change) lastAttempt(ctx context.Context, editID string) (*attempt, error) {
	if a, known := c.memo.attempts[editID]; known {
		return a, nil
	}
	row := c.QueryRowContext(ctx, "SELECT "+attemptColumns+" FROM journal WHERE edit = ? ORDER BY num DESC LIMIT 1", editID)
	a, err := scanAttempt(row.Scan, new(string))
	return a, ignoreNone(err)
}

// putAttempt writes a new row, in the place of the last one where that was only put
// off: an edit that waits for an hour does not fill the journal, and stands behind
// whatever began meanwhile. One that may have arrived went out, and stays.
func (c *change) putAttempt(ctx context.Context, run int64, e *work.Edit, prev *plan.Entry, last *attempt) error {
	body, err := encode(e)
	if err != nil {
		return err
	}
	var prevText sql.NullString
	if prev != nil {
		if prevText.String, err = encode(prev); err != nil {
			return err
		}
		prevText.Valid = true
	}
	var putOff int64
	if last != nil && last.state == string(work.Deferred) && !last.mayStand() {
		putOff = last.num
	}
	err = c.put(ctx, `INSERT INTO journal (edit, run, connector, id, path, element, field, body, prev, first, state, waits, begun, token, saw)
		SELECT ?1, CAST(?2 AS bigint), ?3, ?4, ?5, ?6, ?7, ?8, ?9,
			coalesce((SELECT first FROM journal WHERE num = ?12), CASE WHEN EXISTS (SELECT 1 FROM ledger WHERE connector = ?3 AND id = ?4 AND written = 1) THEN 0 ELSE 1 END),
			'begun', 1, CAST(?10 AS bigint), CAST(?11 AS bigint), (SELECT seq FROM record WHERE connector = ?3 AND id = ?4)`,
		e.ID, run, e.Target.Connector, e.Target.ID, e.Target.Path, e.Target.Element, e.Field.String(), body, prevText, c.at, c.token(e), putOff)
	if err != nil || putOff == 0 {
		return err
	}
	return c.put(ctx, "DELETE FROM journal WHERE num = ?", putOff)
}

// token is that of the lease under which an edit begins; NULL without one.
func (c *change) token(e *work.Edit) sql.NullInt64 {
	lease := c.leaseOf(e.Target.Connector)
	if lease == nil {
		return sql.NullInt64{}
	}
	return sql.NullInt64{Int64: lease.Token, Valid: true}
}

// connectorsIn returns the connectors of edits, each once.
func connectorsIn(edits []work.Edit) []string {
	var names []string
	for i := range edits {
		if name := edits[i].Target.Connector; !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// Pending returns edits that were begun or are unknown, and edits that wait to
// be read back, oldest first.
func (s *Store) Pending(ctx context.Context) (unsure, unread []work.Edit, err error) {
	err = each(ctx, s.reader, "SELECT waits, body FROM journal WHERE waits > 0 ORDER BY num", nil, func(scan func(...any) error) error {
		var waits waiting
		var body string
		if err := scan(&waits, &body); err != nil {
			return err
		}
		var e work.Edit
		if err := json.Unmarshal([]byte(body), &e); err != nil {
			return damaged("journal", err)
		}
		if waits == answer {
			unsure = append(unsure, e)
		} else {
			unread = append(unread, e)
		}
		return nil
	})
	return unsure, unread, s.fault("read pending edits", err)
}

// Saw returns the version that the record of each edit without an answer had when
// the edit began, by the edit's id. One that is not known any more is left out.
func (s *Store) Saw(ctx context.Context) (map[string]time.Time, error) {
	saw := map[string]time.Time{}
	err := each(ctx, s.reader, "SELECT j.edit, v.version FROM journal j JOIN record_version v ON v.seq = j.saw WHERE j.waits > 0 AND j.waits = ?", []any{answer}, func(scan func(...any) error) error {
		var edit string
		var version int64
		err := scan(&edit, &version)
		saw[edit] = timeOf(version)
		return err
	})
	return saw, s.fault("read what edits saw", err)
}
