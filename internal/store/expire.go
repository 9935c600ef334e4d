package store

import (
	"context"
	"time"

	"tandem/internal/work"
)

// atOnceGone is how many rows are withdrawn in one transaction.
const atOnceGone = 200

// Expire withdraws what a connector's people said before a moment, and forgets
// usage of before it. What counts changes in the same transactions. It returns
// how many rows of feedback, insights and usage went. A row that its source
// still shows does not come back.
func (s *Store) Expire(ctx context.Context, connector string, before time.Time) (int, error) {
	act, gone := "let old feedback of "+connector+" go", 0
	for _, part := range []struct {
		find   string
		remove func(context.Context, *change, []work.RefID) error
	}{
		{"SELECT id FROM feedback WHERE connector = ? AND gone = 0 AND at < ? ORDER BY num LIMIT ?", withdraw},
		{"SELECT DISTINCT i.id FROM insight i WHERE i.connector = ? AND i.gone = 0 AND i.stored < ? ORDER BY i.id LIMIT ?", withdrawInsights},
	} {
		for {
			refs, err := s.refsOf(ctx, part.find, connector, before.UnixMicro(), atOnceGone)
			if err != nil || len(refs) == 0 {
				if err != nil {
					return gone, s.fault(act, err)
				}
				break
			}
			if err := s.change(ctx, act, normal, func(ctx context.Context, c *change) error { return part.remove(ctx, c, refs) }); err != nil {
				return gone, err
			}
			gone += len(refs)
		}
	}
	n, err := s.expireUsage(ctx, act, connector, before)
	return gone + n, err
}

// refsOf reads ids of a connector.
func (s *Store) refsOf(ctx context.Context, query, connector string, args ...any) ([]work.RefID, error) {
	var refs []work.RefID
	err := each(ctx, s.reader, query, append([]any{connector}, args...), func(scan func(...any) error) error {
		ref := work.RefID{Connector: connector}
		err := scan(&ref.ID)
		refs = append(refs, ref)
		return err
	})
	return refs, err
}

// withdraw takes rows back as their source might: what they said is gone, and
// their version stays, so that a page that lags does not bring them back.
func withdraw(ctx context.Context, c *change, refs []work.RefID) error {
	stored, err := c.heardOf(ctx, "feedback", refs)
	if err != nil {
		return err
	}
	ch, err := c.newChorus(ctx)
	if err != nil {
		return err
	}
	for _, ref := range refs {
		old := stored[ref]
		if old.num == 0 || old.gone {
			continue
		}
		row := work.Feedback{Ref: work.Ref{RefID: ref}, Gone: true}
		if _, err := ch.hear(ctx, &voice{row: row}, old.version, old); err != nil {
			return err
		}
	}
	return ch.settle(ctx)
}

func withdrawInsights(ctx context.Context, c *change, refs []work.RefID) error {
	rows := make([]finding, 0, len(refs))
	for _, ref := range refs {
		rows = append(rows, finding{row: work.Insight{Ref: work.Ref{RefID: ref}, Gone: true}, body: withdrawn})
	}
	return c.putInsights(ctx, rows, &work.Saved{})
}

// expireUsage forgets days of usage, one after the other.
func (s *Store) expireUsage(ctx context.Context, act, connector string, before time.Time) (int, error) {
	first := before.Unix() / int64(day/time.Second)
	var days []int64
	err := each(ctx, s.reader, "SELECT DISTINCT day FROM metric WHERE connector = ? AND day < ? ORDER BY day", []any{connector, first}, func(scan func(...any) error) error {
		var d int64
		err := scan(&d)
		days = append(days, d)
		return err
	})
	if err != nil {
		return 0, s.fault(act, err)
	}
	gone := int64(0)
	for _, d := range days {
		err := s.change(ctx, act, normal, func(ctx context.Context, c *change) error {
			r, err := c.exec(ctx, "DELETE FROM metric WHERE connector = ? AND day = ?", connector, d)
			if err != nil {
				return err
			}
			n, err := r.RowsAffected()
			if err != nil {
				return err
			}
			gone += n
			if err := c.put(ctx, "DELETE FROM usage_day WHERE connector = ? AND day = ?", connector, d); err != nil {
				return err
			}
			_, err = c.next(ctx)
			return err
		})
		if err != nil {
			return int(gone), err
		}
	}
	return int(gone), nil
}
