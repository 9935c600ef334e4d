package httpjson

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// path is a compiled path into JSON:
//
//	answers.score           keys, one below the other
//	tags[*].name            of every element of a list
//	fields[0]               of one element
//	props[?name=plan].value of every element whose name is plan
//	a["key with [.]"]       a key in any spelling
//	.                       the value itself
//	@parent.title           the parent of a for_each
//	@record.id              the outer record of answers and also
//	@join[*].key            the list that join: read
//	@param.project          a param
//
// A language of our own, because mistakes must be found when settings are
// read: the libraries around answer a wrong path with silence.
type path struct {
	text  string
	root  string // "", parent, record, join, param
	steps []step
}

// stepKind is what one step does.
type stepKind uint8

const (
	byKey stepKind = iota
	byIndex
	every
	matching
)

type step struct {
	kind  stepKind
	key   string // or the value that matching wants
	index int
	where *path
}

var errPath = errors.New("write keys with dots, [0], [*], [?key=value] or [\"any key\"] between them")

// parsePath compiles a path.
func parsePath(text string) (path, error) {
	p := path{text: text}
	rest := strings.TrimSpace(text)
	if root, found := strings.CutPrefix(rest, "@"); found {
		name := root[:cutAt(root, ".[")]
		if name != "parent" && name != "record" && name != "join" && name != "param" {
			return p, fmt.Errorf("%q begins with none of @parent, @record, @join and @param: %w", text, errPath)
		}
		p.root, rest = name, strings.TrimPrefix(root[len(name):], ".")
	}
	if rest == "." {
		return p, nil
	}
	for first := true; rest != ""; first = false {
		var s step
		var err error
		if rest[0] == '[' {
			s, rest, err = parseBracket(rest)
		} else {
			if !first && p.root == "" || len(p.steps) > 0 {
				if rest[0] != '.' {
					return p, fmt.Errorf("%q: %w", text, errPath)
				}
				rest = rest[1:]
			}
			end := cutAt(rest, ".[")
			s, rest = step{kind: byKey, key: rest[:end]}, rest[end:]
			if s.key == "" {
				err = errPath
			}
		}
		if err != nil {
			return p, fmt.Errorf("%q: %w", text, err)
		}
		p.steps = append(p.steps, s)
	}
	if len(p.steps) == 0 && p.root == "" {
		return p, errors.New("the path is empty; write . for the value itself")
	}
	return p, nil
}

// cutAt is where the first of some characters stands, or the end.
func cutAt(s, any string) int {
	if i := strings.IndexAny(s, any); i >= 0 {
		return i
	}
	return len(s)
}

// parseBracket reads one [...] at the start.
func parseBracket(s string) (step, string, error) {
	if strings.HasPrefix(s, `["`) {
		end := strings.Index(s, `"]`)
		if end < 2 {
			return step{}, "", errPath
		}
		return step{kind: byKey, key: s[2:end]}, s[end+2:], nil
	}
	end := strings.IndexByte(s, ']')
	if end < 0 {
		return step{}, "", errPath
	}
	inside, rest := s[1:end], s[end+1:]
	if inside == "*" {
		return step{kind: every}, rest, nil
	}
	if condition, found := strings.CutPrefix(inside, "?"); found {
		key, want, both := strings.Cut(condition, "=")
		where, err := parsePath(key)
		if !both || err != nil || where.root != "" {
			return step{}, "", errPath
		}
		return step{kind: matching, key: strings.Trim(want, `'"`), where: &where}, rest, nil
	}
	n, err := strconv.Atoi(inside)
	if err != nil || n < 0 {
		return step{}, "", errPath
	}
	return step{kind: byIndex, index: n}, rest, nil
}

// many reports whether the path may find several values.
func (p path) many() bool {
	for _, s := range p.steps {
		if s.kind == every || s.kind == matching {
			return true
		}
	}
	return false
}

// in finds what stands at the path; a list where it may be several.
func (p path) in(v any) (any, bool) {
	found := []any{v}
	for _, s := range p.steps {
		var next []any
		for _, f := range found {
			next = s.from(f, next)
		}
		found = next
	}
	if p.many() {
		return found, len(found) > 0
	}
	if len(found) == 0 || found[0] == nil {
		return nil, false
	}
	return found[0], true
}

// from appends what the step finds in a value.
func (s step) from(v any, to []any) []any {
	switch x := v.(type) {
	case map[string]any:
		if s.kind == byKey {
			if inner, ok := x[s.key]; ok {
				return append(to, inner)
			}
		}
		if s.kind == matching && s.matches(x) { // one instead of a list of one
			return append(to, x)
		}
	case []any:
		switch s.kind {
		case byIndex:
			if s.index < len(x) {
				return append(to, x[s.index])
			}
		case every:
			return append(to, x...)
		case matching:
			for _, e := range x {
				if s.matches(e) {
					to = append(to, e)
				}
			}
		case byKey:
		}
	}
	return to
}

func (s step) matches(v any) bool {
	have, ok := s.where.in(v)
	return ok && textOf(have) == s.key
}

// textOf spells a JSON value as text; lists and mappings have none.
func textOf(v any) string {
	switch x := v.(type) {
	case string:
		return clean(x)
	case json.Number:
		return x.String()
	case bool:
		return strconv.FormatBool(x)
	case int:
		return strconv.Itoa(x)
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64)
	default:
		return ""
	}
}

// clean takes out what no store keeps.
func clean(s string) string {
	if strings.IndexByte(s, 0) >= 0 {
		s = strings.ReplaceAll(s, "\x00", "")
	}
	return strings.TrimSpace(s)
}
