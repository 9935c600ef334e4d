package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"tandem/internal/work"
)

// keepSession is how long a session is kept after it began. It counts for hours
// only; what somebody wanted to send when it was over is kept with it.
const keepSession = 4 * day

// Session returns the session of a hash; false where there is none.
func (s *Store) Session(ctx context.Context, hash string) (work.Session, bool, error) {
	const act = "read a session"
	w := work.Session{Hash: hash}
	var member string
	var began, seen int64
	var ended sql.NullInt64
	err := s.reader.QueryRowContext(ctx, "SELECT kind, name, email, member, rights, source, began, seen, ended, unsent <> '' FROM web_session WHERE hash = ?", hash).
		Scan(&w.Kind, &w.Name, &w.Email, &member, &w.Rights, &w.Source, &began, &seen, &ended, &w.Unsent)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return work.Session{}, false, nil
	case err != nil:
		return work.Session{}, false, s.fault(act, err)
	}
	if err := json.Unmarshal([]byte(member), &w.Groups); err != nil {
		return work.Session{}, false, s.fault(act, damaged("session", err))
	}
	if w.Began, w.Seen = timeOf(began), timeOf(seen); ended.Valid {
		w.Ended = timeOf(ended.Int64)
	}
	return w, true, nil
}

// BeginSession keeps a new session, and removes the one that the same browser
// had before. What that one had not sent goes over where it was the same
// person's; the answer is whether there was any.
func (s *Store) BeginSession(ctx context.Context, w work.Session, former string) (bool, error) {
	unsent := ""
	member, err := json.Marshal(w.Groups)
	if err != nil {
		return false, err
	}
	err = s.change(ctx, "begin a session", normal, func(ctx context.Context, c *change) error {
		unsent = ""
		err := c.QueryRowContext(ctx, "SELECT unsent FROM web_session WHERE hash = ? AND name = ?", former, w.Name).Scan(&unsent)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if err := c.put(ctx, "DELETE FROM web_session WHERE hash = ?", former); err != nil {
			return err
		}
		return c.put(ctx, "INSERT INTO web_session (hash, kind, name, email, member, rights, source, began, seen, unsent) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
			w.Hash, w.Kind, w.Name, w.Email, string(member), w.Rights, w.Source, w.Began.UnixMicro(), w.Seen.UnixMicro(), unsent)
	})
	return unsent != "" && err == nil, err
}

// SeeSession notes when the last request of a session came.
func (s *Store) SeeSession(ctx context.Context, hash string, at time.Time) error {
	return s.change(ctx, "note that a session is used", normal, func(ctx context.Context, c *change) error {
		return c.put(ctx, "UPDATE web_session SET seen = ? WHERE hash = ? AND seen < ?", at.UnixMicro(), hash, at.UnixMicro())
	})
}

// EndSession ends a session for good. Whose it was stays known for a while.
func (s *Store) EndSession(ctx context.Context, hash string) error {
	return s.change(ctx, "end a session", durable, func(ctx context.Context, c *change) error {
		return c.put(ctx, "UPDATE web_session SET ended = ? WHERE hash = ? AND ended IS NULL", c.at, hash)
	})
}

// DropSession removes a session, and what it had not sent.
func (s *Store) DropSession(ctx context.Context, hash string) error {
	return s.change(ctx, "remove a session", durable, func(ctx context.Context, c *change) error {
		return c.put(ctx, "DELETE FROM web_session WHERE hash = ?", hash)
	})
}

// KeepUnsent keeps what the person of a session wanted to send, or forgets it
// where the text is empty. There is one for each session.
func (s *Store) KeepUnsent(ctx context.Context, hash, text string) error {
	return s.change(ctx, "keep what was not sent", normal, func(ctx context.Context, c *change) error {
		return c.put(ctx, "UPDATE web_session SET unsent = ? WHERE hash = ?", text, hash)
	})
}

// Unsent returns what the person of a session wanted to send; empty where there
// is nothing.
func (s *Store) Unsent(ctx context.Context, hash string) (string, error) {
	var text string
	err := s.reader.QueryRowContext(ctx, "SELECT unsent FROM web_session WHERE hash = ?", hash).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return text, s.fault("read what was not sent", err)
}
