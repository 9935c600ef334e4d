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
		if !row.Gone || !row.Version.IsZero() {
			row.At, row.Version = moment(row.At), moment(row.Version)
		}
		body, err := encode(row)
		if err == nil && (!textual(row.ID) || !textual(row.DuplicateOf)) {
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

// heard is what is stored of a feedback or an insight.
type heard struct {
	num     int64
	version int64
	hash    string
	gone    bool
}

// older reports whether a row in that version tells nothing new. One that was
// withdrawn comes back in a newer version only: pages lag.
func (h heard) older(version int64) bool {
	return h.num != 0 && (version < h.version || h.gone && version == h.version)
}

// putFeedback stores new and changed rows and moves their aggregates. A row
// that is read again unchanged does nothing; an older version is ignored.
func (c *change) putFeedback(ctx context.Context, voices []voice, saved *work.Saved) error {
	if len(voices) == 0 {
		return nil
	}
	refs := make([]work.RefID, 0, len(voices))
	for i := range voices {
		refs = append(refs, voices[i].row.RefID)
	}
	stored, err := c.heardOf(ctx, "feedback", refs)
	if err != nil {
		return err
	}
	ch, err := c.newChorus(ctx)
	if err != nil {
		return err
	}
	if err := ch.recallVerdicts(ctx, "feedback", refs); err != nil {
		return err
	}
	away, err := c.forgottenOf(ctx)
	if err != nil {
		return err
	}
	for i := range voices {
		v := &voices[i]
		if away.covers(&v.row) {
			v = &voice{row: work.Feedback{Ref: work.Ref{RefID: v.row.RefID}, Gone: true, Version: v.row.Version}}
		}
		old := stored[v.row.RefID]
		version := v.row.Version.UnixMicro()
		if v.row.Gone && v.row.Version.IsZero() {
			version = max(c.at, old.version+1) // now
		}
		switch {
		case old.older(version) || v.row.Gone && old.gone:
			saved.Older++
			continue
		case old.num != 0 && !old.gone && old.hash == v.hash:
			saved.Same++
			continue
		}
		num, err := ch.hear(ctx, v, version, old)
		if err != nil {
			return fmt.Errorf("feedback %s: %w", v.row.Ref, err)
		}
		saved.Feedback++
		stored[v.row.RefID] = heard{num, version, v.hash, v.row.Gone}
	}
	return ch.settle(ctx)
}

// heardOf returns what is stored of rows of a table.
func (c *change) heardOf(ctx context.Context, table string, refs []work.RefID) (map[work.RefID]heard, error) {
	stored := make(map[work.RefID]heard, len(refs))
	err := byConnector(refs, func(connector, ids string) error {
		return each(ctx, c, "SELECT id, num, version, hash, gone <> 0 FROM "+table+" WHERE connector = ? AND id "+inList,
			[]any{connector, ids}, func(scan func(...any) error) error {
				var id string
				var h heard
				if err := scan(&id, &h.num, &h.version, &h.hash, &h.gone); err != nil {
					return err
				}
				stored[work.RefID{Connector: connector, ID: id}] = h
				return nil
			})
	})
	return stored, err
}

// hear stores one row with its links, and returns its number.
func (ch *chorus) hear(ctx context.Context, v *voice, version int64, old heard) (int64, error) {
	if old.num != 0 && !old.gone {
		if err := ch.retract(ctx, old.num); err != nil {
			return 0, err
		}
	}
	num, body := old.num, v.body
	if num == 0 {
		var err error
		if num, err = ch.nextVoice(ctx); err != nil {
			return 0, err
		}
	}
	if v.row.Gone {
		body = withdrawn
	}
	as := ch.join.as(num, &v.row)
	gone, at, twin, speaker, print := int64(0), said(&v.row), v.row.DuplicateOf, as.speaker, as.print
	if v.row.Gone {
		gone, at, twin, speaker, print = ch.at, 0, "", "", ""
	}
	err := ch.put(ctx, `INSERT INTO feedback (num, connector, id, version, hash, body, at, speaker, print, duplicate_of, gone, stored) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (num) DO UPDATE SET version = excluded.version, hash = excluded.hash, body = excluded.body, at = excluded.at,
		speaker = excluded.speaker, print = excluded.print, duplicate_of = excluded.duplicate_of, gone = excluded.gone`,
		num, v.row.Connector, v.row.ID, version, v.hash, body, at, speaker, print, twin, gone, ch.at)
	if err != nil || v.row.Gone {
		return num, err
	}
	ch.uses(&as, 1)
	ch.tell(&v.row, 1)
	if err := ch.link(ctx, num, &as.row, v.links); err != nil {
		return 0, err
	}
	ch.touched[num] = old.num == 0
	return num, nil
}

// withdrawn is what is kept of a row that its source took back.
const withdrawn = "{}"

// said returns when it was said: the oldest of those who say the same counts.
func said(fb *work.Feedback) int64 {
	if fb.At.IsZero() || fb.At.UnixMicro() == 0 {
		return fb.Version.UnixMicro()
	}
	return fb.At.UnixMicro()
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

// spoken is a stored feedback with the links that rules made.
type spoken struct {
	num   int64
	hash  string
	row   work.Feedback
	links []evidence.Link
}

// feedbackAfter reads the next slice of feedback.
func (s *Store) feedbackAfter(ctx context.Context, after int64) ([]spoken, error) {
	rows, err := spokenOf(ctx, s.reader, "num > ? AND gone = 0 ORDER BY num LIMIT ?", after, slice)
	return rows, s.fault("read feedback", err)
}

func spokenOf(ctx context.Context, q queryer, where string, args ...any) ([]spoken, error) {
	var rows []spoken
	err := each(ctx, q, "SELECT num, hash, connector, id, body FROM feedback WHERE "+where, args,
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
	return slices.Clip(rows), err
}
