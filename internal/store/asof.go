package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
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
	db, err := sql.Open("sqlite", looking(s.path))
	if err != nil {
		return engine.Snapshot{}, s.fault(act, err)
	}
	defer func() { _ = db.Close() }() // only read from
	db.SetMaxOpenConns(1)
	for _, view := range viewsOf(run) {
		if _, err := db.ExecContext(ctx, view); err != nil {
			return engine.Snapshot{}, s.fault(act, err)
		}
	}
	past := &Store{path: s.path, reader: db}
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
			func() (err error) { snap.Undone, err = undoneOf(ctx, tx); return },
			func() (err error) { snap.Approved, err = approvedOf(ctx, tx, run.DataSeq); return },
			func() (err error) { snap.Retired, err = retiredOf(ctx, tx); return },
			func() (err error) { snap.Attempts, err = attemptsOf(ctx, tx, week); return },
			func() (err error) { snap.Blocked, err = blockedOf(ctx, tx); return },
			func() (err error) { snap.Stale, err = staleOf(ctx, tx); return },
			func() (err error) { snap.Identities, err = identitiesOf(ctx, tx); return },
			func() (err error) { snap.Evidence, err = evidenceOf(ctx, tx); return },
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

// viewsOf are views of the connection's own, which take the place of the
// tables: each shows what its table held when the run looked.
func viewsOf(run engine.Run) []string {
	past := strconv.FormatInt(run.Seen.Past, 10)
	list := func(columns string) []string { return strings.Split(columns, " ") }
	ledger := viewOf("ledger", past, list("connector id path element"), list("value written pending before at"))
	identity := viewOf("identity", past, list("connector id"), list("item"))
	placement := viewOf("placement", past, list("item"), list("place tier tier_since horizon score"))
	if run.Seq == 1 { // before the first run ever there was nothing
		ledger, identity, placement = emptyView("ledger"), emptyView("identity"), emptyView("placement")
	}
	views := []string{
		ledger,
		viewOf("released", past, list("connector id field"), list("by at seq")),
		viewOf("rejected", past, list("connector id field edits"), list("by because at until")),
		viewOf("undone", past, list("connector id path element"), list("field value by run at seq")),
		viewOf("retired", past, list("kind name"), list("by at")),
		identity, placement,
		viewOf("evidence_day", past, list("target account person method kind day"),
			list("count score_count score_sum promoters detractors value audience")),
		"CREATE TEMP VIEW journal AS SELECT * FROM main.journal WHERE begun <= " + strconv.FormatInt(run.At.UnixMicro(), 10),
	}
	old := func(kind string) string {
		return "WITH old AS (SELECT key, row, min(num) FROM main.past WHERE kind = '" + kind + "' AND num > " + past + " GROUP BY key) "
	}
	return append(views,
		`CREATE TEMP VIEW record AS `+old("record")+`SELECT v.connector, v.id, v.seq, v.version, v.hash, 1 AS moved,
			CASE WHEN o.key IS NULL THEN r.gone ELSE o.row ->> 0 END AS gone,
			CASE WHEN o.key IS NULL THEN r.former ELSE o.row ->> 1 END AS former,
			CASE WHEN o.key IS NULL THEN r.key ELSE o.row ->> 2 END AS key
			FROM (SELECT *, max(seq) FROM main.record_version WHERE seq <= `+strconv.FormatInt(run.DataSeq, 10)+` GROUP BY connector, id) v
			JOIN main.record r ON r.connector = v.connector AND r.id = v.id
			LEFT JOIN old o ON o.key = json_array(v.connector, v.id)`,
		`CREATE TEMP VIEW dead_letter AS `+old("dead_letter")+`SELECT d.num, d.what, d.connector, d.id, d.item,
			CASE WHEN o.key IS NULL THEN d.cause ELSE o.row ->> 0 END AS cause,
			CASE WHEN o.key IS NULL THEN d.ended ELSE o.row ->> 1 END AS ended
			FROM main.dead_letter d LEFT JOIN old o ON o.key = json_array(d.num) WHERE o.key IS NULL OR o.row IS NOT NULL`,
		`CREATE TEMP VIEW stream AS `+old("stream")+`SELECT s.connector, s.stream,
			CASE WHEN o.key IS NULL THEN s.failure ELSE coalesce(o.row ->> 0, '') END AS failure
			FROM main.stream s LEFT JOIN old o ON o.key = json_array(s.connector, s.stream)`)
}

func emptyView(table string) string {
	return "CREATE TEMP VIEW " + table + " AS SELECT * FROM main." + table + " WHERE 0"
}

// viewOf is a view of one table: rows that did not change since, and what past
// says of those that did.
func viewOf(table, past string, keys, columns []string) string {
	var b strings.Builder
	b.WriteString("CREATE TEMP VIEW " + table + " AS WITH old AS (SELECT key, row, min(num) FROM main.past WHERE kind = '" + table +
		"' AND num > " + past + " GROUP BY key) SELECT " + strings.Join(append(append([]string{}, keys...), columns...), ", ") +
		" FROM main." + table + " WHERE json_array(" + strings.Join(keys, ", ") + ") NOT IN (SELECT key FROM old) UNION ALL SELECT ")
	for i, k := range keys {
		fmt.Fprintf(&b, "key ->> %d AS %s, ", i, k)
	}
	for i, c := range columns {
		if i > 0 {
			b.WriteString(", ")
		}
		switch c {
		case "score_sum": // kept as text, to the last digit
			fmt.Fprintf(&b, "CAST(row ->> %d AS REAL) AS %s", i, c)
		case "score": // no decision reads it
			b.WriteString("0.0 AS score")
		default:
			fmt.Fprintf(&b, "row ->> %d AS %s", i, c)
		}
	}
	b.WriteString(" FROM old WHERE row IS NOT NULL")
	return b.String()
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
	err := each(ctx, s.reader, `SELECT r.num, r.at, r.as_of, r.items, coalesce(json_array_length(p.body, '$.edits'), 0),
		coalesce(json_array_length(p.body, '$.holds'), 0), r.rules_hash, r.config_hash, r.past IS NOT NULL
		FROM run r JOIN plan_text p ON p.hash = r.plan_hash ORDER BY r.num DESC LIMIT ?`, []any{limit}, func(scan func(...any) error) error {
		var k Kept
		var at, asOf int64
		err := scan(&k.Number, &at, &asOf, &k.Items, &k.Edits, &k.Holds, &k.RulesHash, &k.ConfigHash, &k.Exact)
		k.At, k.AsOf = timeOf(at), timeOf(asOf)
		list = append(list, k)
		return err
	})
	return list, s.fault("list runs", err)
}
