package expression

import (
	"regexp"
	"regexp/syntax"
	"strings"

	"github.com/expr-lang/expr/ast"
)

// textTest compiles contains, startsWith, endsWith and matches.
func (c *compiler) textTest(n *ast.BinaryNode, left, right term) term {
	if n.Operator == "contains" && left.kind == list && right.kind == text {
		return contains(left, right)
	}
	if left.kind != text || right.kind != text {
		node, is := n.Left, left.kind
		if left.kind == text {
			node, is = n.Right, right.kind
		}
		return c.mistake(n, "", "%s needs texts, and %s is %s", n.Operator, describe(node), is)
	}
	holds := strings.Contains
	switch n.Operator {
	case "startsWith":
		holds = strings.HasPrefix
	case "endsWith":
		holds = strings.HasSuffix
	case "matches":
		return c.pattern(n, left, right)
	}
	return term{kind: flag, truth: compared(left.text, right.text, holds)}
}

// pattern compiles text matches "pattern". Patterns are constants: their size
// is bounded, so that matching takes a time linear in the text.
func (c *compiler) pattern(n *ast.BinaryNode, left, right term) term {
	if right.literal == nil {
		return c.mistake(n.Right, `write the pattern in quotes, as in item.title matches "^crash"`, "the pattern of matches must be a literal text")
	}
	parsed, err := syntax.Parse(*right.literal, syntax.Perl)
	if err != nil {
		return c.mistake(n.Right, "patterns are RE2: no look-ahead, no back-references", "%q is no pattern: %v", *right.literal, err)
	}
	if c.patterns += size(parsed); c.patterns > maxPatterns {
		return c.mistake(n.Right, "use smaller repeat counts, or contains", "the patterns of this expression are too large")
	}
	compiled, err := regexp.Compile(*right.literal)
	if err != nil {
		return c.mistake(n.Right, "", "%q is no pattern: %v", *right.literal, err)
	}
	a := left.text
	return term{kind: flag, truth: func(e env) Truth {
		s, known := a(e)
		if !known {
			return UnknownTruth
		}
		return TruthOf(compiled.MatchString(s))
	}}
}

// size estimates the instructions of a pattern before anything of that size is
// built. It stops counting far beyond what is allowed.
func size(p *syntax.Regexp) int {
	total := 1 + len(p.Rune)
	for _, sub := range p.Sub {
		total = min(total+size(sub), 10*maxPatterns)
	}
	if p.Op == syntax.OpRepeat {
		total *= max(p.Min, p.Max, 1)
	}
	return min(total, 10*maxPatterns)
}
