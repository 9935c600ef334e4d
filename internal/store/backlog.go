package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"tandem/connectors"
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
	stream           string
	observed         work.Order
	late             *work.Order
	confirmed        []string
	told             []work.Moved
	waiting          bool
	doubtful, recent []string // own moves: in doubt, and not shown yet
	pins             []backlog.Pin
}

// backlogsOf reads all backlogs.
func backlogsOf(ctx context.Context, q queryer) ([]backlogRow, error) {
	var rows []backlogRow
	err := each(ctx, q, "SELECT connector, scope, stream, observed, moved, confirmed, told, late FROM backlog ORDER BY connector, scope", nil, func(scan func(...any) error) error {
		var r backlogRow
		var observed, moved, confirmed, told string
		var late sql.NullString
		if err := scan(&r.connector, &r.observed.Scope, &r.stream, &observed, &moved, &confirmed, &told, &late); err != nil {
			return err
		}
		err := errors.Join(json.Unmarshal([]byte(observed), &r.observed.IDs), json.Unmarshal([]byte(moved), &r.observed.Moved),
			json.Unmarshal([]byte(confirmed), &r.confirmed), json.Unmarshal([]byte(told), &r.told))
		if late.Valid {
			r.late = new(work.Order)
			err = errors.Join(err, json.Unmarshal([]byte(late.String), r.late))
		}
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
	return each(ctx, q, "SELECT connector, scope, id, sure = 1, out, settled FROM own_move ORDER BY connector, scope, id", nil, func(scan func(...any) error) error {
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

// putOrders keeps the whole orders of a page. The first one of a backlog is
// confirmed as it stands: values older than Tandem are nobody's change. A
// stream that has nothing newer says that its other orders stand as they were.
func (c *change) putOrders(ctx context.Context, connector, stream string, page connectors.Page) error {
	if err := c.put(ctx, "DELETE FROM own_move WHERE sure = 1 AND ended <= ?", c.at-echo.Microseconds()); err != nil {
		return err
	}
	if open, err := c.openBacklogs(ctx, connector, stream); err != nil || len(page.Orders) == 0 && (!open || !page.Done) {
		return err
	}
	rows, err := backlogsOf(ctx, c)
	if err != nil {
		return err
	}
	shown := map[string]bool{}
	for _, order := range page.Orders {
		shown[order.Scope] = true
		order = tidied(order)
		first := backlogRow{connector: connector, observed: order, confirmed: order.IDs, told: order.Moved}
		r := &first
		i, known := slices.BinarySearchFunc(rows, first, compareRows)
		if known {
			r = &rows[i]
		}
		r.stream = stream
		if err := c.putOrder(ctx, r, order, known); err != nil {
			return err
		}
	}
	for i := range rows {
		if r := &rows[i]; page.Done && r.connector == connector && r.stream == stream && !shown[r.observed.Scope] {
			if err := c.standsAsItWas(ctx, r); err != nil {
				return err
			}
		}
	}
	return nil
}

// openBacklogs reports whether a backlog of the stream waits for something.
func (c *change) openBacklogs(ctx context.Context, connector, stream string) (bool, error) {
	var open bool
	err := c.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM backlog b WHERE connector = ? AND stream = ?
		AND (late IS NOT NULL OR EXISTS (SELECT 1 FROM own_move m WHERE m.connector = b.connector AND m.scope = b.scope)))`, connector, stream).Scan(&open)
	return open, err
}

// putOrder keeps one order, in the row of its backlog.
func (c *change) putOrder(ctx context.Context, r *backlogRow, order work.Order, known bool) error {
	if known {
		if backlog.Lags(r.observed, order, r.recent, r.doubtful) {
			r.late = &order
			return c.putBacklog(ctx, r)
		}
		if err := c.showMoves(ctx, r); err != nil {
			return err
		}
		if r.late == nil && slices.Equal(r.observed.IDs, order.IDs) && sameMoves(r.observed.Moved, order.Moved) {
			return nil
		}
	}
	r.observed, r.late = order, nil
	if err := c.putBacklog(ctx, r); err != nil {
		return err
	}
	_, err := c.next(ctx)
	return err
}

// standsAsItWas notes that nothing newer is known of a backlog. What came too
// early to be believed is believed when it still stands after a while.
func (c *change) standsAsItWas(ctx context.Context, r *backlogRow) error {
	switch {
	case r.late != nil:
		return c.putOrder(ctx, r, *r.late, true)
	case len(r.doubtful) > 0:
		return c.settleMoves(ctx, r)
	default:
		return nil
	}
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
	var late sql.NullString
	if r.late != nil {
		var err error
		if late.String, err = encode(r.late); err != nil {
			return err
		}
		late.Valid = true
	}
	for i, v := range [...]any{r.observed.IDs, r.observed.Moved, r.confirmed, r.told} {
		var err error
		if texts[i], err = encode(v); err != nil {
			return err
		}
	}
	err := c.put(ctx, `INSERT INTO backlog (connector, scope, stream, observed, moved, confirmed, told, late) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (connector, scope) DO UPDATE SET stream = excluded.stream, observed = excluded.observed, moved = excluded.moved,
			confirmed = excluded.confirmed, told = excluded.told, late = excluded.late`,
		r.connector, r.observed.Scope, r.stream, texts[0], texts[1], texts[2], texts[3], late)
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
	if err := c.put(ctx, "DELETE FROM pin WHERE connector = ? AND scope = ?", r.connector, r.observed.Scope); err != nil {
		return false, err
	}
	for _, p := range pins {
		err := c.put(ctx, "INSERT INTO pin (connector, scope, id, since, by, drift) VALUES (?, ?, ?, ?, ?, ?)",
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
