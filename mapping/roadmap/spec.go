package roadmap

import (
	"math"
	"slices"
	"strconv"

	"tandem/internal/work"
)

// Spec is the section `roadmap:` of a rule file.
type Spec struct {
	// Now and Next hold some periods of capacity; 1 and 2 where neither is
	// written. Later holds the rest.
	Now   *Horizon `yaml:"now"`
	Next  *Horizon `yaml:"next"`
	Later *Horizon `yaml:"later"`
	// Band is how much of a horizon's capacity is left to those who were there
	// before; 5%.
	Band *work.Percent `yaml:"band"`
	// UnknownEffort is assumed where the team has no estimate at all; 3.
	UnknownEffort *float64 `yaml:"unknown_effort"`
}

// Horizon is one of the sections `now:`, `next:`, `later:`.
type Horizon struct {
	// Capacity is in periods of the team's capacity.
	Capacity *float64 `yaml:"capacity"`
}

// The horizons, and the settings of a rule file that says nothing else.
const (
	Now   = "now"
	Next  = "next"
	Later = "later"

	DefaultNow    = 1.0
	DefaultNext   = 2.0
	DefaultBand   = work.Percent(0.05)
	DefaultEffort = 3.0
)

// Plan is a compiled Spec. It is immutable and may be shared.
type Plan struct {
	horizons []horizon // without later
	band     float64
	effort   float64
}

type horizon struct {
	name    string
	periods float64
}

// Compile checks the spec and returns its plan. It reports all mistakes at
// once; the plan is nil if there is one.
func Compile(at work.Pointer, spec Spec) (*Plan, []work.Problem) {
	p := &Plan{band: float64(DefaultBand), effort: DefaultEffort}
	var problems []work.Problem
	problem := func(at work.Pointer, what, remedy string) {
		problems = append(problems, work.Problem{At: at, What: what, Remedy: remedy})
	}
	for _, h := range []struct {
		name string
		spec *Horizon
	}{{Now, spec.Now}, {Next, spec.Next}} {
		switch {
		case h.spec == nil:
		case h.spec.Capacity == nil:
			problem(at.Key(h.name), h.name+" has no capacity", "write how many periods of the team's capacity it holds, such as {capacity: 1}")
		case !positive(*h.spec.Capacity):
			problem(at.Key(h.name).Key("capacity"), "a capacity is a number above 0", "write how many periods of the team's capacity "+h.name+" holds")
		default:
			p.horizons = append(p.horizons, horizon{h.name, *h.spec.Capacity})
		}
	}
	switch {
	case spec.Now == nil && spec.Next == nil:
		p.horizons = []horizon{{Now, DefaultNow}, {Next, DefaultNext}}
	case spec.Now == nil:
		problem(at, "nothing comes before next", "add now: {capacity: 1}")
	}
	if spec.Later != nil && spec.Later.Capacity != nil {
		problem(at.Key(Later).Key("capacity"), "later holds the rest and has no capacity", "remove it")
	}
	if spec.Band != nil {
		if *spec.Band < 0 || *spec.Band > 0.5 {
			problem(at.Key("band"), "a band is a share of the capacity, at most 50%", "write 5%")
		}
		p.band = float64(*spec.Band)
	}
	if spec.UnknownEffort != nil {
		if !positive(*spec.UnknownEffort) {
			problem(at.Key("unknown_effort"), "an effort is a number above 0", "write "+number(DefaultEffort)+", or the usual size of your work")
		}
		p.effort = *spec.UnknownEffort
	}
	if len(problems) > 0 {
		return nil, problems
	}
	return p, nil
}

// Horizons returns the names of the horizons, the nearest first.
func (p *Plan) Horizons() []string {
	names := make([]string, 0, len(p.horizons)+1)
	for _, h := range p.horizons {
		names = append(names, h.name)
	}
	return append(names, Later)
}

// Index returns 1 for the nearest horizon and so on; 0 is none of them.
func (p *Plan) Index(name string) int {
	if name == Later {
		return len(p.horizons) + 1
	}
	return slices.IndexFunc(p.horizons, func(h horizon) bool { return h.name == name }) + 1
}

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
