package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"tandem/internal/work"

	"tandem/mapping/evidence"
)

// ErrNoFeedback tells that there is no such feedback or insight.
var ErrNoFeedback = errors.New("there is no such feedback; it may have been withdrawn at its source")

const verdictColumns = "kind, connector, id, target, record, verdict, by, at"

func scanVerdict(scan func(...any) error) (work.LinkVerdict, error) {
	var v work.LinkVerdict
	var kind string
	var at int64
	err := scan(&kind, &v.Of.Connector, &v.Of.ID, &v.Target, &v.Record, &v.Verdict, &v.By, &at)
	v.Insight, v.At = kind == "insight", timeOf(at)
	return v, err
}

func kindOf(insight bool) string {
	if insight {
		return "insight"
	}
	return "feedback"
}

// SaveVerdict notes what a person decided of a link, and links by it in the
// same transaction. An accepted one is there whatever rules say; a rejected one
// never comes back. The newest verdict on a piece of work counts, whatever its
// key is by now. At is now.
func (s *Store) SaveVerdict(ctx context.Context, v work.LinkVerdict) error {
	act := fmt.Sprintf("note that %s is %s for %s", v.Of, v.Verdict, v.Target)
	if v.Verdict != work.LinkAccepted && v.Verdict != work.LinkRejected {
		return fmt.Errorf("%s: a link is accepted or rejected", act)
	}
	return s.change(ctx, act, durable, func(ctx context.Context, c *change) error {
		var err error
		if v.Record, err = c.recordOf(ctx, v.Target); err != nil {
			return err
		}
		if _, err := c.endVerdict(ctx, v); err != nil {
			return err
		}
		err = c.put(ctx, "INSERT INTO link_verdict ("+verdictColumns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
			kindOf(v.Insight), v.Of.Connector, v.Of.ID, v.Target, v.Record, string(v.Verdict), v.By, c.at)
		if err != nil {
			return err
		}
		return c.applyVerdict(ctx, v)
	})
}

// UndoVerdict forgets what a person decided of a link: what rules say holds
// again. It reports false where nobody had decided.
func (s *Store) UndoVerdict(ctx context.Context, v work.LinkVerdict) (bool, error) {
	ended := false
	err := s.change(ctx, fmt.Sprintf("forget what was decided of %s for %s", v.Of, v.Target), durable, func(ctx context.Context, c *change) error {
		var err error
		if v.Record, err = c.recordOf(ctx, v.Target); err != nil {
			return err
		}
		if ended, err = c.endVerdict(ctx, v); err != nil || !ended {
			return err
		}
		return c.applyVerdict(ctx, v)
	})
	return ended, err
}

// endVerdict removes the verdicts on a piece of work.
func (c *change) endVerdict(ctx context.Context, v work.LinkVerdict) (bool, error) {
	prefix := connectorOfTarget(v.Target) + ":"
	r, err := c.exec(ctx, "DELETE FROM link_verdict WHERE kind = ? AND connector = ? AND id = ? AND (target = ? OR record <> '' AND record = ? AND substr(target, 1, ?) = ?)",
		kindOf(v.Insight), v.Of.Connector, v.Of.ID, v.Target, v.Record, len([]rune(prefix)), prefix)
	if err != nil {
		return false, err
	}
	n, err := r.RowsAffected()
	return n > 0, err
}

// applyVerdict makes the links of a row again, by the verdicts that there are.
func (c *change) applyVerdict(ctx context.Context, v work.LinkVerdict) error {
	if v.Insight {
		return c.relinkInsight(ctx, v.Of, nil)
	}
	rows, err := spokenOf(ctx, c, "connector = ? AND id = ? AND gone = 0", v.Of.Connector, v.Of.ID)
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		return ErrNoFeedback
	}
	if err := readLinks(ctx, c, rows); err != nil {
		return err
	}
	ch, err := c.newChorus(ctx)
	if err != nil {
		return err
	}
	if err := ch.recallVerdicts(ctx, "feedback", []work.RefID{v.Of}); err != nil {
		return err
	}
	if err := ch.relink(ctx, &rows[0]); err != nil {
		return err
	}
	if err := ch.settle(ctx); err != nil {
		return err
	}
	_, err = c.person(ctx)
	return err
}

