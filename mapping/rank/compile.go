package rank

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"tandem/internal/work"
	"tandem/mapping/expression"
)

// Ranker is a compiled Spec. It is immutable and may be shared.
type Ranker struct {
	why, next *lens // the same where one lens answers both questions
	order     []string
	tiers     []tier // the most urgent first
	ofWhy     bool   // the tiers are of the lens why
	assume    bool   // the tier of an unknown score is that of its prior
	margin    float64
	dwell     time.Duration
}

// tier is one shared priority.
type tier struct {
	name  string
	least float64
}

// Compile checks the spec and returns its ranker. It reports all mistakes at
// once; the ranker is nil if there is one. A section without any method is
// rice; the zero Spec gives scores and places, and no tiers.
func Compile(at work.Pointer, spec Spec) (*Ranker, []work.Problem) {
	c := &compiler{}
	r := &Ranker{margin: 100 * float64(DefaultBand) / 2, dwell: time.Duration(DefaultDwell)}
	c.lenses(at, spec, r)
	c.order(at.Key("order"), spec.Order, r)
	if spec.Tiers != nil {
		c.tiers(at.Key("tiers"), *spec.Tiers, r)
	}
	switch spec.Unknown {
	case "", "leave":
	case "prior":
		r.assume = true
	default:
		c.problem(at.Key("unknown"), strconv.Quote(spec.Unknown)+" says nothing about missing inputs",
			"write leave (the priority stays) or prior (the tier of the assumed score)")
	}
	if spec.Band != nil {
		if *spec.Band < 0 || *spec.Band > 0.5 {
			c.problem(at.Key("band"), "a band is a share of the scale, at most 50%", "write 5%, which is 2.5 points on each side of a threshold")
		}
		r.margin = 100 * float64(*spec.Band) / 2
	}
	if spec.Dwell != nil {
		if *spec.Dwell < 0 {
			c.problem(at.Key("dwell"), "a tier cannot stay less than no time", "write a length of time such as 7d")
		}
		r.dwell = time.Duration(*spec.Dwell)
	}
	if len(c.problems) > 0 {
		slices.SortStableFunc(c.problems, func(a, b work.Problem) int { return cmp.Compare(a.At, b.At) })
		return nil, c.problems
	}
	return r, nil
}

// lenses finds out who answers which question.
func (c *compiler) lenses(at work.Pointer, spec Spec, r *Ranker) {
	known := []string{"why", "next", "order", "tiers", "unknown", "band", "dwell"}
	if spec.Why == nil && spec.Next == nil {
		if spec.Method == "" {
			spec.Method = rice
		}
		r.why = c.lens(at, "rank", spec.Lens, known)
		r.next = r.why
		return
	}
	if key := firstKey(spec.Lens); key != "" {
		c.unknown(at.Key(key), "the section has why: or next:, so "+key+": belongs to no lens", "move it into why: or next:, or remove both")
	}
	switch {
	case spec.Next == nil:
		r.why = c.lens(at.Key("why"), "why", *spec.Why, nil)
		r.next = r.why
	case spec.Why == nil:
		r.next = c.lens(at.Key("next"), "next", *spec.Next, nil)
		r.why = r.next
	default:
		r.why = c.lens(at.Key("why"), "why", *spec.Why, nil)
		r.next = c.lens(at.Key("next"), "next", *spec.Next, nil)
	}
}

// firstKey returns a key that stands in the lens, or nothing.
func firstKey(l Lens) string {
	switch {
	case l.Method != "":
		return "method"
	case l.Combine != "":
		return "combine"
	case l.Expression != "":
		return "expression"
	case l.Weights != nil:
		return "weights"
	case l.Priors != nil:
		return "priors"
	case l.Caps != nil:
		return "caps"
	case len(l.Inputs) > 0:
		return slices.Min(slices.Collect(maps.Keys(l.Inputs)))
	default:
		return ""
	}
}

func (c *compiler) order(at work.Pointer, order []string, r *Ranker) {
	r.order = defaultOrder()
	if len(order) == 0 {
		return
	}
	r.order = slices.Clone(order)
	for i, key := range order {
		switch {
		case !slices.Contains(defaultOrder(), key):
			c.problem(at.Index(i), "nothing can be ordered by "+strconv.Quote(key), work.Suggest(key, defaultOrder()))
		case slices.Contains(order[:i], key):
			c.problem(at.Index(i), key+" stands twice", "remove it: the first one decides")
		}
	}
	if !slices.Contains(order, "next") && !slices.Contains(order, "why") {
		c.problem(at, "no score decides the order", "add next or why: "+strings.Join(defaultOrder(), ", "))
	}
}

func (c *compiler) tiers(at work.Pointer, spec Tiers, r *Ranker) {
	switch spec.Of {
	case "", "next":
	case "why":
		r.ofWhy = true
	default:
		c.problem(at.Key("of"), "there is no lens "+strconv.Quote(spec.Of), "write next or why")
	}
	for _, name := range slices.Sorted(maps.Keys(spec.Least)) {
		least := spec.Least[name]
		if !(least >= 0 && least <= 100) {
			c.problem(at.Key(name), "a score is a number from 0 to 100", "write the least score of priority "+name)
			least = math.Mod(math.Abs(least), 100)
		}
		r.tiers = append(r.tiers, tier{name, least})
	}
	slices.SortStableFunc(r.tiers, func(a, b tier) int { return cmp.Compare(b.least, a.least) })
	for i, t := range r.tiers {
		if i == 0 {
			continue
		}
		above := r.tiers[i-1]
		if above.least == t.least {
			c.problem(at.Key(t.name), "priorities "+above.name+" and "+t.name+" have the same least score", "give each its own")
		}
		if higher, lower := asInt(above.name), asInt(t.name); higher > 0 && lower > 0 && higher > lower {
			c.problem(at.Key(t.name), "priority "+t.name+" is more urgent than "+above.name+" and has a smaller least score",
				"1 is the most urgent: give it the largest")
		}
	}
	if n := len(r.tiers); n == 0 || r.tiers[n-1].least > 0 {
		c.problem(at, "no priority covers the scores from 0 on", "give the least urgent one the least score 0, as in 4: 0")
	}
}

func asInt(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

// Tiers returns the shared priorities that the ranking gives, the most urgent
// first.
func (r *Ranker) Tiers() []string {
	names := make([]string, 0, len(r.tiers))
	for _, t := range r.tiers {
		names = append(names, t.name)
	}
	return names
}

// Reads returns what scores, places and tiers may look at: an output that
// shows one of them is as strict as all of it.
func (r *Ranker) Reads() expression.Reads {
	var reads expression.Reads
	for _, l := range []*lens{r.why, r.next} {
		for i := range l.inputs {
			reads = reads.Merge(l.inputs[i].program.Reads())
		}
		if l.method != formula {
			reads = reads.Merge(expression.Reads{Fields: []work.Field{work.Goal}, Goal: true})
		}
	}
	return reads
}
