package store

import (
	"context"
	"database/sql"
	"encoding/json"

	"tandem/internal/plan"
	"tandem/internal/work"
)

// heldValue is what stands at a slot by the hold that people see, as JSON;
// nothing where nothing is held.
func (c *change) heldValue(ctx context.Context, slot plan.SlotRef) (sql.NullString, error) {
	var have sql.NullString
	err := each(ctx, c, "SELECT body FROM hold WHERE connector = ? AND id = ? AND field = ? ORDER BY path, element, cause",
		[]any{slot.Ref.Connector, slot.Ref.ID, slot.Field.String()}, func(scan func(...any) error) error {
			var body string
			var h work.Hold
			if err := scan(&body); err != nil {
				return err
			}
			if err := json.Unmarshal([]byte(body), &h); err != nil {
				return damaged("hold", err)
			}
			if have.Valid || !h.Have.Known() || slot.Field == work.Rank {
				return nil // the place in a backlog changes all the time
			}
			text, err := encode(h.Have)
			have = sql.NullString{String: text, Valid: err == nil}
			return err
		})
	return have, err
}

// outlived reports whether a hold tells that something else stands there than
// when it was released.
func outlived(h *work.Hold, have string) (bool, error) {
	if have == "" {
		return false, nil
	}
	var stood work.Value
	if err := json.Unmarshal([]byte(have), &stood); err != nil {
		return false, damaged("release", err)
	}
	return !plan.Stands(h.Have, stood), nil
}
