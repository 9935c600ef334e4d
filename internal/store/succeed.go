package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"tandem/internal/plan"
	"tandem/internal/work"
)

// succeed hands over what is known of a record to the one that it is now: a
// move gave it another id at its source. The old one is gone for good; item,
// ledger, journal, holds and releases go on under the new one, which is found
// by the old key and the old id too. Edits that failed for good are free to be
// planned anew. To say it twice changes nothing.
func (c *change) succeed(ctx context.Context, from work.RefID, to work.Ref) error {
	before, err := c.lastBody(ctx, from)
	if before == nil || err != nil {
		return err
	}
	after, err := c.lastBody(ctx, to.RefID)
	if after == nil || err != nil {
		return err
	}
	if slices.Contains(after.Former, from.ID) {
		return nil
	}
	if err := c.rememberKeys(ctx, before, after); err != nil {
		return err
	}
	if err := c.lose(ctx, from); err != nil {
		return err
	}
	if err := c.handOverLedger(ctx, before, after); err != nil {
		return err
	}
	if err := c.rename(ctx, from, to); err != nil {
		return err
	}
	_, err = c.next(ctx)
	return err
}

// lastBody returns what was last stored of a record, gone or not; nil where it
// was never stored.
func (c *change) lastBody(ctx context.Context, ref work.RefID) (*work.Record, error) {
	var body, former string
	err := c.QueryRowContext(ctx, "SELECT v.body, r.former FROM record r JOIN record_version v ON v.seq = r.seq WHERE r.connector = ? AND r.id = ?",
		ref.Connector, ref.ID).Scan(&body, &former)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil //nolint:nilnil // a record that was never stored is a fact of its own
	}
	if err != nil {
		return nil, err
	}
	r := new(work.Record)
	if err := json.Unmarshal([]byte(body), r); err != nil {
		return nil, damaged("record "+ref.String(), err)
	}
	r.Former, err = formerOf(former)
	return r, err
}

// rememberKeys adds the key and the id of the old record to the new one's
// former keys.
func (c *change) rememberKeys(ctx context.Context, before, after *work.Record) error {
	keys := slices.Concat(before.Former, after.Former)
	keys = slices.DeleteFunc(keys, func(k string) bool { return k == after.Key || k == before.Key })
	keys = append(keys, before.Key, before.ID)
	former, err := encode(keys[max(len(keys)-maxFormer, 0):])
	if err != nil {
		return err
	}
	seq, err := c.next(ctx)
	if err != nil {
		return err
	}
	err = c.put(ctx, "UPDATE record SET former = ?, moved = ? WHERE connector = ? AND id = ?", former, seq, after.Connector, after.ID)
	return err
}

// handOverLedger moves the lines of the ledger. Services leave behind labels and
// milestones that the new place does not have. That is no wish of a person: these
// lines go on as if Tandem had left nothing there, and found nothing.
func (c *change) handOverLedger(ctx context.Context, before, after *work.Record) error {
	var lines []plan.Entry
	err := each(ctx, c, "SELECT "+ledgerColumns+" FROM ledger WHERE connector = ? AND id = ?", []any{before.Connector, before.ID}, func(scan func(...any) error) error {
		e, err := scanEntry(scan)
		lines = append(lines, e)
		return err
	})
	if err != nil {
		return err
	}
	for i := range lines {
		line := lines[i]
		if err := c.dropEntry(ctx, line.Target); err != nil {
			return err
		}
		if leftBehind(before, after, line.Target) {
			line.Value = work.Empty()
			if line.Target.InList() {
				line.Value = work.NewFlag(false)
			}
			line.Before = line.Value
		}
		line.Target.RefID = after.RefID
		if err := c.putEntry(ctx, &line); err != nil {
			return err
		}
	}
	return nil
}

// leftBehind reports whether a value stood at the old record and is missing at
// the new one.
func leftBehind(before, after *work.Record, t work.Target) bool {
	was, is := before.Fields[t.Path], after.Fields[t.Path]
	if t.Element == "" {
		return was.Present() && is.Kind() == work.None
	}
	return hasElement(was, t.Element) && is.Known() && !hasElement(is, t.Element)
}

func hasElement(v work.Value, element string) bool {
	return slices.ContainsFunc(v.List(), func(e string) bool { return strings.EqualFold(e, element) })
}
