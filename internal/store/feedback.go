package store

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"slices"

	"tandem/internal/work"

	"tandem/mapping/evidence"
)

// voice is a feedback on its way into the store, with what it is about.
type voice struct {
	row   work.Feedback
	hash  string
	body  string
	links []evidence.Link
}

// voicesOf encodes feedback; a row that cannot be encoded is set aside.
func voicesOf(rows []work.Feedback, links [][]evidence.Link) ([]voice, []work.Reject) {
	voices := make([]voice, 0, len(rows))
	var rejects []work.Reject
	for i, row := range rows {
		row.At, row.Version = moment(row.At), moment(row.Version)
		body, err := encode(row)
		if err == nil && !textual(row.ID) {
			err = fmt.Errorf("the id %q is no text in UTF-8", row.ID)
		}
		if err != nil {
			rejects = append(rejects, work.Reject{
				Connector: row.Connector, Where: whereOf(row.Ref), Cause: err.Error(),
				Remedy: "look at the feedback at its source: a value of it cannot be stored",
			})
			continue
		}
		voices = append(voices, voice{row, hashOf(body), body, links[i]})
	}
	return voices, rejects
}

// heard is what is stored of a feedback.
type heard struct {
	num     int64
	version int64
	hash    string
}

// putFeedback stores new and changed rows and moves their aggregates. A row
// that is read again unchanged does nothing; an older version is ignored.
func (c *change) putFeedback(ctx context.Context, voices []voice, saved *work.Saved) error {
	if len(voices) == 0 {
		return nil
	}
	stored, err := c.heardOf(ctx, voices)
	if err != nil {
		return err
	}
	t := newTally()
	for i := range voices {
		v := &voices[i]
		old, known := stored[v.row.RefID]
		switch version := v.row.Version.UnixMicro(); {
		case known && version < old.version:
			saved.Older++
			continue
		case known && old.hash == v.hash:
			saved.Same++
			continue
		}
		num, err := c.putVoice(ctx, v, old)
		if err == nil {
			err = c.setLinks(ctx, num, &v.row, v.links, known, t)
		}
		if err != nil {
			return fmt.Errorf("feedback %s: %w", v.row.Ref, err)
		}
		saved.Feedback++
		stored[v.row.RefID] = heard{num, v.row.Version.UnixMicro(), v.hash}
	}
	return c.settleTally(ctx, t)
}

func (c *change) heardOf(ctx context.Context, voices []voice) (map[work.RefID]heard, error) {
	refs := make([]work.RefID, 0, len(voices))
	for i := range voices {
		refs = append(refs, voices[i].row.RefID)
	}
	stored := make(map[work.RefID]heard, len(refs))
	err := byConnector(refs, func(connector, ids string) error {
		return each(ctx, c, "SELECT id, num, version, hash FROM feedback WHERE connector = ? AND id "+inList,
			[]any{connector, ids}, func(scan func(...any) error) error {
				var id string
				var h heard
				if err := scan(&id, &h.num, &h.version, &h.hash); err != nil {
					return err
				}
				stored[work.RefID{Connector: connector, ID: id}] = h
				return nil
			})
	})
	return stored, err
}

// putVoice stores a row and returns its number.
func (c *change) putVoice(ctx context.Context, v *voice, old heard) (int64, error) {
	version := v.row.Version.UnixMicro()
	if old.num != 0 {
		err := c.put(ctx, "UPDATE feedback SET version = ?, hash = ?, body = ? WHERE num = ?", version, v.hash, v.body, old.num)
		return old.num, err
	}
	num, err := c.nextVoice(ctx)
	if err != nil {
		return 0, err
	}
	return num, c.put(ctx, "INSERT INTO feedback (num, connector, id, version, hash, body) VALUES (?, ?, ?, ?, ?, ?)",
		num, v.row.Connector, v.row.ID, version, v.hash, v.body)
}

// nextVoice returns the number of a new row. Nobody else writes meanwhile.
func (c *change) nextVoice(ctx context.Context) (int64, error) {
	if c.memo.voice == 0 {
		if err := c.QueryRowContext(ctx, "SELECT coalesce(max(num), 0) FROM feedback").Scan(&c.memo.voice); err != nil {
			return 0, err
		}
	}
	c.memo.voice++
	return c.memo.voice, nil
}

// slice is how many feedback rows are read at a time.
const slice = 500

// Feedback yields all feedback rows, in the order in which they came. It reads
// in slices: rows that change meanwhile may be seen in either state.
func (s *Store) Feedback(ctx context.Context) iter.Seq2[work.Feedback, error] {
	return func(yield func(work.Feedback, error) bool) {
		for after := int64(0); ; {
			rows, err := s.feedbackAfter(ctx, after)
			if err != nil {
				yield(work.Feedback{}, err)
				return
			}
			for i := range rows {
				if !yield(rows[i].row, nil) {
					return
				}
				after = rows[i].num
			}
			if len(rows) < slice {
				return
			}
		}
	}
}

// spoken is a stored feedback with its links.
type spoken struct {
	num   int64
	hash  string
	row   work.Feedback
	links []evidence.Link
}

// feedbackAfter reads the next slice of feedback.
func (s *Store) feedbackAfter(ctx context.Context, after int64) ([]spoken, error) {
	rows := make([]spoken, 0, slice)
	err := each(ctx, s.reader, "SELECT num, hash, connector, id, body FROM feedback WHERE num > ? ORDER BY num LIMIT ?", []any{after, slice},
		func(scan func(...any) error) error {
			var f spoken
			var connector, id, body string
			if err := scan(&f.num, &f.hash, &connector, &id, &body); err != nil {
				return err
			}
			if err := json.Unmarshal([]byte(body), &f.row); err != nil {
				return damaged("feedback "+connector+":"+id, err)
			}
			rows = append(rows, f)
			return nil
		})
	return slices.Clip(rows), s.fault("read feedback", err)
}
