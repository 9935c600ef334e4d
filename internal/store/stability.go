package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"tandem/internal/engine"
	"tandem/internal/work"

	"tandem/mapping/evidence"
)

// LastMade returns what the newest run is told from others by; false where
// there is none.
func (s *Store) LastMade(ctx context.Context) (engine.Last, bool, error) {
	var last engine.Last
	var at, asOf int64
	err := s.reader.QueryRowContext(ctx, "SELECT num, at, as_of, rules_hash FROM run ORDER BY num DESC LIMIT 1").Scan(&last.Run, &at, &asOf, &last.RulesHash)
	if errors.Is(err, sql.ErrNoRows) {
		return last, false, nil
	}
	last.At, last.AsOf = timeOf(at), timeOf(asOf)
	return last, err == nil, s.fault("read the last run", err)
}

// mostPast is how many changes of feedback since a run are looked through: after
// a first import nobody asks what changed.
const mostPast = 100_000

// Earlier returns some records, what was said of them and what the ledger
// remembered, as a run saw them; false where that is not kept. What is not asked for is not in the snapshot.
// How feedback changed between the first run and the second is not kept: it is
// that of today then.
func (s *Store) Earlier(ctx context.Context, run int64, refs []work.RefID) (snap engine.Snapshot, known bool, err error) {
	err = s.view(ctx, "read what an earlier run looked at", func(ctx context.Context, tx *sql.Tx) error {
		var seq, asOf int64
		var past sql.NullInt64
		err := tx.QueryRowContext(ctx, "SELECT data_seq, as_of, past FROM run WHERE num = ?", run).Scan(&seq, &asOf, &past)
		if errors.Is(err, sql.ErrNoRows) || err == nil && !past.Valid {
			return nil
		}
		if err != nil {
			return err
		}
		snap.AsOf = timeOf(asOf)
		if snap.Records, err = earlierRecords(ctx, tx, seq, refs); err != nil {
			return err
		}
		if snap.Ledger, known, err = earlierLedger(ctx, tx, run, past.Int64, snap.Records); err != nil || !known {
			return err
		}
		snap.Evidence, known, err = earlierDays(ctx, tx, past.Int64, snap.Records)
		return err
	})
	return snap, known, err
}

func earlierRecords(ctx context.Context, tx *sql.Tx, seq int64, refs []work.RefID) ([]*work.Record, error) {
	d := decoder{words: words{}, fields: map[string]work.Value{}}
	var records []*work.Record
	for _, ref := range refs {
		m := move{ref: ref}
		err := tx.QueryRowContext(ctx, `SELECT v.version, v.body, r.former, v.last_change FROM record_version v JOIN record r ON r.connector = v.connector AND r.id = v.id
			WHERE v.connector = ? AND v.id = ? AND v.seq <= ? ORDER BY v.seq DESC LIMIT 1`, ref.Connector, ref.ID, seq).Scan(&m.at, &m.body, &m.former, &m.last)
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if d.decode(&m); m.err != nil {
			return nil, damaged("record "+ref.String(), m.err)
		}
		records = append(records, m.record)
	}
	return records, nil
}

// earlierDays takes back what changed since in the aggregates of some records.
func earlierDays(ctx context.Context, tx *sql.Tx, past int64, records []*work.Record) ([]evidence.Day, bool, error) {
	days := map[string]map[evidence.Key]evidence.Day{}
	for _, r := range records {
		for _, key := range append([]string{cmp.Or(r.Key, r.ID)}, r.Former...) {
			days[r.Connector+":"+key] = map[evidence.Key]evidence.Day{}
		}
	}
	for target, rows := range days {
		err := each(ctx, tx, "SELECT "+dayColumns+" FROM evidence_day WHERE target = ?", []any{target}, func(scan func(...any) error) error {
			d, err := scanDay(scan)
			rows[d.Key] = d
			return err
		})
		if err != nil {
			return nil, false, err
		}
	}
	changes := 0
	err := each(ctx, tx, "SELECT key, row FROM past WHERE kind = 'evidence_day' AND num > ? ORDER BY num DESC LIMIT ?", []any{past, mostPast}, func(scan func(...any) error) error {
		var key string
		var row sql.NullString
		changes++
		if err := scan(&key, &row); err != nil {
			return err
		}
		return takeBack(days, key, row)
	})
	if err != nil || changes == mostPast {
		return nil, false, err
	}
	names, err := aliasesOf(ctx, tx)
	if err != nil {
		return nil, false, err
	}
	var all []evidence.Day
	for _, rows := range days {
		var list []evidence.Day
		for _, d := range rows {
			d.Account = cmp.Or(names[partyKey{evidence.AccountParty, d.Account}], d.Account)
			d.Person = cmp.Or(names[partyKey{evidence.PersonParty, d.Person}], d.Person)
			list = append(list, d)
		}
		slices.SortFunc(list, func(a, b evidence.Day) int { return a.Compare(b.Key) })
		all = append(all, evidence.Fold(list)...)
	}
	slices.SortFunc(all, func(a, b evidence.Day) int { return a.Compare(b.Key) })
	return all, true, nil
}

