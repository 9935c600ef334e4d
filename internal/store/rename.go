package store

import (
	"context"
	"encoding/json"

	"tandem/internal/work"
)

// rename gives what is stored under the id of a record to another one. What
// stood there under the new id is replaced.
func (c *change) rename(ctx context.Context, from work.RefID, to work.Ref) error {
	for _, statement := range []string{
		"DELETE FROM identity WHERE connector = ?2 AND id = ?1 AND EXISTS (SELECT 1 FROM identity o WHERE o.connector = ?2 AND o.id = ?3)",
		"UPDATE identity SET id = ?1 WHERE connector = ?2 AND id = ?3",
		"DELETE FROM released WHERE connector = ?2 AND id = ?1 AND field IN (SELECT o.field FROM released o WHERE o.connector = ?2 AND o.id = ?3)",
		"UPDATE released SET id = ?1 WHERE connector = ?2 AND id = ?3",
		`DELETE FROM rejected WHERE connector = ?2 AND id = ?1
			AND EXISTS (SELECT 1 FROM rejected o WHERE o.connector = ?2 AND o.id = ?3 AND o.field = rejected.field AND o.edits = rejected.edits)`,
		"UPDATE rejected SET id = ?1 WHERE connector = ?2 AND id = ?3",
		`DELETE FROM undone WHERE connector = ?2 AND id = ?1
			AND EXISTS (SELECT 1 FROM undone o WHERE o.connector = ?2 AND o.id = ?3 AND o.path = undone.path AND o.element = undone.element)`,
		"UPDATE undone SET id = ?1 WHERE connector = ?2 AND id = ?3",
		"UPDATE override SET id = ?1 WHERE connector = ?2 AND id = ?3",
	} {
		if err := c.put(ctx, statement, to.ID, from.Connector, from.ID); err != nil {
			return err
		}
	}
	err := c.put(ctx, "UPDATE dead_letter SET ended = ? WHERE connector = ? AND id = ? AND what = 'edit' AND ended IS NULL", c.at, from.Connector, from.ID)
	if err != nil {
		return err
	}
	if err := c.renameHolds(ctx, from, to); err != nil {
		return err
	}
	return c.renameAttempts(ctx, from, to)
}

func (c *change) renameHolds(ctx context.Context, from work.RefID, to work.Ref) error {
	var holds []work.Hold
	err := each(ctx, c, "SELECT body FROM hold WHERE connector = ? AND id = ?", []any{from.Connector, from.ID}, func(scan func(...any) error) error {
		var body string
		if err := scan(&body); err != nil {
			return err
		}
		holds = append(holds, work.Hold{})
		if err := json.Unmarshal([]byte(body), &holds[len(holds)-1]); err != nil {
			return damaged("hold at "+from.String(), err)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := c.put(ctx, "DELETE FROM hold WHERE connector = ? AND id = ?", from.Connector, from.ID); err != nil {
		return err
	}
	for _, h := range holds {
		h.Target.ID, h.Key = to.ID, to.Key
		body, err := encode(h)
		if err != nil {
			return err
		}
		t := h.Target
		if err := c.put(ctx, putHold, from.Connector, t.ID, t.Path, t.Element, h.Field.String(), string(h.Cause), body); err != nil {
			return err
		}
	}
	return nil
}

func (c *change) renameAttempts(ctx context.Context, from work.RefID, to work.Ref) error {
	edits := map[int64]work.Edit{}
	err := each(ctx, c, "SELECT num, body FROM journal WHERE connector = ? AND id = ?", []any{from.Connector, from.ID}, func(scan func(...any) error) error {
		var num int64
		var body string
		if err := scan(&num, &body); err != nil {
			return err
		}
		var e work.Edit
		if err := json.Unmarshal([]byte(body), &e); err != nil {
			return damaged("journal", err)
		}
		edits[num] = e
		return nil
	})
	if err != nil {
		return err
	}
	for num, e := range edits {
		e.Target.ID, e.Key = to.ID, to.Key
		body, err := encode(e)
		if err != nil {
			return err
		}
		if err := c.put(ctx, "UPDATE journal SET id = ?, body = ? WHERE num = ?", to.ID, body, num); err != nil {
			return err
		}
	}
	return nil
}
