package drop

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"tandem/connectors"
	"tandem/internal/table"
	"tandem/internal/work"
)

const (
	pageRows = 500
	// hopeless is how many rows of one file may be set aside before the whole
	// file is, if they are more than half.
	hopeless = 1000
)

// errStopped says that the reader of the pages wants no more.
var errStopped = errors.New("the reader stopped")

// unreadableError is why a whole file is set aside.
type unreadableError struct{ cause, remedy string }

func (e unreadableError) Error() string { return e.cause }

// walk is one read of the stream.
type walk struct {
	source *source
	cursor cursor
	file   columnFile
	yield  func(connectors.Page, error) bool

	page connectors.Page
	// fixed: the folder is read only.
	fixed bool
	rows  int // on the page
	done  int // on all pages
}

// one reads a file, unless its content was read before, and moves it on:
//
//	folder ─ claim ─► claimed/ ─ rows and cursor are stored ─► done/
//	                     ╰───── it cannot be read ──► quarantine/
//
// The claim keeps a file from being changed or replaced while it is read. What
// counts is the cursor: a file stands in it from the page with its last row on,
// and only then does it move to done/.
func (w *walk) one(ctx context.Context, f found) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if sum, known := w.cursor.knows(f); known {
		return w.finish(f, sum)
	}
	sum, err := w.sum(ctx, f)
	if err != nil {
		return unlessGone(err)
	}
	if was, known := w.cursor.content(sum); known {
		return w.repeat(f, sum, was)
	}
	if f.place == inFolder && !w.source.whole(f, w.file.options) && w.cursor.waits(f, w.source.env.Now()) {
		return nil
	}
	if taken, err := w.claim(&f, sum); err != nil || !taken {
		return err
	}
	err = w.read(ctx, f, sum)
	if bad := (unreadableError{}); errors.As(err, &bad) {
		return w.quarantine(f, sum, bad)
	}
	return unlessGone(err)
}

// sum is the hash of a file; of one that is being read it is known.
func (w *walk) sum(ctx context.Context, f found) (string, error) {
	if w.cursor.Begun != nil && w.cursor.Begun.is(f) {
		return w.cursor.Begun.Sum, nil
	}
	return sumOf(ctx, w.source.path(f))
}

func unlessGone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil // another node moved it
	}
	return err
}

// moving reports whether files are moved.
func (w *walk) moving() bool { return !w.source.config.Keep && !w.fixed }

// claim moves a file out of the reach of those who drop files. It reports
// false where another node was faster.
func (w *walk) claim(f *found, sum string) (bool, error) {
	if f.place != inFolder || !w.moving() {
		return true, nil
	}
	taken, err := w.source.move(f, inClaimed, named(f.name, sum))
	if err == nil {
		w.cursor.Fixed = false
		return taken, nil
	}
	if !fixed(err) {
		return false, unlessGone(err)
	}
	w.fixed = true
	if !w.cursor.Fixed {
		w.note(work.Warning, w.source.folder, "files cannot be moved inside it: "+cause(err)+"; they are read where they are",
			"let the user of the daemon write there, or say keep: true")
	}
	w.cursor.Fixed = true
	return true, nil
}

// repeat puts aside a file whose content was read before.
func (w *walk) repeat(f found, sum string, was entry) error {
	e := entry{Sum: sum, Name: named(f.name, sum), Size: f.size, Time: f.time}
	if f.place == inFolder && !w.moving() {
		e.Name = f.name
	}
	if f.place == inFolder {
		w.note(work.Note, f.name, fmt.Sprintf("it holds the same as %s, which was read before; it counts once", given(was.Name)), "")
	}
	w.cursor.add(e)
	return w.finish(f, sum)
}

// finish moves a file that was read to done/. Where that fails, it is tried
// again with the next look.
func (w *walk) finish(f found, sum string) error {
	if f.place == inDone || !w.moving() {
		return nil
	}
	_, err := w.source.move(&f, inDone, named(f.name, sum))
	if err != nil && fixed(err) {
		w.fixed = true
		return nil
	}
	return unlessGone(err)
}

// read yields the rows of a file and notes it as read.
func (w *walk) read(ctx context.Context, f found, sum string) error {
	path := w.source.path(f)
	before, err := os.Stat(path)
	if err != nil {
		return unlessGone(err)
	}
	from := table.Mark{}
	if b := w.cursor.Begun; b != nil && b.Sum == sum {
		from = b.Mark
	}
	t := &reading{walk: w, found: f, entry: entry{Sum: sum, Name: f.name, Size: f.size, Time: f.time}, from: from, last: from}
	if err := t.rows(ctx); err != nil {
		t.aside.drop()
		return err
	}
	after, err := os.Stat(path)
	if err != nil {
		t.aside.drop()
		return unlessGone(err)
	}
	if after.Size() != before.Size() || !after.ModTime().Equal(before.ModTime()) {
		t.aside.drop()
		return nil // it is still being written: the next look reads it again
	}
	if err := t.aside.keep(); err != nil {
		return err
	}
	w.cursor.Begun = nil
	w.cursor.forget(f.name)
	w.cursor.add(t.entry)
	w.cursor.settle(sum)
	if err := w.flush(false); err != nil {
		return err
	}
	return w.finish(f, sum)
}

func (w *walk) note(level work.Level, subject, what, remedy string) {
	w.page.Findings = append(w.page.Findings, work.Finding{Level: level, Subject: w.source.env.Name + ": " + subject, What: what, Remedy: remedy})
}

// flush yields the page with the cursor behind it. When it returns, the page
// is stored.
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

// cause is what an error of a file comes to, without its path.
func cause(err error) string {
	if bad := (*fs.PathError)(nil); errors.As(err, &bad) {
		return bad.Err.Error()
	}
	if bad := (*os.LinkError)(nil); errors.As(err, &bad) {
		return bad.Err.Error()
	}
	return err.Error()
}
