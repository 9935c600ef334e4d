package view

import (
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