// takeBack puts one row in place as it was before a change.
func takeBack(days map[string]map[evidence.Key]evidence.Day, key string, row sql.NullString) error {
	var d evidence.Day
	if err := json.Unmarshal([]byte(key), &[]any{&d.Target, &d.Account, &d.Person, &d.Method, &d.Kind, &d.Day}); err != nil {
		return damaged("past of feedback", err)
	}
	rows, asked := days[d.Target]
	switch {
	case !asked:
		return nil
	case !row.Valid:
		delete(rows, d.Key)
		return nil
	}
	var sum, value json.RawMessage
	err := json.Unmarshal([]byte(row.String), &[]any{&d.Count, &d.ScoreCount, &sum, &d.Promoters, &d.Detractors, &value, &d.Audience, &d.Segment})
	if err == nil {
		err = json.Unmarshal([]byte(strings.Trim(string(sum), `"`)), &d.ScoreSum)
	}
	if err == nil {
		var text string
		if err = json.Unmarshal(value, &text); err == nil {
			d.Value, err = valueOf(text)
		}
	}
	if err != nil {
		return damaged("past of feedback", err)
	}
	rows[d.Key] = d
	return nil
}

// StabilityOf returns how far a kept run is from the one before; nil where
// nobody knows. Number 0 is the newest run.
func (s *Store) StabilityOf(ctx context.Context, number int64) (*engine.Stability, error) {
	var text sql.NullString
	err := s.reader.QueryRowContext(ctx, "SELECT stability FROM run WHERE num = ? OR ? = 0 ORDER BY num DESC LIMIT 1", number, number).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil //nolint:nilnil // there is no run
	}
	if err != nil {
		return nil, s.fault("read how far a run is from the last", err)
	}
	return stabilityOf(text)
}

func stabilityOf(text sql.NullString) (*engine.Stability, error) {
	if !text.Valid {
		return nil, nil //nolint:nilnil // nobody compared
	}
	st := new(engine.Stability)
	if err := json.Unmarshal([]byte(text.String), st); err != nil {
		return nil, damaged("stability of a run", err)
	}
	return st, nil
}

// LastMove is when an item last moved, and why.
type LastMove struct {
	Run   int64
	Since int64 // the run before
	At    time.Time
	Move  engine.Move
}

// lastRuns is in how many runs a move is looked for.
const lastRuns = 500

// LastMove returns the newest kept move of an item that a run told of, up to a
// run; 0 is all of them.
func (s *Store) LastMove(ctx context.Context, item work.ItemID, upTo int64) (LastMove, bool, error) {
	var found LastMove
	var at int64
	var text sql.NullString
	name, err := encode(item)
	if err != nil {
		return found, false, err
	}
	pattern := `%"item":` + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(name) + `%`
	err = s.reader.QueryRowContext(ctx, `SELECT num, at, stability FROM run WHERE (num <= ? OR ? = 0) AND num > (SELECT max(num) FROM run) - ? AND stability LIKE ? ESCAPE '\'
		ORDER BY num DESC LIMIT 1`, upTo, upTo, lastRuns, pattern).Scan(&found.Run, &at, &text)
	if errors.Is(err, sql.ErrNoRows) {
		return found, false, nil
	}
	if err != nil {
		return found, false, s.fault("look for the last move of an item", err)
	}
	st, err := stabilityOf(text)
	if err != nil || st == nil {
		return found, false, err
	}
	found.At = timeOf(at)
	i := slices.IndexFunc(st.Moves, func(m engine.Move) bool { return m.Item == item })
	if i < 0 {
		return found, false, nil
	}
	found.Move, found.Since = st.Moves[i], st.Since
	return found, true, nil
}
