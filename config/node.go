package config

import "tandem/internal/work"

// kind tells scalars, mappings and lists apart.
type kind uint8

const (
	scalar kind = iota
	mapping
	list
)

// String returns the kind as it stands in messages.
func (k kind) String() string { return [...]string{"a single value", "a mapping", "a list"}[k] }

// node is one key or value of a document, with its place. Unlike a yaml.Node
// it knows its file, has no aliases, and no key twice.
type node struct {
	file      string
	line, col int
	kind      kind

	text  string // of a scalar, without quotes
	plain bool   // neither quoted nor a block
	block bool   // written with | or >
	null  bool   // nothing, ~ or null, without quotes
	// cut is the raw text from a plain scalar to the end of its line if a
	// comment follows there: the comment may have been meant as content.
	cut string
	tag string // such as !item.done

	keys   []*node // of a mapping; keys[i] belongs to values[i]
	values []*node // of a mapping or a list
	// index finds keys of a large mapping: a search would take the square of
	// its size. It is nil in a small one.
	index map[string]int

	// refusal is set where the reader could not keep the value. It is reported
	// when the document is parsed, and again by whoever decodes this value.
	refusal *Diagnostic
}

// diagnostic returns a mistake at the node.
func (n *node) diagnostic(what, remedy string) Diagnostic {
	return Diagnostic{File: n.file, Line: n.line, Col: n.col, What: what, Remedy: remedy}
}

// entry returns key and value of a mapping, or nil, nil.
func (n *node) entry(name string) (key, value *node) {
	if n.index != nil {
		if i, ok := n.index[name]; ok {
			return n.keys[i], n.values[i]
		}
		return nil, nil
	}
	for i, k := range n.keys {
		if k.text == name {
			return k, n.values[i]
		}
	}
	return nil, nil
}

// place is where the decoder stands: the pointer for programs, the label for
// people.
type place struct {
	at work.Pointer
	// label names the value in a sentence: "every", "entry 3 of rules".
	label string
	// lead is what stands before the value when it is written out: "every: ".
	lead string
}

// root is the place of a whole document.
func root() place { return place{label: "the file"} }

func (p place) key(name string) place {
	return place{at: p.at.Key(name), label: name, lead: name + ": "}
}

func (p place) index(i int) place {
	return place{at: p.at.Index(i), label: "entry " + ordinal(i) + " of " + p.label, lead: "- "}
}

// indexFrom is how many keys a mapping has that gets an index.
const indexFrom = 32

// put adds an entry to a mapping, which has no such key yet.
func (n *node) put(key, value *node) {
	n.keys, n.values = append(n.keys, key), append(n.values, value)
	switch {
	case n.index != nil:
		n.index[key.text] = len(n.keys) - 1
	case len(n.keys) == indexFrom:
		n.reindex()
	}
}

// reindex makes the index anew, where the mapping is large.
func (n *node) reindex() {
	n.index = nil
	if len(n.keys) < indexFrom {
		return
	}
	n.index = make(map[string]int, 2*len(n.keys))
	for i, key := range n.keys {
		n.index[key.text] = i
	}
}
