package config

import (
	"strconv"
	"strings"

	"tandem/internal/work"
)

// Override returns the document with one value replaced, as PATH=VALUE says:
// evidence.half_life.default=30d. The path names keys with dots between them,
// or is a JSON pointer (/route/routes/0/label) where a key has a dot in it; an
// entry of a list is named by its number, from 0. The value is YAML. Whether
// the key exists and the value fits is seen when the document is decoded, as
// for any other: a mistake is then told at the name of the override.
func (d *Document) Override(setting string) (*Document, Diagnostics) {
	name := "--set " + setting
	path, text, ok := strings.Cut(setting, "=")
	path = strings.TrimSpace(path)
	if !ok || path == "" {
		return nil, Diagnostics{{File: name, What: "it is not said what is to be set", Remedy: "write PATH=VALUE, such as evidence.half_life.default=30d"}}
	}
	at := segments(work.Pointer(path))
	if !strings.HasPrefix(path, "/") {
		at = strings.Split(path, ".")
	}
	parsed, found := ParseDocument(name, []byte("value: "+text))
	if len(found) > 0 {
		return nil, found
	}
	_, value := parsed.root.entry("value")
	if value == nil || len(parsed.root.keys) != 1 {
		return nil, Diagnostics{{File: name, What: "the value is not one", Remedy: "write one YAML value behind the =, in quotes for the shell where it has spaces"}}
	}
	key := func(text string) *node {
		return &node{file: name, line: 1, col: 1, kind: scalar, text: text, plain: true}
	}
	root, problem := replaced(d.root, at, value, key)
	if problem != "" {
		return nil, Diagnostics{{File: name, What: problem, Remedy: "a number of an entry counts from 0; to set a whole list or mapping write it as YAML, [a, b] or {a: 1}"}}
	}
	return &Document{root: root, sources: append(d.Sources(), Source{Name: name, Body: []byte(setting)})}, nil
}

// replaced returns a copy of a node with the value at a path replaced. What is
// not on the path is shared.
func replaced(n *node, path []string, value *node, key func(string) *node) (*node, string) {
	if len(path) == 0 {
		return value, ""
	}
	if n == nil {
		n = &node{file: value.file, line: 1, col: 1, kind: mapping}
	}
	c := *n
	c.keys, c.values = append([]*node(nil), n.keys...), append([]*node(nil), n.values...)
	if n.kind == scalar { // a value that stands for its default, as half_life: 90d
		c = node{file: n.file, line: n.line, col: n.col, kind: mapping}
		if path[0] != defaultKey && !n.null {
			c.keys, c.values = []*node{key(defaultKey)}, []*node{n}
		}
	}
	for i := range c.values {
		if c.kind == mapping && c.keys[i].text != path[0] || c.kind == list && strconv.Itoa(i) != path[0] {
			continue
		}
		next, problem := replaced(c.values[i], path[1:], value, key)
		c.values[i] = next
		return &c, problem
	}
	if c.kind == list {
		return nil, "the list has no entry " + path[0]
	}
	next, problem := replaced(nil, path[1:], value, key)
	c.keys, c.values = append(c.keys, key(path[0])), append(c.values, next)
	return &c, problem
}

// defaultKey is the key that a scalar stands for in the sections where one may
// stand in place of a mapping.
const defaultKey = "default"
