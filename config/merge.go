package config

import (
	"fmt"
	"maps"
	"slices"
)

// MergeDocuments joins rule files into one document. Mappings with the same
// top-level key (people, fields, goals) merge one level deep, lists (tests,
// readiness) are joined in the order given. Whatever else is set twice is a
// mistake that names both places. Nil documents are left out.
func MergeDocuments(documents ...*Document) (*Document, Diagnostics) {
	m := merger{merged: &Document{root: &node{kind: mapping, line: 1, col: 1}}}
	for _, d := range documents {
		if d == nil {
			continue
		}
		if m.merged.root.file == "" {
			m.merged.root.file = d.root.file
		}
		m.merged.sources = append(m.merged.sources, d.sources...)
		m.add(d.root)
	}
	return m.merged, m.found
}

type merger struct {
	merged *Document
	found  Diagnostics
}

func (m *merger) report(n *node, what, remedy string) {
	m.found = append(m.found, n.diagnostic(what, remedy))
}

// add merges the top level of one file.
func (m *merger) add(top *node) {
	if top.refusal != nil {
		m.report(top, top.refusal.What, top.refusal.Remedy)
		return
	}
	if top.kind != mapping {
		m.report(top, "the file must be a mapping, not "+top.kind.String(), "write KEY: VALUE")
		return
	}
	all := m.merged.root
	for i, key := range top.keys {
		value := top.values[i]
		firstKey, first := all.entry(key.text)
		if firstKey == nil {
			own := *value
			own.keys, own.values, own.index = slices.Clone(value.keys), slices.Clone(value.values), maps.Clone(value.index)
			all.put(key, &own)
			continue
		}
		m.join(firstKey, first, key, value)
	}
}

// join adds the value of a later file to one that is there already.
func (m *merger) join(firstKey, first, key, value *node) {
	switch {
	case value.refusal != nil:
		m.report(value, value.refusal.What, value.refusal.Remedy)
	case value.null:
		m.report(value, key.text+" has no value", "write one, or leave it out")
	case value.tag != "":
		m.report(value, key.text+" has a YAML tag (!)", "leave the tag out")
	case first.kind == list && value.kind == list:
		first.values = append(first.values, value.values...)
	case first.kind == mapping && value.kind == mapping:
		for i, k := range value.keys {
			if earlier, _ := first.entry(k.text); earlier != nil {
				m.twice(key.text+"."+k.text, earlier, k)
				continue
			}
			first.put(k, value.values[i])
		}
	default:
		m.twice(key.text, firstKey, key)
	}
}

// twice reports a key that stands in two files.
func (m *merger) twice(name string, first, second *node) {
	m.report(second, fmt.Sprintf("%s is set twice, first at %s:%d:%d", name, first.file, first.line, first.col), "keep one")
}
