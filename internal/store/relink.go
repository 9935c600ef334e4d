package store

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"tandem/internal/work"

	"tandem/mapping/evidence"
)

// linking is how far a changed rule set has come.
type linking struct {
	Hash  string `json:"hash"`
	After int64  `json:"after"`
}

const (
	linksMeta   = "links_hash" // of the rules by which everything is linked
	linkingMeta = "linking"
	// atATime is how many rows are linked anew in one transaction.
	atATime = 150
)

// Relink replaces the links of all feedback and insights by those of a changed
// rule set, but for what people decided. It does nothing where the hash is that
// of the last one. It works in slices, each in a transaction of its own in
// which links, aggregates and its place agree; it begins none after the time
// that it is given (0: as long as it takes), and reports false where there is
// more: the next call goes on from there, also after a crash. The linker is
// asked outside of transactions.
func (s *Store) Relink(ctx context.Context, rulesHash string, by evidence.Linker, most time.Duration) (whole bool, err error) {
	const act = "link feedback anew"
	last, err := s.meta(ctx, linksMeta)
	if err != nil || last == rulesHash {
		return err == nil, s.fault(act, err)
	}
	at, err := s.linking(ctx, rulesHash)
	if err != nil {
		return false, s.fault(act, err)
	}
	for began := time.Now(); ; {
		rows, err := s.feedbackAfter(ctx, at.After)
		if err != nil {
			return false, err
		}
		if len(rows) > 0 {
			at.After = rows[len(rows)-1].num
			if err := s.relinkSlice(ctx, act, rows, by, at); err != nil {
				return false, err
			}
		}
		if len(rows) < slice {
			break
		}
		if most > 0 && time.Since(began) > most {
			return false, nil
		}
	}
	return true, s.relinkInsights(ctx, act, rulesHash, by)
}

func (s *Store) linking(ctx context.Context, hash string) (linking, error) {
	var at linking
	text, err := s.meta(ctx, linkingMeta)
	if err != nil || text == "" {
		return linking{Hash: hash}, err
	}
	if err := json.Unmarshal([]byte(text), &at); err != nil {
		return at, damaged("how far links are made anew", err)
	}
	if at.Hash != hash {
		return linking{Hash: hash}, nil
	}
	return at, nil
}

// relinkSlice stores the links that differ from what is stored.
func (s *Store) relinkSlice(ctx context.Context, act string, rows []spoken, by evidence.Linker, at linking) error {
	if err := readLinks(ctx, s.reader, rows); err != nil {
		return s.fault(act, err)
	}
	changed := rows[:0:0]
	for _, f := range rows {
		links := by.Link(&f.row)
		if !slices.Equal(links, f.links) {
			f.links = links
			changed = append(changed, f)
		}
	}
	place, err := encode(at)
	if err != nil {
		return err
	}
	for {
		part := changed[:min(len(changed), atATime)]
		changed = changed[len(part):]
		err := s.change(ctx, act, normal, func(ctx context.Context, c *change) error {
			if err := c.fence(ctx, work.Deciding); err != nil {
				return err
			}
			if err := c.relinkRows(ctx, part); err != nil || len(changed) > 0 {
				return err
			}
			return c.setMeta(ctx, linkingMeta, place)
		})
		if err != nil || len(changed) == 0 {
			return err
		}
	}
}

func (c *change) relinkRows(ctx context.Context, rows []spoken) error {
	if len(rows) == 0 {
		return nil
	}
	ch, err := c.newChorus(ctx)
	if err != nil {
		return err
	}
	var refs []work.RefID
	for i := range rows {
		refs = append(refs, rows[i].row.RefID)
	}
	if err := ch.recallVerdicts(ctx, "feedback", refs); err != nil {
		return err
	}
	now, err := c.heardOf(ctx, "feedback", refs)
	if err != nil {
		return err
	}
	for i := range rows {
		f := &rows[i]
		if now := now[f.row.RefID]; now.hash != f.hash || now.gone {
			continue // a page replaced it meanwhile, and its links with it
		}
		if err := ch.relink(ctx, f); err != nil {
			return err
		}
	}
	return ch.settle(ctx)
}

// relinkInsights links insights anew, of which there are few, and notes that
// everything is linked by these rules.
func (s *Store) relinkInsights(ctx context.Context, act, hash string, by evidence.Linker) error {
	rows, err := s.Insights(ctx)
	if err != nil {
		return err
	}
	return s.change(ctx, act, normal, func(ctx context.Context, c *change) error {
		if err := c.fence(ctx, work.Deciding); err != nil {
			return err
		}
		for i := range rows {
			links, err := insightLinks(ctx, c, rows[i].RefID)
			if err != nil {
				return err
			}
			if slices.Equal(links, by.LinkInsight(&rows[i])) {
				continue
			}
			if err := c.relinkInsight(ctx, rows[i].RefID, by.LinkInsight); err != nil {
				return err
			}
		}
		return c.setMeta(ctx, linksMeta, hash)
	})
}

// readLinks fills in the stored links that rules made, sorted by target as
// evidence.Link does.
func readLinks(ctx context.Context, q queryer, rows []spoken) error {
	at := make(map[int64]int, len(rows))
	for i := range rows {
		at[rows[i].num] = i
	}
	return each(ctx, q, "SELECT feedback, target, cause, detail FROM feedback_link WHERE feedback BETWEEN ? AND ? AND cause <> 'review' ORDER BY feedback, target",
		[]any{rows[0].num, rows[len(rows)-1].num}, func(scan func(...any) error) error {
			var num int64
			var l evidence.Link
			if err := scan(&num, &l.Target, &l.Cause, &l.Detail); err != nil {
				return err
			}
			if i, ok := at[num]; ok {
				rows[i].links = append(rows[i].links, l)
			}
			return nil
		})
}
