package roadmap

import (
	"time"

	"tandem/internal/work"
)

// compiler gathers mistakes.
type compiler struct {
	plan     *Plan
	problems []work.Problem
}

func (c *compiler) mistake(at work.Pointer, what, remedy string) {
	c.problems = append(c.problems, work.Problem{At: at, What: what, Remedy: remedy})
}

// Compile checks the spec and returns its plan. It reports all mistakes at
// once; the plan is nil if there is one.
func Compile(at work.Pointer, spec Spec) (*Plan, []work.Problem) {
	c := &compiler{plan: &Plan{band: float64(DefaultBand), dwell: time.Duration(DefaultDwell), effort: DefaultEffort}}
	if spec.Quarters != nil || spec.Months != nil {
		c.calendars(at, &spec)
	} else {
		c.horizons(at, &spec)
	}
	if spec.Later != nil && spec.Later.Capacity != nil {
		c.mistake(at.Key(Later).Key("capacity"), "later holds the rest and has no capacity", "remove it")
	}
	if spec.Later != nil && spec.Later.Frozen {
		c.mistake(at.Key(Later).Key("frozen"), "later holds the rest, so it cannot be frozen", "remove it")
	}
	c.stability(at, &spec)
	if len(c.problems) > 0 {
		return nil, c.problems
	}
	return c.plan, nil
}

func (c *compiler) stability(at work.Pointer, spec *Spec) {
	if spec.Band != nil {
		if !(*spec.Band >= 0 && *spec.Band <= 0.5) {
			c.mistake(at.Key("band"), "a band is a share of the capacity, at most 50%", "write 5%")
		}
		c.plan.band = float64(*spec.Band)
	}
	if spec.Dwell != nil {
		const most = 366 * 24 * time.Hour
		if *spec.Dwell < 0 || time.Duration(*spec.Dwell) > most {
			c.mistake(at.Key("dwell"), "an item dwells in a horizon for a year at most", "write 7d")
		}
		c.plan.dwell = time.Duration(*spec.Dwell)
	}
	if spec.UnknownEffort != nil {
		if !positive(*spec.UnknownEffort) {
			c.mistake(at.Key("unknown_effort"), "an effort is a number above 0", "write "+number(DefaultEffort)+", or the usual size of your work")
		}
		c.plan.effort = *spec.UnknownEffort
	}
}

// horizons compiles now and next.
func (c *compiler) horizons(at work.Pointer, spec *Spec) {
	for _, h := range []struct {
		name string
		spec *Horizon
	}{{Now, spec.Now}, {Next, spec.Next}} {
		switch {
		case h.spec == nil:
		case h.spec.Capacity == nil:
			c.mistake(at.Key(h.name), h.name+" has no capacity", "write how many periods of the team's capacity it holds, such as {capacity: 1}")
		case !positive(*h.spec.Capacity):
			c.mistake(at.Key(h.name).Key("capacity"), "a capacity is a number above 0", "write how many periods of the team's capacity "+h.name+" holds")
		default:
			c.plan.horizons = append(c.plan.horizons, horizon{name: h.name, periods: *h.spec.Capacity, frozen: h.spec.Frozen})
		}
	}
	switch {
	case spec.Now == nil && spec.Next == nil:
		c.plan.horizons = []horizon{{name: Now, periods: DefaultNow}, {name: Next, periods: DefaultNext}}
	case spec.Now == nil:
		c.mistake(at, "nothing comes before next", "add now: {capacity: 1}")
	}
}

// calendars compiles quarters or months, one of which takes the place of now
// and next.
func (c *compiler) calendars(at work.Pointer, spec *Spec) {
	if spec.Quarters != nil && spec.Months != nil {
		c.mistake(at.Key("months"), "the roadmap has quarters already", "keep quarters or months")
	}
	for _, h := range []struct {
		name string
		spec *Horizon
	}{{Now, spec.Now}, {Next, spec.Next}} {
		if h.spec != nil {
			c.mistake(at.Key(h.name), h.name+" does not go with quarters or months", "keep one kind of horizon: the current quarter or month is what now was")
		}
	}
	if spec.Quarters != nil {
		c.plan.calendar = c.calendar(at.Key("quarters"), spec.Quarters, quarterly())
		return
	}
	c.plan.calendar = c.calendar(at.Key("months"), spec.Months, monthly())
}
