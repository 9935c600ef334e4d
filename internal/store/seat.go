package store

import (
	"cmp"
	"context"
	"math"
	"slices"

	"tandem/internal/engine"
	"tandem/internal/work"

	"tandem/mapping/evidence"
)

// stand is where an item stands, also in the order of its team.
type stand struct {
	engine.Previous

	team   string
	ofTeam int
}

// point is what the history tells of an item on a day. Scores are hundredths.
type point struct {
	item             work.ItemID
	day              int32
	team             string
	place, ofTeam    int
	score, low, high int
	horizon, tier    string
}

// lastStand is the stand of one item, and whether it the run knows it.
type lastStand struct {
	item work.ItemID
	stand

	known bool
}

// standsOf reads where items stood.
func standsOf(ctx context.Context, q queryer) (map[work.ItemID]*lastStand, error) {
	stood := map[work.ItemID]*lastStand{}
	var team string
	var ofTeam int
	known := words{}
	err := eachPlacement(ctx, q, ", team, team_place", func(item work.ItemID, p engine.Previous) {
		stood[item] = &lastStand{item: item, stand: stand{p, known.word(team), ofTeam}}
	}, &team, &ofTeam)
	return stood, err
}

// comparePlaces finds what differs from where items stood, and what of it the
// history tells: all of it where a run before was cut short in telling. Of a run
// without seats the order of the run before goes on.
func (d *differences) comparePlaces(run *engine.Run, stood map[work.ItemID]*lastStand, all bool) {
	day := evidence.DayNumber(run.AsOf)
	seats := make(map[work.ItemID]*engine.Seat, len(run.Seats))
	for i := range run.Seats {
		seats[run.Seats[i].Item] = &run.Seats[i]
	}
	none := new(lastStand)
	for item, p := range run.Placements {
		p.TierSince, p.HorizonSince, p.RouteSince = moment(p.TierSince), moment(p.HorizonSince), moment(p.RouteSince)
		was, known := stood[item]
		if was == nil {
			was = none
		}
		was.known = true
		is, seat := stand{p, was.team, was.ofTeam}, seats[item]
		switch {
		case seat != nil:
			is.team, is.ofTeam = seat.Team, seat.Place
		case p.Place == 0:
			is.ofTeam = 0
		}
		if !known || is != was.stand {
			d.placed = append(d.placed, lastStand{item: item, stand: is})
			d.decided = d.decided || !known || p != was.Previous
		}
		if (all || worthAPoint(&was.stand, &is)) && (seat != nil || p.Place == 0 && was.Place > 0) {
			d.points = append(d.points, pointOf(item, day, &is, seat))
		}
	}
	for item, was := range stood {
		if was.known {
			continue
		}
		if d.displaced = append(d.displaced, item); was.Place > 0 {
			d.points = append(d.points, point{item: item, day: day, team: was.team})
		}
	}
	slices.SortFunc(d.points, func(a, b point) int { return cmp.Or(cmp.Compare(a.place, b.place), cmp.Compare(a.item, b.item)) })
}

// pointOf is what the history tells; seat is nil of an item that left the order.
func pointOf(item work.ItemID, day int32, is *stand, seat *engine.Seat) point {
	if seat == nil {
		return point{item: item, day: day, team: is.team}
	}
	return point{
		item: item, day: day, team: is.team, place: is.Place, ofTeam: is.ofTeam,
		score: hundredths(is.Score), low: hundredths(seat.Low), high: hundredths(seat.High), horizon: is.Horizon, tier: is.Tier,
	}
}

// Places that the history tells one by one: the first ones of all, and of each
// team. Further down it tells when an item comes to another step.
const (
	watched       = 1000
	watchedOfTeam = 100
	step          = 1.05
)

// worthAPoint is the rule of the history: the item came or left, its team,
// horizon or shared priority is another one, its place or its score differs as
// far as people look at it. Both are steps of the value alone, so that small
// changes that follow each other are told when they add up.
func worthAPoint(was, is *stand) bool {
	near := was.near() || is.near()
	return (was.Place == 0) != (is.Place == 0) || was.team != is.team || was.Horizon != is.Horizon || was.Tier != is.Tier ||
		stepOf(was.Place) != stepOf(is.Place) || min(was.ofTeam, watchedOfTeam+1) != min(is.ofTeam, watchedOfTeam+1) ||
		scoreStep(was.Score, near) != scoreStep(is.Score, near)
}

// near reports whether people look at every move of who stands there.
func (s *stand) near() bool {
	return s.Place > 0 && s.Place <= watched || s.ofTeam > 0 && s.ofTeam <= watchedOfTeam
}

// stepOf is the place itself, or the step on which it lies.
func stepOf(place int) int {
	if place <= watched {
		return place
	}
	return watched + 1 + int(math.Log(float64(place)/watched)/math.Log(step))
}

// scoreStep is the score as people read it where they look: to a tenth of a
// point. Elsewhere it is whole points.
func scoreStep(score float64, near bool) int {
	if near {
		return int(math.Round(bounded(score) * 10))
	}
	return int(math.Round(bounded(score)))
}

func hundredths(score float64) int { return int(math.Round(bounded(score) * 100)) }

// bounded keeps a number within what the column holds.
func bounded(score float64) float64 {
	const most = 1e6
	if math.IsNaN(score) {
		return 0
	}
	return min(max(score, -most), most)
}
