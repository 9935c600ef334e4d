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

	"tandem/internal/table"
)

func jsonlRows(f io.ReadSeeker, from table.Mark, c columns) iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		if _, err := f.Seek(from.Offset, io.SeekStart); err != nil {
			yield(row{}, err)
			return
		}
		l := table.NewLines(f, from)
		for {
			text, err := l.Next()
			if errors.Is(err, io.EOF) {
				return
			}
			r := row{}
			switch {
			case errors.Is(err, table.ErrLongRow):
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
func waits(text table.Line, r row) bool { return !text.Whole && r.fault != "" }

// jsonlRow reads one line; an empty one has neither cells nor fault.
func jsonlRow(text table.Line, c columns) row {
	content := bytes.TrimSpace(text.Text)
	if text.At.Offset == 0 {
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
		value, err := table.Cell(members[name])
		if err != nil {
			return faulty(text, name+": "+err.Error(), "write a text, a number, yes/no or a list of these")
		}
		cells[field] = value
	}
	return row{line: text.At.Line, start: text.At, end: text.End, firm: text.Whole, spelled: text.Text, cells: cells}
}

func causeOf(err error) string {
	if err == nil {
		return "the line is no JSON object"
	}
	return "the line is no JSON object: " + err.Error()
}