// relink replaces the links of a stored row by those in it.
func (ch *chorus) relink(ctx context.Context, f *spoken) error {
	if err := ch.unlink(ctx, f.num); err != nil {
		return err
	}
	as := ch.join.as(f.num, &f.row)
	ch.touched[f.num] = false
	return ch.link(ctx, f.num, &as.row, f.links)
}

// Verdicts lists what people decided of links, the newest first.
func (s *Store) Verdicts(ctx context.Context, limit int) ([]work.LinkVerdict, error) {
	list, err := verdictsOf(ctx, s.reader, "1 = 1 ORDER BY at DESC, kind, connector, id, target LIMIT ?", limit)
	return list, s.fault("list what was decided of links", err)
}

func verdictsOf(ctx context.Context, q queryer, where string, args ...any) ([]work.LinkVerdict, error) {
	var list []work.LinkVerdict
	err := each(ctx, q, "SELECT "+verdictColumns+" FROM link_verdict WHERE "+where, args, func(scan func(...any) error) error {
		v, err := scanVerdict(scan)
		list = append(list, v)
		return err
	})
	return list, err
}

// recallVerdicts reads ahead what people decided of rows.
func (ch *chorus) recallVerdicts(ctx context.Context, kind string, refs []work.RefID) error {
	return byConnector(refs, func(connector, ids string) error {
		list, err := verdictsOf(ctx, ch, "kind = ? AND connector = ? AND id "+inList+" ORDER BY target", kind, connector, ids)
		for _, v := range list {
			ch.verdicts[v.Of] = append(ch.verdicts[v.Of], v)
		}
		return err
	})
}

// tie is a link with what it counts for.
type tie struct {
	evidence.Link

	mute int
}

// decided adds to the links that rules made what people said of them.
func (ch *chorus) decided(ctx context.Context, of work.RefID, links []evidence.Link) ([]tie, error) {
	ties := make([]tie, 0, len(links))
	for _, l := range links {
		ties = append(ties, tie{Link: l})
	}
	for _, v := range ch.verdicts[of] {
		met := false
		for i := range ties {
			same, err := ch.same(ctx, v, ties[i].Target)
			if err != nil {
				return nil, err
			}
			if met = met || same; same && v.Verdict == work.LinkRejected {
				ties[i].mute = rejected
			}
		}
		if !met && v.Verdict == work.LinkAccepted {
			ties = append(ties, tie{Link: evidence.Link{Target: v.Target, Cause: evidence.ByReview, Detail: v.By}})
		}
	}
	return ties, nil
}

// same reports whether a target is the work of a verdict, by any of its keys.
func (c *change) same(ctx context.Context, v work.LinkVerdict, target string) (bool, error) {
	if v.Target == target || v.Record == "" || connectorOfTarget(v.Target) != connectorOfTarget(target) {
		return v.Target == target, nil
	}
	record, err := c.recordOf(ctx, target)
	return record == v.Record, err
}

func connectorOfTarget(target string) string {
	connector, _, _ := strings.Cut(target, ":")
	return connector
}

// recordOf finds the record that a target names, by its key of today or, where
// no record has it, by one of the past; empty where there is none.
func (c *change) recordOf(ctx context.Context, target string) (string, error) {
	connector, key, ok := work.ParseRef(target)
	if !ok {
		return "", fmt.Errorf("%q is no reference; write connector:key, such as jira:PAY-12", target)
	}
	var record string
	err := c.QueryRowContext(ctx, "SELECT id FROM record WHERE connector = ? AND (key = ? OR id = ?) ORDER BY gone, id LIMIT 1", connector, key, key).Scan(&record)
	if err == nil || ignoreNone(err) != nil {
		return record, err
	}
	err = each(ctx, c, "SELECT id, former FROM record WHERE connector = ? AND former LIKE ? ORDER BY gone DESC, id DESC", []any{connector, "%" + key + "%"},
		func(scan func(...any) error) error {
			var id, former string
			if err := scan(&id, &former); err != nil {
				return err
			}
			keys, err := formerOf(former)
			if slices.Contains(keys, key) {
				record = id
			}
			return err
		})
	return record, err
}
