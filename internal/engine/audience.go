package engine

import (
	"slices"

	"tandem/internal/work"

	"tandem/mapping/expression"
)

// reads is what derived values depend on, known at load time (promise S7).
type reads struct {
	// rank is what scores, places, tiers and horizons depend on, route what
	// routes do, and readiness what the reasons not to start do.
	rank, route, readiness expression.Reads
	// sees tells what of the ranking routes look at, and whether they look at
	// readiness; place also whether anything else looks at places.
	sees struct{ score, horizon, priority, readiness, place bool }
}

func (r *Rules) readsOf() reads {
	var all reads
	all.rank = r.ranker.Reads()
	if r.ranker != nil {
		// The order goes by horizons that people set, and horizons are filled by
		// effort, team by team; what an item needs stands ahead of it.
		all.rank = all.rank.Merge(expression.Reads{Fields: []work.Field{work.Horizon, work.Effort, work.Dependencies}, Parts: true})
	}
	for _, ready := range r.readiness {
		all.readiness = all.readiness.Merge(ready.when.Reads())
	}
	all.route = r.tree.Reads()
	if all.sees.readiness = slices.Contains(all.route.Fields, work.Readiness); all.sees.readiness {
		all.route = all.route.Merge(all.readiness) // it is derived where nobody wrote it
	}
	has := func(fields ...work.Field) bool {
		return slices.ContainsFunc(fields, func(f work.Field) bool { return slices.Contains(all.route.Fields, f) })
	}
	all.sees.score, all.sees.horizon, all.sees.priority = has(work.Score, work.Place), has(work.Horizon), has(work.Priority)
	all.sees.place = has(work.Place) || slices.Contains(all.readiness.Fields, work.Place) || r.program.Rule(work.Place) != nil
	return all
}

// routedByRank reports whether routes look at what ranking finds for the item:
// a horizon or priority that people and owners did not set. It is asked before
// the item shows these.
func (r *reads) routedByRank(item *work.Item) bool {
	derived := func(f work.Field) bool { return !item.Fields.Get(f).Known() }
	return r.sees.score || r.sees.horizon && derived(work.Horizon) || r.sees.priority && derived(work.Priority)
}

// rankAudience is that of what ranking found: it is as strict as the item's
// records and the feedback that counted.
func (r *Rules) rankAudience(d *Decided) work.Audience { return d.audienceOf(&r.reads.rank) }

// routeAudience is that of what routes found, by ranking or not.
func (r *Rules) routeAudience(d *Decided) work.Audience {
	audience := d.audienceOf(&r.reads.route)
	if d.RoutedByRank {
		audience = audience.And(r.rankAudience(d))
	}
	return audience
}

// RouteAudience is the audience of who must act on an item, and why.
func (r *Rules) RouteAudience(d *Decided) work.Audience {
	return r.routeAudience(d).And(d.Item.Audience)
}

// explanationAudience is that of everything that an explanation may tell.
func (r *Rules) explanationAudience(d *Decided) work.Audience {
	return r.rankAudience(d).And(r.routeAudience(d)).And(d.audienceOf(&r.reads.readiness)).And(d.Item.Audience)
}

// audienceOf is the audience of what reads that much. Reading any field of the
// item counts all its records.
func (d *Decided) audienceOf(reads *expression.Reads) work.Audience {
	audience := work.Public
	if len(reads.Fields) > 0 || reads.Parts || reads.Goal {
		audience = d.Item.Audience
	}
	if reads.Evidence {
		audience = audience.And(d.Voices)
	}
	return audience
}
