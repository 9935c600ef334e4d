package expression

import (
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
