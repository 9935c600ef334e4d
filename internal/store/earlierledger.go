package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"

	"tandem/internal/plan"
	"tandem/internal/work"
)

// earlierLedger takes back what changed since in the ledger of some records:
// without it, a value that Tandem wrote would pass for a person's. It reports
// false where too much changed.
func earlierLedger(ctx context.Context, tx *sql.Tx, run, past int64, records []*work.Record) ([]plan.Entry, bool, error) {
	if run == 1 { // before the first run ever there was nothing
		return nil, true, nil
	}
	lines := map[work.RefID]map[work.Target]plan.Entry{}
	for _, r := range records {
		at := map[work.Target]plan.Entry{}
		lines[r.RefID] = at
		err := each(ctx, tx, "SELECT "+ledgerColumns+" FROM ledger WHERE connector = ? AND id = ?", []any{r.Connector, r.ID}, func(scan func(...any) error) error {
			e, err := scanEntry(scan)
			at[e.Target] = e
			return err
		})
		if err != nil {
			return nil, false, err
		}
	}
	changes := 0
	err := each(ctx, tx, "SELECT key, row FROM past WHERE kind = 'ledger' AND num > ? ORDER BY num DESC LIMIT ?", []any{past, mostPast}, func(scan func(...any) error) error {
		var key string
		var row sql.NullString
		changes++
		if err := scan(&key, &row); err != nil {
			return err
		}
		return takeBackLine(lines, key, row)
	})
	if err != nil || changes == mostPast {
		return nil, false, err
	}
	var all []plan.Entry
	for _, at := range lines {
		for _, e := range at {
			all = append(all, e)
		}
	}
	slices.SortFunc(all, func(a, b plan.Entry) int { return a.Target.Compare(b.Target) })
	return all, true, nil
}

// takeBackLine puts one line of the ledger in place as it was before a change.
func takeBackLine(lines map[work.RefID]map[work.Target]plan.Entry, key string, row sql.NullString) error {
	var e plan.Entry
	t := &e.Target
	if err := json.Unmarshal([]byte(key), &[]any{&t.Connector, &t.ID, &t.Path, &t.Element}); err != nil {
		return damaged("past of the ledger", err)
	}
	at, asked := lines[t.RefID]
	switch {
	case !asked:
		return nil
	case !row.Valid:
		delete(at, *t)
		return nil
	}
	var value, before string
	var written, pending, since int64
	err := json.Unmarshal([]byte(row.String), &[]any{&value, &written, &pending, &before, &since})
	if err == nil {
		e.Value, err = valueOf(value)
	}
	if err == nil {
		e.Before, err = valueOf(before)
	}
	if err != nil {
		return damaged("past of the ledger", err)
	}
	e.Written, e.Pending, e.At = written != 0, pending != 0, timeOf(since)
	at[*t] = e
	return nil
}
