package table

import (
	"bytes"
	"errors"
	"io"
	"slices"
)

// maxLines is how many lines a quoted cell may hold. A quote that is not
// closed within them is taken for a mistake in its first line.
const maxLines = 1000

// Row joins the lines of the next row of CSV: quoted cells may hold line
// breaks.
func (l *Lines) Row(comma byte) (Line, error) {
	first, err := l.Next()
	if err != nil {
		return first, err
	}
	row, q := first, quotes{comma: comma}
	q.feed(first.Text)
	var further []Line
	for q.open {
		next, err := l.Next()
		if !errors.Is(err, io.EOF) {
			further = append(further, next)
		}
		if err != nil || len(further) > maxLines || len(row.Text)+len(next.Text) > MaxRow {
			l.GiveBack(further)
			return first, ErrOpenQuote
		}
		if len(further) == 1 {
			row.Text = slices.Clone(first.Text) // first is given back as it was
		}
		row.Text = append(row.Text, next.Text...)
		row.End, row.Whole = next.End, next.Whole
		q.feed(next.Text)
	}
	return row, nil
}

// ErrOpenQuote comes with the line in which the cell begins; reading can go on
// behind that line.
var ErrOpenQuote = errors.New(`a cell begins with " and does not end with it`)

// Unfinished reports whether a row of CSV goes on behind the text.
func Unfinished(text []byte, comma byte) bool {
	q := quotes{comma: comma}
	q.feed(text)
	return q.open
}

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

// Split reads the cells of one row: as RFC 4180 says, and where a quote stands
// alone, as the person meant it. It reads quotes as quotes.feed does.
func Split(row []byte, comma byte) []string {
	row = TrimBreak(row)
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
