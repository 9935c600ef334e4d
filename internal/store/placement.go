package store

import (
	"context"
	"database/sql"
	"encoding/json"

	"tandem/internal/engine"
	"tandem/internal/work"
)

// differences is what a run decided that is not stored yet.
type differences struct {
	identities map[work.RefID]work.ItemID
	placed     []lastStand
	decided    bool // of placed: something that a decision reads
	displaced  []work.ItemID
	held       map[holdKey]string
	ended      []holdKey
	points     []point // of the history
}

// holdKey tells one hold from another.
type holdKey struct {
	target work.Target
	field  work.Field
	cause  work.Cause
}

// differences compares a run with what is stored.
func (s *Store) differences(ctx context.Context, run *engine.Run) (differences, error) {
	var d differences
	err := s.view(ctx, "compare with the last run", func(ctx context.Context, tx *sql.Tx) error {
		identities, err := identitiesOf(ctx, tx)
		if err != nil {
			return err
		}
		d.identities = newer(run.Identities, identities)
		stood, err := standsOf(ctx, tx)
		if err != nil {
			return err
		}
		unfinished, err := metaOf(ctx, tx, historyMeta)
		if err != nil {
			return err
		}
		d.comparePlaces(run, stood, unfinished != "")
		return s.compareHolds(ctx, tx, run, &d)
	})
	return d, err
}

// newer returns the entries of a that b has not, or has otherwise.
func newer[K, V comparable](a, b map[K]V) map[K]V {
	d := map[K]V{}
	for k, v := range a {
		if old, ok := b[k]; !ok || old != v {
			d[k] = v
		}
	}
	return d
}

// missing returns the keys of a that b has not.
func missing[K comparable, V, W any](a map[K]V, b map[K]W) []K {
	var keys []K
	for k := range a {
		if _, ok := b[k]; !ok {
			keys = append(keys, k)
		}
	}
	return keys
}

func (s *Store) compareHolds(ctx context.Context, tx *sql.Tx, run *engine.Run, d *differences) error {
	holds := make(map[holdKey]string, len(run.Plan.Holds))
	for i := range run.Plan.Holds {
		h := run.Plan.Holds[i]
		body, err := encode(h)
		if err != nil {
			return err
		}
		holds[holdKey{h.Target, h.Field, h.Cause}] = body
	}
	stored := map[holdKey]string{}
	err := each(ctx, tx, "SELECT connector, id, path, element, field, cause, body FROM hold", nil, func(scan func(...any) error) error {
		var k holdKey
		var field, body string
		if err := scan(&k.target.Connector, &k.target.ID, &k.target.Path, &k.target.Element, &field, &k.cause, &body); err != nil {
			return err
		}
		err := k.field.UnmarshalText([]byte(field))
		stored[k] = body
		return err
	})
	d.held, d.ended = newer(holds, stored), missing(stored, holds)
	return err
}

// putIdentity keeps which item a record is of. A record that was handed the item
// of another one after the run looked keeps that.
const putIdentity = `INSERT INTO identity (connector, id, item) VALUES (?, ?, ?)
	ON CONFLICT (connector, id) DO UPDATE SET item = excluded.item
		WHERE NOT EXISTS (SELECT 1 FROM record r WHERE r.connector = excluded.connector AND r.id = excluded.id AND r.moved > ?)`

// putDifferences writes what a run changed that looked at the store as it was at
// the number dataSeq.
func (c *change) putDifferences(ctx context.Context, d differences, dataSeq int64) error {
	for ref, item := range d.identities {
		if err := c.put(ctx, putIdentity, ref.Connector, ref.ID, string(item), dataSeq); err != nil {
			return err
		}
	}
	for i := range d.placed {
		p := &d.placed[i]
		err := c.put(ctx, `INSERT INTO placement (item, place, tier, tier_since, horizon, horizon_since, route, route_since, ranked, score, team, team_place) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (item) DO UPDATE SET place = excluded.place, tier = excluded.tier, tier_since = excluded.tier_since, horizon = excluded.horizon,
				horizon_since = excluded.horizon_since, route = excluded.route, route_since = excluded.route_since, ranked = excluded.ranked, score = excluded.score,
				team = excluded.team, team_place = excluded.team_place`,
			string(p.item), p.Place, p.Tier, p.TierSince.UnixMicro(), p.Horizon, p.HorizonSince.UnixMicro(), string(p.Route), p.RouteSince.UnixMicro(), p.Ranked, p.Score, p.team, p.ofTeam)
		if err != nil {
			return err
		}
	}
	for _, item := range d.displaced {
		if err := c.put(ctx, "DELETE FROM placement WHERE item = ?", string(item)); err != nil {
			return err
		}
	}
	if err := c.putHolds(ctx, d); err != nil {
		return err
	}
	if err := c.putHistory(ctx, d.points); err != nil {
		return err
	}
	if len(d.identities)+len(d.displaced)+len(d.held)+len(d.ended) == 0 && !d.decided {
		return nil
	}
	_, err := c.next(ctx)
	return err
}

