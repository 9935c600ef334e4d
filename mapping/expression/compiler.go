package expression

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"

	"tandem/internal/work"
)

// The bounds of one expression, checked before anything is evaluated.
const (
	maxCharacters = 2000
	maxNodes      = 200
	maxDepth      = 40
	maxPatterns   = 500 // instructions of all patterns together
	maxInner      = 4   // texts and lists that closures look at beside their element
)

// compiler turns one text into terms and gathers mistakes on its way.
type compiler struct {
	at       work.Pointer
	source   string
	problems []work.Problem
	columns  []int // of the problems, for sorting
	reads    Reads
	mentions []mention
	nodes    int
	patterns int
	inner    int
	// closure is set inside any(…), where # stands for an element.
	closure bool
}

// mistake reports a mistake at the start of a node.
func (c *compiler) mistake(n ast.Node, remedy, format string, args ...any) term {
	return c.mistakeAt(start(n), remedy, format, args...)
}

// start is where a node begins, in characters, as far as the parser tells: of
// an operation it is the operator.
func start(n ast.Node) int {
	switch n := n.(type) {
	case *ast.MemberNode:
		return start(n.Node)
	case *ast.ConditionalNode:
		return start(n.Cond)
	default:
		return n.Location().From
	}
}

// mistakeAt reports a mistake at an offset in characters, once for one place,
// and returns the broken term.
func (c *compiler) mistakeAt(offset int, remedy, format string, args ...any) term {
	if slices.Contains(c.columns, offset) {
		return term{}
	}
	c.columns = append(c.columns, offset)
	c.problems = append(c.problems, work.Problem{
		At:     c.at,
		What:   c.column(offset) + ": " + fmt.Sprintf(format, args...),
		Remedy: remedy,
	})
	return term{}
}

// column names a place in the text as people count, from 1.
func (c *compiler) column(offset int) string {
	before := []rune(c.source)
	before = before[:min(max(offset, 0), len(before))]
	line, column := 1, 1
	for _, r := range before {
		column++
		if r == '\n' {
			line, column = line+1, 1
		}
	}
	if line > 1 {
		return fmt.Sprintf("line %d, column %d", line, column)
	}
	return fmt.Sprintf("column %d", column)
}

// sorted returns the problems in the order of the text.
func (c *compiler) sorted() []work.Problem {
	order := make([]int, len(c.problems))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(c.columns[a], c.columns[b]) })
	sorted := make([]work.Problem, 0, len(order))
	for _, i := range order {
		sorted = append(sorted, c.problems[i])
	}
	return sorted
}

// parse reads the text. It returns nil after a mistake.
func (c *compiler) parse() ast.Node {
	switch {
	case strings.TrimSpace(c.source) == "":
		c.mistakeAt(0, `write a condition such as item.kind == "bug"`, "the expression is empty")
		return nil
	case !utf8.ValidString(c.source):
		c.mistakeAt(0, "save the file as UTF-8", "the expression is not valid UTF-8")
		return nil
	case utf8.RuneCountInString(c.source) > maxCharacters:
		c.mistakeAt(0, "split the rule into several", "the expression is longer than %d characters", maxCharacters)
		return nil
	}
	root, err := parse(c.source)
	if err == nil {
		return root
	}
	var at *file.Error
	if !errors.As(err, &at) {
		c.mistakeAt(0, "", "the expression cannot be read: %v", err)
		return nil
	}
	what, remedy := plainSyntax(at.Message)
	c.mistakeAt(at.From, remedy, "%s", what)
	return nil
}

// parse calls the foreign parser. Its panics, of which none is known, become
// errors: a rule file must never stop the daemon.
func parse(source string) (root ast.Node, err error) {
	defer func() {
		if r := recover(); r != nil {
			root, err = nil, fmt.Errorf("parser: %v", r)
		}
	}()
	tree, err := parser.Parse(source)
	if err != nil {
		return nil, fmt.Errorf("parse: %w", err)
	}
	return tree.Node, nil
}

// plainSyntax says in plain words what the parser found, and what would be
// right.
func plainSyntax(message string) (what, remedy string) {
	token, unexpected := strings.CutPrefix(message, "unexpected token ")
	switch {
	case strings.Contains(message, "value out of range"):
		return "the number is too large", "write a smaller one"
	case strings.Contains(message, "(??) cannot be mixed"):
		return "?? needs brackets beside other operators", "write (item.effort ?? 3) > 5"
	case !unexpected:
		return message, ""
	case token == "EOF":
		return "the expression ends too early", "look for a missing value or bracket"
	}
	if _, quoted, ok := strings.Cut(token, "("); ok {
		token = strings.TrimSuffix(quoted, ")")
	}
	remedies := map[string]string{
		`"="`: "write == to compare", `"<>"`: "write != for unequal", `"=<"`: "write <=", `"&"`: "write &&",
		`"AND"`: "write and", `"OR"`: "write or", `"NOT"`: "write not", `"IN"`: "write in", `"is"`: "write ==",
		`"#"`: `# stands for an element inside any, all, none or count, as in any(item.labels, # == "x")`,
	}
	return "unexpected " + token, remedies[token]
}

// expect checks that the whole expression answers what the rule asks.
func (c *compiler) expect(root ast.Node, got term, want Want) {
	if got.kind == broken || got.kind == want.kind() {
		return
	}
	remedy := map[Want]string{
		Condition:  "compare it with something, as in item.severity <= 2",
		Formula:    "write a number or a name such as item.effort",
		TextResult: `write a text in quotes or a name such as item.team`,
	}[want]
	asks := map[Want]string{Condition: "a condition", Formula: "a formula", TextResult: "a text"}[want]
	c.mistakeAt(0, remedy, "%s is wanted here, and %s is %s", asks, describe(root), got.kind)
}

// describe spells a node for a message, shortened.
func describe(n ast.Node) string {
	const limit = 60
	s := []rune(n.String())
	if len(s) > limit {
		return string(s[:limit]) + "…"
	}
	return string(s)
}
