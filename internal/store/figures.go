package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"tandem/internal/work"
)

// Figures counts what those who watch over Tandem want to know, in one read.
// It names no record, and reads no text that people wrote.
func (s *Store) Figures(ctx context.Context) (work.Figures, error) {
	overview, err := s.Status(ctx)
	if err != nil {
		return work.Figures{}, err
	}
	f := work.Figures{Overview: overview, At: s.now(), Newest: map[string]time.Time{}}
	err = s.view(ctx, "count what there is", func(ctx context.Context, tx *sql.Tx) error {
		for _, step := range []func() error{
			func() (err error) { f.Held, err = heldOf(ctx, tx); return },
			func() (err error) {
				f.Letters, err = pilesOf(ctx, tx, "SELECT connector, what, count(*), min(at) FROM dead_letter WHERE ended IS NULL GROUP BY connector, what ORDER BY connector, what")
				return
			},
			func() (err error) { f.Rivals, err = rivalsOf(ctx, tx); return },
			func() (err error) {
				f.Day, err = pilesOf(ctx, tx, "SELECT connector, state, count(*), min(begun) FROM journal WHERE begun > ? GROUP BY connector, state ORDER BY connector, state",
					f.At.Add(-day).UnixMicro())
				return
			},
			func() (err error) {
				f.Hints, err = pilesOf(ctx, tx, "SELECT connector, '', count(*), min(at) FROM hint GROUP BY connector ORDER BY connector")
				return
			},
			func() error { return newestOf(ctx, tx, f.Newest) },
			func() (err error) { f.Brake, f.Braked, err = brakeOf(ctx, tx); return },
			func() (err error) { f.FirstRead, err = firstReadOf(ctx, tx); return },
			func() (err error) { f.Skews, err = skewsOf(ctx, tx); return },
			func() (err error) { f.Copied, err = s.copied(ctx, tx); return },
			func() error { return tx.QueryRowContext(ctx, "SELECT count(*) FROM lease").Scan(&f.Leased) },
			func() (err error) { f.StoreID, err = metaOf(ctx, tx, idKey); return },
		} {
			if err := step(); err != nil {
				return err
			}
		}
		return nil
	})
	f.Bytes, f.Free = s.base.size(ctx, s.reader)
	return f, err
}

// heldOf counts holds by connector and cause.
func heldOf(ctx context.Context, q queryer) ([]work.Pile, error) {
	var piles []work.Pile
	err := each(ctx, q, "SELECT connector, cause, body FROM hold ORDER BY connector, cause", nil, func(scan func(...any) error) error {
		var connector, cause, body string
		if err := scan(&connector, &cause, &body); err != nil {
			return err
		}
		if n := len(piles); n == 0 || piles[n-1].Connector != connector || piles[n-1].Kind != cause {
			piles = append(piles, work.Pile{Connector: connector, Kind: cause})
		}
		p := &piles[len(piles)-1]
		p.Count++
		if since := sinceOf(body); !since.IsZero() && (p.Oldest.IsZero() || since.Before(p.Oldest)) {
			p.Oldest = since
		}
		return nil
	})
	return piles, err
}

// sinceOf finds the time in a stored hold without decoding the values in it.
// Inside a text every quote has a backslash, so the key is found nowhere else.
func sinceOf(body string) time.Time {
	_, rest, _ := strings.Cut(body, `"since":"`)
	text, _, _ := strings.Cut(rest, `"`)
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return time.Time{}
	}
	return at
}

// pilesOf reads rows of connector, kind, count and oldest time.
func pilesOf(ctx context.Context, q queryer, query string, args ...any) ([]work.Pile, error) {
	var piles []work.Pile
	err := each(ctx, q, query, args, func(scan func(...any) error) error {
		var p work.Pile
		var oldest int64
		err := scan(&p.Connector, &p.Kind, &p.Count, &oldest)
		p.Oldest = timeOf(oldest)
		piles = append(piles, p)
		return err
	})
	return piles, err
}

// rivalsOf finds the signatures in what connectors.Refusal says.
func rivalsOf(ctx context.Context, q queryer) ([]work.Pile, error) {
	rivals, err := pilesOf(ctx, q, `SELECT connector, cause, count(*), min(at) FROM dead_letter
		WHERE ended IS NULL AND what = 'edit' AND cause LIKE 'another Tandem, %, writes here;%' GROUP BY connector, cause ORDER BY connector, cause`)
	for i := range rivals {
		rivals[i].Kind, _, _ = strings.Cut(strings.TrimPrefix(rivals[i].Kind, "another Tandem, "), ", writes here")
	}
	return rivals, err
}

func newestOf(ctx context.Context, q queryer, newest map[string]time.Time) error {
	return each(ctx, q, "SELECT connector, max(version) FROM record WHERE gone = 0 GROUP BY connector", nil, func(scan func(...any) error) error {
		var connector string
		var version int64
		err := scan(&connector, &version)
		newest[connector] = timeOf(version)
		return err
	})
}

// brakeOf returns why the brake is on in the last run, and since which run.
func brakeOf(ctx context.Context, q queryer) (why string, since time.Time, err error) {
	const query = "SELECT r.at, CASE WHEN p.body LIKE 'packed %' THEN substr(p.body, 1, ?) ELSE p.body END FROM run r JOIN plan_text p ON p.hash = r.plan_hash ORDER BY r.num DESC LIMIT 500"
	off := errors.New("the brake was off")
	err = each(ctx, q, query, []any{coverMost}, func(scan func(...any) error) error {
		var at int64
		var body string
		if err := scan(&at, &body); err != nil {
			return err
		}
		said := brakeIn(body)
		if said == "" {
			return off
		}
		if why == "" {
			why = said
		}
		since = timeOf(at)
		return nil
	})
	if errors.Is(err, off) {
		err = nil
	}
	return why, since, err
}

// brakeIn finds the brake on the first line of a packed plan, or at the end of
// another.
func brakeIn(body string) string {
	if c, ok := coverOf(body); ok {
		return c.Brake
	}
	i := strings.LastIndex(body, `"brake":"`)
	if i < 0 {
		return ""
	}
	var plan struct {
		Brake string `json:"brake"`
	}
	if json.Unmarshal([]byte("{"+body[i:]), &plan) != nil {
		return ""
	}
	return plan.Brake
}

// skewsKey is the setting that holds how the clocks of services differ.
const skewsKey = "skews"

// SaveSkews stores how far the clocks of services are ahead of this machine's,
// in place of what was stored before. No evaluation looks at it.
func (s *Store) SaveSkews(ctx context.Context, skews map[string]time.Duration) error {
	const act = "store the clocks of the services"
	text, err := encode(skews)
	if err != nil {
		return s.fault(act, err)
	}
	return s.change(ctx, act, normal, func(ctx context.Context, c *change) error { return c.setMeta(ctx, skewsKey, text) })
}

func skewsOf(ctx context.Context, q rower) (map[string]time.Duration, error) {
	text, err := metaOf(ctx, q, skewsKey)
	if err != nil || text == "" {
		return nil, err
	}
	var skews map[string]time.Duration
	if err := json.Unmarshal([]byte(text), &skews); err != nil {
		return nil, damaged(skewsKey, err)
	}
	return skews, nil
}
