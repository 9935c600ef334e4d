package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"tandem/internal/work"
)

const digestColumns = "name, day, state, token, tries, at, next, detail"

// ClaimDigest takes the digest of a day, so that no other node sends it: one
// that nobody took, one that is to be tried again by now, or one whose holder
// was silent for longer than patience before anything left. It reports false
// where there is nothing to take.
func (s *Store) ClaimDigest(ctx context.Context, name string, day work.Date, patience time.Duration) (work.DigestEntry, bool, error) {
	there, err := s.digestsWhere(ctx, "WHERE name = ? AND day = ?", name, int64(day))
	if err != nil {
		return work.DigestEntry{}, false, err
	}
	if len(there) > 0 && !there[0].Free(s.now(), patience) { // mostly so, and not worth a write
		return there[0], false, nil
	}
	var e work.DigestEntry
	claimed := false
	err = s.change(ctx, "claim the digest "+name, durable, func(ctx context.Context, c *change) error {
		r, err := c.exec(ctx, `INSERT INTO digest (name, day, state, token, tries, at, next, detail) VALUES (?1, ?2, 'claimed', 1, 1, ?3, 0, '')
			ON CONFLICT (name, day) DO UPDATE SET token = digest.token + 1, at = ?3, next = 0, tries = digest.tries + CASE WHEN digest.state = 'waiting' THEN 1 ELSE 0 END, state = 'claimed'
			WHERE digest.state = 'waiting' AND digest.next <= ?3 OR digest.state = 'claimed' AND digest.at < ?4`,
			name, int64(day), c.at, c.at-patience.Microseconds())
		if err != nil {
			return err
		}
		n, err := r.RowsAffected()
		if err != nil {
			return err
		}
		claimed = n > 0
		e, err = scanDigest(c.QueryRowContext(ctx, "SELECT "+digestColumns+" FROM digest WHERE name = ? AND day = ?", name, int64(day)).Scan)
		return err
	})
	return e, claimed, err
}

// MarkDigest notes what became of a digest that was claimed, and what it told,
// where it told something. It reports false where it is another's by now.
func (s *Store) MarkDigest(ctx context.Context, e work.DigestEntry, said []byte) (bool, error) {
	marked := false
	err := s.change(ctx, "note what became of the digest "+e.Name, durable, func(ctx context.Context, c *change) error {
		next := int64(0)
		if !e.Next.IsZero() {
			next = e.Next.UnixMicro()
		}
		r, err := c.exec(ctx, `UPDATE digest SET state = ?, at = ?, next = ?, detail = ? WHERE name = ? AND day = ? AND token = ? AND state IN ('claimed', 'sending', 'unclear')`,
			string(e.State), c.at, next, e.Detail, e.Name, int64(e.Day), e.Token)
		if err != nil {
			return err
		}
		n, err := r.RowsAffected()
		if marked = n > 0; err != nil || !marked || said == nil {
			return err
		}
		return c.put(ctx, "UPDATE digest SET said = CASE WHEN day = ?2 THEN ?3 END WHERE name = ?1 AND (said IS NOT NULL OR day = ?2)", e.Name, int64(e.Day), string(said))
	})
	return marked, err
}

// SettleDigests notes digests that were on their way for longer than patience as
// unclear, and returns them: who sent them died, and nobody knows whether they
// arrived.
func (s *Store) SettleDigests(ctx context.Context, patience time.Duration) ([]work.DigestEntry, error) {
	lost := "state = 'sending' AND at < ?"
	before := s.now().UTC().Add(-patience).UnixMicro()
	all, err := s.digestsWhere(ctx, "WHERE "+lost, before)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	settled := all[:0]
	err = s.change(ctx, "settle digests", durable, func(ctx context.Context, c *change) error {
		for _, e := range all {
			e.State, e.Detail = work.DigestUnclear, "the daemon ended while it was on its way"
			r, err := c.exec(ctx, "UPDATE digest SET state = ?, at = ?, detail = ? WHERE name = ? AND day = ? AND token = ? AND "+lost,
				string(e.State), c.at, e.Detail, e.Name, int64(e.Day), e.Token, before)
			if err != nil {
				return err
			}
			if n, err := r.RowsAffected(); err != nil || n == 0 {
				return err
			}
			settled = append(settled, e)
		}
		return nil
	})
	return settled, err
}

// SaidDigest returns what a digest last told; false where it never told
// anything.
func (s *Store) SaidDigest(ctx context.Context, name string) (work.DigestSaid, bool, error) {
	var said work.DigestSaid
	var at int64
	var body string
	err := s.reader.QueryRowContext(ctx, "SELECT at, said FROM digest WHERE name = ? AND said IS NOT NULL ORDER BY day DESC LIMIT 1", name).Scan(&at, &body)
	if errors.Is(err, sql.ErrNoRows) {
		return said, false, nil
	}
	said.At, said.Body = timeOf(at), []byte(body)
	return said, err == nil, s.fault("read what the digest "+name+" told", err)
}

// Digests returns what became of the last day of each digest, by name.
func (s *Store) Digests(ctx context.Context) ([]work.DigestEntry, error) {
	return s.digestsWhere(ctx, "WHERE day = (SELECT max(d.day) FROM digest d WHERE d.name = digest.name) ORDER BY name")
}

func (s *Store) digestsWhere(ctx context.Context, where string, args ...any) ([]work.DigestEntry, error) {
	var all []work.DigestEntry
	err := each(ctx, s.reader, "SELECT "+digestColumns+" FROM digest "+where, args, func(scan func(...any) error) error {
		e, err := scanDigest(scan)
		all = append(all, e)
		return err
	})
	return all, s.fault("list digests", err)
}

func scanDigest(scan func(...any) error) (work.DigestEntry, error) {
	var e work.DigestEntry
	var at, next int64
	err := scan(&e.Name, &e.Day, &e.State, &e.Token, &e.Tries, &at, &next, &e.Detail)
	if e.At = timeOf(at); next > 0 {
		e.Next = timeOf(next)
	}
	return e, err
}
