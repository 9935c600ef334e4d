package config

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// reader turns a yaml.Node into a node and reports what must not stand in any
// file, whatever it means: aliases, anchors, merge keys, keys set twice.
type reader struct {
	file  string
	text  *layout
	found Diagnostics
}

func (r *reader) report(n *node, what, remedy string) {
	r.found = append(r.found, n.diagnostic(what, remedy))
}

// refuse reports a value that cannot be kept.
func (r *reader) refuse(n *node, what, remedy string) {
	d := n.diagnostic(what, remedy)
	n.refusal = &d
	r.found = append(r.found, d)
}

// at returns an empty node at the place of a yaml.Node.
func (r *reader) at(y *yaml.Node) *node {
	return &node{file: r.file, line: max(y.Line, 1), col: max(y.Column, 1), text: y.Value}
}

// convert returns the strict form of a value. Messages never repeat values: at
// this point nobody knows which of them is a secret.
func (r *reader) convert(y *yaml.Node, depth int) *node {
	n := r.at(y)
	switch {
	case y.Kind == yaml.AliasNode:
		r.refuse(n, "aliases (*) are not read", "write the value out; put text that starts with * in single quotes")
		return n
	case y.Anchor != "":
		r.refuse(n, "anchors (&) are not read", "leave the anchor out; put text that starts with & in single quotes")
		return n
	case depth > maxDepth:
		r.refuse(n, fmt.Sprintf("values are nested more than %d deep", maxDepth), "write fewer levels")
		return n
	}
	n.tag = r.tag(y)
	switch y.Kind {
	case yaml.MappingNode:
		n.kind = mapping
		r.mapping(n, y, depth)
	case yaml.SequenceNode:
		n.kind = list
		for _, c := range y.Content {
			n.values = append(n.values, r.convert(c, depth+1))
		}
	default:
		r.scalar(n, y)
	}
	return n
}

// tag returns the tag that the admin wrote, if any. The library hides a lone !
// before a scalar, so there the text decides.
func (r *reader) tag(y *yaml.Node) string {
	switch {
	case y.Style&yaml.TaggedStyle != 0:
		return y.Tag
	case y.Kind == yaml.ScalarNode && strings.HasPrefix(r.text.from(y.Line, y.Column), "!"):
		return "!"
	default:
		return ""
	}
}

func (r *reader) scalar(n *node, y *yaml.Node) {
	n.block = y.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0
	n.plain = !n.block && y.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) == 0
	if !n.plain {
		return
	}
	switch n.text {
	case "", "~", "null", "Null", "NULL":
		n.null = true
	}
	n.cut = r.cut(n, y)
}

// cut returns the text up to the end of the line of a plain scalar behind
// which a comment starts.
func (r *reader) cut(n *node, y *yaml.Node) string {
	raw := strings.TrimRight(r.text.from(n.line, n.col), " \t")
	behind, ok := strings.CutPrefix(raw, n.text)
	switch {
	case n.text != "" && ok && strings.HasPrefix(strings.TrimLeft(behind, " \t"), "#"):
		return raw
	case n.text != "" && !ok && y.LineComment != "": // over several lines
		return n.text + " " + y.LineComment
	default:
		return ""
	}
}

func (r *reader) mapping(n *node, y *yaml.Node, depth int) {
	first := make(map[string]*node, len(y.Content)/2)
	for i := 0; i+1 < len(y.Content); i += 2 {
		key, ok := r.key(y.Content[i])
		value := r.convert(y.Content[i+1], depth+1)
		if !ok {
			continue
		}
		if earlier := first[key.text]; earlier != nil {
			r.report(key, fmt.Sprintf("%s is set twice, first at line %d", key.text, earlier.line), "keep one")
			continue
		}
		first[key.text] = key
		n.put(key, value)
	}
}

// key returns a key as text in the admin's spelling, if it can be one.
func (r *reader) key(y *yaml.Node) (*node, bool) {
	what, remedy := "", ""
	switch tag := r.tag(y); {
	case y.Kind == yaml.AliasNode || y.Anchor != "" || tag != "":
		what, remedy = "a key must be plain text, without *, & or !", "put the key in single quotes if the sign belongs to it"
	case y.Kind != yaml.ScalarNode:
		what, remedy = "a key must be a single word or text, not a list or mapping", "put text with braces or brackets in single quotes"
	case y.Tag == "!!merge":
		what, remedy = "merge keys (<<) are not read", "write the keys out"
	case y.Tag == "!!null" || y.Value == "":
		what, remedy = "a key has no name", "write the name before the colon; put the word null in single quotes"
	case y.Style == 0 && ambiguous(y.Value):
		what, remedy = "a key "+oddNumber, "put it in single quotes: '"+y.Value+"': …"
	default:
		return r.at(y), true
	}
	r.report(r.at(y), what, remedy)
	return nil, false
}
