package file

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxLines is how many lines a quoted cell may hold. A quote that is not
// closed within them is taken for a mistake in its first line.
const maxLines = 1000

// table is what the head of a CSV file says.
type table struct {
	comma  byte
	header []string
	fields []string // by column; empty columns are left out
	body   mark     // where the rows begin
}

// readTable reads the head: byte order mark, an optional line "sep=;", header.
func readTable(l *lines, c columns) (table, error) {
	first, err := l.next()
	if errors.Is(err, io.EOF) {
		return table{}, io.EOF // being written, or empty: no rows
	}
	if err != nil {
		return table{}, err
	}
	if first.text, err = trimMark(first.text); err != nil {
		return table{}, err
	}
	t := table{}
	if sep, ok := bytes.CutPrefix(trimBreak(first.text), []byte("sep=")); ok && len(sep) == 1 {
		t.comma = sep[0]
		if first, err = l.next(); err != nil {
			return table{}, io.EOF
		}
	}
	if t.comma == 0 {
		t.comma = commaOf(first.text)
	}
	l.giveBack([]line{first})
	head, err := csvLine(l, t.comma)
	if err != nil {
		return table{}, fmt.Errorf("the header: %w", err)
	}
	t.header = split(head.text, t.comma)
	t.body = head.end
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

// csvLine joins the lines of one row: quoted cells may hold line breaks.
func csvLine(l *lines, comma byte) (line, error) {
	first, err := l.next()
	if err != nil {
		return first, err
	}
	row, q := first, quotes{comma: comma}
	q.feed(first.text)
	var further []line
	for q.open {
		next, err := l.next()
		if !errors.Is(err, io.EOF) {
			further = append(further, next)
		}
		if err != nil || len(further) > maxLines || len(row.text)+len(next.text) > maxRow {
			l.giveBack(further)
			return first, errOpenQuote
		}
		row.text = slices.Concat(row.text, next.text)
		row.end, row.whole = next.end, next.whole
		q.feed(next.text)
	}
	return row, nil
}

var errOpenQuote = errors.New(`a cell begins with " and does not end with it`)

// quotes tells whether a row goes on in the next line.
type quotes struct {
	comma     byte
	open      bool
	midCell   bool // not at the start of a cell
	maybeDone bool // a quote was seen inside quotes
}

func (q *quotes) feed(text []byte) {
	for _, b := range text {
		end := b == q.comma || b == '\n'
		switch {
		case q.open && q.maybeDone && b == '"':
			q.maybeDone = false
		case q.open && q.maybeDone && b == '\r': // before a line break
		case q.open && q.maybeDone && end:
			q.open, q.maybeDone, q.midCell = false, false, false
		case q.open:
			q.maybeDone = b == '"'
		case b == '"' && !q.midCell:
			q.open = true
		default:
			q.midCell = !end
		}
	}
	if q.maybeDone { // the file ends here
		q.open, q.maybeDone = false, false
	}
}

// split reads the cells of one row: as RFC 4180 says, and where a quote stands
// alone, as the person meant it. It reads quotes as quotes.feed does.
func split(row []byte, comma byte) []string {
	row = trimBreak(row)
	var cells []string
	for {
		cell, rest, more := cutCell(row, comma)
		cells = append(cells, cell)
		if !more {
			return cells
		}
		row = rest
	}
}

func cutCell(row []byte, comma byte) (cell string, rest []byte, more bool) {
	if len(row) == 0 || row[0] != '"' {
		before, after, found := bytes.Cut(row, []byte{comma})
		return string(before), after, found
	}
	var text []byte
	for i := 1; i < len(row); i++ {
		switch {
		case row[i] != '"':
			text = append(text, row[i])
		case i+1 == len(row):
			return string(text), nil, false
		case row[i+1] == comma:
			return string(text), row[i+2:], true
		default:
			text = append(text, '"')
			if row[i+1] == '"' {
				i++
			}
		}
	}
	return string(text), nil, false
}

func csvRows(f io.ReadSeeker, from mark, c columns) iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		l := newLines(f, mark{})
		t, err := readTable(l, c)
		if errors.Is(err, io.EOF) {
			return
		}
		if err == nil && from.Offset > t.body.Offset {
			_, err = f.Seek(from.Offset, io.SeekStart)
			l = newLines(f, from)
		}
		if err != nil {
			yield(row{}, err)
			return
		}
		for {
			text, err := csvLine(l, t.comma)
			switch {
			case errors.Is(err, io.EOF):
				return
			case errors.Is(err, errOpenQuote), errors.Is(err, errLongRow):
				if !yield(faulty(text, err.Error(), "close the quote, or double it inside the cell"), nil) {
					return
				}
			case err != nil:
				yield(row{}, err)
				return
			case len(bytes.TrimSpace(text.text)) > 0:
				if !yield(t.row(text), nil) {
					return
				}
			}
		}
	}
}

// row gives the cells their fields.
func (t *table) row(text line) row {
	if !utf8.Valid(text.text) {
		return faulty(text, "the row is not UTF-8", "save the file as UTF-8")
	}
	cells := split(text.text, t.comma)
	if len(cells) != len(t.header) {
		return faulty(text, "the row has "+strconv.Itoa(len(cells))+" cells, the header "+strconv.Itoa(len(t.header)),
			"quote cells that hold a "+strconv.Quote(string(t.comma)))
	}
	r := row{line: text.at.Line, start: text.at, table: t, end: text.end, firm: text.whole, spelled: text.text, cells: map[string]any{}}
	for i, field := range t.fields {
		if field != "" {
			r.cells[field] = strings.TrimSpace(cells[i])
		}
	}
	return r
}
