package store

import (
	"context"
	"database/sql"
	"time"

	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/work"
)

// day is how far back edits count for the brake and the ramp.
const day = 24 * time.Hour

// Snapshot reads everything an evaluation needs, from one read transaction.
// Records that did not change since the last snapshot are the same pointers:
// nobody may change a record of a snapshot.
func (s *Store) Snapshot(ctx context.Context, asOf time.Time) (engine.Snapshot, error) {
	s.warm.Lock() // snapshots follow each other, so that the warm records only move on
	defer s.warm.Unlock()
	snap := engine.Snapshot{AsOf: asOf.UTC()}
	err := s.view(ctx, "take a snapshot", func(ctx context.Context, tx *sql.Tx) error {
		return inTurn(append(s.small(ctx, tx, &snap),
			func() (err error) { snap.Records, err = s.warm.records(ctx, tx, snap.Seq); return },
			func() (err error) { snap.Ledger, err = ledgerOf(ctx, tx); return },
			func() (err error) { snap.Holds, err = holdsOf(ctx, tx); return },
			func() (err error) { snap.Identities, err = identitiesOf(ctx, tx); return },
			func() (err error) { snap.Evidence, err = evidenceOf(ctx, tx); return },
			func() (err error) { snap.Findings, err = findingsAt(ctx, tx); return },
			func() (err error) { snap.Usage, err = usageOf(ctx, tx, asOf); return },
			func() (err error) { snap.Previous, err = placementsOf(ctx, tx); return },
		))
	})
	return snap, err
}

