package view

import (
	"cmp"
	"context"
	"slices"
	"time"

	"tandem/internal/engine"
	"tandem/internal/work"
)

// Was is where an item stood on an earlier day.
type Was struct {
	Place     int    `json:"place"`
	TeamPlace int    `json:"team_place"`
	Horizon   string `json:"horizon,omitempty"`
	Tier      string `json:"tier,omitempty"`
	// Up is by how many places in the team it stands higher now; below 0 lower.
	Up int `json:"up"`
}

// exact is how far down the history tells every place, of all items and of a
// team; further down it tells about where they stood.
const (
	exact       = 1000
	exactOfTeam = 100
)

func wasOf(p *work.Point, d *engine.Decided) *Was {
	was := &Was{Place: p.Place, TeamPlace: p.TeamPlace, Horizon: p.Horizon, Tier: p.Tier}
	if p.Team == d.Item.Team {
		was.Up = p.TeamPlace - d.TeamPlace
	}
	return was
}

// was tells where the items of a list stood on a day: those of which the visitor
// may see everything.
func (l *lens) was(items []Item, all []*engine.Decided, day time.Time) error {
	ids := make([]work.ItemID, 0, len(all))
	for _, d := range all {
		if l.sightOf(d) == everything && d.Place > 0 && (d.Place <= exact || d.TeamPlace <= exactOfTeam) {
			ids = append(ids, d.Item.ID)
		}
	}
	stood, err := l.desk.conf.Store.StoodOn(l.ctx, ids, day)
	if err != nil {
		return err
	}
	for i, d := range all {
		if p, known := stood[d.Item.ID]; known {
			items[i].Was = wasOf(&p, d)
		}
	}
	return nil
}

// Movement is what changed since a day.
type Movement struct {
	// Since is the day, at whose end the order is compared with today's.
	Since string `json:"since"`
	// Known is false where it is not known how the order was: it reaches not so
	// far back.
	Known bool `json:"known"`
	// Moved, Came and Left count items: that stand elsewhere among the first of
	// the order, that are new there, and that left the order.
	Moved int `json:"moved"`
	Came  int `json:"came"`
	Left  int `json:"left"`
	// Causes counts what changed them, as far as runs kept that.
	Causes map[engine.Cause]int `json:"causes"`
	// Items are those, the ones that moved furthest first; the others are Untold.
	Items  []Mover `json:"items"`
	Untold int     `json:"untold,omitempty"`
}

// Mover is an item that came, left or stands elsewhere. What came was nowhere;
// what left has no place.
type Mover struct {
	Item

	Causes []engine.Cause `json:"causes"`
	// Because is why, of the last run that moved it.
	Because string `json:"because,omitempty"`
}

// MovementQuery asks what changed since the end of a day: of all teams where
// Team is empty.
type MovementQuery struct {
	Since time.Time
	Team  string
	// Limit is the most items that are told.
	Limit int
}

// How far it is looked: people read the top of an order, and a run that is older
// tells little of why.
const (
	mostWatched  = 500 // of all teams; of one team exactOfTeam
	mostLeft     = 500
	mostRunsBack = 200
)

// Movement tells what changed since a day among the first 500 of the order, or
// the first 100 of a team: of what the visitor may see everything of.
func (vi *Visit) Movement(q MovementQuery) (Movement, error) {
	l, err := vi.lens()
	if err != nil {
		return Movement{}, err
	}
	v := Movement{Since: q.Since.UTC().Format(time.DateOnly), Causes: map[engine.Cause]int{}, Items: []Mover{}}
	told, err := l.movers(&q, &v)
	if err != nil {
		return Movement{}, err
	}
	why, err := vi.desk.reasons(vi.ctx, q.Since)
	if err != nil {
		return Movement{}, err
	}
	for i := range told {
		m := &told[i]
		m.Causes = []engine.Cause{}
		if move, known := why[m.id]; known {
			m.Causes, m.Because = append(m.Causes, move.Causes...), move.Because
		}
		for _, cause := range m.Causes {
			v.Causes[cause]++
		}
	}
	limit := min(atMost(q.Limit), len(told))
	for i := range told[:limit] {
		v.Items = append(v.Items, told[i].Mover)
	}
	v.Untold = len(told) - limit
	return v, nil
}

// mover is a Mover with what it is put in order by.
type mover struct {
	Mover

	id work.ItemID
	by int
}

// movers compares the first of the order with where they stood, and adds what
// left it.
func (l *lens) movers(q *MovementQuery, v *Movement) ([]mover, error) {
	var first []*engine.Decided
	ids := []work.ItemID{}
	nth, most := 0, mostWatched
	if q.Team != "" {
		most = exactOfTeam
	}
	l.open(q.Team, func(d *engine.Decided) {
		if nth++; nth <= most && l.sightOf(d) == everything {
			first, ids = append(first, d), append(ids, d.Item.ID)
		}
	})
	stood, err := l.desk.conf.Store.StoodOn(l.ctx, ids, q.Since)
	if v.Known = len(stood) > 0; err != nil || !v.Known {
		return nil, err
	}
	var told []mover
	for _, d := range first {
		p, known := stood[d.Item.ID]
		m := mover{Mover: Mover{Item: l.item(d)}, id: d.Item.ID}
		switch {
		case !known:
			v.Came++
		case p.TeamPlace == d.TeamPlace && p.Horizon == d.Horizon && (p.Tier == d.Tier || d.Tier == ""):
			continue
		default:
			v.Moved++
			m.Was = wasOf(&p, d)
			m.by = max(m.Was.Up, -m.Was.Up)
		}
		told = append(told, m)
	}
	left, err := l.left(q)
	v.Left = len(left)
	slices.SortStableFunc(told, func(a, b mover) int { return cmp.Compare(b.by, a.by) })
	return append(told, left...), err
}

// left are the items that left the order since: what is finished now. What is no
// longer there at all cannot be told from what may not be seen.
func (l *lens) left(q *MovementQuery) ([]mover, error) {
	trails, err := l.desk.conf.Store.LeftSince(l.ctx, q.Since, mostLeft)
	if err != nil || len(trails) == 0 {
		return nil, err
	}
	wanted := make(map[work.ItemID]bool, len(trails))
	for _, t := range trails {
		wanted[t.Item] = true
	}
	var told []mover
	for _, d := range l.outcome.Items {
		if wanted[d.Item.ID] && d.Place == 0 && (q.Team == "" || d.Item.Team == q.Team) && l.sightOf(d) == everything {
			told = append(told, mover{Mover: Mover{Item: l.item(d)}, id: d.Item.ID})
		}
	}
	return told, nil
}

// reasons are why items moved since a day, by the newest run that moved them.
func (d *Desk) reasons(ctx context.Context, since time.Time) (map[work.ItemID]engine.Move, error) {
	runs, err := d.conf.Store.KeptRuns(ctx, mostRunsBack)
	if err != nil {
		return nil, err
	}
	why, end := map[work.ItemID]engine.Move{}, since.UTC().Truncate(24*time.Hour).Add(24*time.Hour)
	for i := range runs {
		if runs[i].At.Before(end) {
			break
		}
		s, err := d.conf.Store.StabilityOf(ctx, runs[i].Number)
		if err != nil {
			return nil, err
		}
		if s == nil {
			continue
		}
		for _, m := range s.Moves {
			if _, newer := why[m.Item]; !newer {
				why[m.Item] = m
			}
		}
	}
	return why, nil
}
