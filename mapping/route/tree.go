package route

import (
	"iter"
	"slices"

	"tandem/internal/work"
	"tandem/mapping/expression"
)

// Tree is the compiled route tree. It never changes and may be used by many
// goroutines at once.
type Tree struct {
	routes   []node
	fallback Rule
}

// node is one route with everything inherited.
type node struct {
	rule     Rule
	test     *expression.Program // nil where there is no condition
	always   bool                // the condition holds whatever the item
	children []node
}

// Rule is one route as it decides, with everything inherited.
type Rule struct {
	// At is the place in the rules; for a route of a preset it goes on below
	// the place that names the preset.
	At work.Pointer
	// If is the condition; empty where the route holds always.
	If string
	// Accountable is empty where the route only gathers nested ones.
	Accountable string
	// Informed has no repeats and not the accountable role.
	Informed []string
	// Label is what the item gets under the label policy; empty for none.
	Label   string
	Because string
	// Team is whose people act; empty where they are those of the item's team.
	Team    string
	Waiting bool
	// Within is how long the item may stay with the route; 0 where nothing was
	// agreed. EscalatesTo is who is told of late items, or takes them over.
	Within      work.Span
	EscalatesTo string
	TakesOver   bool
	// Late reports that this is what becomes of a late item.
	Late bool
	// ownable is the label that the route names under some policy.
	ownable string
	key     work.Pointer
}

// Decision is what the tree says of one item. Its lists are shared: the caller
// must not change them.
type Decision struct {
	Rule
	// Unknowns are the routes whose condition met unknown values, so that it
	// was neither true nor false.
	Unknowns []work.Pointer
	// Path is every condition tried, in order; only Explain fills it.
	Path []Step
}

// Step is one condition that was tried.
type Step struct {
	At    work.Pointer
	Depth int
	// Shown is the condition with its values.
	Shown  string
	Answer expression.Truth
}

// Match decides who must act. There is always exactly one accountable role.
func (t *Tree) Match(s *expression.Subject) Decision { return t.decide(s, false) }

// Explain is Match with the path that led to the decision.
func (t *Tree) Explain(s *expression.Subject) Decision { return t.decide(s, true) }

func (t *Tree) decide(s *expression.Subject, explain bool) Decision {
	w := walk{subject: s, explain: explain}
	if n := w.first(t.routes, 0); n != nil {
		w.decision.Rule = n.rule
	} else {
		w.decision.Rule = t.fallback
		w.note(t.fallback, 0, nil, expression.True)
	}
	return w.decision
}

// walk is one way through the tree.
type walk struct {
	subject  *expression.Subject
	explain  bool
	decision Decision
}

// first returns the first route that decides, nested ones before their parent.
func (w *walk) first(nodes []node, depth int) *node {
	for i := range nodes {
		n := &nodes[i]
		answer := expression.True
		if n.test != nil {
			answer = n.test.Test(w.subject)
		}
		w.note(n.rule, depth, n.test, answer)
		if answer != expression.True {
			continue
		}
		if nested := w.first(n.children, depth+1); nested != nil {
			return nested
		}
		if n.rule.Accountable != "" {
			return n
		}
	}
	return nil
}

// note remembers what was tried.
func (w *walk) note(r Rule, depth int, test *expression.Program, answer expression.Truth) {
	if answer == expression.UnknownTruth {
		w.decision.Unknowns = append(w.decision.Unknowns, r.At)
	}
	if !w.explain {
		return
	}
	shown := "always"
	if test != nil {
		shown = test.Show(w.subject)
	}
	w.decision.Path = append(w.decision.Path, Step{At: r.At, Depth: depth, Shown: shown, Answer: answer})
}

// All walks the rules top down with their depth; the default comes last.
func (t *Tree) All() iter.Seq2[int, Rule] {
	return func(yield func(int, Rule) bool) {
		if each(t.routes, 0, func(depth int, n *node) bool { return yield(depth, n.rule) }) {
			yield(0, t.fallback)
		}
	}
}

func each(nodes []node, depth int, yield func(int, *node) bool) bool {
	for i := range nodes {
		if !yield(depth, &nodes[i]) || !each(nodes[i].children, depth+1, yield) {
			return false
		}
	}
	return true
}

// Reads returns what the conditions look at: every decision depends on it.
func (t *Tree) Reads() expression.Reads {
	var all expression.Reads
	each(t.routes, 0, func(_ int, n *node) bool {
		all = all.Merge(n.test.Reads())
		return true
	})
	return all
}

// OwnedLabels returns every label that a route names under any label policy,
// sorted, so that a change of policy can remove what an earlier one wrote.
func (t *Tree) OwnedLabels() []string {
	var labels []string
	for _, r := range t.All() {
		if r.ownable != "" {
			labels = append(labels, r.ownable)
		}
		if r.TakesOver && r.EscalatesTo != "" {
			labels = append(labels, roleLabel(r.EscalatesTo))
		}
	}
	slices.Sort(labels)
	return slices.Compact(labels)
}
