package expression

import (
	"slices"

	"github.com/expr-lang/expr/ast"
)

// quantifier compiles any, all, none and count over a list. Closures do not
// nest: their cost would multiply.
func (c *compiler) quantifier(n ast.Node, name string, args []ast.Node, depth int) term {
	example := "as in " + name + `(item.labels, # startsWith "area/")`
	if c.closure {
		return c.mistake(n, "split the condition", "%s cannot stand inside another any, all, none or count", name)
	}
	if len(args) != 2 {
		return c.mistake(n, example, "%s takes a list and a condition", name)
	}
	body, ok := args[1].(*ast.PredicateNode)
	if !ok {
		return c.mistake(n, example, "%s takes a list and a condition", name)
	}
	over := c.expr(args[0], depth+1)
	c.closure = true
	test := c.expr(body.Node, depth+1)
	c.closure = false
	switch {
	case over.kind == broken || test.kind == broken:
		return term{}
	case over.kind != list:
		return c.mistake(n, example, "%s needs a list of texts, and %s is %s", name, describe(args[0]), over.kind)
	case test.kind != flag:
		return c.mistake(n, example, "%s needs a condition, and %s is %s", name, describe(body.Node), test.kind)
	}
	if same := idle(body.Node); same != nil {
		return c.mistake(same, "ask it once, beside "+name+"(…), joined by &&",
			"%s does not look at #, and would be asked anew for each element", describe(same))
	}
	if c.inner += inner(body.Node); c.inner > maxInner {
		return c.mistake(n, "split the rule into several", "inside any, all, none and count this expression looks at more than %d texts and lists beside #", maxInner)
	}
	switch name {
	case "any":
		return term{kind: flag, truth: first(over, test.truth, True)}
	case "all":
		return term{kind: flag, truth: first(over, test.truth, False)}
	case "none":
		return negated(true, first(over, test.truth, True))
	default:
		return count(over, test.truth)
	}
}

// first answers wanted when one element does, unknown when one might, and the
// opposite when none does: any for True, all for False.
func first(over term, test func(env) Truth, wanted Truth) func(env) Truth {
	return func(e env) Truth {
		l := over.list(e)
		if !l.ok {
			return UnknownTruth
		}
		result := wanted.Not()
		for s := range l.all {
			got := test(env{subject: e.subject, element: s})
			if got == wanted {
				return wanted
			}
			if got == UnknownTruth {
				result = UnknownTruth
			}
		}
		return result
	}
}

// count counts the elements for which the test is True; one unknown answer
// makes the number unknown.
func count(over term, test func(env) Truth) term {
	return term{kind: number, number: func(e env) (float64, bool) {
		l := over.list(e)
		total, known := 0.0, l.ok
		for s := range l.all {
			switch test(env{subject: e.subject, element: s}) {
			case True:
				total++
			case UnknownTruth:
				known = false
			case False:
			}
		}
		return total, known
	}}
}

// idle finds a part of a closure that reads whole texts or lists and does not
// look at the element: its cost would multiply for nothing.
func idle(n ast.Node) ast.Node {
	switch n := n.(type) {
	case *ast.UnaryNode:
		return idle(n.Node)
	case *ast.ConditionalNode:
		return firstIdle(n.Cond, n.Exp1, n.Exp2)
	case *ast.BuiltinNode:
		return firstIdle(n.Arguments...)
	case *ast.CallNode:
		return firstIdle(n.Arguments...)
	case *ast.BinaryNode:
		switch n.Operator {
		case "contains", "matches":
			if !element(n) && reads(n, text, list) {
				return n
			}
		case "in", "==", "!=":
			if !element(n) && reads(n, list) {
				return n
			}
		}
		return firstIdle(n.Left, n.Right)
	default:
		return nil
	}
}

func firstIdle(nodes ...ast.Node) ast.Node {
	for _, n := range nodes {
		if found := idle(n); found != nil {
			return found
		}
	}
	return nil
}

// element reports whether a node looks at #.
func element(n ast.Node) bool {
	return ast.Find(n, func(n ast.Node) bool { _, ok := n.(*ast.PointerNode); return ok }) != nil
}

// reads reports whether a node looks at a name of one of the kinds.
func reads(n ast.Node, kinds ...kind) bool {
	return ast.Find(n, func(n ast.Node) bool {
		member, ok := n.(*ast.MemberNode)
		if !ok {
			return false
		}
		found, known := lookUp(member.String())
		return known && slices.Contains(kinds, found.kind)
	}) != nil
}

// inner counts how often a closure looks at texts and lists beside its element:
// each time costs their length for every element.
func inner(n ast.Node) int {
	found := 0
	ast.Find(n, func(n ast.Node) bool {
		if member, ok := n.(*ast.MemberNode); ok && reads(member, text, list) {
			found++
		}
		return false
	})
	return found
}
