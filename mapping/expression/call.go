package expression

import (
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/expr-lang/expr/ast"

	"tandem/internal/work"
)

// Functions returns the names of all functions that expressions know.
func Functions() []string {
	return []string{
		"abs", "all", "any", "ceil", "count", "date", "floor", "len", "lower",
		"max", "min", "none", "round", "trim", "upper",
	}
}

// call compiles a function.
func (c *compiler) call(n ast.Node, name string, args []ast.Node, depth int) term {
	switch name {
	case "any", "all", "none", "count":
		return c.quantifier(n, name, args, depth)
	case "date":
		return c.date(n, args)
	case "len":
		return c.length(n, args, depth)
	case "lower", "upper", "trim":
		return c.textFunction(n, name, args, depth)
	case "abs", "round", "floor", "ceil":
		return c.numberFunction(n, name, args, depth)
	case "min", "max":
		return c.extreme(n, name, args, depth)
	default:
		return c.mistake(n, work.Suggest(name, Functions()), "there is no function %s", name)
	}
}

// one compiles the only argument of a function, which must be of a kind.
func (c *compiler) one(n ast.Node, name string, args []ast.Node, want kind, depth int) (term, bool) {
	if len(args) != 1 {
		c.mistake(n, "", "%s takes one argument, not %d", name, len(args))
		return term{}, false
	}
	arg := c.expr(args[0], depth+1)
	if arg.kind != broken && arg.kind != want {
		c.mistake(n, "", "%s needs %s, and %s is %s", name, want, describe(args[0]), arg.kind)
	}
	return arg, arg.kind == want
}

func (c *compiler) textFunction(n ast.Node, name string, args []ast.Node, depth int) term {
	arg, ok := c.one(n, name, args, text, depth)
	if !ok {
		return term{}
	}
	change := map[string]func(string) string{"lower": strings.ToLower, "upper": strings.ToUpper, "trim": strings.TrimSpace}[name]
	return term{kind: text, text: func(e env) (string, bool) {
		s, known := arg.text(e)
		s = change(s)
		return s, known && s != ""
	}}
}

func (c *compiler) numberFunction(n ast.Node, name string, args []ast.Node, depth int) term {
	arg, ok := c.one(n, name, args, number, depth)
	if !ok {
		return term{}
	}
	change := map[string]func(float64) float64{"abs": math.Abs, "round": math.Round, "floor": math.Floor, "ceil": math.Ceil}[name]
	return term{kind: number, number: func(e env) (float64, bool) {
		f, known := arg.number(e)
		return change(f), known
	}}
}

// length compiles len of a text, in characters, or of a list.
func (c *compiler) length(n ast.Node, args []ast.Node, depth int) term {
	if len(args) != 1 {
		return c.mistake(n, "", "len takes one argument, not %d", len(args))
	}
	arg := c.expr(args[0], depth+1)
	switch arg.kind {
	case broken:
		return term{}
	case text:
		return term{kind: number, number: func(e env) (float64, bool) {
			s, known := arg.text(e)
			return float64(utf8.RuneCountInString(s)), known
		}}
	case list:
		return term{kind: number, number: func(e env) (float64, bool) {
			l := arg.list(e)
			return float64(l.size()), l.ok
		}}
	default:
		return c.mistake(n, "", "len needs a text or a list, and %s is %s", describe(args[0]), arg.kind)
	}
}

// extreme compiles min and max. One unknown argument makes the result unknown.
func (c *compiler) extreme(n ast.Node, name string, args []ast.Node, depth int) term {
	if len(args) < 2 {
		return c.mistake(n, "as in "+name+"(item.impact, 3)", "%s takes two or more numbers", name)
	}
	numbers := make([]func(env) (float64, bool), 0, len(args))
	for _, a := range args {
		arg, ok := c.one(n, name, []ast.Node{a}, number, depth)
		if !ok {
			return term{}
		}
		numbers = append(numbers, arg.number)
	}
	better := math.Max
	if name == "min" {
		better = math.Min
	}
	return term{kind: number, number: func(e env) (float64, bool) {
		best, known := numbers[0](e)
		for _, next := range numbers[1:] {
			f, also := next(e)
			best, known = better(best, f), known && also
		}
		return best, known
	}}
}

// date compiles date('2026-01-31'), a day in UTC.
func (c *compiler) date(n ast.Node, args []ast.Node) term {
	const remedy = "write date('2026-01-31')"
	if len(args) != 1 {
		return c.mistake(n, remedy, "date takes one literal day")
	}
	written, ok := args[0].(*ast.StringNode)
	if !ok {
		return c.mistake(n, remedy, "date takes one literal day")
	}
	day, err := time.Parse(time.DateOnly, written.Value)
	if err != nil {
		return c.mistake(n, remedy, "%q is no day of the calendar", written.Value)
	}
	return term{kind: moment, moment: func(env) (time.Time, bool) { return day, true }}
}
