package file

import (
	"context"
	"errors"
	"fmt"
	"hash/crc64"
	"io"
	"os"
	"time"

	"tandem/connectors"
	"tandem/internal/table"
	"tandem/internal/work"
)

const (
	pageRows = 500
	// overlap is how many rows are read again before the place where a grown
	// file was left.
	overlap = 16
	// settling is how old a file must be for its time to prove that it did not
	// change: file systems keep times coarsely.
	settling = 2 * time.Second
)

// errStopped says that the reader of the pages wants no more.
var errStopped = errors.New("the reader stopped")

// walk is one read of one stream.
type walk struct {
	source  *source
	stream  string
	look    string
	cursor  cursor
	columns columns
	yield   func(connectors.Page, error) bool

	page connectors.Page
	rows int // on the page
	done int // on all pages
}

// file reads one file from where it was left.
func (w *walk) file(ctx context.Context, path string) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("read %s: %w", w.stream, err)
	}
	defer func() { _ = f.Close() }() // only read
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("read %s: %w", w.stream, err)
	}
	p := w.cursor.of(path)
	if p.Look != w.look {
		p = position{Path: path} // somebody may have taken back what was seen meanwhile
	}
	if p.sameFile(info) && p.Settled {
		return nil
	}
	end := w.end(path, info)
	sameSize := p.Time != 0 && p.Size == end.Size
	if sameSize || !end.Settled {
		if end.Whole, err = wholeSum(f); err != nil {
			return fmt.Errorf("read %s: %w", path, err)
		}
	}
	if sameSize && p.Whole == end.Whole {
		end.Mark = p.Mark
		w.cursor.set(end) // touched, not changed
		return nil
	}
	from, err := resume(f, p.Mark)
	if err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	if end.Mark, err = w.rowsFrom(ctx, f, path, from, info); err != nil {
		return err
	}
	w.cursor.set(end)
	return nil
}

// end is the position of a file that was read to its end.
func (w *walk) end(path string, info os.FileInfo) position {
	return position{
		Path: path, Size: info.Size(), Time: info.ModTime().UnixNano(),
		Settled: w.source.env.Now().Sub(info.ModTime()) > settling, Look: w.look,
	}
}

func wholeSum(f io.ReadSeeker) (uint64, error) {
	h := crc64.New(crc64.MakeTable(crc64.ECMA))
	if _, err := io.Copy(h, f); err != nil {
		return 0, err
	}
	_, err := f.Seek(0, io.SeekStart)
	return h.Sum64(), err
}

// resume finds where to begin: a few rows before the mark when the file only
// grew, else at its start.
func resume(f io.ReadSeeker, at table.Mark) (table.Mark, error) {
	if at.Offset == 0 {
		return table.Mark{}, nil
	}
	again, same, err := verify(f, at, overlap)
	if err != nil {
		return table.Mark{}, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return table.Mark{}, err
	}
	if !same {
		return table.Mark{}, nil
	}
	return again, nil
}

// rowsFrom reads rows into pages and returns the mark behind the last firm one.
func (w *walk) rowsFrom(ctx context.Context, f io.ReadSeeker, path string, from table.Mark, info os.FileInfo) (table.Mark, error) {
	c, last := w.source.frame(w.stream, w.columns, info), from
	seen := map[string]int{}
	for r, err := range rowsOf(f, path, from, w.columns) {
		if ctx.Err() != nil {
			return last, ctx.Err()
		}
		if err != nil {
			return last, fmt.Errorf("read %s: %w", path, err)
		}
		w.add(c, path, r, seen)
		if r.firm {
			last = r.end
		}
		if w.rows < pageRows {
			continue
		}
		w.cursor.set(position{Path: path, Look: w.look, Mark: last})
		if err := w.flush(false); err != nil {
			return last, err
		}
	}
	return last, nil
}

// add puts one row on the page.
func (w *walk) add(c frame, path string, r row, seen map[string]int) {
	w.rows++
	w.done++
	why := &fault{r.fault, r.remedy}
	if r.fault == "" {
		why = w.understand(c, path, r, seen)
	}
	if why != nil {
		w.page.Rejects = append(w.page.Rejects, r.reject(c.connector, path, why.cause, why.remedy))
	}
}

func (w *walk) understand(c frame, path string, r row, seen map[string]int) *fault {
	if w.stream == feedbackStream {
		f, why := c.feedback(r)
		if why == nil {
			w.page.Feedback = append(w.page.Feedback, f)
		}
		return why
	}
	rec, why := c.record(r)
	if why != nil {
		return why
	}
	if formatOf(path) == yamlFormat {
		if first, twice := seen[rec.ID]; twice {
			return &fault{fmt.Sprintf("the id %s stands in line %d already", rec.ID, first), "give each item its own id"}
		}
		seen[rec.ID] = r.line
	}
	w.page.Records = supersede(w.page.Records, rec)
	return nil
}

// supersede adds a record; a later row of the same id replaces an earlier one,
// as in a JSONL file to which every change is appended.
func supersede(records []work.Record, rec work.Record) []work.Record {
	for i := range records {
		if records[i].RefID == rec.RefID {
			records[i] = rec
			return records
		}
	}
	return append(records, rec)
}

// flush yields the page with the cursor behind it.
func (w *walk) flush(done bool) error {
	at, err := w.cursor.encode()
	if err != nil {
		return err
	}
	page := w.page
	page.Cursor, page.Done, page.Progress = at, done, connectors.Progress{Done: w.done}
	w.page, w.rows = connectors.Page{}, 0
	if !w.yield(page, nil) {
		return errStopped
	}
	return nil
}
