package store

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"tandem/internal/engine"
	"tandem/internal/plan/backlog"
	"tandem/internal/work"
)

// echo is how long an order that does not show Tandem's own moves is taken for
// an answer that lags. After that an order also shows whether a move arrived of
// which the answer was lost.
const echo = 5 * time.Minute

// backlogRow is one row of the table.
type backlogRow struct {
	connector        string
	observed         work.Order
	confirmed        []string
	told             []work.Moved
	waiting          bool
	doubtful, recent []string // own moves: in doubt, and not shown yet
	pins             []backlog.Pin
}

// backlogsOf reads all backlogs.
func backlogsOf(ctx context.Context, q queryer) ([]backlogRow, error) {
	var rows []backlogRow
	err := each(ctx, q, "SELECT connector, scope, observed, moved, confirmed, told FROM backlog ORDER BY connector, scope", nil, func(scan func(...any) error) error {
		var r backlogRow
		var observed, moved, confirmed, told string
		if err := scan(&r.connector, &r.observed.Scope, &observed, &moved, &confirmed, &told); err != nil {
			return err
		}
		err := errors.Join(json.Unmarshal([]byte(observed), &r.observed.IDs), json.Unmarshal([]byte(moved), &r.observed.Moved),
			json.Unmarshal([]byte(confirmed), &r.confirmed), json.Unmarshal([]byte(told), &r.told))
		if err != nil {
			return damaged("backlog "+r.observed.Scope+" of "+r.connector, err)
		}
		rows = append(rows, r)
		return nil
	})
	if err != nil {
		return nil, err
	}
	find := func(connector, scope string) *backlogRow {
		i, found := slices.BinarySearchFunc(rows, backlogRow{connector: connector, observed: work.Order{Scope: scope}}, compareRows)
		if !found {
			return &backlogRow{} // its backlog was never read
		}
		return &rows[i]
	}
	if err := pinsInto(ctx, q, find); err != nil {
		return nil, err
	}
	return rows, ownMovesInto(ctx, q, find)
}

func compareRows(a, b backlogRow) int {
	return cmp.Or(cmp.Compare(a.connector, b.connector), cmp.Compare(a.observed.Scope, b.observed.Scope))
}

func pinsInto(ctx context.Context, q queryer, find func(connector, scope string) *backlogRow) error {
	return each(ctx, q, "SELECT connector, scope, id, since, by, drift FROM pin ORDER BY connector, scope, id", nil, func(scan func(...any) error) error {
		var connector, scope string
		var p backlog.Pin
		var since int64
		err := scan(&connector, &scope, &p.ID, &since, &p.By, &p.Drift)
		p.Since = timeOf(since)
		r := find(connector, scope)
		r.pins = append(r.pins, p)
		return err
	})
}

func ownMovesInto(ctx context.Context, q queryer, find func(connector, scope string) *backlogRow) error {
	return each(ctx, q, "SELECT connector, scope, id, sure, out, settled FROM own_move ORDER BY connector, scope, id", nil, func(scan func(...any) error) error {
		var connector, scope, id string
		var sure, out bool
		var settled int
		err := scan(&connector, &scope, &id, &sure, &out, &settled)
		r := find(connector, scope)
		switch {
		case sure:
			r.recent = append(r.recent, id)
		case settled < looked:
			r.doubtful = append(r.doubtful, id)
		}
		r.waiting = r.waiting || out
		return err
	})
}

// states are the backlogs as an evaluation sees them.
func states(rows []backlogRow) []backlog.State {
	var all []backlog.State
	for _, r := range rows {
		all = append(all, backlog.State{
			Connector: r.connector, Order: r.observed, Confirmed: r.confirmed, Told: r.told,
			Pins: r.pins, Doubtful: r.doubtful, Waiting: r.waiting,
		})
	}
	return all
}

// putOrders keeps whole orders. The first one of a backlog is confirmed as it
// stands: values older than Tandem are nobody's change.
func (c *change) putOrders(ctx context.Context, connector string, orders []work.Order) error {
	if len(orders) == 0 {
		return nil
	}
	if _, err := c.exec(ctx, "DELETE FROM own_move WHERE sure = 1 AND ended <= ?", c.at-echo.Microseconds()); err != nil {
		return err
	}
	rows, err := backlogsOf(ctx, c)
	if err != nil {
		return err
	}
	for _, order := range orders {
		i, known := slices.BinarySearchFunc(rows, backlogRow{connector: connector, observed: order}, compareRows)
		if err := c.putOrder(ctx, connector, tidied(order), rows[min(i, len(rows)):min(i+1, len(rows))], known); err != nil {
			return err
		}
	}
	return nil
}

