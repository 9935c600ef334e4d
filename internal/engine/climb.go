package engine

import (
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"tandem/internal/work"
)

// Climb is what it would take to stand higher: the smallest change of one
// input that does it, with everything else as it is.
type Climb struct {
	// Place leads one place up or more in the team's order, Priority to a more
	// urgent shared priority, Horizon to a nearer horizon.
	Place    []Step `json:"place"`
	Priority []Step `json:"priority"`
	Horizon  []Step `json:"horizon"`
	// PlaceSays, PrioritySays and HorizonSays tell why there is no step.
	PlaceSays    string `json:"place_says,omitempty"`
	PrioritySays string `json:"priority_says,omitempty"`
	HorizonSays  string `json:"horizon_says,omitempty"`
}

// Step is one input that would have to be another.
type Step struct {
	Input string `json:"input"`
	// Text says the change in words: "2 more accounts ask", "effort 3 instead of 5".
	Text string `json:"text"`
	// Place, Priority and Horizon are where the item would stand.
	Place    int    `json:"to_place"`
	Priority string `json:"to_priority,omitempty"`
	Horizon  string `json:"to_horizon,omitempty"`
}

// mostClimbers is how large a team may be: each step orders it anew.
const mostClimbers = 10_000

// Climb tells what it would take to stand higher. It changes one input at a
// time and ranks the team anew, so that caps, capacities and people's choices
// count as they do in a run; that a priority or horizon stays a while (dwell)
// does not.
func (o *Outcome) Climb(rules *Rules, snap *Snapshot, d *Decided) Climb {
	if d.Place == 0 {
		return Climb{}
	}
	rivals := 0
	o.unfinished(func(other *Decided) { rivals += boolean(other.Item.Team == d.Item.Team) })
	if rivals > mostClimbers {
		says := "the team has more than " + strconv.Itoa(mostClimbers) + " open items; that is too much to try"
		return Climb{PlaceSays: says, PrioritySays: says, HorizonSays: says}
	}
	c := climber{bench: newBench(rules, snap, o), d: d, seen: map[string]stand{}}
	c.items = c.team(d.Item.Team)
	c.free()
	for i := range c.items {
		if c.items[i].Item.ID == d.Item.ID {
			c.at = i
		}
	}
	c.now = c.probe("", c.items[c.at])
	return c.climb()
}

// climber tries changes of one item.
type climber struct {
	*bench

	d     *Decided
	items []Decided
	at    int
	now   stand
	seen  map[string]stand
}

// stand is where an item would be.
type stand struct {
	place, tier, horizon int // the smaller the better
	names                [2]string
}

// free lets what stays for a while move at once.
func (c *climber) free() {
	snap := *c.snap
	snap.Previous = make(map[work.ItemID]Previous, len(c.items))
	for i := range c.items {
		id := c.items[i].Item.ID
		p, known := c.snap.Previous[id]
		if !known {
			continue
		}
		if id == c.d.Item.ID {
			p.TierSince, p.HorizonSince = time.Time{}, time.Time{}
		}
		snap.Previous[id] = p
	}
	c.snap = &snap
}

// probe ranks the team with the item changed.
func (c *climber) probe(key string, changed Decided) stand {
	if s, known := c.seen[key]; known {
		return s
	}
	items := make([]*Decided, len(c.items))
	for i := range c.items {
		items[i] = &c.items[i]
	}
	items[c.at] = &changed
	c.order(items)
	s := stand{place: changed.TeamPlace, names: [2]string{changed.Tier, changed.Horizon}}
	s.tier = slices.Index(c.rules.ranker.Tiers(), changed.Tier)
	if s.tier < 0 {
		s.tier = len(c.rules.ranker.Tiers()) // no priority at all is the least
	}
	horizons := c.rules.horizons(c.o.AsOf)
	if s.horizon = slices.Index(horizons, changed.Horizon); s.horizon < 0 {
		s.horizon = len(horizons)
	}
	c.seen[key] = s
	return s
}

func (c *climber) climb() Climb {
	levers := c.levers()
	steps := func(better func(stand) bool) []Step {
		var all []Step
		for _, l := range levers {
			if s, ok := c.smallest(l, better); ok {
				all = append(all, s)
			}
		}
		return all
	}
	const nothing = "no single input does it"
	var x Climb
	if c.now.place > 1 {
		x.Place = steps(func(s stand) bool { return s.place < c.now.place })
		x.PlaceSays = unless(x.Place, nothing)
	} else {
		x.PlaceSays = "nothing: it is first"
	}
	switch {
	case len(c.rules.ranker.Tiers()) == 0:
		x.PrioritySays = "the rules have no tiers"
	case c.now.tier == 0:
		x.PrioritySays = "nothing: it is the most urgent"
	default:
		x.Priority = steps(func(s stand) bool { return s.tier < c.now.tier })
		x.PrioritySays = unless(x.Priority, nothing)
		if s := c.rules.ranker.OfTiers(&c.d.Scored); !s.Known && len(x.Priority) == 0 {
			x.PrioritySays = "not known without " + strings.Join(s.Missing(), ", ")
		}
	}
	switch {
	case c.d.HorizonFixed:
		x.HorizonSays = "a person set it"
	case c.now.horizon == 0:
		x.HorizonSays = "nothing: it is the nearest"
	default:
		x.Horizon = steps(func(s stand) bool { return s.horizon < c.now.horizon })
		x.HorizonSays = unless(x.Horizon, nothing)
	}
	return x
}

