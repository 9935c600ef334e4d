package store

import (
	"context"
	"database/sql"
	"encoding/json"

	"tandem/internal/plan"
	"tandem/internal/work"
)

// pause says whether writing is stopped, by whom, and why.
type pause struct {
	on      bool
	by, why string
	end     string // the command that ends it
}

func pauseOf(ctx context.Context, q rower) (pause, error) {
	if c, err := copiedOf(ctx, q); err != nil || c != nil {
		return awayFrom(c), err
	}
	text, err := metaOf(ctx, q, "paused")
	if err != nil || text == "" {
		return pause{}, err
	}
	p := pause{on: true, end: "tandem resume"}
	var stored [2]string
	if err := json.Unmarshal([]byte(text), &stored); err != nil {
		return p, damaged("pause", err)
	}
	p.by, p.why = stored[0], stored[1]
	return p, nil
}

// Pause stops or resumes all writing: nothing begins any more from the moment
// it returns. What was sent before is still finished and read back.
func (s *Store) Pause(ctx context.Context, paused bool, by, reason string) error {
	return s.change(ctx, "pause", durable, func(ctx context.Context, c *change) error {
		before, err := pauseOf(ctx, c)
		if err != nil || !paused && !before.on {
			return err
		}
		var text string
		if paused {
			if text, err = encode([2]string{by, reason}); err != nil {
				return err
			}
		}
		if err := c.setMeta(ctx, "paused", text); err != nil || before.on == paused {
			return err
		}
		_, err = c.person(ctx)
		return err
	})
}

// Release ends holds of a field at a record; the next plan overrules. It is about
// the value that the person saw held there, or about any where they saw none. It
// also ends rejections of the field, and the dead letters that block the record's
// item.
func (s *Store) Release(ctx context.Context, r plan.Release, by string) error {
	slot := r.Slot
	return s.change(ctx, "release "+slot.Ref.String(), durable, func(ctx context.Context, c *change) error {
		seq, err := c.person(ctx)
		if err != nil {
			return err
		}
		have, err := c.letStand(ctx, r)
		if err != nil {
			return err
		}
		err = c.put(ctx, `INSERT INTO released (connector, id, field, by, at, seq, have) VALUES (?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (connector, id, field) DO UPDATE SET by = excluded.by, at = excluded.at, seq = excluded.seq, have = excluded.have`,
			slot.Ref.Connector, slot.Ref.ID, slot.Field.String(), by, c.at, seq, have)
		if err != nil {
			return err
		}
		if err := c.endRejections(ctx, slot); err != nil {
			return err
		}
		if err := c.endDisplaced(ctx, "field = ? AND", slot.Field.String(), slot.Ref.Connector, slot.Ref.ID); err != nil {
			return err
		}
		if err := c.letGo(ctx, slot, seq); err != nil {
			return err
		}
		err = c.put(ctx, `WITH mine (item) AS (SELECT item FROM identity WHERE connector = ?2 AND id = ?3)
			UPDATE dead_letter AS d SET ended = ?1 WHERE ended IS NULL AND what = 'edit' AND (connector = ?2 AND id = ?3
				OR coalesce((SELECT item FROM identity i WHERE i.connector = d.connector AND i.id = d.id), d.item) IN (SELECT item FROM mine))`,
			c.at, slot.Ref.Connector, slot.Ref.ID)
		return err
	})
}

// letStand is the value that a release is about; NULL where it is any. Where what a
// person set waits to be put back, that is what Tandem wrote over it: it may stay.
func (c *change) letStand(ctx context.Context, r plan.Release) (sql.NullString, error) {
	have := sql.NullString{Valid: r.Have.Known()}
	if have.Valid {
		var err error
		if have.String, err = encode(r.Have); err != nil {
			return have, err
		}
	}
	err := each(ctx, c, "SELECT wrote FROM displaced WHERE connector = ? AND id = ? AND field = ? AND back = 0",
		[]any{r.Slot.Ref.Connector, r.Slot.Ref.ID, r.Slot.Field.String()}, func(scan func(...any) error) error {
			have.Valid = true
			return scan(&have.String)
		})
	return have, err
}

// Retry ends the dead letters of the edits of one connector, or of all where it
// is empty: they are planned anew, and so is what could not be put back for a
// person. Holds stay as they are. It returns how many edits that are.
func (s *Store) Retry(ctx context.Context, connector string) (int, error) {
	var n int64
	err := s.change(ctx, "try again what was set aside", durable, func(ctx context.Context, c *change) error {
		done, err := c.exec(ctx, "UPDATE dead_letter SET ended = ?1 WHERE ended IS NULL AND what = 'edit' AND ?2 IN ('', connector)", c.at, connector)
		if err != nil {
			return err
		}
		if n, err = done.RowsAffected(); err != nil {
			return err
		}
		back, err := c.exec(ctx, "UPDATE displaced SET failed = '' WHERE failed <> '' AND ?1 IN ('', connector)", connector)
		if err != nil {
			return err
		}
		again, err := back.RowsAffected()
		if n += again; err != nil || n == 0 {
			return err
		}
		_, err = c.person(ctx)
		return err
	})
	return int(n), err
}

