package scheduler

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"

	"tandem/connectors"
	"tandem/internal/work"

	"tandem/mapping/evidence"
)

// Read reads every stream of every connector, connectors side by side. What a
// service refuses is in the report; the error is the store's.
func (c *Cycle) Read(ctx context.Context, report *Report) error {
	return c.read(ctx, func(live Live) []connectors.Stream { return live.Streams }, report)
}

// readDue reads what is due.
func (c *Cycle) readDue(ctx context.Context, report *Report) error {
	now := c.c.Now()
	return c.read(ctx, func(live Live) []connectors.Stream { return c.dues.of(live, now, c.polls[live.Name] != 0) }, report)
}

// read reads the streams that are due. A connector that asked for a pause is
// left alone until it is over (promise S10), and stale until then.
func (c *Cycle) read(ctx context.Context, due func(Live) []connectors.Stream, report *Report) error {
	var group sync.WaitGroup
	tried := make([][]connectors.Stream, len(c.c.Connectors))
	errs := make([]error, len(c.c.Connectors))
	for i, live := range c.c.Connectors {
		if errs[i] = c.noteFailures(ctx, live.Name); errs[i] != nil {
			continue
		}
		streams := due(live)
		if len(streams) == 0 {
			continue
		}
		if _, limited := c.waits.reading(live.Name, c.c.Now()); limited != nil {
			report.fail(live.Name, limited)
			errs[i] = c.failed(ctx, live.Name, "", limited.Error())
			continue
		}
		group.Go(func() { tried[i], errs[i] = c.readConnector(ctx, live, streams, report) })
	}
	group.Wait()
	for name, saved := range report.Reads {
		c.meets(name, saved)
	}
	now := c.c.Now() // one moment for all, so that they are due together again
	for i, live := range c.c.Connectors {
		if len(tried[i]) == 0 {
			continue
		}
		failed := report.Failures[live.Name] != nil
		c.dues.note(live, tried[i], now, failed)
		if !failed && c.tried.polled() {
			c.spent = 0
		}
		if !failed {
			errs = append(errs, c.polled(ctx, live, tried[i]))
		}
	}
	return errors.Join(errs...)
}

// readConnector reads streams one after the other, and returns those that need
// not be read again for now: all of them, unless a slice of time was over.
func (c *Cycle) readConnector(ctx context.Context, live Live, streams []connectors.Stream, report *Report) ([]connectors.Stream, error) {
	if live.Failure != nil {
		report.fail(live.Name, live.Failure)
		return streams, c.failed(ctx, live.Name, "", live.Failure.Error())
	}
	for i, stream := range streams {
		if c.waits.limited(live.Name, c.c.Now()) {
			return streams, nil // another stream was told to wait
		}
		if i > 0 && report.over(c.c.Now()) {
			return streams[:i], nil
		}
		whole, err := c.readStream(ctx, live, stream.Name, report)
		if err == nil {
			err = c.readSuspects(ctx, live)
		}
		if err != nil {
			return streams, err
		}
		if !whole {
			return streams[:i], nil
		}
	}
	return streams, nil
}

