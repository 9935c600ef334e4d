package drop

import (
	"context"
	"fmt"
	"iter"

	"tandem/connectors"
	"tandem/internal/work"
)

// reader finds items by id, in all files that were read or wait.
type reader struct{ source *source }

// Read yields the records of the refs that stand in a file. Of several rows of
// one id the newest counts.
func (r *reader) Read(ctx context.Context, refs []work.Ref) iter.Seq2[connectors.Page, error] {
	return func(yield func(connectors.Page, error) bool) {
		records, err := r.read(ctx, refs)
		if err != nil {
			yield(connectors.Page{}, err)
			return
		}
		for len(records) > pageRows {
			if !yield(connectors.Page{Records: records[:pageRows]}, nil) {
				return
			}
			records = records[pageRows:]
		}
		yield(connectors.Page{Records: records, Done: true}, nil)
	}
}

func (r *reader) read(ctx context.Context, refs []work.Ref) ([]work.Record, error) {
	wanted, newest := map[string]bool{}, map[string]work.Record{}
	for _, ref := range refs {
		wanted[ref.ID] = true
	}
	err := r.source.each(ctx, func(_ *builder, page connectors.Page, _ *fault) {
		for _, rec := range page.Records {
			if was, there := newest[rec.ID]; wanted[rec.ID] && (!there || !rec.Version.Before(was.Version)) {
				newest[rec.ID] = rec
			}
		}
	})
	var found []work.Record
	for _, ref := range refs {
		if rec, ok := newest[ref.ID]; ok {
			found = append(found, rec)
			delete(newest, ref.ID)
		}
	}
	return found, err
}

// each reads all rows of all files and changes nothing. Files that cannot be
// read are passed over: Pages sets them aside.
func (s *source) each(ctx context.Context, use func(*builder, connectors.Page, *fault)) error {
	file, err := readColumns(s.config.Columns)
	if err != nil {
		return err
	}
	files, err := s.list()
	if err != nil {
		return err
	}
	for _, f := range files {
		b, rows, done, err := s.openAs(f, &file, s.config.Study)
		if err != nil {
			continue
		}
		for row, err := range rows.All() {
			if err != nil || ctx.Err() != nil {
				break
			}
			page := connectors.Page{}
			use(b, page, b.add(&page, row))
		}
		done()
		if ctx.Err() != nil {
			return fmt.Errorf("read %s: %w", s.config.Path, ctx.Err())
		}
	}
	return nil
}
