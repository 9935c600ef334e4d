package file

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"

	"go.yaml.in/yaml/v3"

	"tandem/internal/table"
)

// maxYAML is the longest YAML file: it is read as a whole.
const maxYAML = 16 << 20

// yamlRows reads a list of mappings, bare or under items: or feedback:.
func yamlRows(f io.Reader, c columns) iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		doc, list, err := yamlList(f)
		if err != nil {
			yield(row{}, err)
			return
		}
		for _, n := range list {
			r := yamlRow(n, c)
			r.firm, r.document = true, doc
			if !yield(r, nil) {
				return
			}
		}
	}
}

// yamlList parses a file into its document and the nodes of its rows.
func yamlList(f io.Reader) (*yaml.Node, []*yaml.Node, error) {
	content, err := io.ReadAll(io.LimitReader(f, maxYAML+1))
	if err != nil {
		return nil, nil, err
	}
	if len(content) > maxYAML {
		return nil, nil, errors.New("a YAML file of more than 16 MB is too long; write JSONL")
	}
	if content, err = trimMark(content); err != nil {
		return nil, nil, err
	}
	d := yaml.NewDecoder(bytes.NewReader(content))
	doc := &yaml.Node{}
	if err := d.Decode(doc); errors.Is(err, io.EOF) {
		return doc, nil, nil
	} else if err != nil {
		return nil, nil, err
	}
	if err := d.Decode(&yaml.Node{}); !errors.Is(err, io.EOF) {
		return nil, nil, errors.New("the file holds more than one document; keep one list")
	}
	list, err := listIn(doc)
	return doc, list, err
}

func listIn(doc *yaml.Node) ([]*yaml.Node, error) {
	top := doc
	if doc.Kind == yaml.DocumentNode && len(doc.Content) == 1 {
		top = doc.Content[0]
	}
	if top.Kind == yaml.MappingNode && len(top.Content) == 2 && (top.Content[0].Value == "items" || top.Content[0].Value == "feedback") {
		top = top.Content[1]
	}
	switch {
	case top.Kind == yaml.SequenceNode:
		return top.Content, nil
	case top.Kind == yaml.ScalarNode && top.Tag == "!!null":
		return nil, nil
	default:
		return nil, fmt.Errorf("line %d: here must stand a list of mappings, or items: (feedback:) with one", top.Line)
	}
}

// yamlRow reads one mapping.
func yamlRow(n *yaml.Node, c columns) row {
	bad := func(at *yaml.Node, fault, remedy string) row {
		return row{line: at.Line, fault: fault, remedy: remedy, spelled: spell(n)}
	}
	if n.Kind != yaml.MappingNode {
		return bad(n, "this is no mapping", "write - {id: 7, title: …}")
	}
	cells := make(map[string]any, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if key.Kind != yaml.ScalarNode || key.Tag == "!!merge" {
			return bad(key, "a key must be a plain name", "write the keys out")
		}
		field := c.field(key.Value)
		if field == "" {
			continue
		}
		if _, twice := cells[field]; twice {
			return bad(key, "two keys mean "+field, "keep one of them")
		}
		cell, err := yamlCell(value)
		if err != nil {
			return bad(value, key.Value+": "+err.Error(), "write a text, a number, yes/no or a list of these")
		}
		cells[field] = cell
	}
	return row{line: n.Line, cells: cells, node: n}
}

// spell writes the row for a Reject.
func spell(n *yaml.Node) []byte {
	b, err := yaml.Marshal(n)
	if err != nil {
		return nil
	}
	return b
}

func yamlCell(n *yaml.Node) (any, error) {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	switch n.Kind {
	case yaml.ScalarNode:
		return yamlScalar(n), nil
	case yaml.SequenceNode:
		list := make([]any, 0, len(n.Content))
		for _, e := range n.Content {
			if e.Kind == yaml.AliasNode {
				e = e.Alias
			}
			if e.Kind != yaml.ScalarNode {
				return nil, errors.New("a list must hold plain values")
			}
			list = append(list, yamlScalar(e))
		}
		return list, nil
	default:
		return nil, errors.New("a mapping is no value")
	}
}

// yamlScalar keeps the spelling: 007 stays 007, 1.50 stays 1.50.
func yamlScalar(n *yaml.Node) any {
	switch n.Tag {
	case "!!null":
		return nil
	case "!!int", "!!float":
		return table.Number(n.Value)
	case "!!bool":
		return n.Value == "true" || n.Value == "True" || n.Value == "TRUE"
	default:
		return n.Value
	}
}
