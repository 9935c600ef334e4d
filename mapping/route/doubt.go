package route

import (
	"iter"
	"slices"

	"tandem/internal/work"
	"tandem/mapping/expression"
)

// Doubt is a route that certainly never decides, whatever the item.
type Doubt struct {
	At work.Pointer
	// By is the earlier route that takes every item for which this one holds;
	// empty where its own condition contradicts itself.
	By work.Pointer
	// Above is the route around it that its condition contradicts.
	Above work.Pointer
}

// Doubts returns the routes of the rule files of which it is proved that they
// never decide. Routes of presets are not looked at: their order is a table's.
func (t *Tree) Doubts() []Doubt {
	var d doubter
	d.side(t.routes, nil)
	return d.found
}

// maxPairs is how many pairs of routes are compared; a rule set with more is
// looked at in part.
const maxPairs = 100_000

type doubter struct {
	found []Doubt
	pairs int
}

// side looks at routes that stand side by side, inside of others.
func (d *doubter) side(nodes []node, around []*node) {
	for i := range nodes {
		n := &nodes[i]
		if n.rule.PresetAt() != "" {
			continue
		}
		if doubt, found := d.doubt(n, nodes[:i], around); found {
			d.found = append(d.found, doubt)
			continue // what is nested in it is not reached either
		}
		d.side(n.children, append(slices.Clip(around), n))
	}
}

func (d *doubter) doubt(n *node, earlier []node, around []*node) (Doubt, bool) {
	if n.test.Never() {
		return Doubt{At: n.rule.At}, true
	}
	for _, above := range around {
		if n.test.Excludes(above.test) {
			return Doubt{At: n.rule.At, Above: above.rule.At}, true
		}
	}
	for i := range earlier {
		if d.pairs++; d.pairs > maxPairs {
			break
		}
		// What is a mistake already is not said twice: see routes.
		if e := &earlier[i]; !e.always && e.takes() && n.test.Implies(e.test) {
			return Doubt{At: n.rule.At, By: e.rule.At}, true
		}
	}
	return Doubt{}, false
}

// takes reports whether the route, or one below it, decides wherever its
// condition holds.
func (n node) takes() bool {
	return n.rule.Accountable != "" || slices.ContainsFunc(n.children, node.final)
}

// Tally counts what the conditions of a tree say of many items.
type Tally struct {
	Items int
	// Held, Unknown and Decided count, for the place of each route, the items
	// for which its condition holds, inside of those around it, for which it is
	// unknown, and which it decides.
	Held, Unknown, Decided map[work.Pointer]int
	// Both counts the items for which two routes side by side hold, of which the
	// first one decides.
	Both map[Pair]int
}

// Pair is two routes side by side; the first one decides.
type Pair struct{ First, Second work.Pointer }

// NewTally returns a Tally of no items.
func NewTally() *Tally {
	return &Tally{Held: map[work.Pointer]int{}, Unknown: map[work.Pointer]int{}, Decided: map[work.Pointer]int{}, Both: map[Pair]int{}}
}

// Count asks every condition for one item, also those behind the route that
// decides.
func (t *Tree) Count(s *expression.Subject, into *Tally) {
	into.Items++
	into.Decided[t.Match(s).At]++
	into.count(t.routes, s)
}

func (t *Tally) count(nodes []node, s *expression.Subject) {
	var first *node
	for i := range nodes {
		n := &nodes[i]
		answer := expression.True
		if n.test != nil {
			answer = n.test.Test(s)
		}
		switch answer {
		case expression.UnknownTruth:
			t.Unknown[n.rule.At]++
			continue
		case expression.False:
			continue
		case expression.True:
		}
		t.Held[n.rule.At]++
		t.count(n.children, s)
		switch own := !n.always && n.rule.PresetAt() == ""; {
		case first == nil && n.takes():
			first = n
		case first != nil && !first.always && own && first.rule.PresetAt() == "" && n.differs(first):
			t.Both[Pair{first.rule.At, n.rule.At}]++
		}
	}
}

// differs reports whether two routes send an item to different people or places.
func (n node) differs(o *node) bool {
	return n.rule.Accountable != o.rule.Accountable || n.rule.Label != o.rule.Label || n.rule.Team != o.rule.Team
}

// Conditions walks the routes that have a condition, with what each looks at.
func (t *Tree) Conditions() iter.Seq2[Rule, expression.Reads] {
	return func(yield func(Rule, expression.Reads) bool) {
		each(t.routes, 0, func(_ int, n *node) bool {
			return n.test == nil || yield(n.rule, n.test.Reads())
		})
	}
}
