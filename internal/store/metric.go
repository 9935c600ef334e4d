package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"time"

	"tandem/internal/work"

	"tandem/mapping/evidence"
)

// usageKey names a day of usage.
type usageKey struct {
	connector, name string
	day             int32
}

func (k usageKey) compare(o usageKey) int {
	return cmp.Or(cmp.Compare(k.connector, o.connector), cmp.Compare(k.name, o.name), cmp.Compare(k.day, o.day))
}

// metricsOf sets aside what cannot be kept: usage without a name or a day.
func metricsOf(rows []work.Metric) ([]work.Metric, []work.Reject) {
	metrics := make([]work.Metric, 0, len(rows))
	var rejects []work.Reject
	for _, m := range rows {
		cause := ""
		switch {
		case m.Name == "" || !textual(m.Name) || !textual(m.Account) || !textual(m.Unit):
			cause = fmt.Sprintf("the name %q or account %q is no text in UTF-8", m.Name, m.Account)
		case m.Day.IsZero():
			cause = "the usage has no day"
		default:
			metrics = append(metrics, m)
			continue
		}
		rejects = append(rejects, work.Reject{
			Connector: m.Connector, Where: "usage " + m.Name, Cause: cause, Remedy: "look at the usage at its source: a value of it cannot be stored",
		})
	}
	return metrics, rejects
}

// known is a number, or NULL where nobody told.
func known(v work.Value) sql.NullFloat64 {
	f, ok := v.Number()
	return sql.NullFloat64{Float64: f, Valid: ok}
}

func valueIf(f sql.NullFloat64) work.Value {
	if !f.Valid {
		return work.Value{}
	}
	return work.NewNumber(f.Float64)
}

// putMetrics stores usage: a row that is read again takes the place of the one
// before, and the sum of its day is made anew.
func (c *change) putMetrics(ctx context.Context, metrics []work.Metric, saved *work.Saved) error {
	days := map[usageKey]bool{}
	for i := range metrics {
		m := &metrics[i]
		k := usageKey{m.Connector, m.Name, evidence.DayNumber(m.Day)}
		amount, users := known(m.Count), known(m.Users)
		r, err := c.exec(ctx, `INSERT INTO metric (connector, name, day, account, amount, users, unit, audience) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (connector, name, day, account) DO UPDATE SET amount = excluded.amount, users = excluded.users, unit = excluded.unit, audience = excluded.audience
			WHERE metric.amount IS DISTINCT FROM excluded.amount OR metric.users IS DISTINCT FROM excluded.users OR metric.unit <> excluded.unit OR metric.audience <> excluded.audience`,
			k.connector, k.name, k.day, m.Account, amount, users, m.Unit, m.Audience)
		if err != nil {
			return fmt.Errorf("usage %s: %w", m.Name, err)
		}
		n, err := r.RowsAffected()
		if err != nil {
			return err
		}
		if n == 0 {
			saved.Same++
			continue
		}
		saved.Feedback++
		days[k] = true
	}
	for _, k := range slices.SortedFunc(maps.Keys(days), usageKey.compare) {
		if err := c.foldUsage(ctx, k); err != nil {
			return err
		}
	}
	return nil
}

// foldUsage makes the sum of a day. A row for everybody says more than the sum
// of the accounts that the tool knows.
func (c *change) foldUsage(ctx context.Context, k usageKey) error {
	const of = " FROM metric WHERE connector = ? AND name = ? AND day = ?"
	args := []any{k.connector, k.name, k.day}
	u := evidence.Usage{Connector: k.connector, Name: k.name, Day: k.day, Audience: work.Public}
	var whole *evidence.Usage
	err := each(ctx, c, "SELECT account, amount, users, audience"+of+" ORDER BY account", args, func(scan func(...any) error) error {
		var account string
		var amount, users sql.NullFloat64
		var audience work.Audience
		if err := scan(&account, &amount, &users, &audience); err != nil {
			return err
		}
		u.Add(account, valueIf(amount), valueIf(users), audience)
		if account == "" {
			all := u
			whole = &all
		}
		return nil
	})
	if err != nil {
		return err
	}
	if whole != nil {
		whole.Accounts, whole.Audience = u.Accounts, u.Audience
		u = *whole
	}
	err = c.put(ctx, `INSERT INTO usage_day (connector, name, day, amount, users, accounts, audience) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (connector, name, day) DO UPDATE SET amount = excluded.amount, users = excluded.users, accounts = excluded.accounts, audience = excluded.audience`,
		k.connector, k.name, k.day, known(u.Count), known(u.Users), u.Accounts, u.Audience)
	if err != nil {
		return err
	}
	_, err = c.next(ctx)
	return err
}

// usageOf reads the usage that counts at a moment.
func usageOf(ctx context.Context, q queryer, asOf time.Time) ([]evidence.Usage, error) {
	var list []evidence.Usage
	today := evidence.DayNumber(asOf)
	err := each(ctx, q, "SELECT connector, name, day, amount, users, accounts, audience FROM usage_day WHERE day >= ? AND day < ? ORDER BY connector, name, day",
		[]any{today - 2*evidence.UsageDays, today}, func(scan func(...any) error) error {
			var u evidence.Usage
			var amount, users sql.NullFloat64
			err := scan(&u.Connector, &u.Name, &u.Day, &amount, &users, &u.Accounts, &u.Audience)
			u.Count, u.Users = valueIf(amount), valueIf(users)
			list = append(list, u)
			return err
		})
	return list, err
}

// MetricsOf returns the usage of a name on the days up to a moment, by account.
func (s *Store) MetricsOf(ctx context.Context, name string, from, to time.Time) ([]work.Metric, error) {
	var list []work.Metric
	err := each(ctx, s.reader, "SELECT connector, name, day, account, amount, users, unit, audience FROM metric WHERE name = ? AND day BETWEEN ? AND ? ORDER BY connector, day, account",
		[]any{name, evidence.DayNumber(from), evidence.DayNumber(to)}, func(scan func(...any) error) error {
			var m work.Metric
			var at int64
			var amount, users sql.NullFloat64
			err := scan(&m.Connector, &m.Name, &at, &m.Account, &amount, &users, &m.Unit, &m.Audience)
			m.Day, m.Count, m.Users = time.Unix(at*24*60*60, 0).UTC(), valueIf(amount), valueIf(users)
			list = append(list, m)
			return err
		})
	return list, s.fault("read usage of "+name, err)
}
