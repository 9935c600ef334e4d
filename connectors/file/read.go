package file

import (
	"context"
	"fmt"
	"iter"
	"os"

	"tandem/connectors"
	"tandem/internal/table"
	"tandem/internal/work"
)

// reader finds items by id. It reads all files of items: a file has no index.
type reader struct{ source *source }

// Read yields the records of the refs that stand in a file.
func (r *reader) Read(ctx context.Context, refs []work.Ref) iter.Seq2[connectors.Page, error] {
	return func(yield func(connectors.Page, error) bool) {
		found, err := r.read(ctx, refs)
		if err != nil {
			yield(connectors.Page{}, err)
			return
		}
		for len(found) > pageRows {
			if !yield(connectors.Page{Records: found[:pageRows]}, nil) {
				return
			}
			found = found[pageRows:]
		}
		yield(connectors.Page{Records: found, Done: true}, nil)
	}
}

func (r *reader) read(ctx context.Context, refs []work.Ref) ([]work.Record, error) {
	r.source.looks.n.Add(1)
	columns, _, err := r.source.meaning()
	if err != nil {
		return nil, err
	}
	paths, err := r.source.paths(r.source.config.Items)
	if err != nil {
		return nil, err
	}
	records := map[string]work.Record{}
	wanted := make(map[string]bool, len(refs))
	for _, ref := range refs {
		wanted[ref.ID] = true
	}
	for _, path := range paths {
		if ctx.Err() != nil {
			return nil, fmt.Errorf("read items: %w", ctx.Err())
		}
		info, err := os.Stat(path)
		if err != nil {
			return nil, fmt.Errorf("read items: %w", err)
		}
		f := r.source.frame(itemStream, columns, info)
		for row, err := range rowsAt(path, table.Mark{}, columns) {
			if err != nil {
				return nil, err
			}
			if rec, why := f.recordOf(row); why == nil && wanted[rec.ID] {
				records[rec.ID] = rec
			}
		}
	}
	var found []work.Record
	for _, ref := range refs {
		if rec, ok := records[ref.ID]; ok {
			found = append(found, rec)
			delete(records, ref.ID)
		}
	}
	return found, nil
}