// inTurn runs steps until one fails.
func inTurn(steps []func() error) error {
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// small reads the parts of a snapshot that are small: Changes reads them anew
// each time. A part that is not among them needs a way into Changes.
func (s *Store) small(ctx context.Context, tx *sql.Tx, snap *engine.Snapshot) []func() error {
	since, week := s.now().Add(-day).UnixMicro(), s.now().Add(-7*day).UnixMicro()
	return []func() error{
		func() error { return tx.QueryRowContext(ctx, "SELECT value FROM sequence").Scan(&snap.Seq) },
		func() (err error) { snap.Past, err = pastOf(ctx, tx); return },
		func() (err error) { snap.Released, err = releasedOf(ctx, tx); return },
		func() (err error) { snap.Rejected, err = rejectedOf(ctx, tx); return },
		func() (err error) { snap.Attempts, err = attemptsOf(ctx, tx, week); return },
		func() (err error) { snap.Overrides, err = overridesOf(ctx, tx, snap.AsOf); return },
		func() (err error) { snap.Undone, err = undoneOf(ctx, tx); return },
		func() (err error) { snap.Displaced, err = displacedOf(ctx, tx); return },
		func() (err error) { snap.Approved, err = approvedOf(ctx, tx, snap.Seq); return },
		func() (err error) { snap.Retired, err = retiredOf(ctx, tx); return },
		func() (err error) { snap.Blocked, err = blockedOf(ctx, tx); return },
		func() (err error) { snap.Stale, err = staleOf(ctx, tx); return },
		func() (err error) { snap.Whole, err = wholeOf(ctx, tx, snap.Seq); return },
		func() error {
			rows, err := backlogsOf(ctx, tx)
			snap.Backlogs = states(rows)
			return err
		},
		func() (err error) { snap.Sent, snap.SentFirst, err = sentSince(ctx, tx, since); return },
		func() (err error) { snap.Standing, err = standingOf(ctx, tx); return },
		func() error {
			p, err := pauseOf(ctx, tx)
			snap.Paused = p.on
			return err
		},
	}
}

// Seq returns the number of the last stored change that can alter an
// evaluation.
func (s *Store) Seq(ctx context.Context) (int64, error) {
	var seq int64
	err := s.reader.QueryRowContext(ctx, "SELECT value FROM sequence").Scan(&seq)
	return seq, s.fault("read the sequence", err)
}

// pastOf returns the number of the newest change that is kept. Where Prune
// forgot them all, 0 says the same: all that is kept came later.
func pastOf(ctx context.Context, q rower) (int64, error) {
	var past int64
	err := q.QueryRowContext(ctx, "SELECT coalesce(max(num), 0) FROM past").Scan(&past)
	return past, err
}

func ledgerOf(ctx context.Context, q queryer) ([]plan.Entry, error) {
	var entries []plan.Entry
	known := words{}
	err := each(ctx, q, "SELECT "+ledgerColumns+" FROM ledger ORDER BY connector, id, path, element", nil, func(scan func(...any) error) error {
		e, err := scanEntry(scan)
		t := &e.Target
		t.Connector, t.Path, t.Element = known.word(t.Connector), known.word(t.Path), known.word(t.Element)
		e.Value, e.Before = e.Value.Sharing(known.word), e.Before.Sharing(known.word)
		entries = append(entries, e)
		return err
	})
	return exact(entries), err
}

func releasedOf(ctx context.Context, q queryer) ([]plan.Release, error) {
	var all []plan.Release
	err := each(ctx, q, "SELECT connector, id, field, have FROM released ORDER BY connector, id, field", nil, func(scan func(...any) error) error {
		var r plan.Release
		var field string
		var have sql.NullString
		if err := scan(&r.Slot.Ref.Connector, &r.Slot.Ref.ID, &field, &have); err != nil {
			return err
		}
		err := r.Slot.Field.UnmarshalText([]byte(field))
		if err == nil && have.Valid {
			r.Have, err = valueOf(have.String)
		}
		all = append(all, r)
		return err
	})
	return all, err
}

// blockedOf finds the items with an edit that failed for good: by the record's
// item of today, since items split and merge.
func blockedOf(ctx context.Context, q queryer) (map[work.ItemID]string, error) {
	blocked := map[work.ItemID]string{}
	err := each(ctx, q, `SELECT coalesce(i.item, d.item), d.cause FROM dead_letter d LEFT JOIN identity i ON i.connector = d.connector AND i.id = d.id
		WHERE d.ended IS NULL AND d.what = 'edit' ORDER BY d.num`, nil, func(scan func(...any) error) error {
		var item work.ItemID
		var cause string
		err := scan(&item, &cause)
		blocked[item] = cause // the newest counts
		return err
	})
	return blocked, err
}

func staleOf(ctx context.Context, q queryer) ([]string, error) {
	var stale []string
	err := each(ctx, q, "SELECT DISTINCT connector FROM stream WHERE failure <> '' AND stream <> '"+censusStream+"' ORDER BY connector", nil, func(scan func(...any) error) error {
		var connector string
		err := scan(&connector)
		stale = append(stale, connector)
		return err
	})
	return stale, err
}

// wentOut is of edits that went out, or may have. Of what no record shows a lost
// answer leaves that open for good: it is put off then until no moment.
const wentOut = "begun > ?1 AND (state IN ('applied', 'unknown', 'begun') OR state = 'deferred' AND until IS NULL AND path IN ('" +
	work.NativeRank + "', '" + work.NativeComment + "', '" + work.NativeRemoteLink + "'))"

// sentCount counts edits that went out, or may have.
func sentCount(ctx context.Context, q rower, since int64) (sent int, err error) {
	err = q.QueryRowContext(ctx, "SELECT count(*) FROM journal WHERE "+wentOut, since).Scan(&sent)
	return sent, err
}

// sentSince counts edits that went out, or may have, without a person's
// approval, and the records that were touched for the first time by them.
func sentSince(ctx context.Context, q rower, since int64) (sent, first int, err error) {
	err = q.QueryRowContext(ctx, `SELECT count(*), count(DISTINCT CASE WHEN first = 1 THEN connector || ':' || id END) FROM journal
		WHERE approved = 0 AND `+wentOut, since).Scan(&sent, &first)
	return sent, first, err
}
