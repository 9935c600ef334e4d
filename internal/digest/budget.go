package digest

import (
	"errors"
	"fmt"
	"html/template"
	"regexp"
	"slices"
	"strconv"
	"strings"
	texttemplate "text/template"
	"text/template/parse"
)

const (
	// mostSteps is how much one run of a template may do: a tenth of a second at most.
	// Every action of a list is a step whenever the list is walked, and so are
	// bytesAStep bytes that a function reads.
	mostSteps  = 100_000
	bytesAStep = 32
	// mostMade is how many bytes a function may return, or be given.
	mostMade = 16 << 10
)

var (
	errTooLong  = errors.New("the template writes too much")
	errTooFar   = errors.New("the template takes too many steps")
	errTooLarge = errors.New("the template makes a text too long")
)

// remedyFor says what to do about a template that fails when it is run.
func remedyFor(err error) string {
	switch {
	case errors.Is(err, errTooFar):
		return "loop over less: a list in a list in a list is enough"
	case errors.Is(err, errTooLarge):
		return fmt.Sprintf("give functions at most %d KB, and printf widths below 1000", mostMade>>10)
	case errors.Is(err, errTooLong):
		return fmt.Sprintf("write at most %d KB", mostWritten>>10)
	default:
		return "see docs/digests.md for what each field holds"
	}
}

// stepName is the function that charges for a list. It is put into the parsed
// template, and unknown while one is parsed, so that none can name it.
const stepName = "step"

// charge makes each list that may be walked more than once charge for what is
// in it, since text/template runs without any limit.
func charge(t *texttemplate.Template) {
	for _, part := range t.Templates() {
		if part.Tree != nil && part.Root != nil {
			chargeList(part.Root, part.Root.Pos)
		}
	}
}

// chargeList puts an action before what stands in a list, told at a place.
func chargeList(l *parse.ListNode, pos parse.Pos) {
	n := int64(stepsOf(l))
	count := &parse.NumberNode{NodeType: parse.NodeNumber, Pos: pos, IsInt: true, Int64: n, Text: strconv.FormatInt(n, 10)}
	call := &parse.CommandNode{NodeType: parse.NodeCommand, Pos: pos, Args: []parse.Node{parse.NewIdentifier(stepName).SetPos(pos), count}}
	pipe := &parse.PipeNode{NodeType: parse.NodePipe, Pos: pos, Cmds: []*parse.CommandNode{call}}
	l.Nodes = slices.Insert(l.Nodes, 0, parse.Node(&parse.ActionNode{NodeType: parse.NodeAction, Pos: pos, Pipe: pipe}))
}

// stepsOf counts what is done when a list is walked once. Lists that are walked
// again and again charge by themselves.
func stepsOf(l *parse.ListNode) int {
	if l == nil {
		return 0
	}
	steps := 1
	for _, n := range l.Nodes {
		switch n := n.(type) {
		case *parse.ActionNode:
			steps += stepsOfPipe(n.Pipe)
		case *parse.IfNode:
			steps += stepsOfPipe(n.Pipe) + stepsOf(n.List) + stepsOf(n.ElseList)
		case *parse.WithNode:
			steps += stepsOfPipe(n.Pipe) + stepsOf(n.List) + stepsOf(n.ElseList)
		case *parse.RangeNode:
			chargeList(n.List, n.Pos)
			steps += stepsOfPipe(n.Pipe) + stepsOf(n.ElseList)
		case *parse.TemplateNode:
			steps += 1 + stepsOfPipe(n.Pipe)
		default:
			steps++
		}
	}
	return steps
}

func stepsOfPipe(p *parse.PipeNode) int {
	if p == nil {
		return 0
	}
	steps := 1
	for _, c := range p.Cmds {
		for _, arg := range c.Args {
			steps++
			if inner, ok := arg.(*parse.PipeNode); ok {
				steps += stepsOfPipe(inner)
			}
		}
	}
	return steps
}

// budget is what is left for one run of a template.
type budget struct{ steps int }

// functions take the place of those that make texts, also of those that
// text/template has: each pays for what it reads.
func (b *budget) functions() texttemplate.FuncMap {
	made := texttemplate.FuncMap{stepName: b.step}
	for name, do := range map[string]func(...any) string{
		"print": fmt.Sprint, "println": fmt.Sprintln, "html": template.HTMLEscaper, "js": template.JSEscaper, "urlquery": template.URLQueryEscaper,
	} {
		made[name] = func(args ...any) (string, error) { return b.pay(func() string { return do(args...) }, args...) }
	}
	made["printf"] = func(format string, args ...any) (string, error) {
		if err := wide(format, args); err != nil {
			return "", err
		}
		return b.pay(func() string { return fmt.Sprintf(format, args...) }, append(args, format)...)
	}
	made["link"] = func(address, text string) (string, error) {
		return b.pay(func() string { return mark(address, text) }, address, text)
	}
	made["plural"] = func(n int, one, many string) (string, error) {
		return b.pay(func() string { return plural(n, one, many) }, one, many)
	}
	return made
}

// step pays for so many steps. It writes nothing.
func (b *budget) step(n int) (string, error) {
	if b.steps -= n; b.steps < 0 {
		return "", errTooFar
	}
	return "", nil
}

// pay calls a function after its arguments were paid for.
func (b *budget) pay(do func() string, args ...any) (string, error) {
	size := 0
	for _, a := range args {
		if size += sizeOf(a); size > mostMade {
			return "", errTooLarge
		}
	}
	if _, err := b.step(1 + size/bytesAStep); err != nil {
		return "", err
	}
	text := do()
	if len(text) > mostMade {
		return "", errTooLarge
	}
	return text, nil
}

func sizeOf(v any) int {
	if text, ok := v.(string); ok {
		return len(text)
	}
	return len(fmt.Sprint(v))
}

// wide refuses formats that make much of little: widths of a thousand and more,
// or that are arguments, and the same argument again and again.
func wide(format string, args []any) error {
	longest := 1000
	for _, a := range args {
		longest = max(longest, sizeOf(a))
	}
	if regexp.MustCompile(`[0-9]{4}|\*`).MatchString(format) || strings.Count(format, "%") > 4*mostMade/longest {
		return errTooLarge
	}
	return nil
}
