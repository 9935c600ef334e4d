package config

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// bareCondition finds the value of an if: on a line that is not in quotes as a
// whole, and its column. In braces it ends where the next entry begins.
func bareCondition(line string) (col int, written string, ok bool) {
	start := -1
	for _, before := range []string{"", "{", " ", ","} {
		if i := strings.Index(line, before+"if: "); i >= 0 && (before != "" || i == 0) {
			start = i + len(before) + len("if: ")
			break
		}
	}
	if start < 0 {
		return 0, "", false
	}
	written = strings.TrimSpace(line[start:])
	if strings.Contains(line[:start], "{") {
		written = strings.TrimSpace(written[:entryEnd(written)])
	}
	if written == "" || wholeQuoted(written) || barePath(written) {
		return 0, "", false
	}
	return utf8.RuneCountInString(line[:start]) + 1, written, true
}

// entryEnd returns where an entry of a mapping in braces ends: at a comma or
// brace outside of quotes and brackets.
func entryEnd(text string) int {
	var open []rune
	for i, c := range text {
		inQuotes := len(open) > 0 && (open[len(open)-1] == '"' || open[len(open)-1] == '\'')
		switch {
		case inQuotes && c == open[len(open)-1]:
			open = open[:len(open)-1]
		case inQuotes:
		case c == '"' || c == '\'':
			open = append(open, c)
		case c == '(' || c == '[' || c == '{':
			open = append(open, c)
		case len(open) > 0 && slices.Contains([]string{"()", "[]", "{}"}, string(open[len(open)-1])+string(c)):
			open = open[:len(open)-1]
		case len(open) == 0 && (c == ',' || c == '}'):
			return i
		}
	}
	return len(text)
}

// wholeQuoted reports whether a text is one quoted scalar.
func wholeQuoted(text string) bool {
	if len(text) < 2 || text[0] != '\'' && text[0] != '"' || text[len(text)-1] != text[0] {
		return false
	}
	quote := text[:1]
	inner := text[1 : len(text)-1]
	if quote == "'" {
		return !strings.Contains(strings.ReplaceAll(inner, "''", ""), "'")
	}
	return !strings.Contains(strings.ReplaceAll(inner, `\"`, ""), `"`)
}

// quoted writes a text in single quotes as YAML does.
func quoted(text string) string {
	return "'" + strings.ReplaceAll(text, "'", "''") + "'"
}