// readStream stores page after page, each with its cursor. A page that cannot
// be read leaves what is stored and makes the connector stale (promise S5). It
// reports whether it came to its end; where a slice of time was over, the
// cursor goes on from there.
func (c *Cycle) readStream(ctx context.Context, live Live, stream string, report *Report) (whole bool, err error) {
	log := c.c.Log.With("connector", live.Name)
	cursor, err := c.c.Store.Cursor(ctx, live.Name, stream)
	if err != nil {
		return false, fmt.Errorf("read cursor of %s: %w", live.Name, err)
	}
	for page, err := range live.Conn.Source.Pages(ctx, stream, cursor) {
		if err != nil {
			if ctx.Err() != nil {
				return false, fmt.Errorf("read %s: %w", live.Name, ctx.Err())
			}
			log.Warn("a read failed; what is stored stays", "err", err)
			report.fail(live.Name, err)
			c.waits.heard(live.Name, err)
			return true, c.failed(ctx, live.Name, stream, err.Error())
		}
		saved, err := c.c.Store.SavePage(ctx, live.Name, stream, page, c.links(page))
		if err != nil {
			return false, fmt.Errorf("store page of %s: %w", live.Name, err)
		}
		c.unnoted.drop(live.Name, stream)
		report.read(live.Name, saved)
		report.noticed(page.Findings)
		for _, f := range page.Findings {
			log.Log(ctx, noticeLevel(f.Level), "noticed while reading", "ref", f.Subject, "err", strings.TrimSuffix(f.What+"; "+f.Remedy, "; "))
		}
		if saved.New+saved.Changed+saved.Feedback > 0 {
			log.Debug("page stored", "count", saved.New+saved.Changed+saved.Feedback)
		}
		if !page.Done && report.over(c.c.Now()) {
			return false, nil
		}
	}
	return true, nil
}

// readSuspects reads by id what a page made doubtful, also one that a process
// before stored.
func (c *Cycle) readSuspects(ctx context.Context, live Live) error {
	suspects, err := c.c.Store.Suspects(ctx, live.Name)
	if err != nil || len(suspects) == 0 || live.Conn.Reader == nil {
		return err
	}
	return c.readByID(ctx, live, suspects)
}

// links finds what a page's feedback and insights are about.
func (c *Cycle) links(page connectors.Page) [][]evidence.Link {
	links := make([][]evidence.Link, 0, len(page.Feedback)+len(page.Insights))
	for i := range page.Feedback {
		links = append(links, c.c.Rules.Evidence().Link(&page.Feedback[i]))
	}
	for i := range page.Insights {
		links = append(links, c.c.Rules.Evidence().LinkInsight(&page.Insights[i]))
	}
	return links
}

// readByID reads records again by id: to confirm, and where a version is
// doubtful. A failure leaves everything as it was.
func (c *Cycle) readByID(ctx context.Context, live Live, refs []work.Ref) error {
	_, err := c.answeredByID(ctx, live, refs)
	return err
}

// answeredByID does what readByID does, and reports whether there was an answer.
func (c *Cycle) answeredByID(ctx context.Context, live Live, refs []work.Ref) (bool, error) {
	if c.unsettled[live.Name] {
		return false, nil
	}
	answered, records, err := c.fetch(ctx, live, refs)
	if err != nil {
		c.c.Log.Warn("a read by id failed; it is tried again next cycle", "connector", live.Name, "err", err)
		return false, nil
	}
	if err := c.c.Store.SaveRead(ctx, answered, records); err != nil {
		return false, fmt.Errorf("store records of %s: %w", live.Name, err)
	}
	return true, nil
}

// fetch reads records by id. answered are the refs whose fate the answer
// tells: all of them, unless a record could not be understood. Then a missing
// record may be that one and is not gone (promises S5, S15).
func (c *Cycle) fetch(ctx context.Context, live Live, refs []work.Ref) (answered []work.Ref, records []work.Record, err error) {
	if live.Conn.Reader == nil {
		return nil, nil, fmt.Errorf("%s cannot read by id", live.Name)
	}
	if _, limited := c.waits.reading(live.Name, c.c.Now()); limited != nil {
		return nil, nil, limited
	}
	rejects := 0
	for page, err := range live.Conn.Reader.Read(ctx, refs) {
		if err != nil {
			c.waits.heard(live.Name, err)
			return nil, nil, err
		}
		records = append(records, page.Records...)
		rejects += len(page.Rejects)
	}
	if rejects == 0 {
		return refs, records, nil
	}
	for _, r := range records {
		answered = append(answered, r.Ref)
	}
	return answered, records, nil
}

// noticeLevel is the level of the log for what a connector noticed: what asks
// nobody to act is for those who look closer.
func noticeLevel(l work.Level) slog.Level {
	if l == work.Note {
		return slog.LevelDebug
	}
	return slog.LevelWarn
}
