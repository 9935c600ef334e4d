package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"tandem/internal/work"
)

// censusStream is the name under which status shows the census. A census that
// fails makes no connector stale: nothing that is stored is doubtful by it.
const censusStream = "census"

// Kept returns all records of a connector, sorted by id, also those that are
// gone.
func (s *Store) Kept(ctx context.Context, connector string) ([]work.Kept, error) {
	var all []work.Kept
	err := each(ctx, s.reader, "SELECT id, key, gone <> 0, version FROM record WHERE connector = ? ORDER BY id", []any{connector},
		func(scan func(...any) error) error {
			k := work.Kept{Ref: work.NewRef(connector, "", "")}
			var version int64
			err := scan(&k.ID, &k.Key, &k.Gone, &version)
			k.Version = timeOf(version)
			all = append(all, k)
			return err
		})
	return all, s.fault("list records of "+connector, err)
}

// Known returns what is stored of records, by id, also of those that are gone; a
// record that was never read is left out.
func (s *Store) Known(ctx context.Context, refs []work.RefID) (map[work.RefID]work.Kept, error) {
	all := make(map[work.RefID]work.Kept, len(refs))
	for _, ref := range refs {
		k := work.Kept{Ref: work.NewRef(ref.Connector, ref.ID, "")}
		var version int64
		err := s.reader.QueryRowContext(ctx, "SELECT key, gone <> 0, version FROM record WHERE connector = ? AND id = ?", ref.Connector, ref.ID).Scan(&k.Key, &k.Gone, &version)
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return nil, s.fault("read what is known of records", err)
		}
		k.Version = timeOf(version)
		all[ref] = k
	}
	return all, nil
}

// Census returns where the census of a connector stands; false where there
// never was one.
func (s *Store) Census(ctx context.Context, connector string) (work.CensusMark, bool, error) {
	act := "read the census of " + connector
	var m work.CensusMark
	var stored []byte
	err := s.reader.QueryRowContext(ctx, "SELECT cursor, failure FROM stream WHERE connector = ? AND stream = ?", connector, censusStream).Scan(&stored, &m.Failure)
	if errors.Is(err, sql.ErrNoRows) {
		return m, false, nil
	}
	if err == nil {
		if err = json.Unmarshal(stored, &m); err != nil {
			err = damaged("census", err)
		}
	}
	return m, err == nil, s.fault(act, err)
}

// SaveCensus stores where a census stands. whole says that one has just come
// to its end.
func (s *Store) SaveCensus(ctx context.Context, connector string, mark work.CensusMark, whole bool) error {
	act := "store the census of " + connector
	text, err := encode(mark)
	if err != nil {
		return s.fault(act, err)
	}
	return s.change(ctx, act, normal, func(ctx context.Context, c *change) error {
		if err := c.fence(ctx, connector); err != nil {
			return err
		}
		var read sql.NullInt64
		if whole {
			read = sql.NullInt64{Int64: c.at, Valid: true}
		}
		err := c.put(ctx, `INSERT INTO stream (connector, stream, cursor, last_read, failure) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (connector, stream) DO UPDATE SET cursor = excluded.cursor, last_read = coalesce(excluded.last_read, stream.last_read), failure = excluded.failure`,
			connector, censusStream, []byte(text), read, mark.Failure)
		return err
	})
}

// BelieveCensus lets a census that is taken until then count as gone whatever
// it does not find: a person knows that so much was deleted. The next one is
// due at once. A connector that never had one is left alone; the answer is then
// false.
func (s *Store) BelieveCensus(ctx context.Context, connector string, until time.Time) (bool, error) {
	mark, known, err := s.Census(ctx, connector)
	if err != nil || !known {
		return false, err
	}
	mark.Next, mark.Believed = s.now(), until
	return true, s.SaveCensus(ctx, connector, mark, false)
}
