package github

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"tandem/internal/work"
)

// lookUp asks for issues with these fields and, where rules use the board, the
// card of each. The shape is nil where there is no board to be had: its values
// are unknown then.
func (b *board) lookUp(ctx context.Context, c *client, spots []spot, fields string, age time.Duration) (map[spot]found, *shape, error) {
	if b == nil {
		all, err := c.lookUp(ctx, spots, fields)
		return all, nil, err
	}
	for again := false; ; again = true {
		sh, err := b.current(ctx, age)
		if err != nil && !isBoardFault(err) {
			return nil, nil, err
		}
		if sh == nil {
			all, err := c.lookUp(ctx, spots, fields)
			return all, nil, err
		}
		all, err := c.lookUp(ctx, spots, fields+sh.selection(b.wanted))
		if err != nil || again || !sh.outdated(all, b.wanted) {
			return all, sh, err
		}
		b.drop()
	}
}

// outdated reports whether a field or an option has another name by now.
func (sh *shape) outdated(all map[spot]found, wanted []string) bool {
	for _, f := range all {
		if f.raw == nil {
			continue
		}
		if c, err := sh.cardOf(f.raw, wanted); err == nil && (c.stale || c.strange) {
			return true
		}
	}
	return false
}

// enrich adds the values of the board to records that REST gave.
func (b *board) enrich(ctx context.Context, records []work.Record) error {
	if b == nil || len(records) == 0 || b.client.graph.absent() {
		return nil
	}
	if _, err := b.current(ctx, shapeAge); isBoardFault(err) {
		return nil // the stream of the board says so; the values are unknown
	}
	spots := make([]spot, len(records))
	for i, r := range records {
		name, number, err := splitKey(r.Key)
		if err != nil {
			return err
		}
		spots[i] = spot{r.RefID, name, number}
	}
	all, sh, err := b.lookUp(ctx, b.client, spots, "fullDatabaseId", shapeAge)
	if errors.Is(err, errNoGraphQL) {
		b.client.graph.giveUp()
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the project %s: %w", b.name, err)
	}
	for i := range records {
		f := all[spots[i]]
		if f.raw == nil || !isIssue(f.raw, records[i].ID) {
			continue // deleted or moved since, or hidden: its values are unknown
		}
		if err := b.fill(sh, &records[i], f.raw); err != nil {
			return err
		}
	}
	return nil
}

// isIssue reports whether the answer is the issue of this id.
func isIssue(raw json.RawMessage, id string) bool {
	var n struct {
		ID bigID `json:"fullDatabaseId"`
	}
	return json.Unmarshal(raw, &n) == nil && fmt.Sprint(n.ID) == id
}
