package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"tandem/internal/engine"
	"tandem/internal/work"
)

// SaveRun stores a run with its plan, adoptions (into the ledger), holds,
// identities, placements and pins, in one transaction, and returns its number. It
// writes what differs from what is stored: a run that decides nothing new
// costs one row and leaves Seq alone. A release that the run saw and found
// nothing to overrule for is over.
func (s *Store) SaveRun(ctx context.Context, run engine.Run) (int64, error) {
	const act = "store run"
	s.runs.Lock()
	defer s.runs.Unlock()
	hash, body, err := packed(&run.Plan)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", act, err)
	}
	d, err := s.differences(ctx, &run)
	if err != nil {
		return 0, s.fault(act, err)
	}
	var num int64
	err = s.change(ctx, act, normal, func(ctx context.Context, c *change) error {
		if err := c.fence(ctx, work.Deciding); err != nil {
			return err
		}
		var err error
		if num, err = c.putRun(ctx, &run, hash, body); err != nil {
			return err
		}
		if err := c.turn(ctx, &run); err != nil {
			return err
		}
		if err := c.adopt(ctx, run.Plan.Adopted); err != nil {
			return err
		}
		if err := c.putDifferences(ctx, d, run.DataSeq); err != nil {
			return err
		}
		if err := c.confirmBacklogs(ctx, run.Backlogs); err != nil {
			return err
		}
		if err := c.endUndoneMoves(ctx, run.DataSeq); err != nil {
			return err
		}
		if err := c.endOutlived(ctx, &run); err != nil {
			return err
		}
		if err := c.endApprovals(ctx, &run); err != nil {
			return err
		}
		return c.endReleases(ctx, &run)
	})
	if err != nil {
		return num, err
	}
	s.finishHistory(ctx, d.points)
	return num, nil
}

// putRun writes the row, and the texts that are not there yet.
func (c *change) putRun(ctx context.Context, run *engine.Run, planHash, plan string) (int64, error) {
	if err := c.put(ctx, "INSERT INTO plan_text (hash, body) VALUES (?, ?) ON CONFLICT DO NOTHING", planHash, plan); err != nil {
		return 0, err
	}
	if run.RulesText != "" {
		if err := c.put(ctx, "INSERT INTO rules_text (hash, body) VALUES (?, ?) ON CONFLICT DO NOTHING", run.RulesHash, run.RulesText); err != nil {
			return 0, err
		}
	}
	stability, err := encodeIf(run.Stability != nil, run.Stability)
	if err != nil {
		return 0, err
	}
	late, err := encodeIf(len(run.Late) > 0, run.Late)
	if err != nil {
		return 0, err
	}
	args := []any{run.DataSeq, run.AsOf.UnixMicro(), run.RulesHash, run.ConfigHash, planHash, run.Items, run.Twins, run.At.UnixMicro(), nil, nil, nil, nil}
	if seen := run.Seen; seen != nil {
		args = append(args[:len(args)-4], seen.Past, seen.Sent, seen.SentFirst, seen.Paused)
	}
	args = append(args, stability, late)
	var num int64
	err = c.QueryRowContext(ctx, `INSERT INTO run (data_seq, as_of, rules_hash, config_hash, plan_hash, items, twins, at, past, sent, sent_first, paused, stability, late)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING num`, args...).Scan(&num)
	return num, err
}

// encodeIf returns the JSON of something that is there; NULL where it is not.
func encodeIf(is bool, v any) (any, error) {
	if !is {
		return nil, nil
	}
	return encode(v)
}

// LastRun returns the newest run; false when there is none. Its identities and
// placements are in the snapshot, not here.
func (s *Store) LastRun(ctx context.Context) (engine.Run, bool, error) {
	run, ok, err := runOf(ctx, s.reader, "?1 = 0", 0)
	return run, ok, s.fault("read the last run", err)
}

// runOf returns the newest run that a condition with one argument takes.
func runOf(ctx context.Context, q rower, condition string, arg int64) (engine.Run, bool, error) {
	var run engine.Run
	var asOf, at int64
	var plan string
	var past, sent, first sql.NullInt64
	var paused sql.NullBool
	err := q.QueryRowContext(ctx, `SELECT r.num, r.data_seq, r.as_of, r.rules_hash, r.config_hash, coalesce(t.body, ''), p.body, r.items, r.twins, r.at,
		r.past, r.sent, r.sent_first, r.paused
		FROM run r JOIN plan_text p ON p.hash = r.plan_hash LEFT JOIN rules_text t ON t.hash = r.rules_hash WHERE `+condition+` ORDER BY r.num DESC LIMIT 1`, arg).
		Scan(&run.Seq, &run.DataSeq, &asOf, &run.RulesHash, &run.ConfigHash, &run.RulesText, &plan, &run.Items, &run.Twins, &at,
			&past, &sent, &first, &paused)
	if errors.Is(err, sql.ErrNoRows) {
		return run, false, nil
	}
	if err != nil {
		return run, false, err
	}
	if run.AsOf, run.At = timeOf(asOf), timeOf(at); past.Valid {
		run.Seen = &engine.Seen{Past: past.Int64, Sent: int(sent.Int64), SentFirst: int(first.Int64), Paused: paused.Bool}
	}
	if run.Plan, err = unpacked(plan); err != nil {
		return run, false, damaged("plan", err)
	}
	return run, true, nil
}

// anew reports whether a hold of a field that a person released says that
// something else stands there by now: what that person said is over.
func anew(cause work.Cause) bool {
	return slices.Contains([]work.Cause{work.ChangedByPerson, work.RespectOver, work.PredatesTandem, work.PeopleDisagree, work.AmbiguousLabel, work.Fighting}, cause)
}

// endReleases ends releases that the run saw and that have nothing to do: no
// edit of the field, no hold that would be there without people's values, and no write of ours that is still to be read
// back. Otherwise a release would lie in wait and overrule some later change
// of a person.
func (c *change) endReleases(ctx context.Context, run *engine.Run) error {
	type slot struct{ connector, id, field string }
	var idle []slot
	err := each(ctx, c, `SELECT connector, id, field FROM released r WHERE seq <= ?
		AND NOT EXISTS (SELECT 1 FROM ledger l WHERE l.pending = 1 AND l.connector = r.connector AND l.id = r.id)`,
		[]any{run.DataSeq}, func(scan func(...any) error) error {
			var s slot
			err := scan(&s.connector, &s.id, &s.field)
			idle = append(idle, s)
			return err
		})
	if err != nil || len(idle) == 0 {
		return err
	}
	busy := map[slot]bool{}
	for i := range run.Plan.Edits {
		e := &run.Plan.Edits[i]
		busy[slot{e.Target.Connector, e.Target.ID, e.Field.String()}] = true
	}
	for i := range run.Plan.Holds {
		h := &run.Plan.Holds[i]
		if anew(h.Cause) {
			continue
		}
		busy[slot{h.Target.Connector, h.Target.ID, h.Field.String()}] = true
	}
	for _, s := range idle {
		if busy[s] {
			continue
		}
		ended, err := c.exec(ctx, "DELETE FROM released WHERE connector = ? AND id = ? AND field = ?", s.connector, s.id, s.field)
		if err != nil {
			return err
		}
		if err := c.touch(ctx, ended); err != nil {
			return err
		}
	}
	return nil
}

// endRelease ends the release of a field that was written.
func (c *change) endRelease(ctx context.Context, e *work.Edit) error {
	return c.put(ctx, "DELETE FROM released WHERE connector = ? AND id = ? AND field = ?", e.Target.Connector, e.Target.ID, e.Field.String())
}
