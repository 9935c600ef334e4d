package engine

import (
	"cmp"
	"slices"
	"time"

	"tandem/internal/work"

	"tandem/mapping"
	"tandem/mapping/roadmap"
)

// HorizonSince is when the item's horizon became so; zero where nobody knows.
func (d *Decided) HorizonSince() time.Time {
	if d.stay == nil {
		return time.Time{}
	}
	return d.stay.since
}

// wish is what the roadmap reads of an item, but for where it stood and what it
// needs.
func (d *Decided) wish() roadmap.Item {
	return roadmap.Item{
		ID: d.Item.ID, Effort: d.asRanked(work.Effort), Fixed: cmp.Or(fixedHorizon(d), d.Words.moved()),
		Target: dateOf(d, work.TargetDate), Launch: dateOf(d, work.LaunchDate),
	}
}

// dateOf reads a date, which rules may have mapped to a text.
func dateOf(d *Decided, field work.Field) time.Time {
	v := d.asRanked(field)
	if t, ok := v.Time(); ok {
		return t
	}
	if !v.Present() {
		return time.Time{}
	}
	t, err := time.Parse(time.DateOnly, v.Text())
	if err != nil {
		return time.Time{}
	}
	return t
}

// assign notes the horizon of an item, and since when it has it.
func (d *Decided) assign(a *roadmap.Assignment, wish *roadmap.Item, asOf time.Time, stays map[tenure]*tenure) {
	d.Horizon, d.HorizonBecause, d.HorizonFixed, d.HorizonRisk = a.Horizon, a.Because, a.Fixed, a.Risk
	d.move()
	s := tenure{a.Horizon, asOf}
	if wish.Previous == a.Horizon {
		s.since = wish.Since
	}
	if d.stay != nil && *d.stay == s {
		return
	}
	if d.stay = stays[s]; d.stay == nil {
		kept := s
		d.stay, stays[s] = &kept, &kept
	}
}

// beyond tells of items that need work of another team which comes later: teams
// plan by themselves, so nothing is moved for it.
func (e *evaluation) beyond(today *roadmap.Plan) {
	if len(e.ranking.needs) == 0 {
		return
	}
	find := e.byItem()
	e.unfinished(func(d *Decided) {
		in := today.Place(d.Horizon)
		for _, n := range e.ranking.needs[d.Item.ID] {
			other := find(n.ID)
			at := today.Place(other.Horizon)
			if other.Item.Team == d.Item.Team || in == 0 || d.Horizon == roadmap.Later || at > 0 && at <= in {
				continue
			}
			risk := "it needs " + n.Key + " of team " + teamName(other) + " first, which is " + other.Horizon
			if d.HorizonRisk == "" {
				d.HorizonRisk, d.HorizonBecause = risk, d.HorizonBecause+"; at risk: "+risk
				continue
			}
			d.HorizonRisk, d.HorizonBecause = d.HorizonRisk+", and "+risk, d.HorizonBecause+", and "+risk
		}
	})
}

// risks tells what the roadmap cannot keep: dates, and what has to come first.
func (e *evaluation) risks(o *Outcome) {
	if !e.ranking.tied { // else others may be at risk too
		slices.SortFunc(e.atRisk, func(a, b int32) int { return cmp.Compare(e.items[a].Place, e.items[b].Place) })
	} else {
		e.atRisk = e.open
	}
	for _, at := range e.atRisk {
		d := &e.items[at]
		if d.HorizonRisk == "" {
			continue
		}
		o.Plan.Findings = append(o.Plan.Findings, work.Finding{
			Level: work.Warning, Subject: d.Item.Key() + " " + work.Horizon.String(),
			What:   "at risk: " + d.HorizonRisk,
			Remedy: "move the date, split the work, or set its horizon by hand",
		})
	}
}

// Writes returns what Tandem may write at the places of a connector on a day:
// of quarters, those of the roadmap as it is then.
func (r *Rules) Writes(connector string, places []string, day time.Time) []mapping.Written {
	return r.program.WritesOf(connector, places, map[work.Field][]string{work.Horizon: r.roadmap.On(day.UTC()).Horizons()})
}
