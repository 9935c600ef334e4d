package file

import (
	"context"
	"fmt"
	"os"
	"slices"
	"sync"
	"time"

	"tandem/internal/table"
	"tandem/internal/work"
)

const (
	batchEdits = 100
	// again is when to try again what could not be written.
	again = time.Minute
)

// sink writes into the files of items.
type sink struct {
	source *source
	// writing lets one batch at a time touch the files.
	writing sync.Mutex
}

// Batches cuts the edits into pieces: the files are read once for each.
func (s *sink) Batches(edits []work.Edit) [][]work.Edit {
	return slices.Collect(slices.Chunk(edits, batchEdits))
}

// Send finds the rows anew, changes one value after the other, and replaces
// each file in one step.
func (s *sink) Send(ctx context.Context, batch []work.Edit) []work.Result {
	s.writing.Lock()
	defer s.writing.Unlock()
	results := make([]work.Result, len(batch))
	home, err := s.find(ctx, batch)
	byFile := map[*target][]int{}
	for i, e := range batch {
		switch f := home[e.Target.ID]; {
		case err != nil:
			results[i] = s.postponed(err)
		case f == nil:
			results[i] = rejected(fmt.Sprintf("no row has the id %s; it was removed, or the id was changed", e.Target.ID))
		default:
			byFile[f] = append(byFile[f], i)
		}
	}
	for f, of := range byFile {
		s.change(f, of, batch, results)
	}
	for i, e := range batch {
		results[i].EditID = e.ID
	}
	return results
}

// change applies the edits of one file. None of them counts as applied until
// the new file has taken the place of the old.
func (s *sink) change(f *target, of []int, batch []work.Edit, results []work.Result) {
	changed := false
	for _, i := range of {
		results[i] = s.changeRow(f, f.rows[batch[i].Target.ID], batch[i])
		changed = changed || results[i].State == work.Applied
	}
	if !changed {
		return
	}
	if err := f.replace(); err != nil {
		for _, i := range of {
			if results[i].State == work.Applied {
				results[i] = s.postponed(err)
			}
		}
	}
}

func (s *sink) changeRow(f *target, r *row, e work.Edit) work.Result {
	cell, outcome := f.frame.decide(r, e)
	if outcome.State != work.Applied {
		return outcome
	}
	if err := r.set(f.frame.columns, e.Target.Path, cell); err != nil {
		return rejected(err.Error())
	}
	if _, has := r.cells["updated"]; has {
		now := s.source.env.Now().UTC().Truncate(time.Second)
		if err := r.set(f.frame.columns, "updated", now.Format(time.RFC3339)); err != nil {
			return rejected(err.Error())
		}
	}
	return outcome
}

func rejected(why string) work.Result { return work.Result{State: work.Rejected, Detail: why} }

func (s *sink) postponed(err error) work.Result {
	return work.Result{
		State: work.Deferred, Scope: "connector", Until: s.source.env.Now().Add(again),
		Detail: fmt.Sprintf("nothing was written: %v", err),
	}
}

// target is a file with rows to change.
type target struct {
	path  string
	info  os.FileInfo
	frame frame
	rows  map[string]*row // by id
}

// find reads the files of items for the rows of the edits. Where an id stands
// more than once, the last row counts, as it does for readers.
func (s *sink) find(ctx context.Context, batch []work.Edit) (map[string]*target, error) {
	s.source.looks.n.Add(1)
	columns, _, err := s.source.meaning()
	if err != nil {
		return nil, err
	}
	paths, err := s.source.paths(s.source.config.Items)
	if err != nil {
		return nil, err
	}
	wanted := map[string]bool{}
	for _, e := range batch {
		wanted[e.Target.ID] = true
	}
	home := map[string]*target{}
	for _, path := range paths {
		if ctx.Err() != nil {
			return nil, fmt.Errorf("stopped before writing: %w", ctx.Err())
		}
		info, err := os.Stat(path)
		if err != nil {
			return nil, fmt.Errorf("read items: %w", err)
		}
		f := &target{path: path, info: info, frame: s.source.frame(itemStream, columns, info), rows: map[string]*row{}}
		for r, err := range rowsAt(path, table.Mark{}, columns) {
			if err != nil {
				return nil, err
			}
			if rec, why := f.frame.recordOf(r); why == nil && wanted[rec.ID] {
				f.rows[rec.ID], home[rec.ID] = &r, f
			}
		}
	}
	return home, nil
}
