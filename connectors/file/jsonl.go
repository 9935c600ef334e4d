package file

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"maps"
	"slices"
	"unicode/utf8"
)

func jsonlRows(f io.ReadSeeker, from mark, c columns) iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		if _, err := f.Seek(from.Offset, io.SeekStart); err != nil {
			yield(row{}, err)
			return
		}
		l := newLines(f, from)
		for {
			text, err := l.next()
			if errors.Is(err, io.EOF) {
				return
			}
			r := row{}
			switch {
			case errors.Is(err, errLongRow):
				r = faulty(text, err.Error(), "one item or signal is one line; shorten its text")
			case err != nil:
				yield(row{}, err)
				return
			default:
				r = jsonlRow(text, c)
			}
			if waits(text, r) {
				return
			}
			if (r.cells != nil || r.fault != "") && !yield(r, nil) {
				return
			}
		}
	}
}

// waits reports a last line that is still being written: the beginning of a
// JSON object is never an object.
func waits(text line, r row) bool { return !text.whole && r.fault != "" }

// jsonlRow reads one line; an empty one has neither cells nor fault.
func jsonlRow(text line, c columns) row {
	content := bytes.TrimSpace(text.text)
	if text.at.Offset == 0 {
		var err error
		if content, err = trimMark(content); err != nil {
			return faulty(text, err.Error(), "save the file as UTF-8")
		}
	}
	if len(content) == 0 {
		return row{}
	}
	if !utf8.Valid(content) {
		return faulty(text, "the line is not UTF-8", "save the file as UTF-8")
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(content, &members); err != nil || members == nil {
		return faulty(text, causeOf(err), `write one JSON object a line, such as {"id": "7", "title": "…"}`)
	}
	cells := make(map[string]any, len(members))
	for _, name := range slices.Sorted(maps.Keys(members)) {
		field := c.field(name)
		if field == "" {
			continue
		}
		if _, twice := cells[field]; twice {
			return faulty(text, "two keys mean "+field, "keep one of them")
		}
		value, err := cellOf(members[name])
		if err != nil {
			return faulty(text, name+": "+err.Error(), "write a text, a number, yes/no or a list of these")
		}
		cells[field] = value
	}
	return row{line: text.at.Line, start: text.at, end: text.end, firm: text.whole, spelled: text.text, cells: cells}
}

func causeOf(err error) string {
	if err == nil {
		return "the line is no JSON object"
	}
	return "the line is no JSON object: " + err.Error()
}

// cellOf reads one JSON value, which is known to be well formed.
func cellOf(raw json.RawMessage) (any, error) {
	switch raw[0] {
	case '{':
		return nil, errors.New("a mapping is no value")
	case '[':
		var elements []json.RawMessage
		if err := json.Unmarshal(raw, &elements); err != nil {
			return nil, err
		}
		list := make([]any, len(elements))
		for i, e := range elements {
			if e[0] == '[' {
				return nil, errors.New("a list in a list is no value")
			}
			var err error
			if list[i], err = cellOf(e); err != nil {
				return nil, err
			}
		}
		return list, nil
	case '"':
		var s string
		err := json.Unmarshal(raw, &s)
		return s, err
	case 'n':
		return nil, nil
	case 't', 'f':
		return raw[0] == 't', nil
	default:
		return number(raw), nil
	}
}