func unless(steps []Step, says string) string {
	if len(steps) > 0 {
		return ""
	}
	return says
}

// lever is an input with the values to try, the nearest to today's first.
type lever struct {
	name  string
	way   string // tells levers of one name apart
	tries int
	// pull changes a copy of the item to the i-th value.
	pull func(d *Decided, i int)
	text func(i int) string
}

// smallest finds the first value of a lever that is good enough. More of the
// same is taken to be no worse.
func (c *climber) smallest(l lever, better func(stand) bool) (Step, bool) {
	probe := func(i int) stand {
		key := l.name + l.way + strconv.Itoa(i)
		if s, known := c.seen[key]; known {
			return s
		}
		changed := c.items[c.at].clone()
		l.pull(&changed, i)
		c.score(&changed)
		return c.probe(key, changed)
	}
	if l.tries == 0 || !better(probe(l.tries-1)) {
		return Step{}, false
	}
	i := sort.Search(l.tries-1, func(i int) bool { return better(probe(i)) })
	s := probe(i)
	return Step{Input: l.name, Text: l.text(i), Place: s.place, Priority: s.names[0], Horizon: s.names[1]}, true
}

// mostAccounts is how many more accounts are tried.
const mostAccounts = 100

// levers are what ranking reads and a number can change.
func (c *climber) levers() []lever {
	var all []lever
	if c.rules.reads.rank.Evidence {
		all = append(all, lever{
			name: "accounts", tries: mostAccounts,
			pull: func(d *Decided, i int) { c.ask(d, i+1) },
			text: func(i int) string {
				if i == 0 {
					return "1 more account asks"
				}
				return strconv.Itoa(i+1) + " more accounts ask"
			},
		})
	}
	for _, field := range c.rules.reads.rank.Fields {
		if info := field.Info(); info.Kind != work.Number || info.Hat == work.Derived || field == work.Rank {
			continue
		}
		for i, values := range valuesOf(field, c.items[c.at].Item.Fields.Get(field)) {
			l := c.lever(field, values)
			l.way = [...]string{" up ", " down "}[i]
			all = append(all, l)
		}
	}
	return all
}

// ask lets so many accounts more ask for the item today. What insights and
// usage say stays.
func (c *climber) ask(d *Decided, more int) {
	was := d.Evidence
	d.Evidence, _ = c.rules.evidence.Summarise(c.said(d, more), c.o.AsOf)
	d.Evidence.Insights, d.Evidence.GoalInsights = was.Insights, was.GoalInsights
	d.Evidence.Usage, d.Evidence.UsageTrend = was.Usage, was.UsageTrend
}

func (c *climber) lever(field work.Field, values []float64) lever {
	had := c.items[c.at].Item.Fields.Get(field)
	return lever{
		name: field.String(), tries: len(values),
		pull: func(d *Decided, i int) { d.Item.Fields.Set(field, work.NewNumber(values[i])) },
		text: func(i int) string {
			if !had.Present() {
				return fmt.Sprintf("%s %s (nobody said)", field, spelled(field, values[i]))
			}
			was, _ := had.Number()
			return fmt.Sprintf("%s %s instead of %s", field, spelled(field, values[i]), spelled(field, was))
		},
	}
}

// spelled writes a value as people say it.
func spelled(field work.Field, f float64) string {
	if field == work.Confidence && f <= 1 {
		return strconv.FormatFloat(100*f, 'f', -1, 64) + " %"
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// valuesOf are the values of a field that are tried, upward and downward, the
// nearest first: steps that people take in an estimate. An unknown value is
// tried from both ends.
func valuesOf(field work.Field, had work.Value) [][]float64 {
	scale := scaleOf(field)
	was, known := had.Number()
	if !known {
		down := slices.Clone(scale)
		slices.Reverse(down)
		return [][]float64{scale, down}
	}
	var up, down []float64
	for _, v := range scale {
		switch {
		case v > was:
			up = append(up, v)
		case v < was:
			down = append(down, v)
		default:
		}
	}
	slices.Reverse(down)
	return [][]float64{up, down}
}

func scaleOf(field work.Field) []float64 {
	var scale []float64
	switch field {
	case work.Impact:
		return []float64{0.25, 0.5, 1, 2, 3}
	case work.Confidence:
		for i := 1; i <= 20; i++ {
			scale = append(scale, float64(5*i)/100)
		}
	case work.Effort:
		for v := 0.5; v < 10; v += 0.5 {
			scale = append(scale, v)
		}
		for v := 10.0; v <= 100; v++ {
			scale = append(scale, v)
		}
	case work.Reach:
		for v := 1.0; v <= 1_000_000; v *= 10 {
			for _, f := range []float64{1, 1.5, 2, 3, 4, 5, 6, 8} {
				scale = append(scale, v*f)
			}
		}
	default: // scales of judgement, 1 to 20 at most
		for v := 1.0; v <= 20; v++ {
			scale = append(scale, v)
		}
	}
	return scale
}
