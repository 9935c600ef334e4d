package drop

import (
	"context"
	"fmt"
	"time"

	"tandem/connectors"
	"tandem/internal/table"
	"tandem/internal/work"
)

// takeBack withdraws what a file gave under ids that its rows have no longer:
// rows without an id are known by what the column file calls number, person and
// time, and a column file may change. Without it a line in it would double them.
func (t *reading) takeBack(ctx context.Context) error {
	w := t.walk
	for _, f := range w.cursor.Former {
		for _, sum := range f.Sums {
			if sum != t.entry.Sum {
				continue
			}
			if err := t.takeBackAs(ctx, f.Said); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *reading) takeBackAs(ctx context.Context, was said) error {
	w := t.walk
	file, err := parseColumns("", []byte(was.Columns))
	if err != nil {
		return nil // nothing was read by a column file with a mistake
	}
	before, rows, done, err := w.source.openAs(t.found, &file, was.Study)
	if err != nil {
		return nil // nothing was read of it
	}
	defer done()
	before.later = w.cursor.later() - time.Microsecond
	now, err := w.source.builder(t.found, &w.file)
	if err != nil {
		return unreadable(err)
	}
	alike := file.options == w.file.options // the rows are cut as they were
	for row, err := range rows.All() {
		if ctx.Err() != nil {
			return fmt.Errorf("read %s: %w", t.found.name, ctx.Err())
		}
		if err != nil {
			return nil // the reading that follows says it
		}
		var old, fresh connectors.Page
		if before.add(&old, row) != nil {
			continue
		}
		same := alike && now.add(&fresh, row) == nil && idOf(old) == idOf(fresh)
		if same || idOf(old) == "" {
			continue
		}
		if err := t.withdraw(old); err != nil {
			return err
		}
	}
	return nil
}

// idOf is the id of the one row on a page.
func idOf(p connectors.Page) string {
	switch {
	case len(p.Feedback) == 1:
		return p.Feedback[0].ID
	case len(p.Insights) == 1:
		return p.Insights[0].ID
	default:
		return ""
	}
}

func (t *reading) withdraw(old connectors.Page) error {
	w := t.walk
	for _, f := range old.Feedback {
		w.page.Feedback = append(w.page.Feedback, gone(f))
	}
	for _, in := range old.Insights {
		w.page.Insights = append(w.page.Insights, work.Insight{Ref: in.Ref, Gone: true, Audience: in.Audience, Version: in.Version})
	}
	if w.rows++; w.rows < pageRows {
		return nil
	}
	w.cursor.Begun = nil // the rows themselves are not begun
	return w.flush(false)
}

// openAs opens the table of a file as a column file reads it.
func (s *source) openAs(f found, file *columnFile, study string) (*builder, *table.Rows, func(), error) {
	in, err := table.Open(s.path(f), s.most())
	if err != nil {
		return nil, nil, nil, err
	}
	done := func() { _ = in.Close() } // only read
	rows, err := table.NewRows(in, table.FormatOf(in.Name), file.options)
	if err != nil {
		done()
		return nil, nil, nil, err
	}
	b, err := s.builderAs(f, file, study)
	if err != nil {
		done()
		return nil, nil, nil, err
	}
	return b, rows, done, nil
}
