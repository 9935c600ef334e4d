package file

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"tandem/internal/work"
)

// leaveOut is written in a column file for columns that must not be read.
const leaveOut = "-"

// column is what a header means.
type column struct {
	field string
	kind  work.ValueKind // Unknown: as the schema says
}

// columns translates headers into fields.
type columns struct {
	byHeader map[string]column
	kinds    map[string]work.ValueKind // by field, from the column file
}

// readColumns reads the text of a column file; an empty one is right where
// the headers are fields.
func readColumns(path string, content []byte) (columns, error) {
	c := columns{byHeader: map[string]column{}, kinds: map[string]work.ValueKind{}}
	doc := yaml.Node{}
	if err := yaml.NewDecoder(bytes.NewReader(content)).Decode(&doc); err != nil && !errors.Is(err, io.EOF) {
		return c, fmt.Errorf("read %s: %w", path, err)
	}
	if len(doc.Content) == 0 {
		return c, nil
	}
	return c, c.fill(path, doc.Content[0])
}

// fill reads a mapping of headers; all mistakes come at once.
func (c columns) fill(path string, n *yaml.Node) error {
	if n.Kind != yaml.MappingNode {
		return fmt.Errorf("%s:%d: here must stand a mapping, such as `Story points: effort`", path, n.Line)
	}
	var faults []error
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		col, err := readColumn(value)
		if _, twice := c.byHeader[key.Value]; twice && err == nil {
			err = errors.New("the header stands here twice; keep one")
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("%s:%d:%d: %s: %w", path, value.Line, value.Column, key.Value, err))
			continue
		}
		c.byHeader[key.Value] = col
		if col.kind != work.Unknown {
			c.kinds[col.field] = col.kind
		}
	}
	return errors.Join(faults...)
}

func readColumn(n *yaml.Node) (column, error) {
	if n.Kind == yaml.ScalarNode && n.Value != "" {
		return column{field: n.Value}, nil
	}
	if n.Kind != yaml.MappingNode {
		return column{}, errors.New("write a field, {field: effort, kind: number}, or - to leave the column out")
	}
	col := column{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i].Value, n.Content[i+1].Value
		switch key {
		case "field":
			col.field = value
		case "kind":
			kinds := map[string]work.ValueKind{"text": work.Text, "number": work.Number, "list": work.List, "flag": work.Flag, "time": work.Time}
			known := false
			if col.kind, known = kinds[value]; !known {
				return col, fmt.Errorf("%q is no kind; %s", value, work.Suggest(value, []string{"text", "number", "list", "flag", "time"}))
			}
		default:
			return col, fmt.Errorf("unknown key %q; %s", key, work.Suggest(key, []string{"field", "kind"}))
		}
	}
	if col.field == "" {
		return col, errors.New("field is missing")
	}
	return col, nil
}

// field returns what a header means; empty for columns that are left out.
// Headers that the column file does not know are fields themselves: "Target
// date" is target_date.
func (c columns) field(header string) string {
	header = strings.TrimSpace(header)
	if col, ok := c.byHeader[header]; ok {
		if col.field == leaveOut {
			return ""
		}
		return col.field
	}
	return strings.ReplaceAll(strings.ToLower(header), " ", "_")
}

// header is the inverse of field, for keys that are added.
func (c columns) header(field string) string {
	for _, h := range slices.Sorted(maps.Keys(c.byHeader)) {
		if c.byHeader[h].field == field {
			return h
		}
	}
	return field
}

// fieldsOf translates the header of a table.
func (c columns) fieldsOf(header []string) ([]string, error) {
	fields := make([]string, len(header))
	first := map[string]string{}
	for i, h := range header {
		f := c.field(h)
		if other, twice := first[f]; twice && f != "" {
			return nil, fmt.Errorf("the columns %q and %q both mean %s; keep one, or map one to %q in the column file", other, h, f, leaveOut)
		}
		first[f], fields[i] = h, f
	}
	return fields, nil
}

// fingerprint tells whether files must be read again because their meaning
// changed.
func fingerprint(c Config, columnFile []byte) string {
	h := fnv.New64a()
	for _, s := range []string{c.Audience, c.Place, string(columnFile)} {
		_, _ = io.WriteString(h, s+"\x00") // a hash never fails
	}
	return hex.EncodeToString(h.Sum(nil))
}
