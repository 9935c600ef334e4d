package file

import (
	"fmt"
	"io"
	"iter"
	"os"
	"slices"

	"go.yaml.in/yaml/v3"

	"tandem/internal/table"
	"tandem/internal/work"
)

// row is one row of a file.
type row struct {
	line int
	// start is where the row begins.
	start table.Mark
	// end is the place behind the row. firm tells that the row will not grow:
	// it has its line break.
	end  table.Mark
	firm bool
	// cells hold string, table.Number, bool, nil or a []any of these, by field.
	cells map[string]any
	// spelled is the text of the row, line break included; nil in YAML.
	spelled []byte
	// table is the head of the CSV file.
	sheet *sheet
	// node and document are those of YAML.
	node, document *yaml.Node
	// changed tells that a write set a cell.
	changed bool
	// fault says why the row cannot be understood; cells are then unusable.
	fault, remedy string
}

func faulty(at table.Line, fault, remedy string) row {
	return row{line: at.At.Line, start: at.At, end: at.End, firm: at.Whole, spelled: at.Text, fault: fault, remedy: remedy}
}

// reject sets the row aside.
func (r *row) reject(connector, path, fault, remedy string) work.Reject {
	return work.Reject{
		Connector: connector, Where: fmt.Sprintf("%s:%d", path, r.line), Cause: fault, Remedy: remedy,
		Body: string(r.spelled[:min(len(r.spelled), 2000)]),
	}
}

// rowsOf reads the rows of an open file from a mark on. The error is that of
// the file as a whole and comes last.
func rowsOf(f io.ReadSeeker, path string, from table.Mark, c columns) iter.Seq2[row, error] {
	switch formatOf(path) {
	case csvFormat:
		return csvRows(f, from, c)
	case jsonlFormat:
		return jsonlRows(f, from, c)
	case yamlFormat:
		return yamlRows(f, c)
	default:
		return func(yield func(row, error) bool) {
			yield(row{}, fmt.Errorf("%s: files of this kind cannot be read; give files that end in %s", path, extensions))
		}
	}
}

// rowsAt opens a file for one walk over its rows.
func rowsAt(path string, from table.Mark, c columns) iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		f, err := os.Open(path)
		if err != nil {
			yield(row{}, fmt.Errorf("read items: %w", err))
			return
		}
		defer func() { _ = f.Close() }() // only read
		for r, err := range rowsOf(f, path, from, c) {
			if err != nil {
				err = fmt.Errorf("read %s: %w", path, err)
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

// verify reads a file up to a mark. It reports whether what stands before the
// mark is still the same, and the marks of the last rows before it, to read
// these again.
func verify(r io.Reader, until table.Mark, overlap int) (again table.Mark, same bool, err error) {
	l := table.NewLines(r, table.Mark{})
	var last []table.Mark
	for l.Here().Offset < until.Offset {
		last = append(last, l.Here())
		if len(last) > overlap {
			last = slices.Delete(last, 0, 1)
		}
		if _, err := l.Next(); err == io.EOF { //nolint:errorlint // next returns io.EOF itself
			break
		} else if err != nil && err != table.ErrLongRow { //nolint:errorlint // as above
			return table.Mark{}, false, err
		}
	}
	if l.Here() != until {
		return table.Mark{}, false, nil
	}
	if len(last) > 0 {
		return last[0], true, nil
	}
	return until, true, nil
}
