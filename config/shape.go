package config

import (
	"reflect"
	"slices"
	"strings"
)

// slot is one struct field that YAML can fill.
type slot struct {
	index []int
	one   bool // a single value is a list of one
}

// shape is what the tags of a struct type say:
//
//	yaml:"name"        the key
//	yaml:"name,one"    the key; a single value is accepted for a list
//	yaml:",scalar"     gets the value where a single value stands for the mapping
//	yaml:",rest"       a map that takes every key without a field of its own
//	yaml:",inline"     a struct whose keys belong to this mapping
//
// Fields without a tag are not read.
type shape struct {
	names  []string // in the order of the fields
	slots  map[string]slot
	scalar *slot
	rest   []int
}

// shapeOf reads the tags of a struct type.
func shapeOf(t reflect.Type) *shape {
	s := &shape{slots: make(map[string]slot)}
	s.add(t, nil)
	return s
}

func (s *shape) add(t reflect.Type, above []int) {
	for field := range t.Fields() {
		tag, ok := field.Tag.Lookup("yaml")
		if !ok || tag == "-" {
			continue
		}
		parts := strings.Split(tag, ",")
		name, options := parts[0], parts[1:]
		index := append(slices.Clone(above), field.Index...)
		own := slot{index: index, one: slices.Contains(options, "one")}
		if slices.Contains(options, "inline") {
			s.add(field.Type, index)
		}
		if slices.Contains(options, "scalar") {
			s.scalar = &own
		}
		if slices.Contains(options, "rest") {
			s.rest = index
		}
		if name != "" {
			s.names = append(s.names, name)
			s.slots[name] = own
		}
	}
}
