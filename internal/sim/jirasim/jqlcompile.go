package jirasim

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// predicate decides whether an issue is in the answer.
type predicate func(*entry) bool

// compiler turns a condition into a predicate for one caller at one time.
type compiler struct {
	*asker
	now    time.Time
	lookup func(idOrKey string) *entry // an issue that the caller may see
	errors []string
}

// compiled is a query that is ready to run.
type compiled struct {
	matches predicate
	order   []sortTerm // by canonical names
	bounded bool
	// visible tells whether the caller may see an issue.
	visible func(*Issue) bool
	// since and until narrow `updated`; zero is open.
	since, until time.Time
	// ids are the only issues that can match; nil is any.
	ids []int64
}

// compile reports all mistakes of the query at once.
func (c *compiler) compile(q *query) (*compiled, []string) {
	out := &compiled{matches: func(*entry) bool { return true }, bounded: q.where != nil, visible: c.catalog.visible}
	if q.where != nil {
		out.matches = c.node(q.where, false)
		c.narrow(out, q.where)
	}
	if len(q.order) > 7 {
		c.fail("the ORDER BY clause must not have more than 7 fields")
	}
	for _, term := range q.order {
		name := canonical(term.field)
		if !slices.Contains([]string{"key", "updated", "created", "resolved", "rank", "priority", "status", "summary", "duedate"}, name) {
			c.fail("field '%s' does not exist or you do not have permission to view it.", term.field)
			continue
		}
		out.order = append(out.order, sortTerm{field: name, down: term.down})
	}
	return out, c.errors
}

func (c *compiler) fail(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if text = sentence(text); !slices.Contains(c.errors, text) {
		c.errors = append(c.errors, text)
	}
}

// sentence writes an error as the service does: a capital first, a full stop
// last.
func sentence(text string) string {
	if text == "" {
		return text
	}
	text = strings.ToUpper(text[:1]) + text[1:]
	if last := text[len(text)-1]; last != '.' && last != ')' {
		text += "."
	}
	return text
}

// canonical returns the one name of a field that has several.
func canonical(field string) string {
	name := strings.ToLower(field)
	switch name {
	case "id", "issue", "issuekey":
		return "key"
	case "updateddate":
		return "updated"
	case "createddate":
		return "created"
	case "resolutiondate":
		return "resolved"
	case "due":
		return "duedate"
	case "type":
		return "issuetype"
	case "level", "security level":
		return "security"
	}
	return name
}

// node compiles a condition. Negation is pushed down to the clauses, as the
// service does: NOT priority = High means priority != High, which does not
// match issues without a priority.
func (c *compiler) node(n *node, negate bool) predicate {
	switch n.op {
	case "":
		return c.clause(n.clause, negate)
	case "not":
		return c.node(n.kids[0], !negate)
	}
	kids := make([]predicate, len(n.kids))
	for i, kid := range n.kids {
		kids[i] = c.node(kid, negate)
	}
	all := (n.op == "and") != negate
	return func(e *entry) bool {
		for _, kid := range kids {
			if kid(e) != all {
				return !all
			}
		}
		return all
	}
}

func negated(op string) string {
	return map[string]string{
		"=": "!=", "!=": "=", ">": "<=", "<=": ">", "<": ">=", ">=": "<", "~": "!~", "!~": "~",
		"in": "not in", "not in": "in", "is": "is not", "is not": "is",
	}[op]
}

func (c *compiler) clause(cl *clause, negate bool) predicate {
	op := cl.op
	if negate {
		op = negated(op)
	}
	never := func(*entry) bool { return false }
	field, ok := c.field(cl.field)
	if !ok {
		c.fail("field '%s' does not exist or you do not have permission to view it.", cl.field)
		return never
	}
	if canonical(cl.field) == "resolution" && len(cl.values) == 1 && strings.EqualFold(cl.values[0].text, "unresolved") {
		cl = &clause{field: cl.field, op: cl.op, values: []operand{{empty: true, text: "EMPTY"}}}
	}
	if op == "is" || op == "is not" || (len(cl.values) == 1 && cl.values[0].empty) {
		return c.emptiness(cl, field, op)
	}
	if !slices.Contains(field.ops, op) {
		c.fail("the operator '%s' is not supported by the '%s' field.", cl.op, cl.field)
		return never
	}
	match := field.match(op, cl.values)
	if match == nil {
		return never
	}
	return match
}

func (c *compiler) emptiness(cl *clause, field jqlField, op string) predicate {
	want := op == "is" || op == "="
	if (!want && op != "is not" && op != "!=") || !cl.values[0].empty || field.empty == nil {
		c.fail("the operator '%s' with the value '%s' is not supported by the '%s' field.", cl.op, cl.values[0], cl.field)
		return func(*entry) bool { return false }
	}
	return func(e *entry) bool { return field.empty(e) == want }
}

// narrow finds what an index can use: conjuncts at the top of the condition.
func (c *compiler) narrow(out *compiled, n *node) {
	if n.op == "and" {
		for _, kid := range n.kids {
			c.narrow(out, kid)
		}
		return
	}
	if n.op != "" {
		return
	}
	cl := n.clause
	switch canonical(cl.field) {
	case "updated":
		at, err := c.instant(cl.field, cl.values[0])
		if err != nil {
			return // reported by the clause itself
		}
		if (cl.op == ">=" || cl.op == ">" || cl.op == "=") && at.After(out.since) {
			out.since = at
		}
		if (cl.op == "<=" || cl.op == "<" || cl.op == "=") && (out.until.IsZero() || at.Before(out.until)) {
			out.until = at
		}
	case "key":
		if cl.op == "=" || cl.op == "in" {
			out.ids = c.keys(cl)
		}
	}
}

func (c *compiler) keys(cl *clause) []int64 {
	ids := []int64{}
	for _, v := range cl.values {
		if e := c.lookup(v.text); e != nil {
			ids = append(ids, e.ID)
		}
	}
	return ids
}
