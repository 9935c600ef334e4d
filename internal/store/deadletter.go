package store

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"tandem/internal/work"
)

// putRejects sets records aside that were not understood. One that is rejected
// again keeps its place and gets the newer cause.
func (c *change) putRejects(ctx context.Context, connector string, rejects []work.Reject) error {
	for _, r := range rejects {
		err := c.put(ctx, `INSERT INTO dead_letter (what, connector, id, ref, cause, remedy, body, at) VALUES ('record', ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (what, connector, id, edit) WHERE ended IS NULL
			DO UPDATE SET cause = excluded.cause, remedy = excluded.remedy, body = excluded.body, at = excluded.at`,
			connector, r.Where, connector+":"+r.Where, r.Cause, r.Remedy, r.Body, c.at)
		if err != nil {
			return err
		}
	}
	return nil
}

// understood are the names under which what a page holds may have been set
// aside before: its ids and keys, alone or behind the name of the stream.
func understood(stream string, arrivals []arrival, voices []voice, findings []finding) map[string]bool {
	names := map[string]bool{}
	add := func(r work.Ref) {
		for _, name := range []string{r.ID, r.Key} {
			if name != "" {
				names[name], names[stream+", "+name] = true, true
			}
		}
	}
	for i := range arrivals {
		add(arrivals[i].ref)
	}
	for i := range voices {
		add(voices[i].row.Ref)
	}
	for i := range findings {
		add(findings[i].row.Ref)
	}
	return names
}

// endRejects ends dead letters of what is understood by now, by its id or key,
// and of what is read again from its beginning.
func (c *change) endRejects(ctx context.Context, connector string, names map[string]bool, again []string) error {
	if len(names)+len(again) == 0 {
		return nil
	}
	anew := make(map[string]bool, len(again))
	for _, name := range again {
		anew[name] = true
	}
	var over []string
	err := each(ctx, c, "SELECT id FROM dead_letter WHERE ended IS NULL AND what = 'record' AND connector = ?", []any{connector},
		func(scan func(...any) error) error {
			var id string
			err := scan(&id)
			of := id[:max(strings.LastIndexByte(id, ':'), 0)]
			if names[id] || anew[id] || of != "" && anew[of] {
				over = append(over, id)
			}
			return err
		})
	if err != nil {
		return err
	}
	for _, id := range over {
		err := c.put(ctx, "UPDATE dead_letter SET ended = ? WHERE ended IS NULL AND what = 'record' AND connector = ? AND id = ?", c.at, connector, id)
		if err != nil {
			return err
		}
	}
	return nil
}

// endParcelRejects ends dead letters of a parcel but for those that are still
// rejected.
func (c *change) endParcelRejects(ctx context.Context, connector, name string, rejects []work.Reject) error {
	var over []string
	err := each(ctx, c, "SELECT id FROM dead_letter WHERE ended IS NULL AND what = 'record' AND connector = ? AND substr(id, 1, ?) = ?",
		[]any{connector, utf8.RuneCountInString(name), name}, func(scan func(...any) error) error {
			var id string
			err := scan(&id)
			if !slices.ContainsFunc(rejects, func(r work.Reject) bool { return r.Where == id }) {
				over = append(over, id)
			}
			return err
		})
	for _, id := range over {
		if err != nil {
			break
		}
		err = c.put(ctx, "UPDATE dead_letter SET ended = ? WHERE ended IS NULL AND what = 'record' AND connector = ? AND id = ?", c.at, connector, id)
	}
	return err
}

// bury sets an edit aside that its service refuses: it blocks its item until a
// person releases it.
func (c *change) bury(ctx context.Context, e *work.Edit, cause string) error {
	err := c.put(ctx, `INSERT INTO dead_letter (what, connector, id, ref, item, edit, cause, remedy, at) VALUES ('edit', ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (what, connector, id, edit) WHERE ended IS NULL DO UPDATE SET cause = excluded.cause, at = excluded.at`,
		e.Target.Connector, e.Target.ID, e.Ref().String(), string(e.Item), e.ID, cause,
		"mend the cause, then: tandem release "+e.Ref().String()+" "+e.Field.String(), c.at)
	return err
}

// DeadLetters lists rejects and failed edits that are not settled, newest
// first.
func (s *Store) DeadLetters(ctx context.Context, limit int) ([]work.DeadLetterEntry, error) {
	var list []work.DeadLetterEntry
	err := each(ctx, s.reader, "SELECT num, what, ref, cause, remedy, at FROM dead_letter WHERE ended IS NULL ORDER BY at DESC, num DESC LIMIT ?",
		[]any{limit}, func(scan func(...any) error) error {
			var e work.DeadLetterEntry
			var at int64
			err := scan(&e.ID, &e.What, &e.Ref, &e.Cause, &e.Remedy, &at)
			e.At = timeOf(at)
			list = append(list, e)
			return err
		})
	return list, s.fault("list dead letters", err)
}
