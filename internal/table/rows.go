package table

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Row is one row of a table.
type Row struct {
	// Line is where it begins, At and End the places before and behind it.
	Line    int
	At, End Mark
	// Firm tells that the row has its line break: it will not grow.
	Firm bool
	// Header and Cells belong together. A cell is a string, and in JSONL also a
	// Number, bool, nil, or a []any of these.
	Header []string
	Cells  []any
	// Spelled is the row as the file has it.
	Spelled []byte
	// Fault says why the row cannot be understood; its cells are then unusable.
	Fault, Remedy string
	// Cut tells of a last row that seems to be half written.
	Cut bool
}

// Options say what a table does not say itself.
type Options struct {
	// Encoding is one of Encodings; empty is Auto.
	Encoding string
	// Skip is how many lines stand before the header of CSV.
	Skip int
}

// Rows are the rows of one table.
type Rows struct {
	// Texts tells what was read of them.
	Texts *Texts
	// Header is that of CSV; nil in JSONL.
	Header []string
	// Comma is the delimiter of CSV.
	Comma  byte
	format Format
	lines  *Lines
}

// ErrNoHeader is the error of a table without a first row.
var ErrNoHeader = errors.New("the file is empty: it has not even a header")

// NewRows reads the head of a table.
func NewRows(r io.Reader, f Format, o Options) (*Rows, error) {
	in, texts, err := decode(r, o.Encoding)
	if err != nil {
		return nil, err
	}
	rows := &Rows{Texts: texts, format: f}
	if f == JSONL {
		rows.lines = NewLines(in, Mark{})
		return rows, nil
	}
	sample, err := in.Peek(peeked)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	sample = bytes.Clone(sample)
	rows.lines = NewLines(in, Mark{})
	return rows, rows.head(sample, o.Skip)
}

// head reads the header of CSV, behind lines to skip and a line "sep=;".
func (r *Rows) head(sample []byte, skip int) error {
	first, err := r.lines.Next()
	for ; err == nil && (skip > 0 || len(bytes.TrimSpace(first.Text)) == 0); skip-- {
		sample = sample[min(len(first.Text), len(sample)):]
		first, err = r.lines.Next()
	}
	if errors.Is(err, io.EOF) {
		return ErrNoHeader
	}
	if err != nil {
		return fmt.Errorf("the header: %w", err)
	}
	if sep, ok := bytes.CutPrefix(TrimBreak(first.Text), []byte("sep=")); ok && len(sep) == 1 {
		r.Comma = sep[0]
	} else {
		r.Comma = Sniff(sample)
		r.lines.GiveBack([]Line{first})
	}
	head, err := r.lines.Row(r.Comma)
	if errors.Is(err, io.EOF) {
		return ErrNoHeader
	}
	if err != nil {
		return fmt.Errorf("the header: %w", err)
	}
	if bytes.IndexByte(head.Text, 0) >= 0 {
		return errors.New("the header holds NUL bytes: the file was damaged or cut on its way, or is no text; export it again")
	}
	r.Header = distinct(r.cells(head.Text))
	return nil
}

func (r *Rows) cells(row []byte) []string {
	cells := Split(row, r.Comma)
	for i := range cells {
		cells[i] = strings.TrimSpace(r.Texts.cell(cells[i]))
	}
	return cells
}

// distinct gives every column a name of its own: a second "Comment" is
// "Comment (2)", a column without a header "column 7".
func distinct(header []string) []string {
	names := make([]string, len(header))
	for i, h := range header {
		if h == "" {
			h = "column " + strconv.Itoa(i+1)
		}
		name := h
		for n := 2; slices.Contains(names[:i], name); n++ {
			name = h + " (" + strconv.Itoa(n) + ")"
		}
		names[i] = name
	}
	return names
}

// All yields the rows once. The error is that of the file as a whole and comes
// last.
func (r *Rows) All() iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for {
			row, err := r.next()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(Row{}, err)
				return
			}
			if (row.Cells != nil || row.Fault != "") && !yield(row, nil) {
				return
			}
		}
	}
}

// SkipTo goes on behind a place that was reached before in the same content,
// without a look at what lies before it.
func (r *Rows) SkipTo(m Mark) error { return r.lines.skipTo(m) }

// next reads one row; an empty line has neither cells nor fault.
func (r *Rows) next() (Row, error) {
	var text Line
	var err error
	if r.format == JSONL {
		text, err = r.lines.Next()
	} else {
		text, err = r.lines.Row(r.Comma)
	}
	row := Row{Line: text.At.Line, At: text.At, End: text.End, Firm: text.Whole, Spelled: text.Text, Header: r.Header}
	switch {
	case errors.Is(err, ErrLongRow):
		return row.faulty(err.Error(), "shorten its longest cell"), nil
	case errors.Is(err, ErrOpenQuote):
		row = row.faulty(err.Error(), "close the quote, or double it inside the cell")
		row.Cut = r.lines.atEnd()
		return row, nil
	case err != nil:
		return row, err
	case len(bytes.TrimSpace(text.Text)) == 0:
		return row, nil
	case bytes.IndexByte(text.Text, 0) >= 0:
		row = row.faulty("the row holds NUL bytes: the file was damaged or cut on its way", "export it again, and copy it anew")
	case r.format == JSONL:
		r.object(&row)
	default:
		r.record(&row)
	}
	row.Cut = row.Fault != "" && !row.Firm
	return row, nil
}

func (r Row) faulty(fault, remedy string) Row {
	r.Fault, r.Remedy, r.Cells = fault, remedy, nil
	return r
}

// record gives a row of CSV its cells. Cells behind the last header are
// nothing if they are empty.
func (r *Rows) record(row *Row) {
	cells := r.cells(row.Spelled)
	n := len(r.Header)
	for len(cells) > n && cells[len(cells)-1] == "" {
		cells = cells[:len(cells)-1]
	}
	if len(cells) != n {
		*row = row.faulty(fmt.Sprintf("the row has %d cells, the header %d", len(cells), n),
			"quote cells that hold a "+strconv.Quote(string(r.Comma))+" or a line break")
		return
	}
	row.Cells = make([]any, n)
	for i, c := range cells {
		row.Cells[i] = c
	}
}

// object gives a line of JSONL its cells, sorted by key.
func (r *Rows) object(row *Row) {
	content := bytes.TrimSpace(row.Spelled)
	if !utf8.Valid(content) {
		content = []byte(r.Texts.cell(string(content)))
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(content, &members); err != nil || members == nil {
		*row = row.faulty("the line is no JSON object", `write one JSON object a line, such as {"id": "7", "text": "…"}`)
		return
	}
	row.Header = slices.Sorted(maps.Keys(members))
	row.Cells = make([]any, len(row.Header))
	for i, name := range row.Header {
		cell, err := Cell(members[name])
		if err != nil {
			*row = row.faulty(name+": "+err.Error(), "write a text, a number, yes/no or a list of these")
			return
		}
		row.Cells[i] = cell
	}
}
