package expression

import (
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"

	"tandem/internal/work"
)

// expr compiles one node. The node count is that of the walk: the parser
// shares nodes between the halves of 1 < x < 3, and shared work is work.
func (c *compiler) expr(n ast.Node, depth int) term {
	c.nodes++
	switch {
	case c.nodes > maxNodes:
		if c.nodes == maxNodes+1 {
			c.mistakeAt(0, "split the rule into several", "the expression has more than %d parts", maxNodes)
		}
		return term{}
	case depth > maxDepth:
		c.nodes += maxNodes + 1 // said once, then silence
		return c.mistake(n, "split the rule into several", "the expression nests deeper than %d levels", maxDepth)
	}
	switch n := n.(type) {
	case *ast.BoolNode:
		answer := TruthOf(n.Value)
		return term{kind: flag, truth: func(env) Truth { return answer }}
	case *ast.IntegerNode:
		return constant(float64(n.Value))
	case *ast.FloatNode:
		return constant(n.Value)
	case *ast.StringNode:
		value := n.Value
		return term{kind: text, literal: &value, text: func(env) (string, bool) { return value, value != "" }}
	case *ast.IdentifierNode, *ast.MemberNode:
		return c.name(n)
	case *ast.PointerNode:
		return c.element(n)
	case *ast.UnaryNode:
		return c.unary(n, depth)
	case *ast.BinaryNode:
		return c.binary(n, depth)
	case *ast.ConditionalNode:
		return c.choice(n, depth)
	case *ast.ArrayNode:
		return c.array(n)
	case *ast.BuiltinNode:
		return c.call(n, n.Name, n.Arguments, depth)
	case *ast.CallNode:
		return c.foreign(n, depth)
	default:
		return c.refused(n)
	}
}

// constant is a literal number.
func constant(f float64) term {
	return term{kind: number, number: func(env) (float64, bool) { return f, true }}
}

// name compiles item.severity, as_of and the literal unknown.
func (c *compiler) name(n ast.Node) term {
	full, ok := c.fullName(n)
	if !ok {
		return c.mistake(n, "write a name such as item.severity", "this is no name that rules know")
	}
	if full == "unknown" {
		return term{kind: nothing}
	}
	found, ok := lookUp(full)
	if !ok {
		return c.mistake(n, suggestName(full), "there is no %s", full)
	}
	c.reads = c.reads.Merge(found.reads)
	c.mention(n.Location().To, found)
	return found.term()
}

// suggestName says what a wrong name may have meant.
func suggestName(wrong string) string {
	for _, object := range []string{"item.", "evidence.", "goal."} {
		if _, ok := lookUp(object + wrong); ok {
			return work.Suggest(object+wrong, []string{object + wrong})
		}
	}
	if near := work.Suggest(wrong, append(Names(), "unknown")); near != "" {
		return near
	}
	return "names begin with item., evidence. or goal., as in item.severity"
}

// fullName spells a name with its one dot. Brackets, as in item["severity"],
// have no place in Show and are refused.
func (c *compiler) fullName(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.IdentifierNode:
		return n.Value, true
	case *ast.MemberNode:
		object, ok := n.Node.(*ast.IdentifierNode)
		property, named := n.Property.(*ast.StringNode)
		at := n.Location()
		if !ok || !named || n.Optional || n.Method || string([]rune(c.source)[at.From:at.To]) != property.Value {
			return "", false
		}
		return object.Value + "." + property.Value, true
	default:
		return "", false
	}
}

// element compiles #.
func (c *compiler) element(n *ast.PointerNode) term {
	if !c.closure || n.Name != "" {
		return c.mistake(n, `as in any(item.labels, # == "x")`, "only # stands for an element, inside any, all, none or count")
	}
	return term{kind: text, text: func(e env) (string, bool) { return e.element, true }}
}

// unary compiles not, -, +.
func (c *compiler) unary(n *ast.UnaryNode, depth int) term {
	x := c.expr(n.Node, depth+1)
	switch {
	case x.kind == broken:
		return x
	case n.Operator == "!" || n.Operator == "not":
		if x.kind != flag {
			return c.mistake(n, "set brackets around the comparison: not (…)", "%s needs a yes/no answer, and %s is %s", n.Operator, describe(n.Node), x.kind)
		}
		return term{kind: flag, truth: func(e env) Truth { return x.truth(e).Not() }}
	case x.kind != number:
		return c.mistake(n, "", "%s needs a number, and %s is %s", n.Operator, describe(n.Node), x.kind)
	case n.Operator == "-":
		return term{kind: number, number: func(e env) (float64, bool) { f, ok := x.number(e); return -f, ok }}
	default:
		return x
	}
}

