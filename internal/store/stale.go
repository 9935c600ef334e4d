package store

import (
	"context"
	"database/sql"
	"slices"
	"strconv"

	"tandem/internal/work"
)

// deskKey is the setting that holds the sequence of a person's last act.
const deskKey = "desk_seq"

// person takes a new number of the sequence for what a person did, which every
// plan that was made before misses.
func (c *change) person(ctx context.Context) (int64, error) {
	seq, err := c.next(ctx)
	if err != nil {
		return 0, err
	}
	return seq, c.setMeta(ctx, deskKey, strconv.FormatInt(seq, 10))
}

// Stale returns what changed after a number of the sequence that can make edits
// of a connector wrong that were planned then: records that moved, and all of
// them where a person acted (released, rejected, undid, retired, paused), or
// where the connector could not be read since: the next plan holds them (S5).
// Orders of backlogs are not looked at: who moves reads the order first.
func (s *Store) Stale(ctx context.Context, since int64, connector string) (all bool, refs map[work.RefID]bool, err error) {
	refs = map[work.RefID]bool{}
	err = s.view(ctx, "look what changed at "+connector, func(ctx context.Context, tx *sql.Tx) error {
		text, err := metaOf(ctx, tx, deskKey)
		if err != nil {
			return err
		}
		if text != "" {
			last, err := strconv.ParseInt(text, 10, 64)
			if err != nil {
				return damaged(deskKey, err)
			}
			all = last > since
		}
		unread, err := staleOf(ctx, tx)
		if err != nil {
			return err
		}
		all = all || slices.Contains(unread, connector)
		return each(ctx, tx, "SELECT id FROM record WHERE moved > ? AND connector = ?", []any{since, connector}, func(scan func(...any) error) error {
			ref := work.RefID{Connector: connector}
			err := scan(&ref.ID)
			refs[ref] = true
			return err
		})
	})
	return all, refs, err
}
