package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"tandem/internal/engine"
	"tandem/internal/work"

	"tandem/mapping/evidence"
)

// mostChanges is how many changed rows of a kind are read one by one: beyond
// that a whole snapshot is as quick.
const mostChanges = 10_000

// Changes reads what changed since a snapshot of which the given run was made,
// from one read transaction; Kept is left to the caller. It reports false where
// that is not the newest run, where it cannot be told, or is so much that a whole
// snapshot is to be taken. What past keeps is complete only from the second run
// on: the snapshot must have been taken after it.
func (s *Store) Changes(ctx context.Context, asOf time.Time, since engine.Snapshot, run int64) (d engine.Delta, known bool, err error) {
	s.warm.Lock()
	defer s.warm.Unlock()
	d.Now = engine.Snapshot{AsOf: asOf.UTC()}
	err = s.view(ctx, "read what changed", func(ctx context.Context, tx *sql.Tx) error {
		if err := inTurn(s.small(ctx, tx, &d.Now)); err != nil {
			return err
		}
		var newest int64
		if err := tx.QueryRowContext(ctx, "SELECT coalesce(max(num), 0) FROM run").Scan(&newest); err != nil {
			return err
		}
		if known = newest == run && d.Now.Seq >= since.Seq && d.Now.Past >= since.Past && d.Now.AsOf.Equal(since.AsOf); !known {
			return nil
		}
		r := changes{tx: tx, since: since, delta: &d, known: &known}
		return inTurn([]func() error{
			func() error { return r.records(ctx, s.warm) },
			func() error { return r.ledger(ctx) },
			func() error { return r.evidence(ctx) },
			func() error { return r.identities(ctx) },
			func() error { return r.beside(ctx) },
		})
	})
	return d, known && err == nil, err
}

// changes are one reading of them.
type changes struct {
	tx    *sql.Tx
	since engine.Snapshot
	delta *engine.Delta
	known *bool
}

func (r *changes) records(ctx context.Context, w *warm) error {
	if err := w.update(ctx, r.tx, r.delta.Now.Seq); err != nil {
		return err
	}
	err := each(ctx, r.tx, "SELECT connector, id FROM record WHERE moved > ?", []any{r.since.Seq}, func(scan func(...any) error) error {
		var ref work.RefID
		err := scan(&ref.Connector, &ref.ID)
		if record := w.byRef[ref]; record != nil {
			r.delta.Records = append(r.delta.Records, record)
		} else {
			r.delta.Gone = append(r.delta.Gone, ref)
		}
		return err
	})
	*r.known = *r.known && len(r.delta.Records)+len(r.delta.Gone) <= mostChanges
	return err
}

// keys returns the keys of rows of a kind that were written since.
func (r *changes) keys(ctx context.Context, kind string) ([][]any, error) {
	var all [][]any
	if !*r.known {
		return nil, nil
	}
	err := each(ctx, r.tx, "SELECT DISTINCT key FROM past WHERE kind = ? AND num > ? LIMIT ?", []any{kind, r.since.Past, mostChanges + 1},
		func(scan func(...any) error) error {
			var text string
			if err := scan(&text); err != nil {
				return err
			}
			var key []any
			if err := json.Unmarshal([]byte(text), &key); err != nil {
				return damaged("what changed", err)
			}
			all = append(all, key)
			return nil
		})
	*r.known = *r.known && len(all) <= mostChanges
	return all, err
}

// part is one text of a key.
func part(key []any, i int) string {
	if i >= len(key) {
		return ""
	}
	text, _ := key[i].(string)
	return text
}

func refOf(key []any) work.RefID { return work.RefID{Connector: part(key, 0), ID: part(key, 1)} }

func (r *changes) ledger(ctx context.Context) error {
	keys, err := r.keys(ctx, "ledger")
	if err != nil || len(keys) == 0 {
		return err
	}
	written, refs, seen := map[work.Target]bool{}, []work.RefID{}, map[work.RefID]bool{}
	for _, k := range keys {
		ref := refOf(k)
		written[work.Target{RefID: ref, Path: part(k, 2), Element: part(k, 3)}] = true
		if !seen[ref] {
			refs, seen[ref] = append(refs, ref), true
		}
	}
	err = byConnector(refs, func(connector, ids string) error {
		return each(ctx, r.tx, "SELECT "+ledgerColumns+" FROM ledger WHERE connector = ? AND id "+inList, []any{connector, ids}, func(scan func(...any) error) error {
			e, err := scanEntry(scan)
			if written[e.Target] {
				r.delta.Ledger = append(r.delta.Ledger, e)
				delete(written, e.Target)
			}
			return err
		})
	})
	for t := range written { // the rest is gone
		r.delta.Dropped = append(r.delta.Dropped, t)
	}
	return err
}

func (r *changes) evidence(ctx context.Context) error {
	aliases, err := r.keys(ctx, "party")
	if err != nil {
		return err
	}
	if len(aliases) > 0 { // who speaks anywhere may have another name
		*r.known = false
	}
	keys, err := r.keys(ctx, "evidence_day")
	if err != nil || len(keys) == 0 {
		return err
	}
	r.delta.Evidence = map[string][]evidence.Day{}
	var targets []string
	for _, k := range keys {
		if target := part(k, 0); r.delta.Evidence[target] == nil {
			r.delta.Evidence[target] = []evidence.Day{}
			targets = append(targets, target)
		}
	}
	list, err := encode(targets)
	if err != nil {
		return err
	}
	days, err := evidenceWhere(ctx, r.tx, " WHERE target "+inList, list)
	for i := range days {
		target := days[i].Target
		r.delta.Evidence[target] = append(r.delta.Evidence[target], days[i])
	}
	return err
}

func (r *changes) identities(ctx context.Context) error {
	keys, err := r.keys(ctx, "identity")
	if err != nil || len(keys) == 0 {
		return err
	}
	r.delta.Identities = map[work.RefID]work.ItemID{}
	refs := make([]work.RefID, 0, len(keys))
	for _, k := range keys {
		refs = append(refs, refOf(k))
		r.delta.Identities[refOf(k)] = ""
	}
	return byConnector(refs, func(connector, ids string) error {
		return each(ctx, r.tx, "SELECT id, item FROM identity WHERE connector = ? AND id "+inList, []any{connector, ids}, func(scan func(...any) error) error {
			ref := work.RefID{Connector: connector}
			var item work.ItemID
			err := scan(&ref.ID, &item)
			r.delta.Identities[ref] = item
			return err
		})
	})
}

// beside reads what counts beside feedback, where it changed.
func (r *changes) beside(ctx context.Context) error {
	now := &r.delta.Now
	now.Findings, now.Usage = r.since.Findings, r.since.Usage
	found, err := r.keys(ctx, "insight_link")
	if err != nil {
		return err
	}
	if len(found) > 0 {
		if now.Findings, err = findingsAt(ctx, r.tx); err != nil {
			return err
		}
	}
	used, err := r.keys(ctx, "usage_day")
	if err == nil && len(used) > 0 {
		now.Usage, err = usageOf(ctx, r.tx, now.AsOf)
	}
	return err
}
