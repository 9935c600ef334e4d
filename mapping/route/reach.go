package route

import (
	"iter"
	"slices"
	"strings"

	"tandem/internal/work"
)

// Deciding walks the rules that can decide on an item, top down; the default
// comes last. Left out is a route that only gathers nested ones, and one of
// which a nested route holds always.
func (t *Tree) Deciding() iter.Seq[Rule] {
	return func(yield func(Rule) bool) {
		decides := func(_ int, n *node) bool {
			return n.rule.Accountable == "" || slices.ContainsFunc(n.children, node.final) || yield(n.rule)
		}
		if each(t.routes, 0, decides) {
			yield(t.fallback)
		}
	}
}

// PresetAt returns the place that names the preset which the rule is a part of;
// empty for a route that stands in a rule file.
func (r Rule) PresetAt() work.Pointer {
	const below = "/preset/"
	at, _, inside := strings.Cut(string(r.At), below)
	if !inside {
		return ""
	}
	return work.Pointer(at + strings.TrimSuffix(below, "/"))
}