// choice compiles a ? b : c.
func (c *compiler) choice(n *ast.ConditionalNode, depth int) term {
	if !n.Ternary {
		return c.mistakeAt(0, "write condition ? one : other", "if … else is not part of the language")
	}
	test, one, other := c.expr(n.Cond, depth+1), c.expr(n.Exp1, depth+1), c.expr(n.Exp2, depth+1)
	switch {
	case test.kind == broken || one.kind == broken || other.kind == broken:
		return term{}
	case test.kind != flag:
		return c.mistake(n.Cond, "", "the condition before ? must be a yes/no answer, and %s is %s", describe(n.Cond), test.kind)
	case one.kind == nothing && other.kind == nothing:
		return c.mistake(n.Cond, "", "both results are unknown")
	case one.kind == nothing:
		one = missing(other.kind)
	case other.kind == nothing:
		other = missing(one.kind)
	case one.kind != other.kind || one.kind == numbers:
		return c.mistake(n.Exp2, "give both results the same kind", "%s is %s, and %s is %s", describe(n.Exp1), one.kind, describe(n.Exp2), other.kind)
	}
	return pick(test.truth, one, other)
}

// array compiles a literal list of texts or of numbers.
func (c *compiler) array(n *ast.ArrayNode) term {
	const remedy = `write texts or numbers, as in ["bug", "task"] or [1, 2]`
	var texts []string
	var figures []float64
	if c.nodes += len(n.Nodes); c.nodes > maxNodes {
		return c.mistakeAt(0, "split the rule into several", "the expression has more than %d parts", maxNodes)
	}
	for _, e := range n.Nodes {
		sign := 1.0
		if u, ok := e.(*ast.UnaryNode); ok && u.Operator == "-" {
			sign, e = -1, u.Node
		}
		switch e := e.(type) {
		case *ast.StringNode:
			if sign < 0 || e.Value == "" {
				return c.mistake(e, remedy, "the list holds something else than texts or numbers")
			}
			texts = append(texts, e.Value)
		case *ast.IntegerNode:
			figures = append(figures, sign*float64(e.Value))
		case *ast.FloatNode:
			figures = append(figures, sign*e.Value)
		default:
			return c.mistake(e, remedy, "the list holds something else than texts or numbers")
		}
	}
	switch {
	case len(texts) > 0 && len(figures) > 0:
		return c.mistake(n, remedy, "the list mixes texts and numbers")
	case len(figures) > 0:
		return term{kind: numbers, numbers: figures}
	case len(texts) == 0:
		return c.mistake(n, remedy, "the list is empty")
	}
	slices.Sort(texts)
	texts = slices.Compact(texts)
	return term{kind: list, texts: texts, list: func(env) elements { return elements{ok: true, fixed: texts} }}
}

// foreign refuses a call of what is no function.
func (c *compiler) foreign(n *ast.CallNode, depth int) term {
	callee, ok := n.Callee.(*ast.IdentifierNode)
	if !ok {
		return c.mistake(n, "", "values have no functions of their own")
	}
	return c.call(n, callee.Value, n.Arguments, depth)
}

// refused reports a part of the foreign language that is not part of ours.
func (c *compiler) refused(n ast.Node) term {
	switch n := n.(type) {
	case *ast.NilNode:
		return c.mistake(n, "write unknown", "there is no nil")
	case *ast.ChainNode:
		return c.mistake(n, "write a plain dot: an unknown value is never an error", "?. is not part of the language")
	case *ast.SliceNode:
		return c.mistake(n, "", "parts of a text or list cannot be taken")
	case *ast.VariableDeclaratorNode:
		return c.mistake(n, "", "there are no variables")
	case *ast.SequenceNode:
		return c.mistake(n, "join conditions by && or ||", "there is one expression, without semicolons")
	case *ast.MapNode:
		return c.mistake(n, "", "there are no maps")
	case *ast.BytesNode:
		return c.mistake(n, "write a text in quotes", "there are no bytes")
	default:
		return c.mistake(n, "", "%s is not part of the language", strings.TrimSpace(describe(n)))
	}
}
