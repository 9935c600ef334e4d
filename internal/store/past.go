package store

import (
	"context"
	"encoding/json"

	"tandem/internal/plan"
	"tandem/internal/work"
)

// ownWill leaves out what was given back to people: that is not Tandem's, and
// never to be undone.
const ownWill = "coalesce(json_extract(body, '$.errand'), '') <> '" + string(work.GiveBack) + "'"

// Comments and links are of Tandem's own making, and no record shows them: one
// that stood there already is an earlier try of it of which the answer was lost,
// and one without an answer may stand there.
const (
	ownMade = "path IN ('" + work.NativeComment + "', '" + work.NativeRemoteLink + "') AND json_extract(body, '$.verb') <> '" + string(work.ClearField) + "'"
	inDoubt = "state IN ('begun', 'unknown', 'deferred')"
)

// Written lists the edits of a run that arrived, in the order in which they
// were sent, and those of which that is not known.
func (s *Store) Written(ctx context.Context, run int64) ([]work.AuditEntry, error) {
	return s.applied(ctx, "read what a run wrote", `WHERE num IN (SELECT num FROM journal WHERE run = ?1 AND state = 'applied' AND `+ownWill+`
		UNION SELECT num FROM journal WHERE run = ?1 AND (state = 'unchanged' OR `+inDoubt+`) AND `+ownMade+` AND `+ownWill+`) ORDER BY num`, run)
}

// LastWritten lists the newest edit that arrived at each target; behind them, with
// the state unknown, those that may have put there since what no record shows.
func (s *Store) LastWritten(ctx context.Context) ([]work.AuditEntry, error) {
	const act = "read what was written last"
	sent, err := s.applied(ctx, act, `WHERE num IN (SELECT max(num) FROM journal WHERE (state = 'applied' OR state = 'unchanged' AND `+ownMade+`) AND `+ownWill+`
		GROUP BY connector, id, path, element) ORDER BY connector, id, path, element`)
	if err != nil {
		return nil, err
	}
	doubted, err := s.applied(ctx, act, `WHERE num IN (SELECT max(num) FROM journal j WHERE `+inDoubt+` AND `+ownMade+`
			AND NOT EXISTS (SELECT 1 FROM journal k WHERE k.connector = j.connector AND k.id = j.id
				AND k.path = j.path AND k.element = j.element AND k.num > j.num AND k.state IN ('applied', 'unchanged'))
		GROUP BY connector, id, path, element) ORDER BY connector, id, path, element`)
	return append(sent, doubted...), err
}

func (s *Store) applied(ctx context.Context, act, where string, args ...any) ([]work.AuditEntry, error) {
	var list []work.AuditEntry
	err := each(ctx, s.reader, "SELECT run, body, detail, begun, state IN ('applied', 'unchanged') FROM journal "+where, args, func(scan func(...any) error) error {
		e := work.AuditEntry{State: work.Applied}
		var body string
		var begun int64
		var arrived bool
		if err := scan(&e.Run, &body, &e.Detail, &begun, &arrived); err != nil {
			return err
		}
		if !arrived {
			e.State = work.Uncertain
		}
		e.Begun = timeOf(begun)
		if err := json.Unmarshal([]byte(body), &e.Edit); err != nil {
			return damaged("journal", err)
		}
		list = append(list, e)
		return nil
	})
	return list, s.fault(act, err)
}

// Runs lists the newest runs that wrote something, newest first.
func (s *Store) Runs(ctx context.Context, limit int) ([]work.RunEntry, error) {
	var list []work.RunEntry
	err := each(ctx, s.reader, `SELECT run, sum(edits), min(first) FROM (
			SELECT * FROM (SELECT run, count(*) AS edits, min(begun) AS first FROM journal WHERE state = 'applied' GROUP BY run ORDER BY run DESC LIMIT ?1) AS a
			UNION ALL SELECT * FROM (SELECT run, count(*) AS edits, min(begun) AS first FROM journal WHERE state = 'unchanged' AND `+ownMade+` GROUP BY run ORDER BY run DESC LIMIT ?1) AS u
		) AS wrote GROUP BY run ORDER BY run DESC LIMIT ?1`, []any{limit},
		func(scan func(...any) error) error {
			var r work.RunEntry
			var begun int64
			err := scan(&r.Run, &r.Edits, &begun)
			r.Begun = timeOf(begun)
			list = append(list, r)
			return err
		})
	return list, s.fault("list runs that wrote", err)
}

// Undone lists what people let Tandem put back.
func (s *Store) Undone(ctx context.Context) ([]plan.Undone, error) {
	all, err := undoneOf(ctx, s.reader)
	return all, s.fault("read what was undone", err)
}
