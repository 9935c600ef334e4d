package store

import (
	"context"
	"time"

	"tandem/internal/work"

	"tandem/mapping/evidence"
)

// TrendQuery asks how often people spoke for items.
type TrendQuery struct {
	// Targets are all names of each item (see engine.Outcome.Targets).
	Targets map[work.ItemID][]string
	AsOf    time.Time
	// Weeks is how many weeks are told.
	Weeks int
	// Sees reports whether the reader may see what is meant for an audience.
	Sees func(work.Audience) bool
}

// weekOf numbers ISO weeks, which begin on Mondays.
func weekOf(day int32) int { return (int(day) + 7*100_000 + 3) / 7 }

// EvidenceTrend counts the signals of items in each ISO week, oldest first; the
// last one is that of as_of. A feedback counts once for an item, and what is
// stricter than the reader may see counts nowhere. Items without a signal have
// weeks of zeros.
func (s *Store) EvidenceTrend(ctx context.Context, q TrendQuery) (map[work.ItemID][]int, error) {
	const act = "count signals by week"
	trend := make(map[work.ItemID][]int, len(q.Targets))
	pairs := [][2]string{}
	for item, targets := range q.Targets {
		trend[item] = make([]int, max(q.Weeks, 0))
		for _, t := range targets {
			pairs = append(pairs, [2]string{string(item), t})
		}
	}
	if q.Weeks <= 0 || len(pairs) == 0 {
		return trend, nil
	}
	list, err := encode(pairs)
	if err != nil {
		return nil, err
	}
	last := evidence.DayNumber(q.AsOf)
	first := weekOf(last) - q.Weeks + 1
	err = each(ctx, s.reader, `SELECT t.item, (l.day + 700003) / 7, count(DISTINCT l.feedback)
		FROM (SELECT json_extract(value, '$[0]') AS item, json_extract(value, '$[1]') AS target FROM json_each(?1)) t JOIN feedback_link l ON l.target = t.target
		WHERE l.mute = 0 AND l.day BETWEEN ?2 AND ?3 AND l.audience IN (SELECT CAST(value AS bigint) FROM json_each(?4)) GROUP BY 1, 2`,
		[]any{list, first*7 - 700_003, last, seenBy(q.Sees)}, func(scan func(...any) error) error {
			var item work.ItemID
			var week, count int
			err := scan(&item, &week, &count)
			if i := week - first; err == nil && i >= 0 && i < q.Weeks {
				trend[item][i] = count
			}
			return err
		})
	return trend, s.fault(act, err)
}

// EvidenceBySegment counts signals and accounts by segment since a day, those
// with most signals first. Targets are names of items, none is all that
// feedback is tied to; what is stricter than the reader may see counts nowhere.
func (s *Store) EvidenceBySegment(ctx context.Context, targets []string, since time.Time, sees func(work.Audience) bool) ([]work.SegmentEvidence, error) {
	const act = "count signals by segment"
	where, args := "", []any{evidence.DayNumber(since), seenBy(sees)}
	if len(targets) > 0 {
		list, err := encode(targets)
		if err != nil {
			return nil, err
		}
		where, args = " AND l.target IN (SELECT value FROM json_each(?3))", append(args, list)
	}
	segments := []work.SegmentEvidence{}
	err := each(ctx, s.reader, `SELECT l.segment, count(DISTINCT l.feedback), count(DISTINCT nullif(coalesce(p.name, l.account), ''))
		FROM feedback_link l LEFT JOIN party p ON p.kind = 'account' AND p.key = l.account
		WHERE l.mute = 0 AND l.day >= ?1 AND l.audience IN (SELECT CAST(value AS bigint) FROM json_each(?2))`+where+" GROUP BY 1 ORDER BY 2 DESC, 1", args,
		func(scan func(...any) error) error {
			var e work.SegmentEvidence
			err := scan(&e.Segment, &e.Signals, &e.Accounts)
			segments = append(segments, e)
			return err
		})
	return segments, s.fault(act, err)
}
