package httpjson

import (
	"regexp"
	"strings"
)

// template is a text with placeholders: {since}, {parent.slug}, {events|sql}.
// What stands in braces and looks like none of these is plain text.
type template struct {
	pieces []piece
}

// piece is a literal, or a name with its modifier.
type piece struct {
	literal, name, modifier string
	// optional: {name?} may be a name that nothing fills in.
	optional bool
}

// The modifiers: literals of SQL ('a','b') and JSON as text.
const (
	sqlModifier  = "sql"
	jsonModifier = "json"
)

// placeholder matches what a request may hold in braces; fieldPlaceholder what
// a field's text may, which is any path.
func placeholder() *regexp.Regexp {
	return regexp.MustCompile(`\{([a-z_][a-z0-9_]*(?:\.[^{}|?]+)?\??)(?:\|([a-z]+))?\}`)
}

func fieldPlaceholder() *regexp.Regexp { return regexp.MustCompile(`\{([^{}|]+)(?:\|([a-z]+))?\}`) }

func parseTemplate(s string, of *regexp.Regexp) template {
	var t template
	at := 0
	for _, m := range of.FindAllStringSubmatchIndex(s, -1) {
		if m[0] > at {
			t.pieces = append(t.pieces, piece{literal: s[at:m[0]]})
		}
		p := piece{name: s[m[2]:m[3]]}
		p.name, p.optional = strings.CutSuffix(p.name, "?")
		if m[4] >= 0 {
			p.modifier = s[m[4]:m[5]]
		}
		t.pieces = append(t.pieces, p)
		at = m[1]
	}
	if at < len(s) || s == "" {
		t.pieces = append(t.pieces, piece{literal: s[at:]})
	}
	return t
}

// whole reports whether the template is one placeholder and nothing else, so
// that its value keeps its type.
func (t template) whole() bool {
	return len(t.pieces) == 1 && t.pieces[0].name != "" && t.pieces[0].modifier == ""
}

// look returns the value of a name.
type look func(name string) (any, bool)

// value fills the template. It is false where a placeholder has no value.
func (t template) value(of look) (any, bool) {
	if t.whole() {
		return of(t.pieces[0].name)
	}
	return t.text(of, func(s string) string { return s })
}

// text fills the template into text; every value passes through escape.
func (t template) text(of look, escape func(string) string) (string, bool) {
	var b strings.Builder
	for _, p := range t.pieces {
		if p.name == "" {
			b.WriteString(p.literal)
			continue
		}
		v, ok := of(p.name)
		if !ok {
			return "", false
		}
		b.WriteString(escape(spell(v, p.modifier)))
	}
	return b.String(), true
}

func spell(v any, modifier string) string {
	if modifier == jsonModifier {
		return compact(v)
	}
	list, isList := v.([]any)
	if !isList {
		list = []any{v}
	}
	parts := make([]string, 0, len(list))
	for _, e := range list {
		text := textOf(e)
		if modifier == sqlModifier {
			text = "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(text) + "'"
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, ",")
}

// filled is a JSON value with its placeholders filled in: what has no value is
// left out of mappings and lists. The JSON is never put together as text.
func filled(v any, of look, names *regexp.Regexp) (any, bool) {
	switch x := v.(type) {
	case string:
		return parseTemplate(x, names).value(of)
	case map[string]any:
		m := make(map[string]any, len(x))
		for key, inner := range x {
			if f, ok := filled(inner, of, names); ok {
				m[key] = f
			}
		}
		return m, true
	case []any:
		l := make([]any, 0, len(x))
		for _, inner := range x {
			if f, ok := filled(inner, of, names); ok {
				l = append(l, f)
			}
		}
		return l, true
	default:
		return v, true
	}
}

// namesIn lists the placeholders anywhere in a value.
func namesIn(v any, names *regexp.Regexp) []piece {
	switch x := v.(type) {
	case string:
		var found []piece
		for _, p := range parseTemplate(x, names).pieces {
			if p.name != "" {
				found = append(found, p)
			}
		}
		return found
	case map[string]any:
		var found []piece
		for _, inner := range x {
			found = append(found, namesIn(inner, names)...)
		}
		return found
	case []any:
		var found []piece
		for _, inner := range x {
			found = append(found, namesIn(inner, names)...)
		}
		return found
	default:
		return nil
	}
}
