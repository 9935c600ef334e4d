package file

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"
	"unicode/utf8"

	"tandem/internal/table"
)

// sheet is what the head of a CSV file says.
type sheet struct {
	comma  byte
	header []string
	fields []string   // by column; empty columns are left out
	body   table.Mark // where the rows begin
}

// readTable reads the head: byte order mark, an optional line "sep=;", header.
func readTable(l *table.Lines, c columns) (sheet, error) {
	first, err := l.Next()
	if errors.Is(err, io.EOF) {
		return sheet{}, io.EOF // being written, or empty: no rows
	}
	if err != nil {
		return sheet{}, err
	}
	if first.Text, err = trimMark(first.Text); err != nil {
		return sheet{}, err
	}
	t := sheet{}
	if sep, ok := bytes.CutPrefix(table.TrimBreak(first.Text), []byte("sep=")); ok && len(sep) == 1 {
		t.comma = sep[0]
		if first, err = l.Next(); err != nil {
			return sheet{}, io.EOF
		}
	}
	if t.comma == 0 {
		t.comma = commaOf(first.Text)
	}
	l.GiveBack([]table.Line{first})
	head, err := l.Row(t.comma)
	if err != nil {
		return sheet{}, fmt.Errorf("the header: %w", err)
	}
	t.header = table.Split(head.Text, t.comma)
	t.body = head.End
	t.fields, err = c.fieldsOf(t.header)
	return t, err
}

// commaOf finds the delimiter that stands most often in the header.
func commaOf(header []byte) byte {
	best, count := byte(','), 0
	for _, comma := range []byte{',', ';', '\t'} {
		if n := bytes.Count(header, []byte{comma}); n > count {
			best, count = comma, n
		}
	}
	return best
}

func csvRows(f io.ReadSeeker, from table.Mark, c columns) iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		l := table.NewLines(f, table.Mark{})
		t, err := readTable(l, c)
		if errors.Is(err, io.EOF) {
			return
		}
		if err == nil && from.Offset > t.body.Offset {
			_, err = f.Seek(from.Offset, io.SeekStart)
			l = table.NewLines(f, from)
		}
		if err != nil {
			yield(row{}, err)
			return
		}
		for {
			text, err := l.Row(t.comma)
			switch {
			case errors.Is(err, io.EOF):
				return
			case errors.Is(err, table.ErrOpenQuote), errors.Is(err, table.ErrLongRow):
				if !yield(faulty(text, err.Error(), "close the quote, or double it inside the cell"), nil) {
					return
				}
			case err != nil:
				yield(row{}, err)
				return
			case len(bytes.TrimSpace(text.Text)) > 0:
				if !yield(t.row(text), nil) {
					return
				}
			}
		}
	}
}

// row gives the cells their fields.
func (t *sheet) row(text table.Line) row {
	if !utf8.Valid(text.Text) {
		return faulty(text, "the row is not UTF-8", "save the file as UTF-8")
	}
	cells := table.Split(text.Text, t.comma)
	if len(cells) != len(t.header) {
		return faulty(text, "the row has "+strconv.Itoa(len(cells))+" cells, the header "+strconv.Itoa(len(t.header)),
			"quote cells that hold a "+strconv.Quote(string(t.comma)))
	}
	r := row{line: text.At.Line, start: text.At, sheet: t, end: text.End, firm: text.Whole, spelled: text.Text, cells: map[string]any{}}
	for i, field := range t.fields {
		if field != "" {
			r.cells[field] = strings.TrimSpace(cells[i])
		}
	}
	return r
}

// trimMark takes the byte order mark off the first line and refuses files of
// other encodings.
func trimMark(first []byte) ([]byte, error) {
	if bytes.HasPrefix(first, []byte{0xFF, 0xFE}) || bytes.HasPrefix(first, []byte{0xFE, 0xFF}) {
		return nil, errors.New("the file is UTF-16; save it as UTF-8")
	}
	return bytes.TrimPrefix(first, []byte("\uFEFF")), nil
}
