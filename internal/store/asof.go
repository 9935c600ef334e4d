package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"

	"tandem/internal/engine"
)

// SnapshotOf puts together again what a kept run looked at: records in the
// versions of that time, and everything else as it was. Backlogs are not kept:
// the moves of a run are in its plan. It reads; nothing is changed.
func (s *Store) SnapshotOf(ctx context.Context, run engine.Run) (engine.Snapshot, error) {
	act := "put together what run " + strconv.FormatInt(run.Seq, 10) + " looked at"
	if run.Seen == nil {
		return engine.Snapshot{}, fmt.Errorf("%s: %w", act, ErrForgotten)
	}
	db, err := s.base.looking()
	if err != nil {
		return engine.Snapshot{}, s.fault(act, err)
	}
	defer func() { _ = db.Close() }() // only read from
	db.SetMaxOpenConns(1)
	for _, view := range viewsOf(run, s.base) {
		if _, err := db.ExecContext(ctx, view); err != nil {
			return engine.Snapshot{}, s.fault(act, err)
		}
	}
	past := &Store{base: s.base, reader: db}
	snap, err := past.snapshotAt(ctx, run)
	return snap, s.fault(act, err)
}

// ErrForgotten tells that what a run looked at was not kept.
var ErrForgotten = errors.New("what the run looked at was not kept: it is of an older version of Tandem")

// snapshotAt reads through the views, which have the names of the tables.
func (s *Store) snapshotAt(ctx context.Context, run engine.Run) (engine.Snapshot, error) {
	snap := engine.Snapshot{
		Seq: run.DataSeq, AsOf: run.AsOf, Sent: run.Seen.Sent, SentFirst: run.Seen.SentFirst, Paused: run.Seen.Paused, Past: run.Seen.Past,
	}
	week := run.At.Add(-7 * day).UnixMicro()
	err := s.view(ctx, "read the past", func(ctx context.Context, tx *sql.Tx) error {
		steps := []func() error{
			func() (err error) { snap.Records, err = new(warm).records(ctx, tx, 1); return },
			func() (err error) { snap.Ledger, err = ledgerOf(ctx, tx); return },
			func() (err error) { snap.Released, err = releasedOf(ctx, tx); return },
			func() (err error) { snap.Rejected, err = rejectedOf(ctx, tx); return },
			func() (err error) { snap.Overrides, err = overridesOf(ctx, tx, run.AsOf); return },
			func() (err error) { snap.Undone, err = undoneOf(ctx, tx); return },
			func() (err error) { snap.Displaced, err = displacedOf(ctx, tx); return },
			func() (err error) { snap.Approved, err = approvedOf(ctx, tx, run.DataSeq); return },
			func() (err error) { snap.Retired, err = retiredOf(ctx, tx); return },
			func() (err error) { snap.Attempts, err = attemptsOf(ctx, tx, week); return },
			func() (err error) { snap.Blocked, err = blockedOf(ctx, tx); return },
			func() (err error) { snap.Stale, err = staleOf(ctx, tx); return },
			func() (err error) { snap.Whole, err = wholeOf(ctx, tx, run.DataSeq); return },
			func() (err error) { snap.Identities, err = identitiesOf(ctx, tx); return },
			func() (err error) { snap.Evidence, err = evidenceOf(ctx, tx); return },
			func() (err error) { snap.Findings, err = findingsAt(ctx, tx); return },
			func() (err error) { snap.Usage, err = usageOf(ctx, tx, run.AsOf); return },
			func() (err error) { snap.Previous, err = placementsOf(ctx, tx); return },
			func() error {
				before, known, err := runOf(ctx, tx, "num < ?", run.Seq)
				if known {
					snap.Holds = before.Plan.Holds
				}
				return err
			},
		}
		for _, step := range steps {
			if err := step(); err != nil {
				return err
			}
		}
		return nil
	})
	return snap, err
}

// RunOf returns a kept run by its number; false where there is none, or none
// any more.
func (s *Store) RunOf(ctx context.Context, number int64) (engine.Run, bool, error) {
	run, ok, err := runOf(ctx, s.reader, "num = ?", number)
	return run, ok, s.fault("read run "+strconv.FormatInt(number, 10), err)
}

// Kept is a run in one line.
type Kept struct {
	Number     int64     `json:"run"`
	At         time.Time `json:"at"`
	AsOf       time.Time `json:"as_of"`
	Items      int       `json:"items"`
	Edits      int       `json:"edits"`
	Holds      int       `json:"holds"`
	RulesHash  string    `json:"rules_hash"`
	ConfigHash string    `json:"config_hash"`
	// Exact tells that what it looked at is kept too.
	Exact bool `json:"exact"`
}

// KeptRuns lists kept runs, newest first.
func (s *Store) KeptRuns(ctx context.Context, limit int) ([]Kept, error) {
	var list []Kept
	err := each(ctx, s.reader, `SELECT r.num, r.at, r.as_of, r.items, CASE WHEN p.body LIKE 'packed %' THEN substr(p.body, 1, ?) ELSE '' END,
		CASE WHEN p.body LIKE 'packed %' THEN 0 ELSE coalesce(json_array_length(p.body, '$.edits'), 0) END,
		CASE WHEN p.body LIKE 'packed %' THEN 0 ELSE coalesce(json_array_length(p.body, '$.holds'), 0) END, r.rules_hash, r.config_hash, r.past IS NOT NULL
		FROM run r JOIN plan_text p ON p.hash = r.plan_hash ORDER BY r.num DESC LIMIT ?`, []any{coverMost, limit}, func(scan func(...any) error) error {
		var k Kept
		var at, asOf int64
		var head string
		err := scan(&k.Number, &at, &asOf, &k.Items, &head, &k.Edits, &k.Holds, &k.RulesHash, &k.ConfigHash, &k.Exact)
		if c, ok := coverOf(head); ok {
			k.Edits, k.Holds = c.Edits, c.Holds
		}
		k.At, k.AsOf = timeOf(at), timeOf(asOf)
		list = append(list, k)
		return err
	})
	return list, s.fault("list runs", err)
}
