package config

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"tandem/internal/work"
)

// structure decodes a mapping into a struct, or a single value into the field
// that takes one.
func (d *decoder) structure(n *node, p place, v reflect.Value) {
	s := shapeOf(v.Type())
	if n.kind == scalar && s.scalar != nil {
		d.value(n, p, v.FieldByIndex(s.scalar.index), s.scalar.one)
		return
	}
	if n.kind != mapping {
		what := p.label + " must be a mapping"
		if s.scalar != nil {
			what += " or a single value"
		}
		d.report(n, p, what+", not "+n.kind.String(), "write "+p.lead+s.sample())
		return
	}
	for i, key := range n.keys {
		d.entry(key, n.values[i], p, v, s)
	}
}

// entry decodes one key of a struct.
func (d *decoder) entry(key, value *node, p place, v reflect.Value, s *shape) {
	here := p.key(key.text)
	if own, ok := s.slots[key.text]; ok {
		d.value(value, here, v.FieldByIndex(own.index), own.one)
		return
	}
	if s.rest != nil {
		d.element(key, value, here, v.FieldByIndex(s.rest), false)
		return
	}
	known := slices.Clone(s.names)
	if p.at == d.base {
		known = append(known, d.foreign...)
	}
	d.found = append(d.found, mistake{
		problem: work.Problem{At: here.at, Key: true, What: "unknown key " + strconv.Quote(key.text), Remedy: suggest(key.text, known)},
		node:    key,
	})
}

// suggest guesses which name was meant, and lists all if none is near.
func suggest(name string, known []string) string {
	if remedy := work.Suggest(name, known); remedy != "" || len(known) == 0 {
		return remedy
	}
	return "known are: " + strings.Join(known, ", ")
}

// sample shows how the mapping is written.
func (s *shape) sample() string {
	names := s.names
	if len(names) == 0 {
		names = []string{"KEY"}
	}
	shown := names[:min(len(names), 2)]
	text := "{" + strings.Join(shown, ": …, ") + ": …"
	if len(names) > len(shown) {
		text += ", …"
	}
	return text + "}"
}

// dictionary decodes a mapping into a new map.
func (d *decoder) dictionary(n *node, p place, v reflect.Value, one bool) {
	if !d.is(mapping, n, p) {
		return
	}
	v.Set(reflect.MakeMapWithSize(v.Type(), len(n.keys)))
	for i, key := range n.keys {
		d.element(key, n.values[i], p.key(key.text), v, one)
	}
}

// element decodes one entry into a map, which is made if there is none.
func (d *decoder) element(key, value *node, p place, m reflect.Value, one bool) {
	if m.Type().Key().Kind() != reflect.String {
		panic("config: keys of " + m.Type().String() + " are no text")
	}
	if m.IsNil() {
		m.Set(reflect.MakeMap(m.Type()))
	}
	fresh := reflect.New(m.Type().Elem()).Elem()
	d.value(value, p, fresh, one)
	m.SetMapIndex(reflect.ValueOf(key.text).Convert(m.Type().Key()), fresh)
}

// slice decodes a list, or a single value where one stands for a list.
func (d *decoder) slice(n *node, p place, v reflect.Value, one bool) {
	values, places := n.values, p.index
	if one && n.kind == scalar {
		values, places = []*node{n}, func(int) place { return p }
	} else if !d.is(list, n, p) {
		return
	}
	fresh := reflect.MakeSlice(v.Type(), len(values), len(values))
	for i, value := range values {
		d.value(value, places(i), fresh.Index(i), false)
	}
	v.Set(fresh)
}
