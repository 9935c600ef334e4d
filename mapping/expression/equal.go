package expression

import (
	"slices"
	"time"

	"github.com/expr-lang/expr/ast"
)

// equality compiles == and !=.
func (c *compiler) equality(n *ast.BinaryNode, left, right term) term {
	if left.kind == nothing || right.kind == nothing {
		return c.unknownTest(n, left, right)
	}
	if left.kind != right.kind || left.kind == numbers {
		return c.mismatch(n, left, right)
	}
	for _, side := range []term{left, right} {
		if side.literal != nil && *side.literal == "" {
			return c.mistake(n, "write "+n.Operator+" unknown", "an empty text counts as unknown")
		}
	}
	return negated(n.Operator == "!=", equal(left, right))
}

// negated inverts a truth where asked to.
func negated(invert bool, truth func(env) Truth) term {
	if invert {
		return term{kind: flag, truth: func(e env) Truth { return truth(e).Not() }}
	}
	return term{kind: flag, truth: truth}
}

// unknownTest compiles x == unknown, which alone is never unknown itself.
func (c *compiler) unknownTest(n *ast.BinaryNode, left, right term) term {
	tested := left
	if left.kind == nothing {
		tested = right
	}
	if tested.kind == nothing || tested.kind == numbers || tested.literal != nil {
		return c.mistake(n, "ask for a name, as in item.goal == unknown", "this is always the same answer")
	}
	known := tested.known()
	return negated(n.Operator == "!=", func(e env) Truth { return TruthOf(!known(e)) })
}

// equal compares two terms of one kind.
func equal(left, right term) func(env) Truth {
	switch left.kind {
	case flag:
		return func(e env) Truth {
			x, y := left.truth(e), right.truth(e)
			return x * y // True*True and False*False are True, with unknown unknown
		}
	case number:
		return compared(left.number, right.number, func(x, y float64) bool { return x == y })
	case text:
		return compared(left.text, right.text, func(x, y string) bool { return x == y })
	case moment:
		return compared(left.moment, right.moment, func(x, y time.Time) bool { return x.Equal(y) })
	default:
		return func(e env) Truth {
			x, y := left.list(e), right.list(e)
			if !x.ok || !y.ok {
				return UnknownTruth
			}
			return TruthOf(x.equal(y))
		}
	}
}

// compared lifts a comparison to values that may be unknown.
func compared[T any](a, b func(env) (T, bool), holds func(x, y T) bool) func(env) Truth {
	return func(e env) Truth {
		x, known := a(e)
		if !known {
			return UnknownTruth
		}
		y, known := b(e)
		if !known {
			return UnknownTruth
		}
		return TruthOf(holds(x, y))
	}
}

// membership compiles x in list.
func (c *compiler) membership(n *ast.BinaryNode, left, right term) term {
	switch {
	case left.kind == text && right.texts != nil:
		return oneOf(left.text, right.texts)
	case left.kind == text && right.kind == list:
		return contains(right, left)
	case left.kind == number && right.kind == numbers:
		return oneOf(left.number, right.numbers)
	case right.kind == text:
		return c.mistake(n, "write contains, as in item.title contains \"crash\"", "in needs a list, and %s is a text", describe(n.Right))
	case right.kind != list && right.kind != numbers:
		return c.mistake(n, `write a list, as in item.kind in ["bug", "task"]`, "in needs a list, and %s is %s", describe(n.Right), right.kind)
	default:
		return c.mistake(n, "list values of the same kind", "%s is %s, and %s is %s", describe(n.Left), left.kind, describe(n.Right), listed(right))
	}
}

// oneOf reports whether a value is one of a literal list.
func oneOf[T comparable](value func(env) (T, bool), set []T) term {
	return term{kind: flag, truth: func(e env) Truth {
		x, known := value(e)
		if !known {
			return UnknownTruth
		}
		return TruthOf(slices.Contains(set, x))
	}}
}

func listed(t term) string {
	if t.kind == list {
		return "a list of texts"
	}
	return t.kind.String()
}

// contains reports whether a list holds a text.
func contains(in, wanted term) term {
	a, b := in.list, wanted.text
	return term{kind: flag, truth: func(e env) Truth {
		l := a(e)
		x, known := b(e)
		if !l.ok || !known {
			return UnknownTruth
		}
		return TruthOf(l.has(x))
	}}
}
