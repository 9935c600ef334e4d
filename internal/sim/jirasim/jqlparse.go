package jirasim

import (
	"fmt"
	"strings"
)

// operand is one value on the right side of a clause.
type operand struct {
	text     string
	quoted   bool
	empty    bool     // EMPTY or NULL
	function string   // name, for now() and the like
	args     []string // of the function
}

func (o operand) String() string {
	if o.function != "" {
		return o.function + "()"
	}
	return o.text
}

// clause is a comparison.
type clause struct {
	field  string
	op     string // = != > >= < <= ~ !~ in, not in, is, is not
	values []operand
}

// node is part of a condition: a clause, or AND, OR, NOT of nodes.
type node struct {
	op     string // "" for a clause
	kids   []*node
	clause *clause
}

type sortTerm struct {
	field string
	down  bool
}

type query struct {
	where *node // nil: no restriction
	order []sortTerm
}

type jqlParser struct {
	tokens []token
	at     int
}

func parseQuery(text string) (*query, error) {
	tokens, err := lex(text)
	if err != nil {
		return nil, err
	}
	p := &jqlParser{tokens: tokens}
	q := &query{}
	if !p.peek().is("order") && p.peek().kind != endToken {
		if q.where, err = p.or(); err != nil {
			return nil, err
		}
	}
	if p.peek().is("order") {
		if q.order, err = p.orderBy(); err != nil {
			return nil, err
		}
	}
	if t := p.peek(); t.kind != endToken {
		return nil, p.unexpected("AND, OR, ORDER BY or the end of the query")
	}
	return q, nil
}

// bareWords reports whether a text has only words, so that it is a text
// search and not a broken query.
func bareWords(text string) bool {
	tokens, err := lex(text)
	if err != nil || len(tokens) < 2 {
		return false
	}
	for _, t := range tokens[:len(tokens)-1] {
		if t.kind != wordToken {
			return false
		}
	}
	return true
}

func (p *jqlParser) peek() token { return p.tokens[p.at] }

func (p *jqlParser) next() token {
	t := p.tokens[p.at]
	if t.kind != endToken {
		p.at++
	}
	return t
}

func (p *jqlParser) take(symbol string) bool {
	if t := p.peek(); t.kind == symbolToken && t.text == symbol {
		p.at++
		return true
	}
	return false
}

func (p *jqlParser) takeWord(word string) bool {
	if p.peek().is(word) {
		p.at++
		return true
	}
	return false
}

func (p *jqlParser) unexpected(want string) error {
	t := p.peek()
	if t.kind == endToken {
		return fmt.Errorf("error in the JQL Query: expecting %s before the end of the query. (line 1, character %d)", want, t.at+1)
	}
	return fmt.Errorf("error in the JQL Query: expecting %s but got '%s'. (line 1, character %d)", want, t.text, t.at+1)
}

func (p *jqlParser) or() (*node, error) {
	return p.chain("or", []string{"||", "|"}, func() (*node, error) {
		return p.chain("and", []string{"&&", "&"}, p.not)
	})
}

func (p *jqlParser) chain(op string, symbols []string, kid func() (*node, error)) (*node, error) {
	first, err := kid()
	if err != nil {
		return nil, err
	}
	kids := []*node{first}
	for p.takeWord(op) || p.take(symbols[0]) || p.take(symbols[1]) {
		k, err := kid()
		if err != nil {
			return nil, err
		}
		kids = append(kids, k)
	}
	if len(kids) == 1 {
		return first, nil
	}
	return &node{op: op, kids: kids}, nil
}

func (p *jqlParser) not() (*node, error) {
	if p.takeWord("not") || p.take("!") {
		kid, err := p.not()
		if err != nil {
			return nil, err
		}
		return &node{op: "not", kids: []*node{kid}}, nil
	}
	if p.take("(") {
		inner, err := p.or()
		if err != nil {
			return nil, err
		}
		if !p.take(")") {
			return nil, p.unexpected("')'")
		}
		return inner, nil
	}
	return p.clause()
}

func (p *jqlParser) clause() (*node, error) {
	field, err := p.fieldName()
	if err != nil {
		return nil, err
	}
	op, err := p.operator()
	if err != nil {
		return nil, err
	}
	c := &clause{field: field, op: op}
	if op != "in" && op != "not in" {
		v, err := p.operand()
		if err != nil {
			return nil, err
		}
		c.values = []operand{v}
		return &node{clause: c}, nil
	}
	if !p.take("(") {
		return p.functionList(c)
	}
	for {
		v, err := p.operand()
		if err != nil {
			return nil, err
		}
		c.values = append(c.values, v)
		if p.take(")") {
			return &node{clause: c}, nil
		}
		if !p.take(",") {
			return nil, p.unexpected("')' or ','")
		}
	}
}

// functionList reads a function that stands for a list, without parentheses
// around it.
func (p *jqlParser) functionList(c *clause) (*node, error) {
	start := p.at
	v, err := p.operand()
	if err != nil || v.function == "" {
		p.at = start
		return nil, p.unexpected("'('")
	}
	c.values = []operand{v}
	return &node{clause: c}, nil
}

func (p *jqlParser) fieldName() (string, error) {
	if k := p.peek().kind; k != wordToken && k != quotedToken {
		return "", p.unexpected("a field name")
	}
	t := p.next()
	if t.is("cf") && p.take("[") {
		number := p.next()
		if !p.take("]") {
			return "", p.unexpected("']'")
		}
		return "cf[" + number.text + "]", nil
	}
	return t.text, nil
}

func (p *jqlParser) operator() (string, error) {
	if t := p.peek(); t.kind == symbolToken && strings.Contains(" = != > >= < <= ~ !~ ", " "+t.text+" ") {
		return p.next().text, nil
	}
	switch {
	case p.takeWord("in"):
		return "in", nil
	case p.takeWord("not"):
		if p.takeWord("in") {
			return "not in", nil
		}
		return "", p.unexpected("'IN'")
	case p.takeWord("is"):
		if p.takeWord("not") {
			return "is not", nil
		}
		return "is", nil
	case p.peek().is("was"), p.peek().is("changed"):
		return "", fmt.Errorf("the operator '%s' is not supported by this stand-in", p.peek().text)
	}
	return "", p.unexpected("an operator (=, !=, <, >, <=, >=, ~, !~, IN, IS)")
}

func (p *jqlParser) operand() (operand, error) {
	if k := p.peek().kind; k != wordToken && k != quotedToken {
		return operand{}, p.unexpected("a value, list or function")
	}
	t := p.next()
	switch {
	case t.kind == quotedToken:
		return operand{text: t.text, quoted: true}, nil
	case t.is("empty") || t.is("null"):
		return operand{empty: true, text: t.text}, nil
	case !p.take("("):
		return operand{text: t.text}, nil
	}
	f := operand{text: t.text, function: t.text}
	for !p.take(")") {
		if k := p.peek().kind; k != wordToken && k != quotedToken {
			return operand{}, p.unexpected("an argument or ')'")
		}
		f.args = append(f.args, p.next().text)
		p.take(",")
	}
	return f, nil
}

func (p *jqlParser) orderBy() ([]sortTerm, error) {
	p.next()
	if !p.takeWord("by") {
		return nil, p.unexpected("'by'")
	}
	var terms []sortTerm
	for {
		field, err := p.fieldName()
		if err != nil {
			return nil, err
		}
		term := sortTerm{field: field}
		if p.takeWord("desc") {
			term.down = true
		} else {
			p.takeWord("asc")
		}
		terms = append(terms, term)
		if !p.take(",") {
			return terms, nil
		}
	}
}
