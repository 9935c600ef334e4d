package httpjson

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// row is one record of an answer, or why it is none.
type row struct {
	value any
	where string
	fault string
}

// rowsOf finds the records in an answer. An answer without its list is an
// error: it is not the same as an empty list.
func (e *endpoint) rowsOf(root any) ([]row, error) {
	switch {
	case e.Matrix != nil:
		return e.matrixRows(root)
	case len(e.Unfold) > 0:
		at := root
		if e.records != nil {
			var ok bool
			if at, ok = e.records.in(root); !ok {
				return nil, e.missing(e.records)
			}
		}
		return unfold(at, e.Unfold, nil), nil
	}
	list, ok := root, true
	if e.records != nil {
		list, ok = e.records.in(root)
	}
	if !ok && e.sign != nil {
		if _, right := e.sign.in(root); right {
			return nil, nil
		}
	}
	if !ok && e.records != nil && e.records.many() {
		return nil, e.missingUnless(root)
	}
	elements, isList := list.([]any)
	if !ok || !isList {
		return nil, e.missing(e.records)
	}
	names, err := e.names(root)
	if err != nil {
		return nil, err
	}
	rows := make([]row, 0, len(elements))
	for i, v := range elements {
		rows = append(rows, e.prepared(v, names, "record "+strconv.Itoa(i+1)))
	}
	return rows, nil
}

// missingUnless is for paths with [*] and [?]: nothing behind them is right
// where what stands before them is there.
func (e *endpoint) missingUnless(root any) error {
	before := path{text: e.records.text, root: e.records.root}
	for _, s := range e.records.steps {
		if s.kind == every || s.kind == matching {
			break
		}
		before.steps = append(before.steps, s)
	}
	if _, ok := before.in(root); !ok {
		return e.missing(e.records)
	}
	return nil
}

// shapeError says that an answer is not what the settings say.
type shapeError struct{ what string }

func (e *shapeError) Error() string { return e.what }

func (e *endpoint) missing(p *path) error {
	if p == nil {
		return &shapeError{"the answer is no list; check the address, and records:"}
	}
	return &shapeError{fmt.Sprintf("the answer has no list at %s; check the address, and records:", p.text)}
}

func (e *endpoint) names(root any) ([]string, error) {
	if e.columns == nil {
		return nil, nil
	}
	v, ok := e.columns.in(root)
	if !ok {
		return nil, e.missing(e.columns)
	}
	return cells(v), nil
}

// cells spells every cell, empty ones too.
func cells(v any) []string {
	list, _ := v.([]any)
	names := make([]string, 0, len(list))
	for _, e := range list {
		names = append(names, textOf(e))
	}
	return names
}

// prepared brings a record into the form that paths expect.
func (e *endpoint) prepared(v any, names []string, where string) row {
	r := row{value: v, where: where}
	if names != nil {
		list, ok := v.([]any)
		if !ok || len(list) != len(names) {
			r.fault = fmt.Sprintf("the record has not the %d cells of its columns", len(names))
			return r
		}
		m := make(map[string]any, len(names))
		for i, name := range names {
			m[name] = list[i]
		}
		r.value = m
	}
	for _, p := range e.parse {
		if fault := parseIn(r.value, p); fault != "" {
			r.fault = fault
		}
	}
	return r
}

// parseIn replaces a text that is JSON by what it says.
func parseIn(v any, p path) string {
	last := p.steps[len(p.steps)-1]
	holder := v
	if len(p.steps) > 1 {
		var ok bool
		if holder, ok = (path{steps: p.steps[:len(p.steps)-1]}).in(v); !ok {
			return ""
		}
	}
	m, isMap := holder.(map[string]any)
	if !isMap {
		return ""
	}
	text, isText := m[last.key].(string)
	if !isText || strings.TrimSpace(text) == "" {
		return ""
	}
	parsed, err := decodeJSON([]byte(text))
	if err != nil {
		return fmt.Sprintf("the text at %s is no JSON", p.text)
	}
	m[last.key] = parsed
	return ""
}

func decodeJSON(b []byte) (any, error) {
	d := json.NewDecoder(strings.NewReader(string(b)))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if d.More() {
		return nil, &shapeError{"more than one JSON value"}
	}
	return v, nil
}

// matrixRows makes a record {row, column, cell} of each number of a table.
func (e *endpoint) matrixRows(root any) ([]row, error) {
	var parts [3]any
	for i, p := range []*path{e.rows, e.across, e.cell} {
		v, ok := p.in(root)
		if !ok {
			return nil, e.missing(p)
		}
		parts[i] = v
	}
	names, columns := cells(parts[0]), cells(parts[1])
	lines, _ := parts[2].([]any)
	var rows []row
	for i, line := range lines {
		name := ""
		if i < len(names) {
			name = names[i]
		}
		numbers, _ := line.([]any)
		for j, cell := range numbers {
			r := row{where: fmt.Sprintf("row %d, column %d", i+1, j+1)}
			if j >= len(columns) {
				r.fault = "the table has more cells than columns"
			} else {
				r.value = map[string]any{"row": name, "column": columns[j], "cell": cell}
			}
			rows = append(rows, r)
		}
	}
	return rows, nil
}

// unfold makes records of nested mappings, in the order of their keys.
func unfold(v any, names []string, above map[string]any) []row {
	if len(names) == 1 {
		m := maps.Clone(above)
		if m == nil {
			m = map[string]any{}
		}
		m[names[0]] = v
		return []row{{value: m, where: strings.Join(cellsOf(above), " ")}}
	}
	inner, isMap := v.(map[string]any)
	if !isMap {
		return []row{{value: v, where: strings.Join(cellsOf(above), " "), fault: "here must stand a mapping with one level for each name of unfold"}}
	}
	var rows []row
	for _, key := range slices.Sorted(maps.Keys(inner)) {
		m := maps.Clone(above)
		if m == nil {
			m = map[string]any{}
		}
		m[names[0]] = key
		rows = append(rows, unfold(inner[key], names[1:], m)...)
	}
	return rows
}

func cellsOf(m map[string]any) []string {
	var texts []string
	for _, key := range slices.Sorted(maps.Keys(m)) {
		texts = append(texts, textOf(m[key]))
	}
	return texts
}
