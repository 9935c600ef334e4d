package drop

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"tandem/internal/table"
	"tandem/internal/work"
)

// The columns that stand before those of rows that were set aside. They mean
// nothing where such a file comes back.
const (
	rejectLine   = "tandem_line"
	rejectReason = "tandem_reason"
)

// aside is the file with the rows of one table that could not be understood.
// It is written while the table is read, and takes its name at the end.
type aside struct {
	source  *source
	name    string
	moving  bool
	written bool
	file    *os.File
	out     *bufio.Writer
	rows    *csv.Writer
	header  []string
}

func (a *aside) path() string {
	return filepath.Join(a.source.folder, inQuarantine, bare(a.name)+".rejected.csv")
}

// add writes a row. Of a row that may not be kept only its line is told. A row
// that has no cells is written as it is spelled: it is set aside again unless
// somebody mends it.
func (a *aside) add(row table.Row, why *fault) error {
	if !a.moving {
		return nil
	}
	if a.file == nil {
		if err := a.begin(); err != nil {
			return err
		}
	}
	line := []string{strconv.Itoa(row.Line), why.cause + "; " + why.remedy}
	switch {
	case why.private:
		line = append(line, make([]string, max(len(a.header), 1))...) // as many cells as its header, and nothing in them
	case a.header == nil || row.Cells == nil:
		line = append(line, clean(string(table.TrimBreak(row.Spelled))))
	default:
		for _, c := range row.Cells {
			line = append(line, table.Text(c))
		}
	}
	return a.rows.Write(line)
}

func (a *aside) begin() error {
	if err := a.source.disk.Folder(filepath.Dir(a.path())); err != nil {
		return err
	}
	var err error
	if a.file, err = a.source.disk.Begin(a.path()); err != nil {
		return err
	}
	a.written = true
	a.out = bufio.NewWriter(a.file)
	a.rows = csv.NewWriter(a.out)
	header := a.header
	if header == nil {
		header = []string{"row"}
	}
	return a.rows.Write(slices.Concat([]string{rejectLine, rejectReason}, header))
}

// keep gives the file its name.
func (a *aside) keep() error {
	if a == nil || a.file == nil {
		return nil
	}
	a.rows.Flush()
	if err := errors.Join(a.rows.Error(), a.out.Flush(), a.file.Close()); err != nil {
		return fmt.Errorf("write %s: %w", a.path(), err)
	}
	part := a.file.Name()
	a.file = nil
	return a.source.disk.Rename(part, a.path())
}

// drop removes what was not finished.
func (a *aside) drop() {
	if a == nil || a.file == nil {
		return
	}
	_ = a.file.Close()
	_ = a.source.disk.Remove(a.file.Name()) // what is left is of no name that counts
	a.file = nil
}

// asideBefore are the names under which a row was set aside that comes back in
// the file with such rows. What the table was called there is not known to its
// last letter.
func asideBefore(name string, row table.Row) []string {
	stem, ok := strings.CutSuffix(bare(given(name)), ".rejected")
	i := slices.Index(row.Header, rejectLine)
	if !ok || i < 0 || i >= len(row.Cells) {
		return nil
	}
	var names []string
	for _, ext := range []string{".csv", ".tsv", ".jsonl", ".ndjson"} {
		for _, packed := range []string{"", ".gz", ".zip"} {
			names = append(names, stem+ext+packed+":"+table.Text(row.Cells[i]))
		}
	}
	return append(names, stem+".zip:"+table.Text(row.Cells[i]), stem+".gz:"+table.Text(row.Cells[i]))
}

// clean makes a text that every store takes.
func clean(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

// quarantine sets a file aside, with its reason beside it.
func (w *walk) quarantine(f found, sum string, why unreadableError) error {
	w.page.Rejects = append(w.page.Rejects, work.Reject{Connector: w.source.env.Name, Where: given(f.name), Cause: why.cause, Remedy: why.remedy})
	w.cursor.Begun = nil
	w.cursor.forget(f.name)
	stays := !w.moving() || f.place == inDone
	if stays {
		w.cursor.add(entry{Sum: sum, Name: f.name, Size: f.size, Time: f.time})
	}
	if err := w.flush(false); err != nil || stays {
		return err
	}
	folder := filepath.Join(w.source.folder, inQuarantine)
	if err := w.source.disk.Folder(folder); err != nil {
		return err
	}
	text := fmt.Sprintf("%s\n\nWhy: %s\nWhat to do: %s\n", given(f.name), why.cause, why.remedy)
	if err := w.source.disk.Write(filepath.Join(folder, f.name+".why.txt"), []byte(text)); err != nil {
		return err
	}
	_, err := w.source.move(&f, inQuarantine, f.name)
	return unlessGone(err)
}
