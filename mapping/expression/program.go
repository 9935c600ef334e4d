package expression

import (
	"github.com/expr-lang/expr/ast"

	"tandem/internal/work"
)

// Want is what a rule asks of an expression.
type Want uint8

// The answers that a rule can ask for.
const (
	Condition  Want = iota // yes or no
	Formula                // a number
	TextResult             // a text
)

// kind returns the kind of answer.
func (w Want) kind() kind { return [...]kind{flag, number, text}[w] }

// Program is a compiled expression. It never changes and may be used by many
// goroutines at once. A nil Program answers unknown.
type Program struct {
	source   string
	answer   term
	reads    Reads
	mentions []mention
	root     ast.Node // for Implies, Excludes and Never
}

// Compile checks and compiles the text of a rule. It reports all mistakes, each
// with its column, at the pointer of the rule; the Program is nil if there are
// any.
func Compile(at work.Pointer, source work.Expression, want Want) (*Program, []work.Problem) {
	c := &compiler{at: at, source: string(source)}
	root := c.parse()
	if root == nil {
		return nil, c.problems
	}
	answer := c.expr(root, 1)
	c.expect(root, answer, want)
	if len(c.problems) > 0 {
		return nil, c.sorted()
	}
	return &Program{source: c.source, answer: answer, reads: c.reads, mentions: c.sortedMentions(), root: root}, nil
}

// Test answers a condition. A condition holds only when the answer is True.
func (p *Program) Test(s *Subject) Truth {
	if p == nil || p.answer.truth == nil {
		return UnknownTruth
	}
	return p.answer.truth(env{subject: s})
}

// Value computes a formula or text, or a condition as a yes/no value.
func (p *Program) Value(s *Subject) work.Value {
	if p == nil {
		return work.Value{}
	}
	return p.answer.value(env{subject: s})
}

// Reads returns what the program may look at. The caller must not change it.
func (p *Program) Reads() Reads {
	if p == nil {
		return Reads{}
	}
	return p.reads
}

// Constant returns the answer of a condition that looks at nothing, such as
// true, and reports whether it is one.
func (p *Program) Constant() (Truth, bool) {
	if p == nil || !p.reads.Nothing() {
		return UnknownTruth, false
	}
	return p.Test(&Subject{}), true
}

// String returns the text of the expression.
func (p *Program) String() string {
	if p == nil {
		return ""
	}
	return p.source
}