const putHold = `INSERT INTO hold (connector, id, path, element, field, cause, body) VALUES (?, ?, ?, ?, ?, ?, ?)
	ON CONFLICT (connector, id, path, element, field, cause) DO UPDATE SET body = excluded.body`

func (c *change) putHolds(ctx context.Context, d differences) error {
	args := func(k holdKey) []any {
		return []any{k.target.Connector, k.target.ID, k.target.Path, k.target.Element, k.field.String(), string(k.cause)}
	}
	for k, body := range d.held {
		err := c.put(ctx, putHold, append(args(k), body)...)
		if err != nil {
			return err
		}
	}
	for _, k := range d.ended {
		err := c.put(ctx, "DELETE FROM hold WHERE connector = ? AND id = ? AND path = ? AND element = ? AND field = ? AND cause = ?", args(k)...)
		if err != nil {
			return err
		}
	}
	return nil
}

func identitiesOf(ctx context.Context, q queryer) (map[work.RefID]work.ItemID, error) {
	m := map[work.RefID]work.ItemID{}
	known := words{}
	err := each(ctx, q, "SELECT connector, id, item FROM identity", nil, func(scan func(...any) error) error {
		var ref work.RefID
		var item work.ItemID
		err := scan(&ref.Connector, &ref.ID, &item)
		ref.Connector = known.word(ref.Connector)
		m[ref] = item
		return err
	})
	return m, err
}

func placementsOf(ctx context.Context, q queryer) (map[work.ItemID]engine.Previous, error) {
	m := map[work.ItemID]engine.Previous{}
	return m, eachPlacement(ctx, q, "", func(item work.ItemID, p engine.Previous) { m[item] = p })
}

// eachPlacement reads placements, with more columns where they are asked for.
func eachPlacement(ctx context.Context, q queryer, columns string, do func(work.ItemID, engine.Previous), more ...any) error {
	known := words{} // many items have the same
	return each(ctx, q, "SELECT item, place, tier, tier_since, horizon, horizon_since, route, route_since, ranked, score"+columns+" FROM placement", nil, func(scan func(...any) error) error {
		var item work.ItemID
		var p engine.Previous
		var tier, horizon, route string
		var tierSince, horizonSince, routeSince int64
		if err := scan(append([]any{&item, &p.Place, &tier, &tierSince, &horizon, &horizonSince, &route, &routeSince, &p.Ranked, &p.Score}, more...)...); err != nil {
			return err
		}
		p.Tier, p.Horizon, p.Route = known.word(tier), known.word(horizon), work.Pointer(known.word(route))
		p.TierSince, p.HorizonSince, p.RouteSince = timeOf(tierSince), timeOf(horizonSince), timeOf(routeSince)
		do(item, p)
		return nil
	})
}

func holdsOf(ctx context.Context, q queryer) ([]work.Hold, error) {
	var holds []work.Hold
	known := words{}
	err := each(ctx, q, "SELECT connector, id, body FROM hold ORDER BY connector, id, path, element, field, cause", nil, func(scan func(...any) error) error {
		var connector, id, body string
		if err := scan(&connector, &id, &body); err != nil {
			return err
		}
		var h work.Hold
		if err := json.Unmarshal([]byte(body), &h); err != nil {
			return damaged("hold at "+connector+":"+id, err)
		}
		t := &h.Target
		t.Connector, t.Path, t.Element, h.Cause = known.word(t.Connector), known.word(t.Path), known.word(t.Element), work.Cause(known.word(string(h.Cause)))
		h.Have, h.Want = h.Have.Sharing(known.word), h.Want.Sharing(known.word)
		holds = append(holds, h)
		return nil
	})
	return exact(holds), err
}
