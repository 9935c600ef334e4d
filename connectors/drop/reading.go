package drop

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"tandem/connectors"
	"tandem/internal/table"
	"tandem/internal/work"
)

// reading is one file on its way into pages.
type reading struct {
	walk  *walk
	found found
	entry entry
	// from is behind the rows that are stored already. Where they are not plain
	// they are read again, to count what tells equal rows apart, and not yielded.
	from, last table.Mark
	table      *table.Rows
	builder    *builder
	aside      *aside
	good, bad  int
	first      string // fault
}

func (t *reading) rows(ctx context.Context) error {
	w := t.walk
	path := w.source.path(t.found)
	if foreign(t.found.name) {
		return unreadableError{"files of this kind cannot be read", "save the sheet as CSV (UTF-8) and put that into the folder"}
	}
	in, err := table.Open(path, w.source.most())
	if err != nil {
		return unreadable(err)
	}
	defer func() { _ = in.Close() }() // only read
	format := table.FormatOf(in.Name)
	if format == table.NoFormat {
		return unreadableError{"nobody knows how " + in.Name + " is written", "give files that end in " + extensions}
	}
	rows, err := table.NewRows(in, format, w.file.options)
	if err != nil {
		return unreadable(err)
	}
	if t.builder, err = w.source.builder(t.found, &w.file); err != nil {
		return unreadable(err)
	}
	t.builder.later = w.cursor.later()
	if err := t.strict(rows.Header); err != nil {
		return err
	}
	if t.from == (table.Mark{}) {
		w.page.Again = append(w.page.Again, t.found.name, given(t.found.name))
		if err := t.takeBack(ctx); err != nil {
			return err
		}
	}
	t.table = rows
	if b := w.cursor.Begun; t.from != (table.Mark{}) && b.Plain > 0 {
		if err := rows.SkipTo(t.from); err != nil {
			return unreadable(err)
		}
		t.good = b.Plain
	}
	t.aside = &aside{source: w.source, name: t.found.name, moving: w.moving(), header: rows.Header}
	for row, err := range rows.All() {
		if ctx.Err() != nil {
			return fmt.Errorf("read %s: %w", path, ctx.Err())
		}
		if err != nil {
			return unreadable(err)
		}
		if err := t.add(row); err != nil {
			return err
		}
	}
	t.say(rows)
	return nil
}

// strict refuses a table with headers that nobody declared, where the column
// file wants that.
func (t *reading) strict(header []string) error {
	for _, h := range header {
		t.builder.layout.of(h)
	}
	unsaid := t.builder.layout.unsaid
	if t.walk.file.others != refuseOthers || len(unsaid) == 0 {
		return nil
	}
	h := unsaid[0]
	return unreadableError{
		fmt.Sprintf("the column file does not know the header %q", h),
		t.builder.layout.line(h, meaning{sort: answer, ask: unsaidQuestion(h)}) + "; then put the file back into the folder",
	}
}

// add puts one row on the page, or aside.
func (t *reading) add(row table.Row) error {
	w := t.walk
	into := &w.page
	stored := row.End.Offset <= t.from.Offset
	if stored {
		into = &connectors.Page{}
	}
	into.Again = append(into.Again, asideBefore(t.found.name, row)...)
	why := t.builder.add(into, row)
	if why == nil {
		t.good++
	} else if err := t.reject(row, why, stored); err != nil {
		return err
	}
	if stored {
		return nil
	}
	w.rows++
	w.done++
	t.last = row.End
	if w.rows < pageRows {
		return nil
	}
	w.cursor.Begun = &begun{t.entry, t.last, t.plain()}
	return w.flush(false)
}

// plain returns how many rows were read if going on behind them needs to know
// nothing of them: all have ids and were understood, and nothing is to be told
// of them. Otherwise a file of gigabytes would be read again with every slice,
// until a slice is too short for it.
func (t *reading) plain() int {
	b := t.builder
	if t.bad > 0 || len(b.seen)+len(b.odd)+b.refused > 0 || t.table.Header == nil || t.table.Texts.Foreign > 0 {
		return 0
	}
	return t.good
}

func (t *reading) reject(row table.Row, why *fault, stored bool) error {
	t.bad++
	if t.first == "" {
		t.first = fmt.Sprintf("line %d: %s", row.Line, why.cause)
	}
	if t.bad >= hopeless && t.bad > t.good {
		return unreadableError{
			fmt.Sprintf("of the first %d rows %d cannot be understood; the first: %s", t.good+t.bad, t.bad, t.first), why.remedy + "; then put the file back into the folder",
		}
	}
	if err := t.aside.add(row, why); err != nil {
		return err
	}
	if stored {
		return nil
	}
	body := string(row.Spelled[:min(len(row.Spelled), 2000)])
	if why.private {
		body = ""
	}
	t.walk.page.Rejects = append(t.walk.page.Rejects, work.Reject{
		Connector: t.builder.connector, Where: fmt.Sprintf("%s:%d", t.found.name, row.Line), Cause: why.cause, Remedy: why.remedy, Body: clean(body),
	})
	return nil
}

// say notes what a person should know of the file.
func (t *reading) say(rows *table.Rows) {
	w := t.walk
	name := given(t.found.name)
	if t.good+t.bad == 0 {
		w.note(work.Note, name, "the export has a header and no row", "check the filters of the export")
	}
	if t.bad > 0 {
		where := ""
		if t.aside.written {
			where = "; they stand in " + t.aside.path()
		}
		w.note(work.Warning, name, fmt.Sprintf("%d of %d rows were set aside%s", t.bad, t.good+t.bad, where), "correct them there and put that file into the folder")
	}
	for _, f := range t.builder.notes(name, rows.Texts) {
		w.note(f.Level, name, f.What, f.Remedy)
	}
}

// unreadable turns the error of a file into the reason to set it aside. What
// may pass, such as a missing right, stays an error.
func unreadable(err error) error {
	switch {
	case errors.As(err, new(unreadableError)):
		return err
	case errors.As(err, new(*fs.PathError)):
		return err // a right is missing, or a drive fails
	case errors.Is(err, table.ErrBomb):
		return unreadableError{err.Error(), "unpack it and look; if it is right, give the unpacked table, or raise largest_mb"}
	case errors.Is(err, table.ErrNoHeader):
		return unreadableError{err.Error(), "export it again"}
	default:
		return unreadableError{"it cannot be read: " + err.Error(), "open it in a spreadsheet, save it as CSV (UTF-8), and put that into the folder"}
	}
}
