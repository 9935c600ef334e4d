package expression

import (
	"slices"

	"github.com/expr-lang/expr/ast"
)

// maxSteps bounds the search for a proof. A proof that takes longer is not
// found, which is never wrong: see Implies.
const maxSteps = 20_000

// Implies reports whether it is certain that the other condition holds wherever
// this one does. False means only that no proof was found.
func (p *Program) Implies(other *Program) bool {
	if p == nil || other == nil || p.root == nil || other.root == nil {
		return false
	}
	s := search{}
	return s.implies(p.root, other.root)
}

// Excludes reports whether it is certain that the two conditions never hold for
// the same item. False means only that no proof was found.
func (p *Program) Excludes(other *Program) bool {
	if p == nil || other == nil || p.root == nil || other.root == nil {
		return false
	}
	s := search{}
	return s.excludes(p.root, other.root)
}

// Never reports whether it is certain that the condition never holds.
func (p *Program) Never() bool {
	if p == nil || p.root == nil {
		return false
	}
	s := search{}
	return s.never(p.root)
}

// search looks for proofs about conditions that are true. Whether a condition
// is false or unknown does not matter: it holds in neither case.
type search struct{ steps int }

func (s *search) tired() bool {
	s.steps++
	return s.steps > maxSteps
}

// sides returns both sides of && or ||.
func sides(n ast.Node, operators ...string) (left, right ast.Node, ok bool) {
	b, ok := n.(*ast.BinaryNode)
	if !ok {
		return nil, nil, false
	}
	return b.Left, b.Right, slices.Contains(operators, b.Operator)
}

func both(n ast.Node) (left, right ast.Node, ok bool)   { return sides(n, "&&", "and") }
func either(n ast.Node) (left, right ast.Node, ok bool) { return sides(n, "||", "or") }

func (s *search) implies(p, q ast.Node) bool {
	if s.tired() {
		return false
	}
	if a, b, ok := either(p); ok {
		return s.implies(a, q) && s.implies(b, q)
	}
	if a, b, ok := both(q); ok {
		return s.implies(p, a) && s.implies(p, b)
	}
	if a, b, ok := both(p); ok && (s.implies(a, q) || s.implies(b, q)) {
		return true
	}
	if a, b, ok := either(q); ok && (s.implies(p, a) || s.implies(p, b)) {
		return true
	}
	if p.String() == q.String() {
		return true
	}
	one, ok := claimOf(p)
	other, also := claimOf(q)
	return ok && also && one.implies(other)
}

func (s *search) excludes(p, q ast.Node) bool {
	if s.tired() {
		return false
	}
	if a, b, ok := either(p); ok {
		return s.excludes(a, q) && s.excludes(b, q)
	}
	if a, b, ok := either(q); ok {
		return s.excludes(p, a) && s.excludes(p, b)
	}
	if a, b, ok := both(p); ok && (s.excludes(a, q) || s.excludes(b, q)) {
		return true
	}
	if a, b, ok := both(q); ok && (s.excludes(p, a) || s.excludes(p, b)) {
		return true
	}
	if denies(p, q) || denies(q, p) {
		return true
	}
	one, ok := claimOf(p)
	other, also := claimOf(q)
	return ok && also && one.excludes(other)
}

// denies reports whether p is the negation of q.
func denies(p, q ast.Node) bool {
	not, ok := p.(*ast.UnaryNode)
	return ok && (not.Operator == "!" || not.Operator == "not") && not.Node.String() == q.String()
}

func (s *search) never(p ast.Node) bool {
	if a, b, ok := either(p); ok {
		return s.never(a) && s.never(b)
	}
	if a, b, ok := both(p); ok {
		return s.never(a) || s.never(b) || s.excludes(a, b)
	}
	if b, ok := p.(*ast.BoolNode); ok {
		return !b.Value
	}
	return false
}
