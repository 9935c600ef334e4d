package store

import (
	"context"
	"database/sql"
	"encoding/json"

	"tandem/internal/plan"
)

// Reject notes that a person said no to a proposal. The same one again takes
// the place of the old one.
func (s *Store) Reject(ctx context.Context, r plan.Rejection) error {
	edits, err := encode(append([]string{}, r.Edits...))
	if err != nil {
		return err
	}
	var until sql.NullInt64
	if !r.Until.IsZero() {
		until = sql.NullInt64{Int64: r.Until.UnixMicro(), Valid: true}
	}
	return s.change(ctx, "reject an edit of "+r.Slot.Ref.String(), durable, func(ctx context.Context, c *change) error {
		err := c.put(ctx, `INSERT INTO rejected (connector, id, field, edits, by, because, at, until, inputs) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (connector, id, field, edits) DO UPDATE
			SET by = excluded.by, because = excluded.because, at = excluded.at, until = excluded.until, inputs = excluded.inputs`,
			r.Slot.Ref.Connector, r.Slot.Ref.ID, r.Slot.Field.String(), edits, r.By, r.Because, c.at, until, r.Inputs)
		if err != nil {
			return err
		}
		_, err = c.person(ctx)
		return err
	})
}

// Rejections lists what people said no to.
func (s *Store) Rejections(ctx context.Context) ([]plan.Rejection, error) {
	all, err := rejectedOf(ctx, s.reader)
	return all, s.fault("list rejections", err)
}

// endRejections ends those of a field: a person released it.
func (c *change) endRejections(ctx context.Context, slot plan.SlotRef) error {
	err := c.put(ctx, "DELETE FROM rejected WHERE connector = ? AND id = ? AND field = ?", slot.Ref.Connector, slot.Ref.ID, slot.Field.String())
	return err
}

func rejectedOf(ctx context.Context, q queryer) ([]plan.Rejection, error) {
	var all []plan.Rejection
	err := each(ctx, q, "SELECT connector, id, field, edits, by, because, at, until, inputs FROM rejected ORDER BY connector, id, field, edits", nil,
		func(scan func(...any) error) error {
			var r plan.Rejection
			var field, edits string
			var at int64
			var until sql.NullInt64
			if err := scan(&r.Slot.Ref.Connector, &r.Slot.Ref.ID, &field, &edits, &r.By, &r.Because, &at, &until, &r.Inputs); err != nil {
				return err
			}
			if r.At = timeOf(at); until.Valid {
				r.Until = timeOf(until.Int64)
			}
			if err := json.Unmarshal([]byte(edits), &r.Edits); err != nil {
				return damaged("rejection", err)
			}
			if err := r.Slot.Field.UnmarshalText([]byte(field)); err != nil {
				return damaged("rejection", err)
			}
			all = append(all, r)
			return nil
		})
	return all, err
}
