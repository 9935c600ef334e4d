package store

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"tandem/internal/work"
)

const overrideColumns = "num, connector, id, key, kind, value, by, reason, at, until, ended, ended_by, ending"

// SaveOverride notes a person's word against decisions and returns its number.
// It takes the place of an open one of the same kind at the same record, which
// stays as history; of objections only of the same person's.
func (s *Store) SaveOverride(ctx context.Context, o work.Override) (int64, error) {
	var num int64
	err := s.change(ctx, "note what "+o.By+" said about "+o.Ref.String(), durable, func(ctx context.Context, c *change) error {
		if _, err := c.person(ctx); err != nil {
			return err
		}
		err := c.put(ctx, `UPDATE override SET ended = ?1, ended_by = ?2, ending = 'replaced' WHERE ended IS NULL AND connector = ?3 AND id = ?4 AND kind = ?5
			AND (kind <> 'objection' OR by = ?2)`, c.at, o.By, o.Ref.Connector, o.Ref.ID, o.Kind.String())
		if err != nil {
			return err
		}
		return c.QueryRowContext(ctx, `INSERT INTO override (connector, id, key, kind, value, by, reason, at, until) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING num`,
			o.Ref.Connector, o.Ref.ID, o.Ref.Key, o.Kind.String(), o.Value, o.By, o.Reason, c.at, o.Until.UnixMicro()).Scan(&num)
	})
	return num, err
}

// EndOverrides ends open overrides sooner, with the words of whoever does, and
// returns those that it ended.
func (s *Store) EndOverrides(ctx context.Context, numbers []int64, by, words string) ([]int64, error) {
	var ended []int64
	err := s.change(ctx, "end overrides", durable, func(ctx context.Context, c *change) error {
		for _, num := range numbers {
			r, err := c.exec(ctx, "UPDATE override SET ended = ?, ended_by = ?, ending = ? WHERE num = ? AND ended IS NULL AND until > ?", c.at, by, words, num, c.at)
			if err != nil {
				return err
			}
			n, err := r.RowsAffected()
			if err != nil {
				return err
			}
			if n > 0 {
				ended = append(ended, num)
			}
		}
		if len(ended) == 0 {
			return nil
		}
		_, err := c.person(ctx)
		return err
	})
	return ended, err
}

// Overrides lists what people said against decisions: what counts on a day by
// number, then at most so many that ended, those that ended last first.
func (s *Store) Overrides(ctx context.Context, asOf time.Time, ended int) (open, over []work.Override, err error) {
	err = s.view(ctx, "list overrides", func(ctx context.Context, tx *sql.Tx) error {
		if open, err = overridesOf(ctx, tx, asOf); err != nil {
			return err
		}
		over, err = overridesWhere(ctx, tx, "WHERE ended IS NOT NULL OR until <= ? ORDER BY coalesce(ended, until) DESC, num DESC LIMIT ?", asOf.UnixMicro(), ended)
		return err
	})
	return open, over, err
}

// endsSoon is how long before its end a word is told as ending.
const endsSoon = 7 * day

// countOverrides counts those that count today.
func (s *Store) countOverrides(ctx context.Context, q rower, o *work.Overview) error {
	today := s.now().UTC().Truncate(day)
	return q.QueryRowContext(ctx, `SELECT coalesce(sum(CASE WHEN kind <> 'objection' THEN 1 ELSE 0 END), 0),
		coalesce(sum(CASE WHEN kind = 'objection' THEN 1 ELSE 0 END), 0), coalesce(sum(CASE WHEN until <= ?2 THEN 1 ELSE 0 END), 0)
		FROM override WHERE ended IS NULL AND until > ?1`, today.UnixMicro(), today.Add(endsSoon).UnixMicro()).
		Scan(&o.Overrides, &o.Objections, &o.Ending)
}

// overridesOf returns those that count on a day, by number.
func overridesOf(ctx context.Context, q queryer, asOf time.Time) ([]work.Override, error) {
	return overridesWhere(ctx, q, "WHERE ended IS NULL AND until > ? ORDER BY num", asOf.UnixMicro())
}

func overridesWhere(ctx context.Context, q queryer, where string, args ...any) ([]work.Override, error) {
	var all []work.Override
	err := each(ctx, q, "SELECT "+overrideColumns+" FROM override "+where, args, func(scan func(...any) error) error {
		var o work.Override
		var kind string
		var at, until int64
		var ended sql.NullInt64
		err := scan(&o.Number, &o.Ref.Connector, &o.Ref.ID, &o.Ref.Key, &kind, &o.Value, &o.By, &o.Reason, &at, &until, &ended, &o.EndedBy, &o.Ending)
		if err != nil {
			return err
		}
		if o.At, o.Until = timeOf(at), timeOf(until); ended.Valid {
			o.Ended = timeOf(ended.Int64)
		}
		if err := o.Kind.UnmarshalText([]byte(kind)); err != nil {
			return damaged("override of "+o.Ref.String(), err)
		}
		all = append(all, o)
		return nil
	})
	return slices.Clip(all), err
}
