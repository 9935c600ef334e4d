package roadmap

import (
	"math"
	"slices"
	"strconv"
	"time"

	"tandem/internal/work"
)

// Spec is the section `roadmap:` of a rule file.
type Spec struct {
	// Now and Next hold some periods of capacity; 1 and 2 where neither is
	// written. Later holds the rest.
	Now   *Horizon `yaml:"now"`
	Next  *Horizon `yaml:"next"`
	Later *Horizon `yaml:"later"`
	// Quarters or Months take the place of now and next.
	Quarters *Calendar `yaml:"quarters" json:"Quarters,omitzero"`
	Months   *Calendar `yaml:"months" json:"Months,omitzero"`
	// Band is how much of a horizon's capacity is left to those who were there
	// before; 5%.
	Band *work.Percent `yaml:"band"`
	// Dwell is how long an item stays in a horizon before it goes elsewhere
	// because of the order; 7d.
	Dwell *work.Span `yaml:"dwell" json:"Dwell,omitzero"`
	// UnknownEffort is assumed where the team has no estimate at all; 3.
	UnknownEffort *float64 `yaml:"unknown_effort"`
}

// Horizon is one of the sections `now:`, `next:`, `later:`.
type Horizon struct {
	// Capacity is in periods of the team's capacity.
	Capacity *float64 `yaml:"capacity"`
	// Frozen keeps the horizon as it is: only people put something in or take
	// something out, and what is finished leaves.
	Frozen bool `yaml:"frozen" json:"Frozen,omitzero"`
}

// Calendar is one of the sections `quarters:` and `months:`.
type Calendar struct {
	// Count is how many of them are planned, the current one among them; 4
	// quarters or 6 months. Later holds the rest.
	Count *int `yaml:"count" json:"Count,omitzero"`
	// Starts is the month in which the first quarter of a year starts; january.
	Starts string `yaml:"starts" json:"Starts,omitzero"`
	// Name spells them; '{year}-Q{quarter}' or '{year}-{month}'.
	Name string `yaml:"name" json:"Name,omitzero"`
	// Frozen keeps the current one as it was when it began.
	Frozen bool `yaml:"frozen" json:"Frozen,omitzero"`
}

// The horizons, and the settings of a rule file that says nothing else.
const (
	Now   = "now"
	Next  = "next"
	Later = "later"

	DefaultNow      = 1.0
	DefaultNext     = 2.0
	DefaultQuarters = 4
	DefaultMonths   = 6
	DefaultBand     = work.Percent(0.05)
	DefaultDwell    = work.Span(7 * 24 * time.Hour)
	DefaultEffort   = 3.0
)

// Plan is a compiled Spec. It is immutable and may be shared. On gives the
// plan of a day.
type Plan struct {
	horizons []horizon // without later
	calendar *calendar // nil where the horizons are now and next
	band     float64
	dwell    time.Duration
	effort   float64
	today    time.Time
}

// horizon is now, next, or a quarter or month of the calendar.
type horizon struct {
	name     string
	periods  float64 // 0 for those of the calendar
	frozen   bool
	from, to time.Time // zero for now and next
}

// On returns the plan as it is on a day: quarters and months move on with the
// calendar.
func (p *Plan) On(asOf time.Time) *Plan {
	today := *p
	today.today = asOf
	if p.calendar != nil {
		today.horizons = p.calendar.horizons(asOf)
	}
	return &today
}

// Horizons returns the names of the horizons, the nearest first: those of the
// day, where they are quarters or months, and all of them without a day.
func (p *Plan) Horizons() []string {
	if p.calendar != nil && p.today.IsZero() {
		return p.Values()
	}
	names := make([]string, 0, len(p.horizons)+1)
	for _, h := range p.horizons {
		names = append(names, h.name)
	}
	return append(names, Later)
}

// Values returns every name that a horizon ever has, whatever the day: the
// labels of quarters that are over are Tandem's own still.
func (p *Plan) Values() []string {
	if p.calendar == nil {
		return p.Horizons()
	}
	return append(slices.Clone(p.calendar.names), Later)
}

// Index returns 1 for the nearest horizon and so on; 0 is none of them.
func (p *Plan) Index(name string) int {
	if name == Later {
		return len(p.horizons) + 1
	}
	return slices.IndexFunc(p.horizons, func(h horizon) bool { return h.name == name }) + 1
}

// Place returns the place of a horizon among all, so that items can be put in
// order by it: a quarter that is over comes first, what is none of them last.
func (p *Plan) Place(name string) int {
	switch i := p.Index(name); {
	case i > 0:
		return i
	case p.over(name):
		return 1
	default:
		return 0
	}
}

// over reports whether the horizon is a quarter or month of the past.
func (p *Plan) over(name string) bool { return p.calendar != nil && p.calendar.over(name, p.today) }

// WithoutCapacity returns what to tell about a team that has no capacity.
func WithoutCapacity(team string) work.Finding {
	return work.Finding{
		Level: work.Warning, Subject: "team " + team,
		What:   "the team has no capacity, so all of its work is " + Later,
		Remedy: "add capacity: {effort: 40, every: 2w} to the team, in its own unit of effort",
	}
}

func positive(f float64) bool { return f > 0 && !math.IsInf(f, 0) }

func number(f float64) string { return strconv.FormatFloat(math.Round(f*100)/100, 'f', -1, 64) }