// putOrder keeps one order; at holds the row of its backlog where it is known.
func (c *change) putOrder(ctx context.Context, connector string, order work.Order, at []backlogRow, known bool) error {
	r := backlogRow{connector: connector, observed: order, confirmed: order.IDs, told: order.Moved}
	if known {
		if backlog.Lags(at[0].observed, order, at[0].recent, at[0].doubtful) {
			return nil
		}
		if err := c.showMoves(ctx, connector, order.Scope, &at[0]); err != nil {
			return err
		}
		if slices.Equal(at[0].observed.IDs, order.IDs) && sameMoves(at[0].observed.Moved, order.Moved) {
			return nil
		}
		r.confirmed, r.told = at[0].confirmed, at[0].told
	}
	if err := c.putBacklog(ctx, &r); err != nil {
		return err
	}
	_, err := c.next(ctx)
	return err
}

func sameMoves(a, b []work.Moved) bool {
	return slices.EqualFunc(a, b, func(a, b work.Moved) bool { return a.ID == b.ID && a.By == b.By && a.At.Equal(b.At) })
}

// tidied is the order with each record once, and moves by id.
func tidied(o work.Order) work.Order {
	seen := make(map[string]bool, len(o.IDs))
	ids := make([]string, 0, len(o.IDs))
	for _, id := range o.IDs {
		if id != "" && !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	o.IDs, o.Moved = ids, slices.Clone(o.Moved)
	slices.SortStableFunc(o.Moved, func(a, b work.Moved) int { return cmp.Compare(a.ID, b.ID) })
	return o
}

func (c *change) putBacklog(ctx context.Context, r *backlogRow) error {
	var texts [4]string
	for i, v := range [...]any{r.observed.IDs, r.observed.Moved, r.confirmed, r.told} {
		var err error
		if texts[i], err = encode(v); err != nil {
			return err
		}
	}
	_, err := c.exec(ctx, "INSERT OR REPLACE INTO backlog (connector, scope, observed, moved, confirmed, told) VALUES (?, ?, ?, ?, ?, ?)",
		r.connector, r.observed.Scope, texts[0], texts[1], texts[2], texts[3])
	return err
}

// putPins makes the pins of a backlog the given ones, and reports whether they
// were others.
func (c *change) putPins(ctx context.Context, r *backlogRow, pins []backlog.Pin) (changed bool, err error) {
	pins = slices.Clone(pins)
	slices.SortFunc(pins, func(a, b backlog.Pin) int { return cmp.Compare(a.ID, b.ID) })
	if slices.EqualFunc(r.pins, pins, func(a, b backlog.Pin) bool {
		return a.ID == b.ID && a.By == b.By && a.Drift == b.Drift && a.Since.Equal(b.Since)
	}) {
		return false, nil
	}
	if _, err := c.exec(ctx, "DELETE FROM pin WHERE connector = ? AND scope = ?", r.connector, r.observed.Scope); err != nil {
		return false, err
	}
	for _, p := range pins {
		_, err := c.exec(ctx, "INSERT INTO pin (connector, scope, id, since, by, drift) VALUES (?, ?, ?, ?, ?, ?)",
			r.connector, r.observed.Scope, p.ID, p.Since.UnixMicro(), p.By, p.Drift)
		if err != nil {
			return false, err
		}
	}
	return true, nil
}

// confirmBacklogs keeps what a run found out about moves by people, unless a
// newer order came in meanwhile.
func (c *change) confirmBacklogs(ctx context.Context, found []engine.Backlog) error {
	if len(found) == 0 {
		return nil
	}
	rows, err := backlogsOf(ctx, c)
	if err != nil {
		return err
	}
	for _, f := range found {
		i, known := slices.BinarySearchFunc(rows, backlogRow{connector: f.Connector, observed: work.Order{Scope: f.Scope}}, compareRows)
		if !known || rows[i].observed.Fingerprint() != f.Seen {
			continue
		}
		r := &rows[i]
		changed, err := c.putPins(ctx, r, f.Pins)
		if err != nil {
			return err
		}
		if changed {
			if _, err := c.next(ctx); err != nil {
				return err
			}
		}
		if err := c.lookedAtMoves(ctx, f.Connector, f.Scope); err != nil {
			return err
		}
		if slices.Equal(r.confirmed, r.observed.IDs) && sameMoves(r.told, r.observed.Moved) {
			continue
		}
		r.confirmed, r.told = r.observed.IDs, r.observed.Moved
		if err := c.putBacklog(ctx, r); err != nil {
			return err
		}
	}
	return nil
}
