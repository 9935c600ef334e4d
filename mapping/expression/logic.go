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
type search struct {
	steps int
	atoms map[ast.Node]*atom
}

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
	if composed(p) || composed(q) {
		return false
	}
	one, other := s.atom(p), s.atom(q)
	return one.text == other.text || one.claims && other.claims && one.claim.implies(other.claim)
}

// composed reports whether a condition is joined of others: it was taken apart
// already.
func composed(n ast.Node) bool {
	_, _, all := both(n)
	_, _, one := either(n)
	return all || one
}

// atom is a condition that is not joined of others.
type atom struct {
	text   string
	claim  claim
	claims bool // it is one that claim says
	denied string
}

// atom reads an atom once.
func (s *search) atom(n ast.Node) *atom {
	if known := s.atoms[n]; known != nil {
		return known
	}
	a := &atom{text: n.String()}
	a.claim, a.claims = claimOf(n)
	if not, ok := n.(*ast.UnaryNode); ok && (not.Operator == "!" || not.Operator == "not") {
		a.denied = not.Node.String()
	}
	if s.atoms == nil {
		s.atoms = map[ast.Node]*atom{}
	}
	s.atoms[n] = a
	return a
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
	if composed(p) || composed(q) {
		return false
	}
	one, other := s.atom(p), s.atom(q)
	return one.denied == other.text || other.denied == one.text || one.claims && other.claims && one.claim.excludes(other.claim)
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
