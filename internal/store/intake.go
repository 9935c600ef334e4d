package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"tandem/connectors"
	"tandem/internal/work"

	"tandem/mapping/evidence"
)

// Cursor returns where a stream stands; nil is the beginning.
func (s *Store) Cursor(ctx context.Context, connector, stream string) (connectors.Cursor, error) {
	var cursor []byte
	err := s.reader.QueryRowContext(ctx, "SELECT cursor FROM stream WHERE connector = ? AND stream = ?", connector, stream).Scan(&cursor)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return cursor, s.fault("read cursor of "+connector, err)
}

// SavePage stores a page and its cursor in one transaction; of many rows of
// feedback the first ones go ahead of it (see ahead), so that a cursor never
// stands behind a row that is not stored. links are those of
// page.Feedback, row by row, and after them those of page.Insights. An older
// version never replaces a newer one; the same version with another hash is
// kept and reported as suspect. It ends the failure of the stream, and one of
// the connector as a whole. Saved.Feedback counts rows of feedback, insights and
// usage that were new or changed.
//
// A record that a read by id did not find stays gone when a page shows it
// again in the same version: searches lag. It is a suspect, to be read by id.
// For the same reason an order of a backlog that does not show Tandem's own
// moves is not believed for a while.
func (s *Store) SavePage(ctx context.Context, connector, stream string, page connectors.Page, links [][]evidence.Link) (work.Saved, error) {
	return s.savePage(ctx, connector, stream, page, links, func(context.Context, *change) error { return nil })
}

// savePage stores a page and does something beside, in one transaction.
func (s *Store) savePage(ctx context.Context, connector, stream string, page connectors.Page, links [][]evidence.Link,
	beside func(context.Context, *change) error,
) (work.Saved, error) {
	act := "store page of " + connector
	if len(links) != len(page.Feedback)+len(page.Insights) {
		return work.Saved{}, fmt.Errorf("%s: %d rows of feedback and %d insights came with the links of %d", act, len(page.Feedback), len(page.Insights), len(links))
	}
	rejects := page.Rejects
	arrivals, unreadable := arrivalsOf(page.Records)
	rejects = append(slices.Clip(rejects), unreadable...)
	voices, unreadable := voicesOf(page.Feedback, links[:len(page.Feedback)])
	rejects = append(rejects, unreadable...)
	findings, unreadable := findingsOf(page.Insights, links[len(page.Feedback):])
	rejects = append(rejects, unreadable...)
	metrics, unreadable := metricsOf(page.Metrics)
	rejects = append(rejects, unreadable...)

	before := work.Saved{Rejects: len(rejects)}
	rest, err := s.ahead(ctx, act, connector, voices, &before)
	if err != nil {
		return work.Saved{}, err
	}
	var saved work.Saved
	err = s.change(ctx, act, normal, func(ctx context.Context, c *change) error {
		saved = before
		if err := c.fence(ctx, connector); err != nil {
			return err
		}
		if err := c.setCursor(ctx, connector, stream, page); err != nil {
			return err
		}
		if err := c.putRecords(ctx, arrivals, false, &saved); err != nil {
			return err
		}
		if err := c.putSuspects(ctx, saved.Suspects); err != nil {
			return err
		}
		if err := c.putFeedback(ctx, rest, &saved); err != nil {
			return err
		}
		if err := c.putInsights(ctx, findings, &saved); err != nil {
			return err
		}
		if err := c.putMetrics(ctx, metrics, &saved); err != nil {
			return err
		}
		if err := c.putOrders(ctx, connector, stream, page); err != nil {
			return err
		}
		if err := c.endRejects(ctx, connector, understood(stream, arrivals, voices, findings), page.Again); err != nil {
			return err
		}
		if err := c.putRejects(ctx, connector, rejects); err != nil {
			return err
		}
		return beside(ctx, c)
	})
	return saved, err
}

// setCursor moves a stream on and ends its failure.
func (c *change) setCursor(ctx context.Context, connector, stream string, page connectors.Page) error {
	err := c.put(ctx, `INSERT INTO stream (connector, stream, cursor, last_read) VALUES (?, ?, ?, ?)
		ON CONFLICT (connector, stream) DO UPDATE SET cursor = excluded.cursor, last_read = excluded.last_read`, connector, stream, []byte(page.Cursor), c.at)
	if err != nil {
		return err
	}
	ended, err := c.exec(ctx, "UPDATE stream SET failure = '' WHERE connector = ? AND stream IN (?, '') AND failure <> ''", connector, stream)
	if err != nil {
		return err
	}
	if err := c.touch(ctx, ended); err != nil || !page.Done {
		return err
	}
	return c.readWhole(ctx, connector, stream)
}

// SaveFailure notes that a stream could not be read; the connector is stale
// until a page of it is saved again. An empty cause ends it. The stream with
// the empty name is the connector as a whole.
func (s *Store) SaveFailure(ctx context.Context, connector, stream, cause string) error {
	return s.change(ctx, "note failure of "+connector, normal, func(ctx context.Context, c *change) error {
		if err := c.fence(ctx, connector); err != nil {
			return err
		}
		var before string
		err := c.QueryRowContext(ctx, "SELECT failure FROM stream WHERE connector = ? AND stream = ?", connector, stream).Scan(&before)
		if err != nil && !errors.Is(err, sql.ErrNoRows) || before == cause {
			return ignoreNone(err)
		}
		err = c.put(ctx, `INSERT INTO stream (connector, stream, failure) VALUES (?, ?, ?)
			ON CONFLICT (connector, stream) DO UPDATE SET failure = excluded.failure`, connector, stream, cause)
		if err != nil || (before == "") == (cause == "") {
			return err
		}
		_, err = c.next(ctx)
		return err
	})
}

// ignoreNone drops the error that says that no row was found.
func ignoreNone(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return err
}
