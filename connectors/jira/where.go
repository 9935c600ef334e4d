package jira

import (
	"strings"

	"tandem/internal/work"
)

// checkWhere makes sure that the admin's restriction stays a restriction: it
// can neither leave the brackets that Tandem puts around it, nor change the
// order that paging rests on. Whether it is good JQL only Jira can tell; check
// asks it.
func (f *faults) checkWhere(at work.Pointer, where string) {
	outside, fault := unquoted(where)
	if fault != "" {
		f.add(at, fault, "check quotes and brackets")
		return
	}
	words := strings.Fields(strings.ToLower(outside))
	for i := 1; i < len(words); i++ {
		if words[i-1] == "order" && words[i] == "by" {
			f.add(at, "the restriction orders its results", "leave out ORDER BY: Tandem reads in the order of changes")
			return
		}
	}
	if where != "" && strings.TrimSpace(where) == "" {
		f.add(at, "the restriction is blank", "leave where out")
	}
}

// unquoted returns JQL without its quoted texts, with brackets as words of
// their own, and says what is not closed.
func unquoted(jql string) (outside, fault string) {
	var b strings.Builder
	var quote rune
	depth, escaped := 0, false
	for _, r := range jql {
		switch {
		case escaped:
			escaped = false
		case quote != 0:
			if escaped = r == '\\'; r == quote {
				quote = 0
			}
		case r == '\\':
			return "", "a backslash stands outside of quotes"
		case r == '"' || r == '\'':
			quote = r
			b.WriteByte(' ')
		case r == '(' || r == ')':
			if depth++; r == ')' {
				depth -= 2
			}
			if depth < 0 {
				return "", "a bracket is closed that was not opened"
			}
			b.WriteByte(' ')
		default:
			b.WriteRune(r)
		}
	}
	switch {
	case quote != 0:
		return "", "a quote is not closed"
	case depth != 0:
		return "", "a bracket is not closed"
	}
	return b.String(), ""
}
