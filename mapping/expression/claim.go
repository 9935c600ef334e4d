package expression

import (
	"math"
	"slices"

	"github.com/expr-lang/expr/ast"
)

// claim is what a simple condition says of one term where it holds, such as
// item.kind == "bug" or 2 <= item.severity.
type claim struct {
	term string // as it is written
	// unknown: the term has no value. Every other claim says that it has one.
	unknown bool
	// texts are the only ones that are possible, or with not, those that are not;
	// nil says nothing.
	texts []string
	not   bool
	// The number lies between low and high, which belong to the range or not.
	// Without span nothing is said of numbers.
	span              bool
	low, high         float64
	lowOpen, highOpen bool
	// figures are the only numbers that are possible; nil says nothing.
	figures []float64
}

// claimOf reads a condition as a claim.
func claimOf(n ast.Node) (claim, bool) {
	if u, ok := n.(*ast.UnaryNode); ok && (u.Operator == "!" || u.Operator == "not") {
		if b, ok := u.Node.(*ast.BinaryNode); ok && b.Operator == "in" {
			c, ok := claimOf(b)
			c.not = true
			return c, ok && c.texts != nil
		}
		return claim{}, false
	}
	b, ok := n.(*ast.BinaryNode)
	if !ok {
		return claim{}, false
	}
	left, right, operator := b.Left, b.Right, b.Operator
	if literal(left) {
		left, right = right, left
		operator = map[string]string{"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}[operator]
	}
	if literal(left) || !literal(right) || operator == "" {
		return claim{}, false
	}
	c := claim{term: left.String()}
	switch right := right.(type) {
	case *ast.IdentifierNode:
		c.unknown = operator == "=="
		return c, operator == "==" || operator == "!="
	case *ast.StringNode:
		c.texts, c.not = []string{right.Value}, operator == "!="
		return c, operator == "==" || operator == "!="
	case *ast.ArrayNode:
		return c.in(right), operator == "in"
	default:
		f, ok := figure(right)
		return c.between(operator, f), ok && operator != "!=" && c.between(operator, f).span
	}
}

// literal reports whether a node is written out: a text, a number, a list, or
// the word unknown.
func literal(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.StringNode, *ast.ArrayNode:
		return true
	case *ast.IdentifierNode:
		return n.Value == "unknown"
	default:
		_, ok := figure(n)
		return ok
	}
}

func figure(n ast.Node) (float64, bool) {
	switch n := n.(type) {
	case *ast.IntegerNode:
		return float64(n.Value), true
	case *ast.FloatNode:
		return n.Value, true
	case *ast.UnaryNode:
		if f, ok := figure(n.Node); ok && n.Operator == "-" {
			return -f, true
		}
	}
	return 0, false
}

func (c claim) in(list *ast.ArrayNode) claim {
	for _, n := range list.Nodes {
		if s, ok := n.(*ast.StringNode); ok {
			c.texts = append(c.texts, s.Value)
		} else if f, ok := figure(n); ok {
			c.figures = append(c.figures, f)
		}
	}
	return c
}

// between is the range of the numbers for which a comparison holds.
func (c claim) between(operator string, f float64) claim {
	c.span, c.low, c.high = true, math.Inf(-1), math.Inf(1)
	switch operator {
	case "==":
		c.low, c.high = f, f
	case "<":
		c.high, c.highOpen = f, true
	case "<=":
		c.high = f
	case ">":
		c.low, c.lowOpen = f, true
	case ">=":
		c.low = f
	default:
		c.span = false
	}
	return c
}

// holds reports whether a number is in the range.
func (c claim) holds(f float64) bool {
	return (f > c.low || f == c.low && !c.lowOpen) && (f < c.high || f == c.high && !c.highOpen)
}

// implies reports whether the other claim is true wherever this one is.
func (c claim) implies(o claim) bool {
	switch {
	case c.term != o.term:
		return false
	case o.unknown || c.unknown:
		return o.unknown && c.unknown
	case o.texts == nil && o.figures == nil && !o.span: // only that it is known
		return true
	case o.texts != nil && c.texts != nil:
		return c.impliesTexts(o)
	case c.figures != nil:
		return !slices.ContainsFunc(c.figures, func(f float64) bool {
			return o.figures != nil && !slices.Contains(o.figures, f) || o.span && !o.holds(f) || o.texts != nil
		})
	case c.span && o.figures != nil:
		return c.low == c.high && slices.Contains(o.figures, c.low)
	case c.span && o.span:
		low := c.low > o.low || c.low == o.low && (c.lowOpen || !o.lowOpen)
		high := c.high < o.high || c.high == o.high && (c.highOpen || !o.highOpen)
		return low && high
	default:
		return false
	}
}

func (c claim) impliesTexts(o claim) bool {
	in := func(list []string) func(string) bool {
		return func(s string) bool { return slices.Contains(list, s) }
	}
	out := func(list []string) func(string) bool {
		return func(s string) bool { return !slices.Contains(list, s) }
	}
	switch {
	case !c.not && !o.not:
		return !slices.ContainsFunc(c.texts, out(o.texts))
	case !c.not && o.not:
		return !slices.ContainsFunc(c.texts, in(o.texts))
	case c.not && o.not:
		return !slices.ContainsFunc(o.texts, out(c.texts))
	default:
		return false
	}
}

// excludes reports whether the two claims are never true together.
func (c claim) excludes(o claim) bool {
	switch {
	case c.term != o.term:
		return false
	case c.unknown || o.unknown:
		return c.unknown != o.unknown
	case c.texts != nil && o.texts != nil && !c.not:
		opposite := o
		opposite.not = !o.not
		return c.impliesTexts(opposite)
	case c.texts != nil && o.texts != nil:
		return !o.not && o.excludes(c)
	case c.figures != nil:
		return !slices.ContainsFunc(c.figures, func(f float64) bool {
			return o.figures != nil && slices.Contains(o.figures, f) || o.span && o.holds(f) || o.figures == nil && !o.span
		})
	case o.figures != nil && c.span:
		return o.excludes(c)
	case c.span && o.span:
		below := func(a, b claim) bool { return a.high < b.low || a.high == b.low && (a.highOpen || b.lowOpen) }
		return below(c, o) || below(o, c)
	default:
		return false
	}
}
