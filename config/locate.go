package config

import (
	"strconv"
	"strings"

	"tandem/internal/work"
)

// segments splits a pointer as RFC 6901 says.
func segments(at work.Pointer) []string {
	if at == "" {
		return nil
	}
	parts := strings.Split(strings.TrimPrefix(string(at), "/"), "/")
	unescape := strings.NewReplacer("~1", "/", "~0", "~")
	for i, part := range parts {
		parts[i] = unescape.Replace(part)
	}
	return parts
}

// step returns the child of a node, and its key if the node is a mapping.
func (n *node) step(segment string) (key, value *node) {
	switch n.kind {
	case mapping:
		return n.entry(segment)
	case list:
		if i, err := strconv.Atoi(segment); err == nil && i >= 0 && i < len(n.values) {
			return nil, n.values[i]
		}
	case scalar:
	}
	return nil, nil
}

// find returns the value at a pointer, or nil.
func (d *Document) find(at work.Pointer) *node {
	value := d.root
	for _, segment := range segments(at) {
		if _, value = value.step(segment); value == nil {
			return nil
		}
	}
	return value
}

// nearest returns the node that a person should look at for a pointer: the
// value if it is a scalar on the line of its key, else the key. If there is
// nothing at the pointer it is the nearest ancestor.
func (d *Document) nearest(at work.Pointer, wantKey bool) *node {
	var key *node
	value := d.root
	for _, segment := range segments(at) {
		nextKey, next := value.step(segment)
		if next == nil {
			wantKey = false
			break
		}
		key, value = nextKey, next
	}
	if key != nil && (wantKey || value.kind != scalar || value.null || value.line != key.line) {
		return key
	}
	return value
}

// Diagnose finds file, line and column of problems. A problem whose place does
// not exist, such as a missing key, is shown at the nearest one that does.
func (d *Document) Diagnose(problems []work.Problem) Diagnostics {
	found := make(Diagnostics, 0, len(problems))
	for _, p := range problems {
		found = append(found, d.nearest(p.At, p.Key).diagnostic(p.What, p.Remedy))
	}
	return found
}
