package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"maps"
	"slices"
	"sync"
	"time"

	"tandem/internal/work"
)

// warm keeps decoded records from one snapshot to the next, so that a snapshot
// decodes only what changed since.
type warm struct {
	sync.Mutex

	seq    int64
	used   time.Time
	byRef  map[work.RefID]*work.Record
	sorted []*work.Record // nil where something changed since they were
}

// records returns the records that are not gone, sorted, as they are at seq.
// The caller holds the lock from before the transaction began.
func (w *warm) records(ctx context.Context, tx *sql.Tx, seq int64) ([]*work.Record, error) {
	if err := w.update(ctx, tx, seq); err != nil {
		return nil, err
	}
	if w.sorted == nil {
		w.sorted = slices.SortedFunc(maps.Values(w.byRef), func(a, b *work.Record) int { return a.Compare(b.RefID) })
	}
	return slices.Clone(w.sorted), nil
}

// update decodes what changed up to seq.
func (w *warm) update(ctx context.Context, tx *sql.Tx, seq int64) error {
	if w.byRef == nil || seq < w.seq { // a server that was set back knows less
		w.seq, w.byRef, w.sorted = 0, map[work.RefID]*work.Record{}, nil
	}
	if w.seq != seq {
		moved, err := movedSince(ctx, tx, w.seq)
		if err != nil {
			return err
		}
		for _, m := range moved {
			if m.record == nil {
				delete(w.byRef, m.ref)
			} else {
				w.byRef[m.ref] = m.record
			}
		}
		if len(moved) > 0 {
			w.sorted = nil
		}
		w.seq = seq
	}
	w.used = time.Now()
	return nil
}

// cheap is how many records are read and decoded anew in half a second.
const cheap = 20_000

// Cool lets the decoded records go that no snapshot asked for so long, where
// they are so few that the next snapshot has them again at once. It reports
// whether it did; the caller sees to the garbage. While a snapshot is taken it
// does nothing.
func (s *Store) Cool(unused time.Duration) bool {
	w := s.warm
	if !w.TryLock() {
		return false
	}
	defer w.Unlock()
	if len(w.byRef) == 0 || len(w.byRef) > cheap || time.Since(w.used) < unused {
		return false
	}
	w.seq, w.byRef, w.sorted = 0, nil, nil
	return true
}

// Shrink lets memory go that the database holds for the next write, which is
// slower for it.
func (s *Store) Shrink(ctx context.Context) {
	if s.base.shrink != "" && s.writer != nil {
		_, _ = s.writer.ExecContext(ctx, s.base.shrink) // memory is only held longer where it fails
	}
}

// move is a record that changed; its record is nil where it is gone.
type move struct {
	ref    work.RefID
	gone   bool
	at     int64 // version
	body   sql.NullString
	former string
	last   sql.NullInt64
	record *work.Record
	err    error
}

const (
	decoders  = 2   // of JSON; more gain nothing, the reading of rows is the limit
	moveBatch = 256 // records that are decoded at a time
)

// movedSince reads and decodes the records that changed since seq.
func movedSince(ctx context.Context, tx *sql.Tx, seq int64) ([]*move, error) {
	var all, batch []*move
	queue := make(chan []*move, decoders)
	var group sync.WaitGroup
	for range decoders {
		group.Go(func() {
			d := decoder{words: words{}, fields: map[string]work.Value{}}
			for b := range queue {
				for _, m := range b {
					d.decode(m)
				}
			}
		})
	}
	err := each(ctx, tx, `SELECT r.connector, r.id, r.version, r.gone <> 0, CASE r.gone WHEN 0 THEN v.body END, r.former, v.last_change
		FROM record r LEFT JOIN record_version v ON v.seq = r.seq WHERE r.moved > ?`,
		[]any{seq}, func(scan func(...any) error) error {
			m := new(move)
			if err := scan(&m.ref.Connector, &m.ref.ID, &m.at, &m.gone, &m.body, &m.former, &m.last); err != nil {
				return err
			}
			all, batch = append(all, m), append(batch, m)
			if len(batch) == moveBatch {
				queue <- batch
				batch = nil
			}
			return nil
		})
	queue <- batch
	close(queue)
	group.Wait()
	if err != nil {
		return nil, err
	}
	for _, m := range all {
		if m.err != nil {
			return nil, damaged("record "+m.ref.String(), m.err)
		}
	}
	return all, nil
}

// decoder decodes records one after the other. What repeats from record to
// record, such as the names of fields, is in memory once.
type decoder struct {
	words

	fields map[string]work.Value // of the record at hand
}

func (d *decoder) decode(m *move) {
	if m.gone {
		return
	}
	clear(d.fields)
	r := &work.Record{Fields: d.fields}
	if m.err = json.Unmarshal([]byte(m.body.String), r); m.err == nil {
		r.Former, m.err = formerOf(m.former)
	}
	if m.err == nil {
		d.thrift(r)
		if r.Version = timeOf(m.at); m.last.Valid {
			r.LastChange = timeOf(m.last.Int64)
		}
		m.record = r
	}
	m.body.String = ""
}

// thrift gives the record fields of its own, that share what repeats.
func (d *decoder) thrift(r *work.Record) {
	r.Connector, r.Place = d.word(r.Connector), d.word(r.Place)
	if r.Fields == nil {
		return
	}
	fields := make(map[string]work.Value, len(r.Fields))
	for name, value := range r.Fields {
		fields[d.word(name)] = value.Sharing(d.word)
	}
	r.Fields = fields
}
