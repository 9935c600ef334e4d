package expression

import (
	"math"
	"time"

	"github.com/expr-lang/expr/ast"
)

// binary compiles an operation on two values. A chain such as a || b || c is one
// level for people, though the parser nests it.
func (c *compiler) binary(n *ast.BinaryNode, depth int) term {
	below := depth + 1
	if chain, ok := n.Left.(*ast.BinaryNode); ok && chain.Operator == n.Operator {
		below = depth
	}
	left, right := c.expr(n.Left, below), c.expr(n.Right, depth+1)
	if left.kind == broken || right.kind == broken {
		return term{}
	}
	switch n.Operator {
	case "&&", "and", "||", "or":
		return c.logic(n, left, right)
	case "==", "!=":
		return c.equality(n, left, right)
	case "??":
		return c.fallback(n, left, right)
	}
	if left.kind == nothing || right.kind == nothing {
		return c.mistake(n, "ask for it with == unknown, or give a default with ??", "%s cannot be used with unknown", n.Operator)
	}
	switch n.Operator {
	case "<", "<=", ">", ">=":
		return c.order(n, left, right)
	case "+", "-", "*", "/", "%", "**":
		return c.arithmetic(n, left, right)
	case "in":
		return c.membership(n, left, right)
	case "contains", "startsWith", "endsWith", "matches":
		return c.textTest(n, left, right)
	case "^":
		return c.mistake(n, "write **", "^ is not part of the language")
	default:
		return c.mistake(n, "", "%s is not part of the language", n.Operator)
	}
}

// logic compiles && and ||.
func (c *compiler) logic(n *ast.BinaryNode, left, right term) term {
	for _, side := range []struct {
		node ast.Node
		term term
	}{{n.Left, left}, {n.Right, right}} {
		if side.term.kind != flag {
			return c.mistake(n, "compare it, as in item.severity <= 2", "%s needs yes/no answers, and %s is %s", n.Operator, describe(side.node), side.term.kind)
		}
	}
	a, b := left.truth, right.truth
	if n.Operator == "&&" || n.Operator == "and" {
		return term{kind: flag, truth: func(e env) Truth {
			t := a(e)
			if t == False {
				return False
			}
			return t.And(b(e))
		}}
	}
	return term{kind: flag, truth: func(e env) Truth {
		t := a(e)
		if t == True {
			return True
		}
		return t.Or(b(e))
	}}
}

// fallback compiles a ?? b: b where a is unknown.
func (c *compiler) fallback(n *ast.BinaryNode, left, right term) term {
	switch {
	case left.kind == nothing || right.kind == nothing:
		return c.mistake(n, "write a default, as in item.effort ?? 3", "?? needs a value on both sides")
	case left.kind != right.kind || left.kind == numbers:
		return c.mistake(n, "give a default of the same kind", "%s is %s, and %s is %s", describe(n.Left), left.kind, describe(n.Right), right.kind)
	}
	return firstKnown(left, right)
}

// order compiles <, <=, >, >=.
func (c *compiler) order(n *ast.BinaryNode, left, right term) term {
	switch {
	case left.kind == number && right.kind == number:
		return term{kind: flag, truth: compared(left.number, right.number, numberOrder(n.Operator))}
	case left.kind == moment && right.kind == moment:
		holds := numberOrder(n.Operator)
		return term{kind: flag, truth: compared(left.moment, right.moment, func(x, y time.Time) bool {
			return holds(float64(x.Compare(y)), 0)
		})}
	case left.kind == text && right.kind == text:
		return c.mistake(n, `list the wanted texts: item.priority in ["1", "2"]`, "texts have no order, and %s and %s are texts", describe(n.Left), describe(n.Right))
	default:
		return c.mismatch(n, left, right)
	}
}

func numberOrder(operator string) func(x, y float64) bool {
	switch operator {
	case "<":
		return func(x, y float64) bool { return x < y }
	case "<=":
		return func(x, y float64) bool { return x <= y }
	case ">":
		return func(x, y float64) bool { return x > y }
	default:
		return func(x, y float64) bool { return x >= y }
	}
}

// mismatch reports two kinds that cannot be compared, and what would be right.
func (c *compiler) mismatch(n *ast.BinaryNode, left, right term) term {
	node, is, with := n.Left, left.kind, right
	if left.literal != nil || left.kind == numbers {
		node, is, with = n.Right, right.kind, left
	}
	remedy := "compare it with " + is.String()
	switch {
	case is == moment && with.literal != nil:
		remedy = "write a day as date('2026-01-31')"
	case is == list:
		remedy = `write "x" in ` + describe(node)
	case n.Operator == "!=" && (with.kind == list || with.kind == numbers):
		remedy = "write not in instead of !="
	case with.kind == list || with.kind == numbers:
		remedy = "write in instead of " + n.Operator
	case is == text && with.kind == number:
		remedy = `write the number in quotes, as in "2"`
	case is == flag || left.kind == right.kind:
		remedy = "compare numbers or times"
	}
	return c.mistake(n, remedy, "%s is %s, and %s cannot compare it with %s", describe(node), is, n.Operator, with.kind)
}

// arithmetic compiles + - * / % ** of numbers, and the days between times.
func (c *compiler) arithmetic(n *ast.BinaryNode, left, right term) term {
	switch {
	case left.kind == number && right.kind == number:
		a, b, compute := left.number, right.number, calculation(n.Operator)
		return term{kind: number, number: func(e env) (float64, bool) {
			x, known := a(e)
			if !known {
				return 0, false
			}
			y, known := b(e)
			if !known {
				return 0, false
			}
			return finite(compute(x, y))
		}}
	case left.kind == moment && right.kind == moment && n.Operator == "-":
		a, b := left.moment, right.moment
		return term{kind: number, number: func(e env) (float64, bool) {
			x, known := a(e)
			y, also := b(e)
			if !known || !also {
				return 0, false
			}
			return x.Sub(y).Hours() / 24, true
		}}
	case left.kind == moment && right.kind == number && (n.Operator == "+" || n.Operator == "-"):
		return daysLater(left, right, n.Operator == "-")
	case left.kind == text || right.kind == text:
		return c.mistake(n, "", "texts cannot be added or counted: %s is %s, and %s is %s", describe(n.Left), left.kind, describe(n.Right), right.kind)
	default:
		return c.mistake(n, "only numbers, and days with times, can be reckoned with", "%s is %s, and %s is %s", describe(n.Left), left.kind, describe(n.Right), right.kind)
	}
}

// daysLater moves a time by days; beyond a thousand years it is unknown.
func daysLater(left, right term, back bool) term {
	a, b := left.moment, right.number
	const limit = 365_250
	return term{kind: moment, moment: func(e env) (time.Time, bool) {
		at, known := a(e)
		days, also := b(e)
		if !known || !also || math.Abs(days) > limit {
			return time.Time{}, false
		}
		if back {
			days = -days
		}
		whole := math.Trunc(days)
		part := time.Duration((days - whole) * float64(24*time.Hour))
		return at.AddDate(0, 0, int(whole)).Add(part), true
	}}
}

func calculation(operator string) func(x, y float64) float64 {
	switch operator {
	case "+":
		return func(x, y float64) float64 { return x + y }
	case "-":
		return func(x, y float64) float64 { return x - y }
	case "*":
		return func(x, y float64) float64 { return x * y }
	case "/":
		return func(x, y float64) float64 { return x / y }
	case "%":
		return math.Mod
	default:
		return math.Pow
	}
}
