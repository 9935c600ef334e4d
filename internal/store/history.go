package store

import (
	"context"
	"slices"
	"time"

	"tandem/internal/work"

	"tandem/mapping/evidence"
)

// KeepHistory is how long it is kept where items stood.
const KeepHistory = 400 * day

// pointsAtOnce is how many points one transaction writes. Where a run has more,
// the others follow in transactions of their own, and historyMeta says so until
// the last one is written: a run that finds it there writes all points anew.
const (
	pointsAtOnce = 1000
	historyMeta  = "history"
)

// putHistory writes the first points. Seq stays: no decision reads them.
func (c *change) putHistory(ctx context.Context, points []point) error {
	if len(points) > pointsAtOnce {
		if err := c.setMeta(ctx, historyMeta, "unfinished"); err != nil {
			return err
		}
	}
	return c.putPoints(ctx, points[:min(pointsAtOnce, len(points))])
}

func (c *change) putPoints(ctx context.Context, points []point) error {
	for i := range points {
		p := &points[i]
		err := c.put(ctx, `INSERT INTO history (item, day, team, place, team_place, score, low, high, horizon, tier) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (item, day) DO UPDATE SET team = excluded.team, place = excluded.place, team_place = excluded.team_place, score = excluded.score,
				low = excluded.low, high = excluded.high, horizon = excluded.horizon, tier = excluded.tier`,
			string(p.item), p.day, p.team, p.place, p.ofTeam, p.score, p.low, p.high, p.horizon, p.tier)
		if err != nil {
			return err
		}
	}
	return nil
}

// finishHistory writes the points that were too many for the transaction of the
// run. The run is stored by then: where this fails, the next one makes up for it.
func (s *Store) finishHistory(ctx context.Context, points []point) {
	if len(points) <= pointsAtOnce {
		return
	}
	const act = "store where items stood"
	for part := range slices.Chunk(points[pointsAtOnce:], pointsAtOnce) {
		err := s.change(ctx, act, normal, func(ctx context.Context, c *change) error {
			if err := c.fence(ctx, work.Deciding); err != nil {
				return err
			}
			return c.putPoints(ctx, part)
		})
		if err != nil {
			s.log.Warn("the history of the order is written with the next run", "err", err)
			return
		}
	}
	err := s.change(ctx, act, normal, func(ctx context.Context, c *change) error {
		if err := c.fence(ctx, work.Deciding); err != nil {
			return err
		}
		return c.put(ctx, "DELETE FROM meta WHERE key = ?", historyMeta)
	})
	if err != nil {
		s.log.Warn("the history of the order is written with the next run", "err", err)
	}
}

const pointColumns = "day, team, place, team_place, score, low, high, horizon, tier"

func scanPoint(scan func(...any) error, before ...any) (work.Point, error) {
	var p work.Point
	var day, score, low, high int64
	err := scan(append(before, &day, &p.Team, &p.Place, &p.TeamPlace, &score, &low, &high, &p.Horizon, &p.Tier)...)
	p.Day = time.Unix(day*24*60*60, 0).UTC()
	p.Score, p.Low, p.High = float64(score)/100, float64(low)/100, float64(high)/100
	return p, err
}

// HistoryOf returns where an item stood since a day, the oldest point first. The
// first one may be older than that: it says where the item stood on that day.
// Between points it stood as the one before says, or so near that nobody would
// see the difference.
func (s *Store) HistoryOf(ctx context.Context, item work.ItemID, since time.Time) ([]work.Point, error) {
	points := []work.Point{}
	err := each(ctx, s.reader, "SELECT "+pointColumns+` FROM history WHERE item = ?1
		AND day >= coalesce((SELECT max(day) FROM history WHERE item = ?1 AND day <= ?2), ?2) ORDER BY day`,
		[]any{string(item), evidence.DayNumber(since)}, func(scan func(...any) error) error {
			p, err := scanPoint(scan)
			points = append(points, p)
			return err
		})
	return points, s.fault("read where an item stood", err)
}

// MostTop is how many places from the top HistoryOfTop tells.
const MostTop = watchedOfTeam

// HistoryOfTop returns the items that stood among the first n since a day, of a
// team or, where team is empty, of all, each with its points as HistoryOf tells
// them. Items follow each other by the best place that they had, then by id.
func (s *Store) HistoryOfTop(ctx context.Context, team string, n int, since time.Time) ([]work.Trail, error) {
	n = min(max(n, 0), MostTop)
	top, args := "SELECT DISTINCT item FROM history WHERE place BETWEEN 1 AND 100 AND place <= ?1", []any{n, evidence.DayNumber(since)}
	if team != "" {
		top, args = "SELECT DISTINCT item FROM history WHERE team_place BETWEEN 1 AND 100 AND team_place <= ?1 AND team = ?3", append(args, team)
	}
	var trails []work.Trail
	err := each(ctx, s.reader, "SELECT h.item, "+pointColumns+" FROM ("+top+`) t JOIN history h ON h.item = t.item
		WHERE h.day >= coalesce((SELECT max(b.day) FROM history b WHERE b.item = t.item AND b.day <= ?2), ?2) ORDER BY h.item, h.day`, args,
		func(scan func(...any) error) error {
			var item work.ItemID
			p, err := scanPoint(scan, &item)
			if len(trails) == 0 || trails[len(trails)-1].Item != item {
				trails = append(trails, work.Trail{Item: item})
			}
			last := &trails[len(trails)-1]
			last.Points = append(last.Points, p)
			return err
		})
	return bestFirst(trails, team, n), s.fault("read how the order was", err)
}

// bestFirst keeps the trails that reach the first n, those that came highest
// first.
func bestFirst(trails []work.Trail, team string, n int) []work.Trail {
	best := func(t work.Trail) int {
		highest := MostTop + 1
		for _, p := range t.Points {
			switch place := p.TeamPlace; {
			case team == "" && p.Place > 0:
				highest = min(highest, p.Place)
			case team != "" && p.Team == team && place > 0:
				highest = min(highest, place)
			}
		}
		return highest
	}
	kept := slices.DeleteFunc(trails, func(t work.Trail) bool { return best(t) > n })
	slices.SortStableFunc(kept, func(a, b work.Trail) int { return best(a) - best(b) })
	return kept
}

// pruneHistory forgets where items stood long ago, but for the last point before
// then of each that is in the order still.
func (s *Store) pruneHistory(ctx context.Context, before time.Time) error {
	const act = "prune the history of the order"
	type at struct {
		item string
		day  int64
	}
	var old []at
	err := each(ctx, s.reader, `SELECT h.item, h.day FROM history h WHERE h.day < ?1 AND (h.place = 0 OR EXISTS
		(SELECT 1 FROM history n WHERE n.item = h.item AND n.day > h.day AND n.day <= ?1))`, []any{evidence.DayNumber(before)},
		func(scan func(...any) error) error {
			var a at
			err := scan(&a.item, &a.day)
			old = append(old, a)
			return err
		})
	if err != nil {
		return s.fault(act, err)
	}
	for part := range slices.Chunk(old, pruneSlice) {
		err := s.change(ctx, act, normal, func(ctx context.Context, c *change) error {
			for _, a := range part {
				if err := c.put(ctx, "DELETE FROM history WHERE item = ? AND day = ?", a.item, a.day); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
