package evidence

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"tandem/internal/work"
)

// Program is a compiled Spec. It is immutable and may be shared.
type Program struct {
	halfLife  map[string]float64 // days, by kind or method
	otherwise float64            // days
	limit     int                // signals per account
	weights   map[work.Method]float64

	join     Join
	segments map[string]float64  // by folded name
	metrics  map[string][]string // target → names of usage, sorted
	rules    []condition

	connectors map[string]bool
	tags       map[string][]string // folded tag → targets, sorted
	phrases    []phrase
	places     map[string]place    // by folded name
	patterns   map[string][]string // folded, by connector
}

// Compile checks the spec and returns its program. It reports all mistakes at
// once; the program is nil if there is one. The connectors are the names that
// targets may begin with.
func Compile(at work.Pointer, spec Spec, connectors []string) (*Program, []work.Problem) {
	c := compiler{p: &Program{
		halfLife:   make(map[string]float64, len(spec.HalfLife.By)),
		otherwise:  DefaultHalfLife.Days(),
		limit:      DefaultCapPerAccount,
		weights:    make(map[work.Method]float64),
		connectors: make(map[string]bool, len(connectors)),
		tags:       make(map[string][]string),
		metrics:    make(map[string][]string),
	}, connectors: connectors}
	for _, name := range connectors {
		c.p.connectors[name] = true
	}
	c.halfLives(at.Key("half_life"), spec.HalfLife)
	c.cap(at.Key("cap_per_account"), spec.CapPerAccount)
	c.methods(at.Key("methods"), spec.Methods)
	c.joins(at.Key("join"), spec.Join)
	c.segments(at.Key("segments"), spec.Segments)
	for i, rule := range spec.Link {
		c.rule(at.Key("link").Index(i), rule)
	}
	for tag, targets := range c.p.tags {
		slices.Sort(targets)
		c.p.tags[tag] = slices.Compact(targets)
	}
	for target, names := range c.p.metrics {
		slices.Sort(names)
		c.p.metrics[target] = slices.Compact(names)
	}
	if len(c.problems) > 0 {
		return nil, c.problems
	}
	return c.p, nil
}

type compiler struct {
	p          *Program
	connectors []string
	problems   []work.Problem
}

func (c *compiler) problem(at work.Pointer, what, remedy string) {
	c.problems = append(c.problems, work.Problem{At: at, What: what, Remedy: remedy})
}

// unknown reports a key that nobody knows.
func (c *compiler) unknown(at work.Pointer, what, remedy string) {
	c.problems = append(c.problems, work.Problem{At: at, What: what, Remedy: remedy, Key: true})
}

func (c *compiler) halfLives(at work.Pointer, spec HalfLife) {
	const remedy = "write a length of time such as 90d"
	if spec.Default != nil {
		if *spec.Default <= 0 {
			c.problem(at.Key("default"), "a half-life is longer than nothing", remedy)
		}
		c.p.otherwise = spec.Default.Days()
	}
	for _, name := range slices.Sorted(maps.Keys(spec.By)) {
		if spec.By[name] <= 0 {
			c.problem(at.Key(name), "a half-life is longer than nothing", remedy)
		}
		c.p.halfLife[name] = spec.By[name].Days()
	}
}

func (c *compiler) cap(at work.Pointer, limit *int) {
	switch {
	case limit == nil:
	case *limit < 1:
		c.problem(at, strconv.Itoa(*limit)+" signals per account would leave no evidence", "write 1 or more; 3 is the default")
	default:
		c.p.limit = *limit
	}
}

func (c *compiler) methods(at work.Pointer, spec map[string]float64) {
	for _, m := range work.Methods() {
		c.p.weights[m] = DefaultWeight(m)
	}
	for _, name := range slices.Sorted(maps.Keys(spec)) {
		if !slices.Contains(work.Methods(), work.Method(name)) {
			c.unknown(at.Key(name), "there is no method "+strconv.Quote(name), work.Suggest(name, methodNames()))
			continue
		}
		if weight := spec[name]; !(weight >= 0 && weight <= MaxWeight) {
			c.problem(at.Key(name), "a weight is a number from 0 to "+strconv.Itoa(MaxWeight), "interview is 1 and review is 0.25 by default")
		}
		c.p.weights[work.Method(name)] = spec[name]
	}
}

// Join tells by which keys persons and accounts are joined.
func (p *Program) Join() Join { return p.join }

func (c *compiler) joins(at work.Pointer, spec Join) {
	for _, of := range []Party{PersonParty, AccountParty} {
		keys := spec.names(of)
		for i, key := range keys {
			where := at.Key(string(of)).Index(i)
			switch {
			case key == "" || strings.ContainsAny(key, "=: ") || strings.ToLower(key) != key:
				c.problem(where, strconv.Quote(key)+" is no name of a key", "write it as the connector gives it, such as email, user_id, account_id or domain")
			case slices.Contains(keys[:i], key):
				c.problem(where, "the key "+key+" is named twice", "keep one of them: the first joins best")
			}
		}
	}
	c.p.join = spec.orDefault()
}

func (c *compiler) segments(at work.Pointer, spec map[string]float64) {
	c.p.segments = make(map[string]float64, len(spec))
	for _, name := range slices.Sorted(maps.Keys(spec)) {
		if weight := spec[name]; !(weight >= 0 && weight <= MaxWeight) {
			c.problem(at.Key(name), "a weight is a number from 0 to "+strconv.Itoa(MaxWeight), "1 changes nothing, 2 counts twice, 0.5 half")
		}
		if _, twice := c.p.segments[foldTag(name)]; twice {
			c.unknown(at.Key(name), "the segment "+strconv.Quote(name)+" is named twice, in other letters", "keep one of them")
		}
		c.p.segments[foldTag(name)] = spec[name]
	}
}

// target checks "connector:key" and returns it trimmed.
func (c *compiler) target(at work.Pointer, text string) string {
	connector, key, ok := work.ParseRef(text)
	switch {
	case !ok:
		c.problem(at, strconv.Quote(text)+" is no reference", "write connector:key, such as jira:PAY-12")
	case !c.p.connectors[connector]:
		c.problem(at, "there is no connector "+strconv.Quote(connector), work.Suggest(connector, c.connectors))
	}
	return connector + ":" + strings.TrimSpace(key)
}

func foldTag(tag string) string { return fold(strings.TrimSpace(tag)) }
