package httpjson

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// reading is a compiled Field.
type reading struct {
	Field
	paths  []path
	hash   []path
	pieces []textPiece
	in     path
	by     path
	take   path
	zone   *time.Location
}

// textPiece is a literal or a path of a Field's Text.
type textPiece struct {
	literal string
	at      *path
}

// scope is what paths start from.
type scope struct {
	value  any
	record any // the outer record, inside of answers and also
	parent any
	join   any
	params map[string]any
}

func (s scope) find(p path) (any, bool) {
	switch p.root {
	case "parent":
		return p.in(s.parent)
	case "record":
		return p.in(s.record)
	case "join":
		return p.in(s.join)
	case "param":
		return p.in(any(s.params))
	default:
		return p.in(s.value)
	}
}

// read returns what the field says of a record; false where it says nothing.
func (r *reading) read(s scope) (any, bool) {
	v, ok := r.raw(s)
	if !ok {
		return nil, false
	}
	if r.Lookup != nil {
		if v, ok = r.lookUp(s, v); !ok {
			return nil, false
		}
	}
	list, isList := v.([]any)
	if r.Split != "" && !isList {
		list, isList = splitText(textOf(v), r.Split), true
	}
	if !isList {
		return r.one(v)
	}
	out := make([]any, 0, len(list))
	for _, e := range list {
		if x, ok := r.one(e); ok {
			out = append(out, x)
		}
	}
	return out, len(out) > 0
}

func splitText(s, by string) []any {
	var list []any
	for part := range strings.SplitSeq(s, by) {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, part)
		}
	}
	return list
}

// raw finds the value before it is worked on.
func (r *reading) raw(s scope) (any, bool) {
	switch {
	case r.Value != nil:
		return r.Value, true
	case len(r.pieces) > 0:
		return r.compose(s)
	case len(r.hash) > 0:
		return r.digest(s)
	}
	for _, p := range r.paths {
		v, ok := s.find(p)
		if !ok || v == nil {
			continue
		}
		if text, isText := v.(string); isText && clean(text) == "" {
			continue
		}
		return v, true
	}
	return nil, false
}

// compose fills a text. Nothing but literals is nothing.
func (r *reading) compose(s scope) (any, bool) {
	var b strings.Builder
	found := false
	for _, p := range r.pieces {
		if p.at == nil {
			b.WriteString(p.literal)
			continue
		}
		v, ok := s.find(*p.at)
		if !ok {
			continue
		}
		text := spell(v, "")
		found = found || text != ""
		b.WriteString(text)
	}
	return strings.TrimSpace(b.String()), found
}

func (r *reading) digest(s scope) (any, bool) {
	values := make([]any, len(r.hash))
	found := false
	for i, p := range r.hash {
		v, ok := s.find(p)
		values[i], found = v, found || ok
	}
	text, err := json.Marshal(values)
	if err != nil || !found {
		return nil, false
	}
	sum := sha256.Sum256(text)
	return "h-" + hex.EncodeToString(sum[:12]), true
}

func (r *reading) lookUp(s scope, v any) (any, bool) {
	list, ok := s.find(r.in)
	if !ok {
		return nil, false
	}
	elements, isList := list.([]any)
	if !isList {
		elements = []any{list}
	}
	var found []any
	for _, e := range elements {
		if have, ok := r.by.in(e); ok && textOf(have) == textOf(v) {
			if taken, ok := r.take.in(e); ok {
				found = append(found, taken)
			}
		}
	}
	switch len(found) {
	case 0:
		return nil, false
	case 1:
		return found[0], true
	default:
		return found, true
	}
}

// one works on a single value.
func (r *reading) one(v any) (any, bool) {
	if mapped, ok := r.Map[textOf(v)]; ok {
		v = mapped
	} else if r.Else != "" {
		v = r.Else
	}
	if r.Number {
		if _, err := strconv.ParseFloat(textOf(v), 64); err != nil {
			return nil, false
		}
	}
	if text, isText := v.(string); isText {
		text = clean(text)
		if r.HTML {
			text = words(text)
		}
		if r.Lower {
			text = strings.ToLower(text)
		}
		if v = text; text == "" {
			return nil, false
		}
	}
	if r.Prefix != "" {
		text := textOf(v)
		if text == "" {
			return nil, false
		}
		v = r.Prefix + text
	}
	return v, v != nil
}

// numberOf reads a number, also one in a text.
func (r *reading) numberOf(v any) (float64, error) {
	f, err := strconv.ParseFloat(textOf(v), 64)
	if err != nil || f != f || f > 1e300 || f < -1e300 {
		return 0, fmt.Errorf("%q is no number", excerpt(describe(v), 60))
	}
	if r.Times != 0 {
		f *= r.Times
	}
	return f, nil
}

// describe spells any value for a message.
func describe(v any) string {
	if text := textOf(v); text != "" {
		return text
	}
	b, err := json.Marshal(v)
	if err != nil {
		return "?"
	}
	return string(b)
}

// listOf spells a value as a list of texts.
func listOf(v any) []string {
	list, isList := v.([]any)
	if !isList {
		list = []any{v}
	}
	var texts []string
	for _, e := range list {
		if text := textOf(e); text != "" && !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	return texts
}
