package store

import (
	"context"
	"encoding/json"
	"fmt"

	"tandem/internal/work"

	"tandem/mapping/evidence"
)

// finding is an insight on its way into the store, with what it is about.
type finding struct {
	row   work.Insight
	hash  string
	body  string
	links []evidence.Link
}

// findingsOf encodes insights; one that cannot be encoded is set aside.
func findingsOf(rows []work.Insight, links [][]evidence.Link) ([]finding, []work.Reject) {
	findings := make([]finding, 0, len(rows))
	var rejects []work.Reject
	for i, row := range rows {
		if !row.Gone || !row.Version.IsZero() {
			row.At, row.Version = moment(row.At), moment(row.Version)
		}
		body, err := encode(row)
		if err == nil && !textual(row.ID) {
			err = fmt.Errorf("the id %q is no text in UTF-8", row.ID)
		}
		if err != nil {
			rejects = append(rejects, work.Reject{
				Connector: row.Connector, Where: whereOf(row.Ref), Cause: err.Error(),
				Remedy: "look at the insight at its source: a value of it cannot be stored",
			})
			continue
		}
		findings = append(findings, finding{row, hashOf(body), body, links[i]})
	}
	return findings, rejects
}

// putInsights stores new and changed insights with their links.
func (c *change) putInsights(ctx context.Context, findings []finding, saved *work.Saved) error {
	if len(findings) == 0 {
		return nil
	}
	refs := make([]work.RefID, 0, len(findings))
	for i := range findings {
		refs = append(refs, findings[i].row.RefID)
	}
	stored, err := c.heardOf(ctx, "insight", refs)
	if err != nil {
		return err
	}
	var last int64
	if err := c.QueryRowContext(ctx, "SELECT coalesce(max(num), 0) FROM insight").Scan(&last); err != nil {
		return err
	}
	for i := range findings {
		f := &findings[i]
		old := stored[f.row.RefID]
		version := f.row.Version.UnixMicro()
		if f.row.Gone && f.row.Version.IsZero() {
			version = max(c.at, old.version+1)
		}
		switch {
		case old.older(version) || f.row.Gone && old.gone:
			saved.Older++
			continue
		case old.num != 0 && !old.gone && old.hash == f.hash:
			saved.Same++
			continue
		}
		num, body, gone := old.num, f.body, int64(0)
		if num == 0 {
			last++
			num = last
		}
		if f.row.Gone {
			body, gone = withdrawn, c.at
		}
		err := c.put(ctx, `INSERT INTO insight (num, connector, id, version, hash, body, gone, stored) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (num) DO UPDATE SET version = excluded.version, hash = excluded.hash, body = excluded.body, gone = excluded.gone`,
			num, f.row.Connector, f.row.ID, version, f.hash, body, gone, c.at)
		if err == nil {
			err = c.linkInsight(ctx, &f.row, f.links)
		}
		if err != nil {
			return fmt.Errorf("insight %s: %w", f.row.Ref, err)
		}
		saved.Feedback++
		stored[f.row.RefID] = heard{num, version, f.hash, f.row.Gone}
	}
	return nil
}

// linkInsight replaces the links of an insight.
func (c *change) linkInsight(ctx context.Context, row *work.Insight, links []evidence.Link) error {
	ended, err := c.exec(ctx, "DELETE FROM insight_link WHERE connector = ? AND id = ?", row.Connector, row.ID)
	if err == nil {
		err = c.touch(ctx, ended)
	}
	if err != nil || row.Gone {
		return err
	}
	ch := &chorus{change: c, verdicts: map[work.RefID][]work.LinkVerdict{}}
	if err := ch.recallVerdicts(ctx, "insight", []work.RefID{row.RefID}); err != nil {
		return err
	}
	ties, err := ch.decided(ctx, row.RefID, links)
	if err != nil {
		return err
	}
	at := row.At
	if at.IsZero() || at.UnixMicro() == 0 {
		at = row.Version
	}
	put := func(target, goal string, t tie) error {
		return c.put(ctx, `INSERT INTO insight_link (connector, id, target, goal, cause, detail, kind, day, audience, mute) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (connector, id, target, goal) DO NOTHING`,
			row.Connector, row.ID, target, goal, string(t.Cause), t.Detail, row.Kind, evidence.DayNumber(at), row.Audience, t.mute)
	}
	for _, t := range ties {
		if err := put(t.Target, "", t); err != nil {
			return err
		}
	}
	for _, goal := range row.Goals {
		if err := put("", goal, tie{Link: evidence.Link{Cause: evidence.ByLink, Detail: goal}}); err != nil {
			return err
		}
	}
	if len(ties)+len(row.Goals) > 0 {
		_, err = c.next(ctx)
	}
	return err
}

// relinkInsight links a stored insight anew: as rules say now or, where they
// are not asked, as they said last.
func (c *change) relinkInsight(ctx context.Context, of work.RefID, rules func(*work.Insight) []evidence.Link) error {
	rows, err := insightsOf(ctx, c, "connector = ? AND id = ? AND gone = 0", of.Connector, of.ID)
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		return ErrNoFeedback
	}
	links, err := insightLinks(ctx, c, of)
	if err != nil {
		return err
	}
	if rules != nil {
		links = rules(&rows[0])
	}
	return c.linkInsight(ctx, &rows[0], links)
}

// insightLinks are the links that rules made.
func insightLinks(ctx context.Context, q queryer, of work.RefID) ([]evidence.Link, error) {
	var links []evidence.Link
	err := each(ctx, q, "SELECT target, cause, detail FROM insight_link WHERE connector = ? AND id = ? AND target <> '' AND cause <> 'review' ORDER BY target",
		[]any{of.Connector, of.ID}, func(scan func(...any) error) error {
			var l evidence.Link
			err := scan(&l.Target, &l.Cause, &l.Detail)
			links = append(links, l)
			return err
		})
	return links, err
}

func insightsOf(ctx context.Context, q queryer, where string, args ...any) ([]work.Insight, error) {
	var list []work.Insight
	err := each(ctx, q, "SELECT connector, id, body FROM insight WHERE "+where, args, func(scan func(...any) error) error {
		var connector, id, body string
		if err := scan(&connector, &id, &body); err != nil {
			return err
		}
		var row work.Insight
		if err := json.Unmarshal([]byte(body), &row); err != nil {
			return damaged("insight "+connector+":"+id, err)
		}
		list = append(list, row)
		return nil
	})
	return list, err
}

// Insights lists the insights that are not withdrawn, as they came.
func (s *Store) Insights(ctx context.Context) ([]work.Insight, error) {
	list, err := insightsOf(ctx, s.reader, "gone = 0 ORDER BY num")
	return list, s.fault("list insights", err)
}

// findingsAt are the links of insights that count.
func findingsAt(ctx context.Context, q queryer) ([]evidence.Finding, error) {
	var list []evidence.Finding
	err := each(ctx, q, "SELECT connector, id, target, goal, kind, day, audience FROM insight_link WHERE mute = 0 ORDER BY target, goal, connector, id", nil,
		func(scan func(...any) error) error {
			var f evidence.Finding
			err := scan(&f.Of.Connector, &f.Of.ID, &f.Target, &f.Goal, &f.Kind, &f.Day, &f.Audience)
			list = append(list, f)
			return err
		})
	return list, err
}