// Status counts what there is.
func (s *Store) Status(ctx context.Context) (work.Overview, error) {
	o := work.Overview{Instance: s.instance, Records: map[string]int{}, Heard: map[string]int{}, Holds: map[work.Cause]int{}}
	since := s.now().Add(-day).UnixMicro()
	err := s.view(ctx, "count what there is", func(ctx context.Context, tx *sql.Tx) error {
		p, err := pauseOf(ctx, tx)
		if err != nil {
			return err
		}
		o.Paused, o.PausedBy, o.PausedWhy = p.on, p.by, p.why
		retired, err := retiredOf(ctx, tx)
		if err != nil {
			return err
		}
		for _, r := range retired {
			o.Retired = append(o.Retired, r.String())
		}
		var lastAt sql.NullInt64
		err = tx.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM dead_letter WHERE ended IS NULL),
			(SELECT count(*) FROM journal WHERE waits > 0), coalesce(r.num, 0), coalesce(r.items, 0), r.at
			FROM (SELECT max(num) AS num FROM run) last LEFT JOIN run r ON r.num = last.num`).
			Scan(&o.DeadLetters, &o.Pending, &o.LastRun, &o.Items, &lastAt)
		if err != nil {
			return err
		}
		if lastAt.Valid {
			o.LastRunAt = timeOf(lastAt.Int64)
		}
		if o.SentToday, err = sentCount(ctx, tx, since); err != nil {
			return err
		}
		if o.Unapproved, o.Approved, err = countApproved(ctx, tx, since); err != nil {
			return err
		}
		if err := s.countOverrides(ctx, tx, &o); err != nil {
			return err
		}
		if err := countBy(ctx, tx, "SELECT connector, count(*) FROM record WHERE gone = 0 GROUP BY connector", o.Records); err != nil {
			return err
		}
		if err := countHeard(ctx, tx, &o); err != nil {
			return err
		}
		if err := countBy(ctx, tx, "SELECT cause, count(*) FROM hold GROUP BY cause", o.Holds); err != nil {
			return err
		}
		if o.Limits, err = limitsOf(ctx, tx); err != nil {
			return err
		}
		o.Streams, err = streamsOf(ctx, tx)
		return err
	})
	return o, err
}

// countBy fills a map from a query of names and counts.
func countBy[K ~string](ctx context.Context, q queryer, query string, counts map[K]int) error {
	return each(ctx, q, query, nil, func(scan func(...any) error) error {
		var name K
		var n int
		err := scan(&name, &n)
		counts[name] = n
		return err
	})
}

// countHeard counts what people said, by connector: feedback in all, and with it
// the insights of each connector.
func countHeard(ctx context.Context, q queryer, o *work.Overview) error {
	insights := map[string]int{}
	if err := countBy(ctx, q, "SELECT connector, count(*) FROM feedback GROUP BY connector", o.Heard); err != nil {
		return err
	}
	for _, n := range o.Heard {
		o.Feedback += n
	}
	err := countBy(ctx, q, "SELECT connector, count(*) FROM insight GROUP BY connector", insights)
	for name, n := range insights {
		o.Heard[name] += n
	}
	return err
}

func streamsOf(ctx context.Context, q queryer) ([]work.StreamStatus, error) {
	var streams []work.StreamStatus
	err := each(ctx, q, "SELECT connector, stream, last_read, failure, "+isWhole+" FROM stream s WHERE stream <> '' OR failure <> '' ORDER BY connector, stream", nil,
		func(scan func(...any) error) error {
			var s work.StreamStatus
			var read sql.NullInt64
			err := scan(&s.Connector, &s.Stream, &read, &s.Failure, &s.Whole)
			if read.Valid {
				s.LastRead = timeOf(read.Int64)
			}
			streams = append(streams, s)
			return err
		})
	return streams, err
}

// Audit lists edits that were sent, newest first; of one record where ref is
// not zero. One without an end has no answer yet, or none that is known.
func (s *Store) Audit(ctx context.Context, ref work.RefID, limit int) ([]work.AuditEntry, error) {
	query, args := "SELECT run, body, state, detail, begun, ended, "+approver+" FROM audit", []any{}
	if ref != (work.RefID{}) {
		query, args = query+" WHERE connector = ? AND id = ?", []any{ref.Connector, ref.ID}
	}
	var list []work.AuditEntry
	err := each(ctx, s.reader, query+" ORDER BY begun DESC, num DESC LIMIT ?", append(args, limit), func(scan func(...any) error) error {
		var e work.AuditEntry
		var body, state string
		var begun int64
		var ended sql.NullInt64
		if err := scan(&e.Run, &body, &state, &e.Detail, &begun, &ended, &e.ApprovedBy); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(body), &e.Edit); err != nil {
			return damaged("journal", err)
		}
		e.State, e.Begun = stateOf(state), timeOf(begun)
		if ended.Valid {
			e.Ended = timeOf(ended.Int64)
		}
		list = append(list, e)
		return nil
	})
	return list, s.fault("read the audit", err)
}

// stateOf returns a state as people see it: what is begun may have arrived.
func stateOf(state string) work.ResultState {
	if state == "begun" {
		return work.Uncertain
	}
	return work.ResultState(state)
}
