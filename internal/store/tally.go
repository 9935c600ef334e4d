package store

import (
	"context"
	"maps"
	"slices"
	"strings"

	"tandem/mapping/evidence"
)

// tally collects what a transaction does to the aggregates, so that each of
// them is written once.
type tally struct {
	// added are rows to add to what is stored.
	added map[evidence.Key]evidence.Day
	// anew are keys that lost a row: they are folded anew from what is left.
	anew map[evidence.Key]bool
}

func newTally() *tally {
	return &tally{added: map[evidence.Key]evidence.Day{}, anew: map[evidence.Key]bool{}}
}

func (t *tally) add(d evidence.Day) {
	if before, ok := t.added[d.Key]; ok {
		d = before.Add(d)
	}
	t.added[d.Key] = d
}

const dayKey = "target, account, person, method, kind, day"

const dayColumns = dayKey + ", count, score_count, score_sum, promoters, detractors, value, audience, segment"

// scanDay reads the columns of dayColumns.
func scanDay(scan func(...any) error) (evidence.Day, error) {
	var d evidence.Day
	var value string
	err := scan(&d.Target, &d.Account, &d.Person, &d.Method, &d.Kind, &d.Day,
		&d.Count, &d.ScoreCount, &d.ScoreSum, &d.Promoters, &d.Detractors, &value, &d.Audience, &d.Segment)
	if err == nil {
		d.Value, err = valueOf(value)
	}
	return d, err
}

func keyArgs(k evidence.Key) []any {
	return []any{k.Target, k.Account, k.Person, string(k.Method), k.Kind, k.Day}
}

// dayArgs returns the values of dayColumns.
func dayArgs(d evidence.Day) ([]any, error) {
	value, err := encode(d.Value)
	return append(keyArgs(d.Key), d.Count, d.ScoreCount, d.ScoreSum, d.Promoters, d.Detractors, value, d.Audience, d.Segment), err
}

// settleTally writes the aggregates that a transaction changed.
func (c *change) settleTally(ctx context.Context, t *tally) error {
	if len(t.added) == 0 && len(t.anew) == 0 {
		return nil
	}
	var keys []evidence.Key
	for _, k := range slices.SortedFunc(maps.Keys(t.added), evidence.Key.Compare) {
		if !t.anew[k] { // the rows of others are among those that are folded
			keys = append(keys, k)
		}
	}
	for part := range slices.Chunk(keys, daysAtOnce) {
		if err := c.addDays(ctx, part, t.added); err != nil {
			return err
		}
	}
	for _, k := range slices.SortedFunc(maps.Keys(t.anew), evidence.Key.Compare) {
		if err := c.foldDay(ctx, k); err != nil {
			return err
		}
	}
	_, err := c.next(ctx)
	return err
}

const keyIs = " WHERE target = ? AND account = ? AND person = ? AND method = ? AND kind = ? AND day = ?"

// daysAtOnce is how many aggregates are read in one query.
const daysAtOnce = 50

// addDays adds rows to the aggregates with their keys.
func (c *change) addDays(ctx context.Context, keys []evidence.Key, added map[evidence.Key]evidence.Day) error {
	one := "(?, ?, ?, ?, ?, CAST(? AS bigint))"
	var args []any
	for i := range daysAtOnce { // always as many, so that there is one statement
		args = append(args, keyArgs(keys[min(i, len(keys)-1)])...)
	}
	sums := make(map[evidence.Key]evidence.Day, len(keys))
	for _, k := range keys {
		sums[k] = added[k]
	}
	err := each(ctx, c, "SELECT "+dayColumns+" FROM evidence_day WHERE ("+dayKey+") IN (VALUES "+one+strings.Repeat(", "+one, daysAtOnce-1)+")", args,
		func(scan func(...any) error) error {
			before, err := scanDay(scan)
			sums[before.Key] = before.Add(sums[before.Key])
			return err
		})
	if err != nil {
		return err
	}
	for _, k := range keys {
		if err := c.putDay(ctx, sums[k]); err != nil {
			return err
		}
	}
	return nil
}

// foldDay makes the aggregate of a key from the links that are there.
func (c *change) foldDay(ctx context.Context, k evidence.Key) error {
	var days []evidence.Day
	err := each(ctx, c, "SELECT "+dayColumns+" FROM feedback_link"+keyIs+" AND mute = 0 ORDER BY feedback", keyArgs(k), func(scan func(...any) error) error {
		d, err := scanDay(scan)
		days = append(days, d)
		return err
	})
	if err != nil {
		return err
	}
	if len(days) == 0 {
		err := c.put(ctx, "DELETE FROM evidence_day"+keyIs, keyArgs(k)...)
		return err
	}
	return c.putDay(ctx, evidence.Fold(days)[0])
}

func (c *change) putDay(ctx context.Context, d evidence.Day) error {
	args, err := dayArgs(d)
	if err != nil {
		return err
	}
	err = c.put(ctx, "INSERT INTO evidence_day ("+dayColumns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT ("+dayKey+`) DO UPDATE SET count = excluded.count,
		score_count = excluded.score_count, score_sum = excluded.score_sum, promoters = excluded.promoters, detractors = excluded.detractors,
		value = excluded.value, audience = excluded.audience, segment = excluded.segment`, args...)
	return err
}
